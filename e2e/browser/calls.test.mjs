// People come near and hear and see one another, and fade as they part.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, until } from './browser.mjs';
import {
  FAKE_DEVICES,
  apart,
  caller,
  carried,
  connected,
  grows,
  peer,
  soundEndsBetween,
  standAt,
  staysAlone,
  staysSilent,
  toggle,
} from './calls.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });
const person = (name, tiles) => caller(stage, name, tiles);

test('far apart nothing passes; near one another people hear and see each other; and it ends as they part', async () => {
  const ada = await person('Ada', 0);
  const bob = await person('Bob', 12);
  await Promise.all([toggle(ada, 'Microphone', true), toggle(bob, 'Microphone', true)]);
  await Promise.all([toggle(ada, 'Camera', true), toggle(bob, 'Camera', true)]);
  // They met where everybody arrives; what is left of that is an idle link.
  for (const page of [ada, bob]) {
    await until(page, 'there is no call so far apart', ({ media }) => media.peers.length === 0);
    await staysSilent(page);
  }

  await standAt(bob, 3);
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  for (const page of [ada, bob]) {
    await grows(page, 'framesDecoded');
    await grows(page, 'soundHeard');
  }
  await until(ada, 'Bob is heard and seen', (now) => peer(now, 'Bob').audio && peer(now, 'Bob').video);

  await standAt(bob, 12);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await staysSilent(ada);
});

test('a call stands before it is needed, and nothing goes over it until then', async () => {
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 12)];
  await Promise.all([toggle(ada, 'Microphone', true), toggle(bob, 'Camera', true)]);
  await standAt(bob, 6.2);
  const standing = (page) =>
    page.evaluate(() => window.everyConnection.filter((call) => call.connectionState === 'connected' && call.getTransceivers().length === 4).length);
  await eventually('the call stands', async () => (await standing(ada)) === 1 && (await standing(bob)) === 1);
  for (const page of [ada, bob]) await staysAlone(page);
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
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 1.5)];
  await connected(ada, 'Bob');
  await until(ada, 'Bob is at full volume', (now) => peer(now, 'Bob')?.volume === 1);
  await standAt(bob, 3.5);
  await until(ada, 'Bob is half as loud', (now) => Math.abs(peer(now, 'Bob')?.volume - 0.5) < 0.05);
  await standAt(bob, 4.25);
  await until(ada, 'Bob is hardly heard', (now) => Math.abs(peer(now, 'Bob')?.volume - 0.156) < 0.05);
});

test('each toggle is seen from the other side', async () => {
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 2)];
  await connected(ada, 'Bob');
  await until(ada, 'nothing of Bob is on', (now) => !peer(now, 'Bob').audio && !peer(now, 'Bob').video);
  for (const [name, key, arrives] of [['Microphone', 'audio', 'soundHeard'], ['Camera', 'video', 'framesDecoded'], ['Share screen', 'screen', 'framesDecoded']]) {
    await toggle(bob, name, true);
    await until(ada, `${name} of Bob is on`, (now) => peer(now, 'Bob')[key]);
    await grows(ada, arrives);
    await toggle(bob, name, false);
    await until(ada, `${name} of Bob is off`, (now) => !peer(now, 'Bob')[key]);
    await staysSilent(ada);
  }
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
  await Promise.all([ada, bob].map((page) => toggle(page, 'Microphone', true)));

  // Over the back of the bench in the courtyard.
  await stand({ x: 33.6, y: 27 }, { x: 33.6, y: 29 });
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  for (const page of [ada, bob]) await grows(page, 'soundHeard');
  await until(ada, 'Bob is at full volume', (now) => peer(now, 'Bob').volume === 1);

  // Outside of the building and inside of it, in no room.
  const [out, inside] = [{ x: 35.5, y: 25.5 }, { x: 35.5, y: 20.75 }];
  assert.ok(soundEndsBetween(out, inside), 'expected a wall there');
  await stand(inside, out);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(staysAlone));

  // Through the side of a classroom: two tiles.
  await stand({ x: 26.5, y: 30 }, { x: 24.5, y: 30 });
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(staysAlone));
});
