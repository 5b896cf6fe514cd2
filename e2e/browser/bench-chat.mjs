// Figures of conversations: `cargo xtask bench chat`. How long a message takes from the key that sends it to being in
// the other page, and what it costs to open a conversation that is as long as they get.

import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser, other, snapshot, until } from './browser.mjs';
import { messageBox, messageLog, openLetters } from './letters.mjs';
import { startRelay } from './relay.mjs';
import { enter } from './stage.mjs';
import { table } from './table.mjs';

/** Messages that are timed. */
const MESSAGES = 60;
/** Milliseconds between two: what the relay takes for long. */
const EVERY = 520;
/** Messages of the fullest conversation, and on a page of it. */
const FULL = 1000;
const PAGE = 32;

const relay = await startRelay();
const browser = await openBrowser();
try {
  table([await delays()]);
  table([await opening()]);
} finally {
  await browser.close();
  await relay.stop();
}

async function newPerson(name) {
  const page = await (await browser.newContext({ baseURL: relay.url, locale: 'en' })).newPage();
  await enter(page, name);
  return page;
}

/** Milliseconds from Enter to the text's being in the other page's document. Both pages have one clock. */
async function delays() {
  const [ada, bob] = [await newPerson('Ada'), await newPerson('Bob')];
  await until(ada, 'Ada sees Bob', (now) => other(now, 'Bob'));
  await until(bob, 'Bob sees Ada', (now) => other(now, 'Ada'));
  await openLetters(ada, 'Bob');
  await openLetters(bob, 'Ada');
  await ada.evaluate(() => {
    window.sent = {};
    const note = ({ key, target }) => {
      if (key === 'Enter') window.sent[target.value] = performance.timeOrigin + performance.now();
    };
    document.addEventListener('keydown', note, { capture: true });
  });
  await messageLog(bob).evaluate((log) => {
    window.came = {};
    const look = () => {
      const now = performance.timeOrigin + performance.now();
      for (const [text] of log.innerText.matchAll(/message \d+ of the bench/g)) window.came[text] ??= now;
    };
    new MutationObserver(look).observe(log, { childList: true, subtree: true, characterData: true });
  });
  for (let number = 0; number < MESSAGES; number += 1) {
    await messageBox(ada).fill(`message ${number} of the bench`);
    await messageBox(ada).press('Enter');
    await pause(EVERY);
  }
  const last = `message ${MESSAGES - 1} of the bench`;
  await bob.waitForFunction((text) => text in window.came, last);
  const [sent, came] = [await ada.evaluate(() => window.sent), await bob.evaluate(() => window.came)];
  const each = Object.keys(sent).map((text) => came[text] - sent[text]).sort((a, b) => a - b);
  const at = (share) => each[Math.min(each.length - 1, Math.floor(each.length * share))].toFixed(1);
  return { messages: each.length, 'p50, ms': at(0.5), 'p99, ms': at(0.99) };
}

/** What the fullest conversation costs: loading it with the page, opening it, and showing all of it. */
async function opening() {
  const [cem, dan] = [await newPerson('Cem'), await newPerson('Dan')];
  const { user_id: who } = (await snapshot(dan)).self;
  await until(cem, 'Cem sees Dan', (now) => other(now, 'Dan'));
  await cem.goto('about:blank');
  await cem.goto(`${relay.url}/favicon.png`);
  await cem.evaluate(
    ([who, full, page]) => {
      const begin = Date.now() - full * 60_000;
      const message = (number) => ({
        id: number.toString(16).padStart(16, '0'),
        own: number % 3 === 0,
        text: `Message ${number}: ${'as long as people usually write, with a link https://example.org/ in it. '.repeat(2)}`.trim(),
        at: begin + number * 60_000,
        state: number % 3 === 0 ? 'delivered' : 'received',
      });
      for (let first = 0; first < full; first += page) {
        const messages = Array.from({ length: Math.min(page, full - first) }, (_, index) => message(first + index));
        localStorage.setItem(`classroom.chat.${who}.${first / page}`, JSON.stringify({ version: 1, messages }));
      }
    },
    [who, FULL, PAGE],
  );
  await enter(cem, 'Cem');
  await until(cem, 'Cem sees Dan', (now) => other(now, 'Dan'));
  await cem.evaluate(() => {
    const shown = (from) =>
      new Promise((resolve) => {
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from), 0));
      });
    window.timed = {};
    document.addEventListener(
      'click',
      ({ target, timeStamp }) => {
        const label = target.closest('button')?.getAttribute('aria-label') ?? target.closest('button')?.innerText;
        if (label) void shown(timeStamp).then((took) => (window.timed[label] ??= took));
      },
      { capture: true },
    );
  });
  await openLetters(cem, 'Dan');
  await messageLog(cem).getByText(`Message ${FULL - 1}:`).waitFor();
  await pause(300);
  const open = await cem.evaluate(() => window.timed['Message Dan']);
  const earlier = cem.getByRole('button', { name: 'Show earlier' });
  let longest = 0;
  while (await earlier.isVisible()) {
    await cem.evaluate(() => {
      window.timed = {};
    });
    await earlier.click();
    await pause(200);
    const took = Object.values(await cem.evaluate(() => window.timed))[0] ?? 0;
    longest = Math.max(longest, took);
  }
  return {
    messages: FULL,
    'to open it, ms': open?.toFixed(0) ?? '-',
    'to show 50 more, longest, ms': longest.toFixed(0),
  };
}
