// What tests of room calls share: people in rooms, and what each line of each of their connections carries.

import assert from 'node:assert/strict';

import { arriveAt, eventually, until } from './browser.mjs';
import { peer, staysSilent, watchConnections } from './calls.mjs';
import { enter } from './stage.mjs';

export const ROOM = 'classroom-a';

/** In the doorway between the classroom and the corridor, in no room, and two tiles from [`BY_THE_DOOR`]. */
export const OUTSIDE = { x: 23, y: 22.9 };

/** Inside, next to that door. */
export const BY_THE_DOOR = { x: 23, y: 24.8 };

/** Somebody with fake devices who is in, without the world unless it is asked for, at that spawn point. */
export async function visitor(stage, name, { spawn = ROOM, world, ...options } = {}) {
  const page = await stage.person(options);
  await watchConnections(page);
  await enter(page, name, { spawn, world });
  return page;
}

/** Several of them who are all in the call of the room. */
export async function roomful(stage, names, options) {
  const pages = await Promise.all(names.map((name) => visitor(stage, name, options)));
  await together(pages, names);
  return pages;
}

/** Waits until each is in the call of the room with all others, and with nobody else. */
export function together(pages, names) {
  const meets = (name, page) => {
    const others = names.filter((other) => other !== name);
    return until(page, `${name} is in the room's call with ${others}`, (now) => {
      const isThere = (other) => peer(now, other)?.transport === 'sfu' && peer(now, other).state === 'connected';
      return now.media.mode === 'room' && now.media.peers.length === others.length && others.every(isThere);
    });
  };
  return Promise.all(pages.map((page, index) => meets(names[index], page)));
}

/** Walks out through the door, as far as one may be heard without walls. */
export async function walkOut(page) {
  await arriveAt(page, OUTSIDE);
  await until(page, 'one is in no room', ({ self, media }) => self.room === null && media.mode === 'proximity');
}

/** Walks in through the door. */
export async function walkIn(page) {
  await arriveAt(page, BY_THE_DOOR);
  await until(page, 'one is in the room', ({ self, media }) => self.room === ROOM && media.mode === 'room');
}

/** Waits until these of somebody arrive, and everything else of theirs does not. */
export function arrives(page, name, ...kinds) {
  return until(page, `of ${name} arrives exactly: ${kinds.join(', ') || 'nothing'}`, (now) => {
    const arriving = peer(now, name);
    return arriving && ['audio', 'video', 'screen'].every((kind) => arriving[kind] === kinds.includes(kind));
  });
}

/**
 * Waits until exactly so many lines carry something, all over one connection: of what comes and of what is sent each
 * the `voices`, `pictures` and `screens`. A camera is one line in however many sizes. The sound of a screen does not
 * count: whether there is any is the browser's own business. Where nothing comes, not a packet does.
 */
export function carries(page, { comes = {}, goes = {} }) {
  const full = ({ voices = 0, pictures = 0, screens = 0 }) => ({ voices, pictures, screens });
  const connections = Object.keys({ ...comes, ...goes }).length > 0 ? 1 : 0;
  const isNothing = Object.keys(comes).length === 0;
  const wanted = JSON.stringify({ comes: full(comes), goes: full(goes), connections, ...(isNothing && { packets: 0 }) });
  let last;
  const look = async () => (last = JSON.stringify(summary(await busyLines(page)))) === wanted;
  return eventually(`lines carry ${wanted}`, look, { detail: () => last });
}

/** What a line carries, by its place: those of a pairwise call, with which a room's begin, and those that only lead here. */
const LINES = [
  ...['voices', 'pictures', 'screens', 'sounds'],
  ...Array(4).fill('voices'),
  ...Array(9).fill('pictures'),
  ...['screens', 'sounds'],
];

/** The first lines are for what one sends. */
const UP = 4;

/** How long a look at the lines takes: the fake microphone beeps once a second. */
const LOOK_FOR = 2500;

/** A decoder without packets fades into noise that nobody hears. */
const AUDIBLE = 1e-6;

/** Within so long whatever was under way has come, and been played. */
const SETTLED_AFTER = 500;

/** Asserts that nothing comes any more, not a packet, now that the page knows that nothing should. */
export async function hearsNothing(page) {
  await page.waitForTimeout(SETTLED_AFTER);
  const before = packetsOf(await everyStream(page));
  await staysSilent(page);
  const after = packetsOf(await everyStream(page));
  // Lines of a connection that was closed meanwhile count nothing any more.
  const still = Object.fromEntries(Object.entries(before).filter(([key]) => key in after));
  assert.deepEqual(after, still, 'expected no packet of sound or pictures');
}

/** How many packets came in each stream. What is sent once more does not count: such packets also measure the line. */
function packetsOf(streams) {
  return Object.fromEntries(streams.filter(({ packets }) => packets > 0).map(({ key, packets }) => [key, packets]));
}

/**
 * Waits until a page's screen comes to another in the size in which it was captured, so that every letter can be read;
 * it is on the line before the last.
 */
export async function comesWhole(page, of) {
  const captured = await of.evaluate(() => {
    const tracks = window.everyConnection.flatMap((own) => own.getSenders()).map(({ track }) => track);
    const { width, height } = tracks.find((track) => track?.readyState === 'live' && track.getSettings().displaySurface).getSettings();
    return `${width}×${height}`;
  });
  await comesIn(page, captured, [LINES.length - 2]);
}

/** Waits until somebody's camera comes in that size. */
export function cameraComesIn(page, size) {
  return comesIn(page, size, [...LINES.keys()].filter((mid) => mid >= UP && LINES[mid] === 'pictures'));
}

/** Waits until on one of these lines pictures of that size come. */
async function comesIn(page, size, mids) {
  let last;
  const look = async () => {
    last = await page.evaluate(async (mids) => {
      const open = window.everyConnection.filter(({ connectionState }) => connectionState === 'connected');
      const reports = await Promise.all(open.map(async (own) => [...(await own.getStats()).values()]));
      const comes = ({ type, mid, frameWidth }) => type === 'inbound-rtp' && mids.includes(mid) && frameWidth > 0;
      return reports.flat().filter(comes).map(({ frameWidth, frameHeight }) => `${frameWidth}×${frameHeight}`);
    }, mids.map(String));
    return last.includes(size);
  };
  await eventually(`pictures come in ${size}`, look, { detail: () => last.join(', ') });
}

/** The lines that carry something for a while. */
async function busyLines(page) {
  const before = new Map((await everyStream(page)).map((stream) => [stream.key, stream]));
  await page.waitForTimeout(LOOK_FOR);
  const after = await everyStream(page);
  const lines = (is) => [...new Map(after.filter(is).map((stream) => [stream.line, stream])).values()];
  const was = ({ key }) => before.get(key) ?? { amount: 0, packets: 0 };
  const busy = lines((stream) => stream.amount - was(stream).amount > stream.least);
  return { busy, packets: lines((stream) => stream.packets > was(stream).packets).length };
}

/** `packets` are the lines on which packets came, whether anything can be heard or seen of them or not. */
function summary({ busy, packets }) {
  const counts = (way) => {
    const count = (what) => busy.filter((line) => line.way === way && LINES[line.mid] === what).length;
    return { voices: count('voices'), pictures: count('pictures'), screens: count('screens') };
  };
  const connections = new Set(busy.map(({ connection }) => connection)).size;
  const comes = counts('inbound-rtp');
  const isNothing = Object.values(comes).every((count) => count === 0);
  return { comes, goes: counts('outbound-rtp'), connections, ...(isNothing && { packets }) };
}

/** All streams of all open connections, with what they carried so far. */
function everyStream(page) {
  return page.evaluate(async (audible) => {
    const streams = [];
    for (const [connection, own] of window.everyConnection.entries()) {
      if (own.connectionState === 'closed') continue;
      for (const stats of (await own.getStats()).values()) {
        const { type: way, kind, id, mid } = stats;
        if (way !== 'inbound-rtp' && way !== 'outbound-rtp') continue;
        const frames = stats.framesDecoded ?? stats.framesEncoded ?? 0;
        const sound = stats.totalAudioEnergy ?? stats.bytesSent ?? 0;
        const [amount, least] = kind === 'video' ? [frames, 0] : [sound, audible];
        const packets = (stats.packetsReceived ?? 0) - (stats.retransmittedPacketsReceived ?? 0);
        const line = `${connection} ${mid} ${way}`;
        streams.push({ connection, mid, key: `${connection} ${id}`, line, way, amount, least, packets });
      }
    }
    return streams;
  }, AUDIBLE);
}
