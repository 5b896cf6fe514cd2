// One person, two tabs: the newer takes over, the older says so and can take it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isIn, snapshot, until } from './browser.mjs';
import { enter, openStage } from './stage.mjs';

const stage = await openStage();

test('of two tabs the newer takes over, the older offers to take it back, and nobody ever sees two', async () => {
  const bob = await stage.enter('Bob');
  const older = await stage.enter('Ada');
  await until(bob, 'Bob sees Ada', ({ participants }) => participants.length === 1);
  // Everybody Bob ever sees from now on, not only when we look.
  await bob.evaluate(() => {
    window.most = 0;
    setInterval(() => {
      const { participants } = window.classroom.snapshot();
      window.most = Math.max(window.most, participants.length);
    }, 20);
  });

  const newer = await stage.tab(older);
  await enter(newer, 'Ada');
  await until(older, 'the older tab is told', ({ connection }) => connection === 'replaced');
  const [{ self: one }, { self: same }] = [await snapshot(older), await snapshot(newer)];
  assert.equal(one.user_id, same.user_id, 'expected both tabs to be the same person');

  await older.getByRole('button', { name: 'Use it here', exact: true }).click();
  await until(older, 'the older tab is in again', isIn);
  await until(newer, 'the newer tab is told', ({ connection }) => connection === 'replaced');
  assert.equal((await snapshot(older)).connection, 'online', 'expected the two not to fight over it');

  const { participants } = await until(bob, 'Bob sees Ada', ({ participants }) => participants.some(({ online }) => online));
  assert.deepEqual(participants.map(({ name }) => name), ['Ada']);
  assert.equal(await bob.evaluate(() => window.most), 1, 'expected Bob never to see two');
});
