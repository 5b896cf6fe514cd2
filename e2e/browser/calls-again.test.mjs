// Calls come back: after the other side's page was loaded anew, without the relay, and they end with whoever is gone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { eventually, other, until } from './browser.mjs';
import { FAKE_DEVICES, apart, caller, carried, connected, grows, peer, standAt, toggle } from './calls.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

/** A dead relay is an error to the browser, and rightly in its console. */
const UNREACHABLE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

/** How long the relay stays away. */
const AWAY = 30_000;

/** Somebody whose page died without a word is gone within so many milliseconds; the aim is ten seconds. */
const GONE_WITHIN = 25_000;

test('somebody whose page is loaded anew is in the call again', async () => {
  const [ada, bob] = [await caller(stage, 'Ada'), await caller(stage, 'Bob', 2)];
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  await toggle(ada, 'Camera', true);
  await grows(bob, 'framesDecoded');
  await bob.reload();
  await connected(bob, 'Ada');
  await until(bob, 'Ada is seen again', (now) => peer(now, 'Ada').video);
  await grows(bob, 'framesDecoded');
  await connected(ada, 'Bob');
  await toggle(bob, 'Microphone', true);
  await grows(ada, 'soundHeard');
  await eventually('nothing is left of the old page', async () => (await carried(ada)).open === 2);
});

test('somebody whose page dies is gone', async () => {
  const [ada, bob] = [await caller(stage, 'Ada'), await caller(stage, 'Bob', 2, { expected: [/crashed/] })];
  await connected(ada, 'Bob');
  await ada.getByRole('group', { name: 'Bob', exact: true }).waitFor();
  const devtools = await bob.context().newCDPSession(bob);
  const died = Date.now();
  void devtools.send('Page.crash').catch(() => undefined);
  await apart(ada, 'Bob');
  await ada.getByRole('group', { name: 'Bob', exact: true }).waitFor({ state: 'detached' });
  const took = Date.now() - died;
  assert.ok(took < GONE_WITHIN, `expected somebody whose page died to be gone, and it took ${took} ms`);
  await eventually('no connection is left', async () => (await carried(ada)).open === 0);
});

test('without the relay a call goes on, and once it is back newcomers are called', async () => {
  const options = { expected: [UNREACHABLE] };
  const [ada, bob] = [await caller(stage, 'Ada', 0, options), await caller(stage, 'Bob', 2, options)];
  const cem = await caller(stage, 'Cem', 12, options);
  await connected(ada, 'Bob');
  await toggle(bob, 'Microphone', true);
  await grows(ada, 'soundHeard');
  // The connection itself: one that was made anew would do as well, but not without a gap.
  await ada.evaluate(() => {
    const isCall = (connection) => connection.connectionState === 'connected' && connection.getTransceivers().length === 4;
    window.call = window.everyConnection.find(isCall);
  });

  await stage.relay.kill();
  await until(ada, 'the page notices', ({ connection }) => connection === 'reconnecting');
  for (const end = Date.now() + AWAY; Date.now() < end; await pause(1000)) await grows(ada, 'soundHeard');
  await until(ada, 'Bob is still there', (now) => peer(now, 'Bob')?.state === 'connected');

  await stage.relay.start();
  await until(ada, 'everybody is back', (now) => other(now, 'Bob') && other(now, 'Cem'));
  await grows(ada, 'soundHeard');
  await ada.waitForTimeout(6000);
  assert.equal(await ada.evaluate(() => window.call.connectionState), 'connected', 'expected the same call as before');
  await standAt(cem, 1);
  await Promise.all([connected(cem, 'Ada'), connected(cem, 'Bob'), connected(ada, 'Cem')]);
  await grows(cem, 'soundHeard');
});
