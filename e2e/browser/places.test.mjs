// Arriving at a named place.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { snapshot } from './browser.mjs';
import { isIn, spawns } from './map.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

for (const room of ['lounge', 'library', 'classroom-b']) {
  test(`an address with spawn=${room} leads into it`, async () => {
    const ada = await stage.enter('Ada', { spawn: room });
    const { self } = await snapshot(ada);
    assert.equal(self.room, room);
    assert.ok(isIn(room, self), `expected to stand in it, was at ${self.x}, ${self.y}`);
    assert.equal(self.name, 'Ada');
  });
}

test('an address without one leads to the courtyard', async () => {
  const ada = await stage.enter('Ada');
  const { self } = await snapshot(ada);
  assert.equal(self.room, null);
  const { x, y } = spawns.courtyard;
  assert.ok(Math.hypot(self.x - x, self.y - y) < 3, `expected to stand in the courtyard, was at ${self.x}, ${self.y}`);
});
