// Ten minutes of a lesson in some seconds: the page's clock runs ahead, a second at a time, and waits whenever the page
// asked the relay, whose clock does not run ahead, for a sign of life.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, eventually, isIn, other, snapshot, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const SECONDS = 600;

test('for ten minutes two people stay in and agree on where both are', async () => {
  const pages = [await stage.person(), await stage.person()];
  const [ada, bob] = pages;
  const names = ['Ada', 'Bob'];
  const signs = pages.map(signsOfLife);
  for (const [index, page] of pages.entries()) {
    await page.clock.install();
    await page.addInitScript(beatWithTheClock);
    await page.goto(`/?name=${names[index]}&enter&world=off`);
    await until(page, `${names[index]} is in`, isIn);
  }
  await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));

  const { x, y } = spawns.courtyard;
  const places = [{ x: x + 10, y }, { x: x - 4, y: y + 2 }, spawns['classroom-b'], { x, y }];
  let compared = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    if (second % 30 === 0) await walkTo(bob, places[(second / 30) % places.length]);
    await Promise.all(pages.map((page) => page.clock.runFor(1000)));
    await eventually('the relay answered', () => signs.every(({ asked, answered }) => answered >= asked));
    const [onAdas, onBobs] = await Promise.all(pages.map(snapshot));
    assert.deepEqual([onAdas.connection, onBobs.connection], ['online', 'online'], `after ${second} seconds`);
    if (second % 30 === 29) {
      const { self } = await until(bob, 'Bob has arrived', ({ self }) => !self.is_moving);
      const seen = other(await until(ada, 'Ada sees it', (snapshot) => other(snapshot, 'Bob')?.is_moving === false), 'Bob');
      assert.ok(distance(seen, self) <= 0.25, `after ${second} seconds: ${JSON.stringify({ seen, self })}`);
      compared += 1;
    }
  }
  assert.equal(compared, SECONDS / 30);
  // The relay is silent unless somebody moves, so this is what kept both of them in.
  assert.ok(signs.every(({ answered }) => answered > 10), `expected signs of life, were ${JSON.stringify(signs)}`);
  const { participants } = await snapshot(ada);
  assert.deepEqual(participants.map(({ name, online }) => ({ name, online })), [{ name: 'Bob', online: true }]);
});

/** Counts how often a page asks the relay for a sign of life and gets it: the messages of one byte. */
function signsOfLife(page) {
  const signs = { asked: 0, answered: 0 };
  const isSign = ({ payload }) => payload.length === 1;
  page.on('websocket', (socket) => {
    socket.on('framesent', (frame) => (signs.asked += isSign(frame) ? 1 : 0));
    socket.on('framereceived', (frame) => (signs.answered += isSign(frame) ? 1 : 0));
  });
  return signs;
}

/** In the page: workers have clocks of their own, so the one that beats for the session is replaced. */
function beatWithTheClock() {
  window.Worker = class extends EventTarget {
    constructor() {
      super();
      setInterval(() => this.dispatchEvent(new MessageEvent('message', { data: 0 })), 100);
    }

    terminate() {}
  };
}
