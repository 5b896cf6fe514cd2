// A tab that can be hidden from within: headless browsers never hide one. What a real browser does to a hidden tab is
// done to it: it is told so, gets no animation frames, and its page's timers ring once a second. Workers go on.

/** Makes a page hidable; before its first navigation. */
export function makeHidable(page) {
  return page.addInitScript(() => {
    const SLOW = 1000;
    const honest = {
      setTimeout: window.setTimeout.bind(window),
      setInterval: window.setInterval.bind(window),
      requestAnimationFrame: window.requestAnimationFrame.bind(window),
      cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
    };
    let isHidden = false;
    let held = new Map();
    let lastHeld = 1e9;

    window.honestTimers = honest;
    window.setTimeout = (act, delay = 0, ...rest) => honest.setTimeout(act, isHidden ? Math.max(delay, SLOW) : delay, ...rest);
    window.setInterval = (act, delay = 0, ...rest) => honest.setInterval(act, isHidden ? Math.max(delay, SLOW) : delay, ...rest);
    const draw = (act) => {
      if (!isHidden) {
        // Asked for while seen, rung while hidden: that one waits too.
        return honest.requestAnimationFrame((time) => (isHidden ? held.set((lastHeld += 1), act) : act(time)));
      }
      held.set((lastHeld += 1), act);
      return lastHeld;
    };
    window.requestAnimationFrame = draw;
    window.cancelAnimationFrame = (handle) => held.delete(handle) || honest.cancelAnimationFrame(handle);
    Object.defineProperty(document, 'hidden', { get: () => isHidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });

    window.hideTab = (hidden) => {
      isHidden = hidden;
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      window.dispatchEvent(new Event(hidden ? 'blur' : 'focus'));
      if (hidden) return;
      const waiting = [...held.values()];
      held = new Map();
      waiting.forEach((act) => draw(act));
    };
  });
}

/** Hides a page, or shows it again. */
export function hide(page, hidden) {
  return page.evaluate((hidden) => window.hideTab(hidden), hidden);
}
