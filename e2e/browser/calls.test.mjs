// People come near and hear and see one another, and fade as they part.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, distance, eventually, snapshot, until } from './browser.mjs';
import {
  FAKE_DEVICES,
  apart,
  caller,
  carried,
  connected,
  grows,
  isSwitched,
  pairwiseCalls,
  peer,
  receivesNothing,
  soundEndsBetween,
  standAt,
  staysAlone,
  staysOutOfReach,
  staysSilent,
  thingsBetween,
  toggle,
} from './calls.mjs';
import { keepSpeakers, volumes } from './speakers.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });
const person = (name, tiles) => caller(stage, name, tiles);

test('far apart nothing passes; near one another people hear and see each other; and it ends as they part', async () => {
  const ada = await person('Ada', 0);
  const bob = await person('Bob', 12);
  await Promise.all([toggle(ada, 'Microphone', true), toggle(bob, 'Microphone', true)]);
  await Promise.all([toggle(ada, 'Camera', true), toggle(bob, 'Camera', true)]);
  // They met where everybody arrives; what is left of that is an idle link.
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(staysOutOfReach));

  await standAt(bob, 3);
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  for (const page of [ada, bob]) {
    await grows(page, 'framesDecoded');
    await grows(page, 'soundHeard');
  }
  await until(ada, 'Bob is heard and seen', (now) => peer(now, 'Bob').audio && peer(now, 'Bob').video);

  await standAt(bob, 12);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(staysOutOfReach));
});

test('a call stands before it is needed, and nothing goes over it until then', async () => {
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 12)];
  await Promise.all([toggle(ada, 'Microphone', true), toggle(bob, 'Camera', true)]);
  await standAt(bob, 6.2);
  const standing = (page) =>
    page.evaluate(() => window.everyConnection.filter((call) => call.connectionState === 'connected' && call.getTransceivers().length === 4).length);
  await eventually('the call stands', async () => (await standing(ada)) === 1 && (await standing(bob)) === 1);
  await Promise.all([ada, bob].map(staysAlone));
  assert.deepEqual(await Promise.all([ada, bob].map(pairwiseCalls)), [1, 1], 'expected the call to stay');
  assert.equal((await carried(bob)).framesSent, 0, 'expected no picture to be sent');
  const made = () => ada.evaluate(() => window.everyConnection.length);
  const before = await made();

  await standAt(bob, 4);
  await connected(ada, 'Bob');
  await grows(ada, 'framesDecoded');
  await grows(bob, 'soundHeard');
  assert.equal(await made(), before, 'expected the same call');
});

test('volume falls with distance', async () => {
  const ada = await caller(stage, 'Ada', 0, { prepare: keepSpeakers });
  const bob = await person('Bob', 1.5);
  await connected(ada, 'Bob');
  await toggle(bob, 'Microphone', true);
  const hears = async (what, volume) => {
    const isSo = (found) => Math.abs(found - volume) < 0.05;
    await until(ada, `Bob is ${what}`, (now) => isSo(peer(now, 'Bob')?.volume));
    // What plays it is as loud as is said, a moment later.
    let last;
    const isPlayed = async () => (last = await volumes(ada)).length > 0 && last.every(isSo);
    await eventually(`Bob is played as ${what}`, isPlayed, { detail: () => JSON.stringify(last) });
    await grows(ada, 'soundHeard');
  };
  await hears('at full volume', 1);
  await standAt(bob, 3.5);
  await hears('half as loud', 0.5);
  await standAt(bob, 4.25);
  await hears('hardly heard', 0.156);
});

test('each toggle is switched by its key and its button, and seen from the other side', async () => {
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 2)];
  await connected(ada, 'Bob');
  await until(ada, 'nothing of Bob is on', (now) => !peer(now, 'Bob').audio && !peer(now, 'Bob').video);
  // Without the world one begins in a box to write in, where letters are letters.
  await bob.evaluate(() => document.activeElement.blur());
  for (const [name, letter, key, arrives] of [
    ['Microphone', 'm', 'audio', 'soundHeard'],
    ['Camera', 'v', 'video', 'framesDecoded'],
    ['Share screen', 'p', 'screen', 'framesDecoded'],
  ]) {
    await bob.keyboard.press(letter);
    await isSwitched(bob, name, true);
    await until(ada, `${name} of Bob is on`, (now) => peer(now, 'Bob')[key]);
    await grows(ada, arrives);
    await toggle(bob, name, false);
    await until(ada, `${name} of Bob is off`, (now) => !peer(now, 'Bob')[key]);
    await receivesNothing(ada);
  }
  // With the button in hand as well, as it is after a press.
  await bob.keyboard.press('m');
  await isSwitched(bob, 'Microphone', true);
  await bob.keyboard.press('m');
  await isSwitched(bob, 'Microphone', false);
});

test('who stands between two people hears both, and they do not hear each other', async () => {
  const [ada, bob, cem] = [await person('Ada', 0), await person('Bob', 4), await person('Cem', 8)];
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada'), connected(bob, 'Cem'), connected(cem, 'Bob')]);
  for (const [page, count] of [[ada, 1], [bob, 2], [cem, 1]]) {
    await until(page, `there are ${count} peers`, ({ media }) => media.peers.length === count);
  }
});

test('a wall between two people keeps them from each other, a bench does not', async () => {
  const [ada, bob] = [await person('Ada'), await person('Bob')];
  const stand = (...places) => Promise.all([ada, bob].map((page, index) => arriveAt(page, places[index])));
  for (const name of ['Microphone', 'Camera']) await Promise.all([ada, bob].map((page) => toggle(page, name, true)));

  // Over the back of the bench in the courtyard: two tiles.
  const bench = [{ x: 33.6, y: 27 }, { x: 33.6, y: 29 }];
  assert.deepEqual(thingsBetween(...bench), ['bench']);
  await stand(...bench);
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  for (const page of [ada, bob]) {
    await grows(page, 'soundHeard');
    await grows(page, 'framesDecoded');
  }
  await until(ada, 'Bob is at full volume', (now) => peer(now, 'Bob').volume === 1);

  // On both sides of the corner of a building, in no room: two tiles as well.
  await stand({ x: 26.25, y: 39.25 }, { x: 24.5, y: 40.25 });
  const [one, other] = await Promise.all([ada, bob].map(ownPlace));
  assert.ok(distance(one, other) < 2.2, `expected them to be two tiles apart, were ${distance(one, other)}`);
  assert.ok(soundEndsBetween(one, other), 'expected a wall there');
  assert.deepEqual([one.room, other.room], [null, null]);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(staysOutOfReach));

  // Through the side of a classroom: two tiles, and into a room.
  await stand({ x: 26.5, y: 30 }, { x: 24.5, y: 30 });
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  // The relay may try out the line to whoever is in a room with packets that hold nothing.
  await Promise.all([staysOutOfReach(ada), staysSilent(bob)]);
  assert.deepEqual((await snapshot(bob)).media.peers, []);
  assert.equal(await pairwiseCalls(bob), 0);
});

/** Where somebody stands, by their own page. */
async function ownPlace(page) {
  return (await snapshot(page)).self;
}
