// A tab that is hidden for half a minute: no frames are drawn and page timers are slow, yet it knows where everybody is
// and its own walk goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, snapshot, until, walkTo } from './browser.mjs';
import { hide, makeHidable } from './hiding.mjs';
import { spawns } from './map.mjs';
import { assertClose, compare, own, record, recorded, seen } from './record.mjs';
import { enter, openStage } from './stage.mjs';

const stage = await openStage();

/** As long as it takes browsers to slow a hidden page down, and Ada to cross the campus twice. */
const HIDDEN_FOR = 30_000;

test('a tab hidden for half a minute answers rightly, and a walk begun by a click goes on', async () => {
  const ada = await stage.person();
  await makeHidable(ada);
  await enter(ada, 'Ada', { world: true });
  const bob = await stage.enter('Bob');

  await hide(ada, true);
  const since = Date.now();
  const { frames } = await snapshot(ada);
  await Promise.all([record(ada), record(bob)]);
  const { x, y } = spawns.courtyard;
  const adas = [spawns.lounge, spawns.library, spawns['meeting-2']];
  const bobs = [{ x: x + 6, y }, { x: x + 6, y: y - 1.5 }, { x: x - 2, y }];
  for (let index = 0; Date.now() - since < HIDDEN_FOR; index += 1) {
    const goal = adas[index % adas.length];
    await walkTo(ada, goal);
    await until(ada, 'Ada sets out', ({ self }) => self.is_moving);
    for (const place of bobs) await arriveAt(bob, place);
    const arrived = ({ self }) => !self.is_moving && Math.hypot(self.x - goal.x, self.y - goal.y) < 0.6;
    await until(ada, 'Ada arrives, hidden as she is', arrived);
  }
  const after = await snapshot(ada);
  assert.equal(after.connection, 'online');
  assert.equal(after.frames.drawn, frames.drawn, 'expected that nothing is drawn while hidden: else this tests nothing');

  const [onAdas, onBobs] = [await recorded(ada), await recorded(bob)];
  assertClose(compare(seen(onAdas, 'Bob'), own(onBobs)), 1, { atLeast: 200, what: 'Bob as the hidden tab knows him' });
  assertClose(compare(seen(onBobs, 'Ada'), own(onAdas)), 1, { atLeast: 200, what: 'hidden Ada as Bob sees her' });

  await hide(ada, false);
  await eventually('the world is drawn again', async () => (await snapshot(ada)).frames.drawn > frames.drawn);
});
