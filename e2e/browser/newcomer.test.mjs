// Who joins while somebody walks sees them where they are, not where the walk began.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, isIn, other, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { assertClose, compare, own, record, recorded, seen } from './record.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

test('a third who joins while Bob walks sees him where he is, at once', async () => {
  const [, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  const cem = await stage.person();
  await cem.goto('/?world=off');
  await cem.getByRole('textbox', { name: 'Your name', exact: true }).fill('Cem');

  await Promise.all([record(bob), record(cem)]);
  const { self: start } = await until(bob, 'Bob stands', ({ self }) => !self.is_moving);
  await walkTo(bob, spawns.lounge);
  await until(bob, 'Bob is two tiles on his way', ({ self }) => Math.abs(self.y - start.y) + Math.abs(self.x - start.x) > 2);
  await cem.getByRole('button', { name: 'Enter', exact: true }).click();
  await until(cem, 'Cem is in', isIn);
  const first = other(await until(cem, 'Cem sees Bob', (snapshot) => other(snapshot, 'Bob')), 'Bob');
  const isFurther = ({ self }) => !self.is_moving || distance(self, first) > 8;
  await until(bob, 'Bob is eight tiles further', isFurther);

  const [onCems, onBobs] = [seen(await recorded(cem), 'Bob'), own(await recorded(bob))];
  assert.ok(onCems[0].is_moving, 'expected Bob to be on his way still when Cem first saw him');
  assertClose(compare(onCems, onBobs), 1, { what: 'Bob as the newcomer sees him' });
});
