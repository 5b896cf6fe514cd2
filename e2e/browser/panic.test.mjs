// The world breaks down; everything else goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, other, until } from './browser.mjs';
import { spawns } from './map.mjs';
import { openStage, peopleList } from './stage.mjs';

const stage = await openStage();

// The panic itself belongs into the console.
const PANIC = [/the world was asked to panic/, /unreachable/, /panicked/];

async function withBrokenWorld() {
  const ada = await stage.enter('Ada', { world: true, expected: PANIC });
  await ada.evaluate(() => window.classroom.debug.panic_world());
  await ada.getByRole('button', { name: 'Reload', exact: true }).waitFor();
  return ada;
}

test('after a panic in the world the page is still in, sees newcomers and lists them', async () => {
  const ada = await withBrokenWorld();
  const bob = await stage.enter('Bob');
  await until(ada, 'the newcomer is known', (snapshot) => other(snapshot, 'Bob'));
  const list = await peopleList(ada);
  await eventually('the newcomer is listed', async () => /Bob/.test(await list.innerText()));

  const { x, y } = spawns.courtyard;
  await bob.evaluate(([x, y]) => window.classroom.walk_to(x, y), [x + 5, y]);
  await until(ada, 'the newcomer is seen walking', (snapshot) => other(snapshot, 'Bob').is_moving);
});

test('after a panic in the world one is told, and a reload brings it back', async () => {
  const ada = await withBrokenWorld();
  const before = await until(ada, 'one is still in', ({ connection }) => connection === 'online');
  await ada.getByRole('button', { name: 'Reload', exact: true }).click();
  const after = await until(ada, 'the world is drawn again', ({ connection, frames }) => connection === 'online' && frames.drawn > 0);
  assert.equal(after.self.user_id, before.self.user_id);
});

test('when the graphics are taken away the page is still in and says so', async () => {
  const ada = await stage.enter('Ada', { world: true, expected: [/WebGL/i, /context/i] });
  await ada.evaluate(() => {
    const world = document.getElementById('world');
    world.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
  });
  await ada.getByRole('button', { name: 'Reload', exact: true }).waitFor();
  await stage.enter('Bob');
  await until(ada, 'the newcomer is known', (snapshot) => other(snapshot, 'Bob')?.online);
});
