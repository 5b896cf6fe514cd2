// Nobody is ever in a wall: neither for themselves nor for anybody who watches. The walls are those of the map file.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from './browser.mjs';
import { hold, walkedFrom } from './keys.mjs';
import { obstacleAt } from './map.mjs';
import { own, record, recorded, seen } from './record.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const NAMES = ['Ada', 'Bob', 'Cem'];

// Each of these ends at a wall, a table or a hedge sooner or later; the short steps in between lead round corners.
const WALKS = [
  ['ArrowLeft', 30],
  ['ArrowUp', 30],
  ['ArrowRight', 1.7],
  ['ArrowUp', 30],
  ['ArrowLeft', 3.3],
  ['ArrowDown', 30],
  ['ArrowRight', 2.1],
  ['ArrowDown', 30],
];

test('walls hold for whoever walks against them, and for everybody who sees it', async () => {
  const pages = await Promise.all(
    ['classroom-a', 'courtyard', 'lounge'].map((spawn, index) => stage.enter(NAMES[index], { world: true, spawn })),
  );
  await Promise.all(pages.map(record));
  const stops = NAMES.map(() => 0);
  for (const [key, tiles] of WALKS) {
    await Promise.all(
      pages.map(async (page, index) => {
        const { self } = await until(page, `${NAMES[index]} stands`, ({ self }) => !self.is_moving);
        await hold(page, key, async () => {
          const isOver = walkedFrom(self, tiles);
          // Who stands at a wall already does not move at all, however long the key is held.
          const end = await until(page, `${NAMES[index]} walks by ${key}`, (now) => isOver(now) || isStuck(now, key));
          stops[index] += isStuck(end, key) ? 1 : 0;
        });
      }),
    );
  }
  assert.ok(stops.every((times) => times > 0), `expected each of ${NAMES} to meet a wall, they met ${stops}`);

  const records = await Promise.all(pages.map(recorded));
  for (const [viewer, samples] of records.entries()) {
    for (const name of NAMES) {
      const places = name === NAMES[viewer] ? own(samples) : seen(samples, name);
      assert.ok(places.length > 100, `expected ${NAMES[viewer]} to see ${name} often, was ${places.length} times`);
      const inside = places.find(obstacleAt);
      const what = inside && `${name} on ${NAMES[viewer]}'s page stood in ${JSON.stringify(obstacleAt(inside))}`;
      assert.equal(inside, undefined, what);
    }
  }
});

/** Whether one looks where the key leads, stands, and would be in a wall a step further. */
function isStuck({ self }, key) {
  const turned = self.direction === key.replace('Arrow', '').toLowerCase();
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[self.direction];
  return turned && !self.is_moving && obstacleAt({ x: self.x + dx / 16, y: self.y + dy / 16 }) !== null;
}
