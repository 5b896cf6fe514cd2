// What tests of calls share: a browser with fake devices, what its connections carry, and places to stand at.

import assert from 'node:assert/strict';

import { arriveAt, eventually, snapshot, until, walkTo } from './browser.mjs';
import { spawns, walls } from './map.mjs';
import { enter } from './stage.mjs';

/** A camera that shows a moving picture, a microphone that beeps, and nobody who has to be asked. */
export const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * Somebody with fake devices who is in, without the world, so many tiles east of where people arrive. `prepare` is done
 * with the page before it is opened, all else is what a person of the stage can be told.
 */
export async function caller(stage, name, tiles = 0, { prepare = () => undefined, ...options } = {}) {
  const page = await stage.person(options);
  await prepare(page);
  await watchConnections(page);
  await enter(page, name);
  if (tiles) await standAt(page, tiles);
  return page;
}

/** A place in the courtyard, so many tiles east of where people arrive; the way there is free. */
export function east(tiles, south = 0) {
  return { x: spawns.courtyard.x + tiles, y: spawns.courtyard.y + south };
}

/** Remembers each connection of a page, for [`carried`]. To be called before the page is opened. */
export function watchConnections(page) {
  return page.addInitScript(() => {
    window.everyConnection = [];
    window.nativeStats = window.RTCPeerConnection.prototype.getStats;
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(...options) {
        super(...options);
        window.everyConnection.push(this);
      }
    };
  });
}

/** What all connections of a page together carry: frames, sound, packets of both, bytes, and how many are open. */
export function carried(page) {
  return page.evaluate(async () => {
    const sums = { open: 0, framesDecoded: 0, framesSent: 0, soundHeard: 0, packetsReceived: 0, bytesReceived: 0, bytesSent: 0 };
    for (const connection of window.everyConnection) {
      if (connection.connectionState === 'closed') continue;
      sums.open += 1;
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type === 'inbound-rtp') {
          sums.framesDecoded += stats.framesDecoded ?? 0;
          sums.soundHeard += stats.totalAudioEnergy ?? 0;
          // Browsers measure a line that carried a picture by sending once more what was sent.
          sums.packetsReceived += stats.packetsReceived - (stats.retransmittedPacketsReceived ?? 0);
          sums.bytesReceived += stats.bytesReceived;
        } else if (stats.type === 'outbound-rtp') {
          sums.framesSent += stats.framesEncoded ?? 0;
          sums.bytesSent += stats.bytesSent;
        }
      }
    }
    return sums;
  });
}

/** The peer of that name in a snapshot. */
export function peer(snapshot, name) {
  const person = snapshot.participants.find((other) => other.name === name);
  return snapshot.media.peers.find(({ user_id }) => user_id === person?.user_id);
}

/** Waits until a call with that person stands. */
export function connected(page, name) {
  return until(page, `the call with ${name} stands`, (now) => peer(now, name)?.state === 'connected');
}

/** Waits until there is no call with that person. */
export function apart(page, name) {
  return until(page, `there is no call with ${name}`, (now) => !peer(now, name));
}

/** What a toggle is called in a snapshot. */
const TOGGLES = { Microphone: 'microphone', Camera: 'camera', 'Share screen': 'screen' };

/** Presses a toggle and waits until the snapshot says so. */
export async function toggle(page, name, is_on) {
  await page.getByRole('button', { name, exact: true }).click();
  await isSwitched(page, name, is_on);
}

/** Waits until the snapshot says that a toggle is on, or off. */
export function isSwitched(page, name, is_on) {
  return until(page, `${name} is ${is_on ? 'on' : 'off'}`, ({ media }) => media[TOGGLES[name]] === is_on);
}

/** Waits until a number that `carried` gives grows. */
export async function grows(page, key) {
  const before = (await carried(page))[key];
  let last;
  await eventually(`${key} grows`, async () => (last = (await carried(page))[key]) > before, {
    detail: () => `${before} → ${last}`,
  });
}

/** So long it may take until what came already is played, on a machine with much to do. */
const PLAYED_WITHIN = 500;

/** Asserts that nothing is seen or heard for a while. Packets may come: somebody silent sends one now and then. */
export async function staysSilent(page, ms = 1500) {
  await page.waitForTimeout(PLAYED_WITHIN);
  const before = await carried(page);
  await page.waitForTimeout(ms);
  const after = await carried(page);
  assert.equal(after.framesDecoded, before.framesDecoded, 'expected no picture');
  // A decoder without packets fades into noise that nobody hears.
  assert.ok(after.soundHeard - before.soundHeard < 1e-6, `expected no sound, was ${after.soundHeard - before.soundHeard}`);
  return after.packetsReceived - before.packetsReceived;
}

/** Asserts that not even a packet of sound or pictures arrives for a while, but for what is sent once more. */
export async function receivesNothing(page, ms) {
  const packets = await staysSilent(page, ms);
  assert.equal(packets, 0, `expected no packet, came ${packets}`);
}

/** Asserts that there is nobody to talk to, and nothing to hear, for a while. */
export async function staysAlone(page) {
  await staysSilent(page);
  assert.deepEqual((await snapshot(page)).media.peers, []);
}

/** Waits until no call with anybody is open, not even one that is only prepared, and asserts that nothing comes. */
export async function staysOutOfReach(page) {
  await eventually('no call is open', async () => (await pairwiseCalls(page)) === 0);
  await receivesNothing(page);
  assert.deepEqual((await snapshot(page)).media.peers, []);
  assert.equal(await pairwiseCalls(page), 0, 'expected no call to be opened');
}

/** How many pairwise calls of the page are open: each has four lines, a room's call has more, and a link none. */
export function pairwiseCalls(page) {
  return page.evaluate(() => {
    const isCall = (connection) => connection.connectionState !== 'closed' && connection.getTransceivers().length === 4;
    return window.everyConnection.filter(isCall).length;
  });
}

/** The names of the things of the map that the straight line between two places crosses. */
export function thingsBetween(a, b) {
  const steps = Array.from({ length: 101 }, (_, index) => index / 100);
  const points = steps.map((share) => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }));
  const covers = (thing, { x, y }) => x > thing.x && x < thing.right && y > thing.y && y < thing.bottom;
  return walls.filter((thing) => points.some((point) => covers(thing, point))).map(({ name }) => name);
}

/** Whether a wall of the map crosses the straight line between two places. */
export function soundEndsBetween(a, b) {
  return thingsBetween(a, b).includes('wall');
}

/** Walks so many tiles east of where people arrive. */
export function standAt(page, tiles, south) {
  return arriveAt(page, east(tiles, south));
}

/** Sets out for there. */
export function walkEast(page, tiles) {
  return walkTo(page, east(tiles));
}
