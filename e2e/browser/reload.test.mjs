// What a person finds again after a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, distance, eventually, isIn, other, snapshot, until } from './browser.mjs';
import { spawns } from './map.mjs';
import { enterByHand, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

const PROFILE = 'classroom.profile';

/** The face of somebody in the list of people, as a picture. */
async function faceOf(page, name) {
  const face = (await peopleList(page)).getByRole('listitem').filter({ hasText: name }).locator('canvas.face');
  const picture = (face) => {
    const pixels = face.getContext('2d').getImageData(0, 0, face.width, face.height).data;
    return pixels.some((part) => part > 0) && face.toDataURL();
  };
  return eventually(`${name} has a face`, () => face.evaluate(picture));
}

test('a reload keeps who one is, name, look and place', async () => {
  const ada = await stage.person();
  await enterByHand(ada, 'Ada', { world: false });
  const bob = await stage.enter('Bob');
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  const face = await faceOf(bob, 'Ada');
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
  // Bob may remember; who comes only now has it from her.
  const cem = await stage.enter('Cem');
  await until(cem, 'Cem sees Ada', (snapshot) => other(snapshot, 'Ada'));
  assert.equal(await faceOf(cem, 'Ada'), face, 'expected Cem to see the look that Bob saw before');
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
