// Walking by keyboard.

import { distance } from './browser.mjs';

/** Holds a key for as long as `during` takes. */
export async function hold(page, key, during) {
  await page.keyboard.down(key);
  try {
    return await during();
  } finally {
    await page.keyboard.up(key);
  }
}

/** A predicate for snapshots: one is so many tiles from there, or can go no further. */
export function walkedFrom(from, tiles) {
  let moved = false;
  return ({ self }) => {
    const way = distance(self, from);
    moved ||= way > 0.2;
    return way >= tiles || (moved && !self.is_moving);
  };
}

/** The keys of a French keyboard, whose letters lie elsewhere, as `{ key, code }`. */
export const FRENCH = {
  up: { key: 'z', code: 'KeyW', keyCode: 90 },
  left: { key: 'q', code: 'KeyA', keyCode: 81 },
  down: { key: 's', code: 'KeyS', keyCode: 83 },
  right: { key: 'd', code: 'KeyD', keyCode: 68 },
};

/** A key of another keyboard than the one the browser is told to have. */
export class ForeignKeyboard {
  constructor(session) {
    this.session = session;
  }

  static async of(page) {
    return new ForeignKeyboard(await page.context().newCDPSession(page));
  }

  down(key) {
    return this.#dispatch('keyDown', key, { text: key.key });
  }

  up(key) {
    return this.#dispatch('keyUp', key);
  }

  #dispatch(type, { key, code, keyCode }, more = {}) {
    return this.session.send('Input.dispatchKeyEvent', {
      type,
      key,
      code,
      windowsVirtualKeyCode: keyCode,
      nativeVirtualKeyCode: keyCode,
      ...more,
    });
  }
}
