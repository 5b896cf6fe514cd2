// Two people come in as people do, and one sees the other walk.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, eventually, other, until } from './browser.mjs';
import { hold, walkedFrom } from './keys.mjs';
import { assertClose, compare, own, record, recorded, seen } from './record.mjs';
import { enterByHand, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

test('two people who came in through the lobby see one another, and one sees the other walk', async () => {
  const [ada, bob] = [await stage.person(), await stage.person()];
  await enterByHand(ada, 'Ada');
  await enterByHand(bob, 'Bob');
  const seenByAda = await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  assert.ok(distance(seenByAda.self, other(seenByAda, 'Bob')) >= 0.7, 'expected neither to hide the other');

  await Promise.all([record(ada), record(bob)]);
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowRight']) {
    const from = (await until(bob, 'Bob stands', ({ self }) => !self.is_moving)).self;
    await hold(bob, key, () => until(bob, `Bob walks by ${key}`, walkedFrom(from, 1.5)));
  }
  const { self } = await until(bob, 'Bob stands', ({ self }) => !self.is_moving);
  await until(ada, 'Ada sees Bob stand', (snapshot) => !other(snapshot, 'Bob').is_moving);

  const [onAdas, onBobs] = [seen(await recorded(ada), 'Bob'), own(await recorded(bob))];
  const compared = compare(onAdas, onBobs);
  assertClose(compared, 1, { what: 'Bob as Ada sees him' });
  const walked = compared.filter(({ is_moving }) => is_moving);
  assert.ok(walked.length > 20, `expected Bob to be seen walking, was in ${walked.length} of ${compared.length} moments`);

  const last = onAdas.at(-1);
  assertClose([{ apart: Math.hypot(last.x - self.x, last.y - self.y) }], 0.25, { atLeast: 1, what: 'Bob at rest' });
});

test('everybody is in the list of people, by name', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  for (const [page, name] of [[ada, 'Bob'], [bob, 'Ada']]) {
    const list = await peopleList(page);
    const names = () => list.getByRole('listitem').allInnerTexts();
    await eventually(`${name} is in the list`, async () => (await names()).some((text) => text.includes(name)));
  }
});
