// Who joins while somebody walks sees them where they are, not where the walk began.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, isIn, other, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { compare, furthest, own, record, recorded, seen } from './record.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

/** Tiles. */
const CLOSE = 1;

/** Who is a quarter of a second late sees Bob a tile behind: on a busy machine that may happen to somebody. */
const ROUNDS = 3;

test('a third who joins while Bob walks sees him where he is, at once', async () => {
  const [, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  for (let round = 1; ; round += 1) {
    const worst = await joinWhileBobWalks(bob, round % 2 === 0 ? spawns.courtyard : spawns.lounge);
    console.log(`# the newcomer sees him ${worst.apart.toFixed(2)} tiles away at most`);
    if (worst.apart <= CLOSE) return;
    assert.ok(round < ROUNDS, `expected at most ${CLOSE} tiles in one of ${ROUNDS} rounds, was ${JSON.stringify(worst)}`);
  }
});

/** When somebody new saw Bob, who is on his way there, furthest from where he was. */
async function joinWhileBobWalks(bob, there) {
  const cem = await stage.person();
  await cem.goto('/?world=off');
  await cem.getByRole('textbox', { name: 'Your name', exact: true }).fill('Cem');

  await Promise.all([record(bob), record(cem)]);
  const { self: start } = await until(bob, 'Bob stands', ({ self }) => !self.is_moving);
  await walkTo(bob, there);
  await until(bob, 'Bob is two tiles on his way', ({ self }) => Math.abs(self.y - start.y) + Math.abs(self.x - start.x) > 2);
  await cem.getByRole('button', { name: 'Enter', exact: true }).click();
  await until(cem, 'Cem is in', isIn);
  const first = other(await until(cem, 'Cem sees Bob', (snapshot) => other(snapshot, 'Bob')), 'Bob');
  const isFurther = ({ self }) => !self.is_moving || distance(self, first) > 8;
  await until(bob, 'Bob is eight tiles further', isFurther);

  const [onCems, onBobs] = [seen(await recorded(cem), 'Bob'), own(await recorded(bob))];
  assert.ok(onCems[0].is_moving, 'expected Bob to be on his way still when Cem first saw him');
  await cem.context().close();
  return furthest(compare(onCems, onBobs), { what: 'Bob as the newcomer sees him' });
}
