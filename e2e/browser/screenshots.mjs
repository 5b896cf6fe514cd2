// The README's pictures, taken from the product itself: `cargo xtask screenshots`. A cast of people who each have a
// page, without the world because nobody looks at it, walks to its places; one more person has the camera. The last
// picture is of the desktop client, where there is a screen for it.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PATIENCE, distance, eventually, isIn, openBrowser, other, until, walkTo } from './browser.mjs';
import { difference, isOfWorld, missing, openScreen, png } from './desktop.mjs';
import { places } from './places.mjs';
import { startRelay } from './relay.mjs';

// The step that one comes from to end up looking in a direction.
const BACK = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };

const DESKTOP = { viewport: { width: 1280, height: 720 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

// Skin, hair, colour of the hair, top, bottom: indices of shared::profile::Appearance.
const CAST = [
  { name: 'Bob', look: [1, 0, 3, 3, 1] },
  { name: 'Amina', look: [4, 7, 0, 5, 2] },
  { name: '美咲', look: [0, 3, 0, 7, 5] },
  { name: 'João', look: [2, 1, 1, 1, 0] },
  { name: 'Ольга', look: [0, 5, 4, 9, 6] },
  { name: 'Kwame', look: [5, 2, 0, 2, 3] },
  { name: 'Zoë', look: [1, 4, 6, 10, 4] },
  { name: 'Priya', look: [3, 6, 0, 8, 7] },
  { name: 'Søren', look: [0, 0, 5, 0, 2] },
  { name: 'نور', look: [3, 7, 2, 11, 5] },
  { name: 'Tomás 🎸', look: [2, 2, 7, 6, 1] },
];
const ADA = { name: 'Ada', look: [1, 3, 5, 4, 3] };

// Where everybody stands and which way they look. In half tiles: ways lead along those, so that the last step leads
// straight to the place.
const SCENES = [
  {
    file: 'campus.png',
    camera: { at: [36.5, 34], facing: 'right' },
    people: {
      Bob: { at: [38.5, 34], facing: 'left' },
      Amina: { at: [33, 32], facing: 'right' },
      美咲: { at: [34.5, 32], facing: 'left' },
      João: { at: [34, 33.5], facing: 'up' },
      Ольга: { at: [41.5, 31], facing: 'right' },
      Kwame: { at: [43.5, 31], facing: 'left' },
      Zoë: { at: [46.5, 34], facing: 'left' },
      Priya: { at: [37, 37], facing: 'right' },
      Søren: { at: [32, 35], facing: 'right' },
      نور: { at: [38.5, 37], facing: 'left' },
      'Tomás 🎸': { at: [42.5, 34], facing: 'right' },
    },
    // Somebody always walks by.
    passing: { Zoë: [44, 34], Søren: [29, 35] },
  },
  {
    file: 'classroom.png',
    camera: { at: [60.5, 29.5], facing: 'up' },
    people: {
      // Beside the podium: whoever is on it has the stage, before the classroom.
      Ольга: { at: [58.5, 27], facing: 'right' },
      Bob: { at: [55.5, 29.5], facing: 'right' },
      Amina: { at: [57.5, 29.5], facing: 'up' },
      美咲: { at: [63.5, 29.5], facing: 'left' },
      João: { at: [66.5, 29.5], facing: 'left' },
      Kwame: { at: [55.5, 31.5], facing: 'right' },
      Zoë: { at: [58.5, 31.5], facing: 'right' },
      Priya: { at: [64.5, 31.5], facing: 'up' },
      Søren: { at: [66.5, 31.5], facing: 'left' },
      نور: { at: [63.5, 33.5], facing: 'left' },
      'Tomás 🎸': { at: [57.5, 33.5], facing: 'up' },
    },
  },
];

const relay = await startRelay();
const browser = await openBrowser();
// What a phone shows has to be drawn for a screen as fine as a phone's.
const fine = await openBrowser({ ratio: PHONE.deviceScaleFactor });
try {
  await mkdir(places.pictures, { recursive: true });
  await lobby();
  const cast = new Map();
  for (const person of CAST) cast.set(person.name, await enter(person, '&world=off'));
  const camera = await enter(ADA, '', DESKTOP);
  for (const { file, camera: own, people, passing } of SCENES) {
    const walks = [...cast].filter(([name]) => people[name]).map(([name, page]) => stand(page, people[name]));
    await Promise.all([...walks, stand(camera, own)]);
    await take(camera, file, async () => {
      for (const [name, [x, y]] of Object.entries(passing ?? {})) await setOut(cast.get(name), { x, y });
    });
  }
  await camera.context().close();
  await Promise.all([...cast.values()].map((page) => page.context().close()));
  await phone();
  if (missing) console.log(`no picture of the desktop client: ${missing}`);
  else await desktop();
} finally {
  await Promise.all([browser.close(), fine.close()]);
  await relay.stop();
}

/** The lobby as who comes for the second time sees it: with their name and their look. */
async function lobby() {
  // Who asked for less motion is looked at by their avatar instead of being shown it from all sides.
  const page = await open(ADA, { ...DESKTOP, reducedMotion: 'reduce' });
  await page.goto('/');
  await page.getByRole('button', { name: 'Enter', exact: true }).waitFor();
  // The preview and all choices are there when the module is.
  await page.waitForFunction(() => window.classroom?.snapshot, null, { polling: 100 });
  await page.screenshot({ path: join(places.pictures, 'lobby.png') });
  await page.context().close();
}

/** All in one browser: two find each other's made-up addresses only by multicast, which not every machine has. */
async function phone() {
  const page = await enter(ADA, '', PHONE);
  const beside = { Bob: { at: [38.5, 44], facing: 'left' }, Zoë: { at: [36, 43], facing: 'right' }, Amina: { at: [37.5, 46.5], facing: 'up' } };
  const others = CAST.filter(({ name }) => beside[name]);
  await Promise.all(others.map(async (person) => stand(await enter(person, '&world=off', PHONE), beside[person.name])));
  await stand(page, { at: [37, 44], facing: 'right' });
  const stands = ({ state }) => state === 'connected';
  await until(page, 'all calls stand', ({ media }) => media.peers.length === 3 && media.peers.every(stands));
  await take(page, 'phone.png');
  await Promise.all(fine.contexts().map((context) => context.close()));
}

/** The desktop client beside somebody in a browser, who likes it. */
async function desktop() {
  const bob = await enter({ ...CAST[0], name: 'Bob (browser)' }, '&world=off&spawn=courtyard');
  const screen = await openScreen();
  const client = screen.startClient(relay, 'Ada (desktop)', { look: ADA.look, spawn: 'courtyard' });
  try {
    const { x, y } = await until(bob, 'the desktop client is there', (now) => other(now, 'Ada (desktop)')).then(({ self }) => self);
    await stand(bob, { at: [x + 3, y], facing: 'left' });
    await eventually('the world is drawn', () => isOfWorld(screen.picture()));
    const before = screen.picture();
    await bob.getByRole('button', { name: 'React', exact: true }).click();
    await bob.getByRole('group', { name: 'React', exact: true }).getByRole('button', { name: 'heart', exact: true }).click();
    await eventually('the heart is drawn', () => difference(before, screen.picture()) > 0.004);
    await writeFile(join(places.pictures, 'desktop.png'), await png(bob, screen.picture()));
    console.log(join(places.pictures, 'desktop.png'));
  } finally {
    await client.end('SIGKILL');
    await screen.close();
    await bob.context().close();
  }
}

/** Takes a picture of the world when all that was asked for is drawn. */
async function take(page, file, before = async () => {}) {
  await before();
  const { frames } = await until(page, 'the world is drawn', ({ frames }) => frames.drawn > 0);
  await page.mouse.move(1, 1);
  // The hint for beginners and the ring of the focus have been seen.
  const hint = page.getByRole('button', { name: 'Got it', exact: true });
  if (await hint.isVisible()) await hint.click();
  await page.evaluate(() => document.activeElement?.blur());
  // Whoever stands still is drawn once; a page that draws nothing more shows everything that there is.
  await until(page, 'what was asked for is drawn', (now) => now.frames.drawn > frames.drawn || now.frames.per_second === 0);
  await page.screenshot({ path: join(places.pictures, file) });
  console.log(join(places.pictures, file));
}

/** A page of somebody who was here before: they have their name and look already. */
async function open({ name, look }, options = {}) {
  const context = await (options === PHONE ? fine : browser).newContext({ viewport: { width: 320, height: 240 }, locale: 'en', ...options, baseURL: relay.url });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const profile = JSON.stringify({ name, appearance: look });
  await page.addInitScript((profile) => localStorage.setItem('classroom.profile', profile), profile);
  return page;
}

async function enter(person, address, options) {
  const page = await open(person, options);
  await page.goto(`/?name=${encodeURIComponent(person.name)}&enter${address}`);
  await until(page, `${person.name} is in`, isIn);
  return page;
}



/** Walks somewhere, the last step in the direction in which one is to look then. */
async function stand(page, { at: [x, y], facing }) {
  const [dx, dy] = BACK[facing];
  for (const place of [{ x: x + dx, y: y + dy }, { x, y }]) {
    await walkTo(page, place);
    await until(page, `one stands near ${x}, ${y}`, ({ self }) => !self.is_moving && distance(self, place) < 2);
  }
}

async function setOut(page, place) {
  await walkTo(page, place);
  await until(page, 'one has set out', ({ self }) => self.is_moving);
}
