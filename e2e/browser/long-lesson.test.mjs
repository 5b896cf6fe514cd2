// Ten minutes of a lesson in some seconds: the clock of the pages runs ahead, a second at a time. That of the relay does
// not, and it allows a connection one ping a second; so both people walk all the time, and neither hears silence long
// enough to ask whether the relay is still there.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, isIn, other, snapshot, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const SECONDS = 600;
/** A walk, and a rest: shorter than the silence after which a client asks. */
const ROUND = 4;

test('for ten minutes two people stay in and agree on where both are', async () => {
  const names = ['Ada', 'Bob'];
  const pages = [];
  for (const name of names) {
    const page = await stage.person();
    await page.clock.install();
    await page.addInitScript(beatWithTheClock);
    await page.goto(`/?name=${name}&enter&world=off`);
    await until(page, `${name} is in`, isIn);
    pages.push(page);
  }
  const [ada, bob] = pages;
  await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));

  const { x, y } = spawns.courtyard;
  const walks = [
    [{ x: x + 8, y }, { x: x - 4, y }],
    [{ x: x + 4, y: y - 2 }, { x, y }],
  ];
  let compared = 0;
  for (let second = 0; second < SECONDS; second += 1) {
    const round = Math.floor(second / ROUND);
    if (second % ROUND === 0) await Promise.all(pages.map((page, index) => walkTo(page, walks[index][round % 2])));
    await Promise.all(pages.map((page) => page.clock.runFor(1000)));
    if (second % ROUND < ROUND - 1) continue;
    for (const [index, [viewer, walker]] of [[ada, bob], [bob, ada]].entries()) {
      const walkerName = names[1 - index];
      const { self } = await until(walker, `${walkerName} stands`, ({ self }) => !self.is_moving);
      const agrees = (now) => {
        const seen = other(now, walkerName);
        return now.connection === 'online' && seen && !seen.is_moving && distance(seen, self) <= 0.25;
      };
      const what = `after ${second + 1} seconds both agree that ${walkerName} is at ${self.x}, ${self.y}`;
      await until(viewer, what, agrees, { within: 10_000 });
      compared += 1;
    }
  }
  assert.equal(compared, (SECONDS / ROUND) * 2);
  const { participants } = await snapshot(ada);
  assert.deepEqual(participants.map(({ name, online }) => ({ name, online })), [{ name: 'Bob', online: true }]);
});

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
