// Figures of the page, in a Chromium that draws by software: `cargo xtask bench page`. They compare one build with
// another on one machine; a graphics card makes all of them better.
//
// Frames and processor time are measured while one walks, because then the whole view changes with each frame, and
// once while nothing moves, because then nothing should be drawn at all.

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { startBots } from './bots.mjs';
import { FLAGS, PATIENCE, arriveAt, openBrowser, snapshot, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { places } from './places.mjs';
import { startRelay } from './relay.mjs';
import { table } from './table.mjs';

const VIEWS = [
  { width: 640, height: 400 },
  { width: 1280, height: 720 },
];
const CROWDS = [2, 50, 200];
/** Milliseconds of each measurement; the walk from the courtyard to the lounge takes longer. */
const WINDOW = 8000;
/** Visits of which the median is given. */
const VISITS = 3;

const relay = await startRelay();
try {
  table(await sizes());
  table(await starts());
  table(await frames());
} finally {
  await relay.stop();
}

/** The download. */
async function sizes() {
  const bytes = (name) => stat(join(places.site, name)).then(({ size }) => size, () => null);
  const rows = [];
  for (const name of await readdir(places.site)) {
    if (!/\.(wasm|js|css|html)$/.test(name)) continue;
    const kind = name.replace(/-[0-9a-f]{8,}/, '-…');
    rows.push({ file: kind, 'bytes': await bytes(name), 'brotli': (await bytes(`${name}.br`)) ?? '-' });
  }
  return rows.sort((a, b) => b.bytes - a.bytes);
}

/** Milliseconds from the navigation to the lobby and to the first frame of the world, on loopback. */
async function starts() {
  const [lobbies, frames] = [await visits(lobby), await visits(firstFrame)];
  const median = (values) => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
  return ['cold', 'warm'].map((cache) => ({
    cache,
    'lobby, ms': median(lobbies[cache]),
    'first frame, ms': median(frames[cache]),
  }));
}

/**
 * What a start takes, again and again. Each cold one is the first navigation ever of a new profile, so that nothing of
 * the site was fetched or compiled before; the warm one after it is in the same profile, by the same address.
 */
async function visits(begin) {
  const took = { cold: [], warm: [] };
  for (let visit = 0; visit < VISITS; visit += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'classroom-bench-'));
    try {
      const options = { executablePath: places.chromium, args: FLAGS, viewport: VIEWS[1], baseURL: relay.url };
      const context = await chromium.launchPersistentContext(folder, options);
      for (const cache of ['cold', 'warm']) {
        const page = await context.newPage();
        took[cache].push(await begin(page));
        await page.close();
      }
      await context.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return took;
}

/** Until something of the lobby is painted. */
async function lobby(page) {
  await page.goto('/');
  // What was not fetched by now would make the next visit half a cold one.
  await until(page, 'the module is there', () => true);
  const painted = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  // It is told a moment after it was.
  const told = await page.waitForFunction(painted, null, { polling: 100, timeout: PATIENCE });
  return told.jsonValue();
}

/** Until the world is drawn for the first time, past the lobby. */
async function firstFrame(page) {
  await page.addInitScript(() => {
    const look = setInterval(() => {
      if (!(window.classroom?.snapshot?.()?.frames.drawn > 0)) return;
      window.drawnAt = performance.now();
      clearInterval(look);
    }, 5);
  });
  await page.goto('/?name=Ada&enter');
  await page.waitForFunction(() => window.drawnAt, null, { polling: 100, timeout: PATIENCE });
  return page.evaluate(() => window.drawnAt);
}

/** Frames a second and what they cost. */
async function frames() {
  const rows = [];
  for (const view of VIEWS) {
    for (const crowd of CROWDS) rows.push(await measureCrowd(view, crowd));
    rows.push(await measure(view, 1, 'nothing moves', rest));
  }
  return rows;
}

/** Waits until the walk before is not drawn any more. */
function rest(page) {
  return until(page, 'the world rests', ({ frames }) => frames.per_second < 4);
}

async function measureCrowd(view, crowd) {
  // Remarks would show on the page, now and then.
  const bots = startBots(relay, crowd - 1, ['--quiet']);
  try {
    return await measure(view, crowd, 'walking and resting', (page) => walkTo(page, spawns.lounge));
  } finally {
    await bots.end();
  }
}

async function measure(view, avatars, doing, act) {
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext({ viewport: view, baseURL: relay.url })).newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto('/?name=Ada&enter');
    const others = ({ participants }) => participants.filter(({ online }) => online).length;
    await until(page, 'the world is drawn', (now) => now.frames.drawn > 0 && others(now) === avatars - 1);
    // A first walk, so that what comes with a start, such as compiling shaders, is over.
    const { x, y } = spawns.courtyard;
    await arriveAt(page, { x: x + 3, y });
    await act(page);
    const session = await browser.newBrowserCDPSession();
    const before = await look(page, session);
    await pause(WINDOW);
    const after = await look(page, session);

    const seconds = (after.at - before.at) / 1000;
    const drawn = after.drawn - before.drawn;
    const spent = (kind) => after.spent(kind) - before.spent(kind);
    const each = (kind) => (drawn ? ((spent(kind) / drawn) * 1000).toFixed(1) : '-');
    return {
      view: `${view.width}×${view.height}`,
      avatars,
      doing,
      'frames/s': (drawn / seconds).toFixed(1),
      'renderer, ms/frame': each('renderer'),
      'GPU process, ms/frame': each('GPU'),
      'all processes, % of a core': ((spent() / seconds) * 100).toFixed(1),
    };
  } finally {
    await browser.close();
  }
}

async function look(page, session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const { frames } = await snapshot(page);
  const spent = (kind) =>
    processInfo.filter(({ type }) => !kind || type === kind).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  return { at: performance.now(), drawn: frames.drawn, spent };
}
