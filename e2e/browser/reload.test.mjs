// What a person finds again after a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, distance, isIn, snapshot, until } from './browser.mjs';
import { spawns } from './map.mjs';
import { enterByHand, openStage } from './stage.mjs';

const stage = await openStage();

const PROFILE = 'classroom.profile';

test('a reload keeps who one is, name, look and place', async () => {
  const ada = await stage.person();
  await enterByHand(ada, 'Ada', { world: false });
  const { x, y } = spawns.courtyard;
  await arriveAt(ada, { x: x + 4, y });
  const before = await snapshot(ada);
  const look = await ada.evaluate((key) => localStorage.getItem(key), PROFILE);
  assert.match(look ?? '', /"appearance"/, 'expected the look to be kept');

  await ada.reload();
  const name = ada.getByRole('textbox', { name: 'Your name', exact: true });
  assert.equal(await name.inputValue(), 'Ada', 'expected the lobby to know the name');
  await ada.getByRole('button', { name: 'Enter', exact: true }).click();
  const after = await until(ada, 'Ada is in again', isIn);

  assert.equal(after.self.user_id, before.self.user_id, 'expected to be the same person');
  assert.equal(after.self.name, 'Ada');
  assert.equal(await ada.evaluate((key) => localStorage.getItem(key), PROFILE), look, 'expected the same look');
  const apart = distance(after.self, before.self);
  assert.ok(apart < 0.1, `expected to stand where one stood, was ${apart} tiles away`);
});

test('a reload is no second person to others', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  await until(bob, 'Bob sees Ada', ({ participants }) => participants.length === 1);
  await ada.reload();
  await until(ada, 'Ada is in again', isIn);
  const { participants } = await until(bob, 'Bob sees Ada', ({ participants }) => participants.some(({ online }) => online));
  assert.deepEqual(participants.map(({ name }) => name), ['Ada']);
});
