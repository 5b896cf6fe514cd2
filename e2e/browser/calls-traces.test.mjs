// Walking in and out fifty times leaves nothing behind: no connection, no element, no listener, no camera.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { eventually, snapshot, until } from './browser.mjs';
import { FAKE_DEVICES, apart, caller, connected, grows, standAt, toggle } from './calls.mjs';
import { count, rememberTracks } from './leftovers.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

const TIMES = 50;

/** A link that nobody uses is closed after a minute; a little later nothing is left of it. */
const IDLE = 75_000;

test('walking in and out fifty times leaves nothing behind', async () => {
  const [ada, bob] = [await caller(stage, 'Ada', 0), await caller(stage, 'Bob', 7)];
  const pages = [ada, bob];
  await Promise.all(pages.map(rememberTracks));
  // Once before it is counted: what a first call makes, such as a context for sound, is there for the next.
  await inAndOut(ada, bob, true);
  await forgetConnections(pages);
  const before = await Promise.all(pages.map(count));

  for (let time = 0; time < TIMES; time += 1) await inAndOut(ada, bob, time % 10 === 0);
  await forgetConnections(pages);
  await linksClosed(pages);

  for (const [index, page] of pages.entries()) {
    const [was, is] = [before[index], await count(page)];
    const said = `before ${JSON.stringify(was)}, after ${JSON.stringify(is)}`;
    console.log(`# ${said}`);
    assert.equal(is.connections, 0, said);
    assert.equal(is.liveTracks, 0, said);
    assert.ok(is.elements <= was.elements, said);
    // What the browser has not cleared away yet, and the list of who was here, may make a small difference: fifty
    // calls would make a large one.
    assert.ok(is.players - was.players < TIMES / 10, said);
    assert.ok(is.listeners - was.listeners < TIMES, said);
    assert.ok(is.nodes - was.nodes < 10 * TIMES, said);
    assert.ok(is.heap - was.heap < 1_000_000, said);
  }
});

/** From where no call is prepared into earshot and back, until no call is left; with a camera now and then. */
async function inAndOut(ada, bob, has_camera) {
  await standAt(bob, 4.5);
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  if (has_camera) {
    await toggle(bob, 'Camera', true);
    await grows(ada, 'framesDecoded');
    await toggle(bob, 'Camera', false);
  }
  await standAt(bob, 7.5);
  await Promise.all([apart(ada, 'Bob'), apart(bob, 'Ada')]);
  for (const page of [ada, bob]) {
    await until(page, 'nothing but the link is left', ({ media }) => media.peer_connections <= 1);
  }
}

/** The test must not be what keeps connections alive. */
function forgetConnections(pages) {
  return Promise.all(pages.map((page) => page.evaluate(() => window.everyConnection.splice(0))));
}

async function linksClosed(pages) {
  for (const page of pages) {
    await eventually('all links are closed', async () => (await snapshot(page)).media.peer_connections === 0, {
      within: IDLE,
    });
  }
  // Whatever is let go a moment later.
  await pause(2000);
}
