// Rooms: everybody in one hears and sees everybody else in it through the relay, and nobody outside does.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, isIn, snapshot, until, walkTo } from './browser.mjs';
import { FAKE_DEVICES, apart, connected, grows, pairwiseCalls, peer, staysAlone, toggle } from './calls.mjs';
import { button } from './panels.mjs';
import {
  BY_THE_DOOR,
  arrives,
  cameraComesIn,
  carries,
  comesWhole,
  hearsNothing,
  roomful,
  together,
  visitor,
  walkIn,
  walkOut,
} from './rooms.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

/** A dead relay is an error to the browser, and rightly in its console. */
const UNREACHABLE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

const BOTH_WAYS = { comes: { voices: 1, pictures: 1 }, goes: { voices: 1, pictures: 1 } };

/** On the podium of the classroom. */
const AT_THE_PODIUM = { x: 15, y: 25.5 };

const turnOn = (pages, name) => Promise.all(pages.map((page) => toggle(page, name, true)));

test('three in a room hear and see one another and each sends once; who stands before the door gets nothing', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  const ada = await visitor(stage, 'Ada', { world: true });
  const bob = await visitor(stage, 'Bob', { world: true });
  const cem = await visitor(stage, 'Cem');
  const pages = [ada, bob, cem];
  await together(pages, names);
  await turnOn(pages, 'Microphone');
  await turnOn(pages, 'Camera');
  for (const [index, page] of pages.entries()) {
    const others = names.filter((_, other) => other !== index);
    await Promise.all(others.map((name) => arrives(page, name, 'audio', 'video')));
    await carries(page, { comes: { voices: 2, pictures: 2 }, goes: { voices: 1, pictures: 1 } });
  }

  await arriveAt(ada, BY_THE_DOOR);
  const dan = await visitor(stage, 'Dan');
  await walkOut(dan);
  await until(dan, 'nobody is left', ({ media }) => media.peers.length === 0);
  await until(ada, 'Dan is gone', ({ media }) => media.peers.length === 2);
  await hearsNothing(dan);
  await toggle(dan, 'Microphone', true);
  await staysAlone(dan);
  await carries(dan, {});
  await together(pages, names);
});

test('who walks out through the door is not heard any more, and is heard again inside', async () => {
  const [ada, bob] = await roomful(stage, ['Ada', 'Bob']);
  await arriveAt(ada, BY_THE_DOOR);
  await turnOn([ada, bob], 'Microphone');
  await turnOn([ada, bob], 'Camera');
  for (const page of [ada, bob]) await carries(page, BOTH_WAYS);

  await walkOut(bob);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  await Promise.all([ada, bob].map(hearsNothing));
  await Promise.all([ada, bob].map(staysAlone));

  await walkIn(bob);
  await together([ada, bob], ['Ada', 'Bob']);
  for (const page of [ada, bob]) await carries(page, BOTH_WAYS);
});

test('two who talk outside go on talking inside, and nothing is left of their call', async () => {
  const names = ['Ada', 'Bob'];
  const [ada, bob] = await roomful(stage, names);
  const inRoom = (await snapshot(ada)).media.peer_connections;
  // Before the other door, in the open.
  await Promise.all([arriveAt(ada, { x: 27, y: 34.5 }), arriveAt(bob, { x: 28, y: 34.5 })]);
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  for (const page of [ada, bob]) await until(page, 'they talk directly', ({ media }) => media.peers[0]?.transport === 'p2p');
  await turnOn([ada, bob], 'Microphone');
  for (const page of [ada, bob]) await carries(page, { comes: { voices: 1 }, goes: { voices: 1 } });

  await Promise.all([arriveAt(ada, { x: 23, y: 34.5 }), arriveAt(bob, { x: 24.5, y: 34.5 })]);
  await together([ada, bob], names);
  for (const page of [ada, bob]) {
    await arrives(page, page === ada ? 'Bob' : 'Ada', 'audio');
    await carries(page, { comes: { voices: 1 }, goes: { voices: 1 } });
    await eventually('their call has ended', async () => (await pairwiseCalls(page)) === 0);
    const { media } = await snapshot(page);
    console.log(`# connections: ${inRoom} before, ${media.peer_connections} after`);
  }
});

test('a shared screen reaches everybody in the room, is on stage, and leaves it', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  // On a small page the list of people covers the stage.
  const [ada, bob, cem] = await roomful(stage, names, { viewport: { width: 1280, height: 720 } });
  const { user_id } = (await snapshot(ada)).self;
  await toggle(ada, 'Share screen', true);
  for (const page of [ada, bob, cem]) await until(page, 'Ada is on stage', ({ media }) => media.stage === user_id);
  for (const page of [bob, cem]) {
    await arrives(page, 'Ada', 'screen');
    await carries(page, { comes: { screens: 1 } });
    await page.getByRole('region', { name: "Ada's screen", exact: true }).waitFor();
    await comesWhole(page, ada);
  }
  await carries(ada, { goes: { screens: 1 } });
  await toggle(ada, 'Share screen', false);
  for (const page of [ada, bob, cem]) await until(page, 'the stage is empty', ({ media }) => media.stage === null);
  for (const page of [bob, cem]) {
    await arrives(page, 'Ada');
    await hearsNothing(page);
  }
});

test('of two who share their screens the first is on stage for all, and the other is told so and is next', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  const pages = await roomful(stage, names, { viewport: { width: 1280, height: 720 } });
  const [ada, bob, cem] = pages;
  const [first, second] = await Promise.all([ada, bob].map(async (page) => (await snapshot(page)).self.user_id));
  const allSee = (what, user_id) => Promise.all(pages.map((page) => until(page, what, ({ media }) => media.stage === user_id)));
  await toggle(ada, 'Share screen', true);
  await allSee('Ada is on stage', first);
  await toggle(bob, 'Share screen', true);
  const waits = bob.getByText("Ada's screen is on stage. Yours will be shown when it ends.", { exact: true });
  await waits.waitFor();
  for (const page of [bob, cem]) await carries(page, { comes: { screens: 1 } });
  await carries(ada, { goes: { screens: 1 } });
  await allSee('Ada is still on stage', first);

  await toggle(ada, 'Share screen', false);
  await allSee('Bob is on stage', second);
  await waits.waitFor({ state: 'detached' });
  for (const page of [ada, cem]) {
    await arrives(page, 'Bob', 'screen');
    await carries(page, { comes: { screens: 1 } });
  }
  await carries(bob, { goes: { screens: 1 } });
});

test('who loads the page anew is back in the call of the room and sends once', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  const pages = await roomful(stage, names);
  const [ada, bob, cem] = pages;
  await turnOn(pages, 'Microphone');
  await turnOn([ada, bob], 'Camera');
  await carries(cem, { comes: { voices: 2, pictures: 2 }, goes: { voices: 1 } });
  await bob.reload();
  await until(bob, 'Bob is in', isIn);
  await together(pages, names);
  // Whoever loads a page anew is asked anew.
  await turnOn([bob], 'Microphone');
  await turnOn([bob], 'Camera');
  await carries(bob, { comes: { voices: 2, pictures: 1 }, goes: { voices: 1, pictures: 1 } });
  await carries(cem, { comes: { voices: 2, pictures: 2 }, goes: { voices: 1 } });
  await carries(ada, { comes: { voices: 2, pictures: 1 }, goes: { voices: 1, pictures: 1 } });
});

test('at the podium a voice leaves the room in sight, and a camera has the stage and comes in 720p', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  const [ada, bob, cem] = await roomful(stage, names, { viewport: { width: 1280, height: 720 } });
  const { user_id } = (await snapshot(ada)).self;
  const staged = bob.getByRole('region', { name: 'Ada', exact: true });
  const evenly = bob.locator('.nearby.is-grid');
  await arriveAt(ada, AT_THE_PODIUM);
  await toggle(ada, 'Microphone', true);
  await arrives(bob, 'Ada', 'audio');
  await carries(bob, { comes: { voices: 1 } });
  assert.deepEqual([await staged.count(), await evenly.count()], [0, 0], 'faces alone are small');

  await toggle(ada, 'Camera', true);
  for (const page of [ada, bob, cem]) await until(page, 'Ada is on stage', ({ media }) => media.stage === user_id);
  await staged.waitFor();
  await cameraComesIn(bob, '1280×720');

  await arriveAt(ada, BY_THE_DOOR);
  await until(bob, 'the stage is empty', ({ media }) => media.stage === null);
  await staged.waitFor({ state: 'detached' });
  await evenly.waitFor();
  await cameraComesIn(bob, '640×360');
});

test('with sound only no pictures come, and they come back', async () => {
  const [ada, bob] = await roomful(stage, ['Ada', 'Bob']);
  await toggle(ada, 'Microphone', true);
  await toggle(ada, 'Camera', true);
  await toggle(ada, 'Share screen', true);
  await arrives(bob, 'Ada', 'audio', 'video', 'screen');
  await carries(bob, { comes: { voices: 1, pictures: 1, screens: 1 } });

  await button(bob, 'Sound only').click();
  await until(bob, 'only sound comes', (now) => peer(now, 'Ada')?.audio && !peer(now, 'Ada').video);
  await carries(bob, { comes: { voices: 1 } });
  await carries(ada, { goes: { voices: 1 } });

  await button(bob, 'Sound only').click();
  await arrives(bob, 'Ada', 'audio', 'video', 'screen');
  await carries(bob, { comes: { voices: 1, pictures: 1, screens: 1 } });
});

test('a relay that is killed and started again has everybody back in the call of the room', async () => {
  const names = ['Ada', 'Bob', 'Cem'];
  const pages = await roomful(stage, names, { expected: [UNREACHABLE] });
  const [ada, bob, cem] = pages;
  await toggle(ada, 'Microphone', true);
  await toggle(bob, 'Camera', true);
  await carries(cem, { comes: { voices: 1, pictures: 1 } });

  await stage.relay.kill();
  await Promise.all(pages.map((page) => until(page, 'the page notices', ({ connection }) => connection === 'reconnecting')));
  await stage.relay.start();
  await eventually('the relay answers', () => stage.relay.health());
  const answered = Date.now();
  await Promise.all(pages.map((page) => until(page, 'one is online', ({ connection }) => connection === 'online')));
  await together(pages, names);
  await Promise.all([grows(bob, 'soundHeard'), grows(ada, 'framesDecoded')]);
  console.log(`# back after ${Date.now() - answered} ms`);
  await carries(cem, { comes: { voices: 1, pictures: 1 } });
});

test('a full room says so and lets nobody hear it; when somebody leaves there is a place', async () => {
  const names = ['Ada', 'Bob', 'Cem', 'Dan', 'Eva', 'Fay', 'Gil', 'Hal'];
  const place = { x: 27.5, y: 13 };
  const pages = [];
  for (const name of names) pages.push(await visitor(stage, name, { spawn: 'meeting-1' }));
  await together(pages, names);
  await toggle(pages[0], 'Microphone', true);

  // Before its door.
  const ivy = await visitor(stage, 'Ivy', { spawn: 'meeting-2' });
  await arriveAt(ivy, { x: 27.5, y: 18.5 });
  await walkTo(ivy, place);
  await ivy.getByText('Meeting room 1 is full. You can go in when somebody leaves.').waitFor();
  await staysAlone(ivy);

  await pages.pop().context().close();
  await until(pages[0], 'Hal is gone', ({ media }) => media.peers.length === names.length - 2);
  await walkTo(ivy, place);
  await until(ivy, 'Ivy is in the call', ({ media }) => media.mode === 'room' && media.peers.length === names.length - 1);
  await grows(ivy, 'soundHeard');
});
