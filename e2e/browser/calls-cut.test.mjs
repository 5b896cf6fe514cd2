// The path between two machines is cut without notice and comes back: so does the call. Each of the two has a network
// of its own, joined by a bridge; that takes Linux and root.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser, until } from './browser.mjs';
import { FAKE_DEVICES, caller, connected, grows, peer, toggle } from './calls.mjs';
import { network } from './network.mjs';
import { openStage } from './stage.mjs';

const net = network();
const skip = net === null && 'expected Linux and root';

/** The call is back within so many milliseconds of its path; the aim is 5 seconds. */
const BACK_WITHIN = 25_000;

/** Longer than a connection takes to notice, shorter than the relay waits for somebody who is lost. */
const CUT_FOR = 8_000;

const PORT = 8080;

if (net) {
  const url = `http://${net.address}:${PORT}`;
  const flags = [
    ...FAKE_DEVICES,
    `--unsafely-treat-insecure-origin-as-secure=${url}`,
    // Names of the local network do not resolve from one to the other.
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ];
  const relay = { address: net.address, port: PORT, environment: { RELAY_PUBLIC_URL: url } };
  const stage = await openStage({ flags, program: net.chromium(0) }, relay);
  const elsewhere = await openBrowser({ flags, program: net.chromium(1) });
  after(() => elsewhere.close());
  after(() => net.close());

  const expected = [/WebSocket connection to .* failed|ERR_/];
  const meet = async () => {
    const ada = await caller(stage, 'Ada', 0, { expected });
    const bob = await caller(stage, 'Bob', 2, { expected, browser: elsewhere });
    await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
    await Promise.all([toggle(ada, 'Microphone', true), toggle(bob, 'Camera', true)]);
    await grows(ada, 'framesDecoded');
    await grows(bob, 'soundHeard');
    return [ada, bob];
  };
  const comesBack = async ([ada, bob], mend) => {
    await Promise.all([
      until(ada, 'Bob is missed', (now) => peer(now, 'Bob')?.state === 'reconnecting'),
      until(bob, 'Ada is missed', (now) => peer(now, 'Ada')?.state === 'reconnecting'),
      pause(CUT_FOR),
    ]);
    mend();
    const began = Date.now();
    await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
    await Promise.all([grows(ada, 'framesDecoded'), grows(bob, 'soundHeard')]);
    const took = Date.now() - began;
    console.log(`# back after ${took} ms`);
    assert.ok(took < BACK_WITHIN, `expected the call to be back, and it took ${took} ms`);
  };

  test('a call whose path is cut comes back with it', async () => {
    const pages = await meet();
    net.joinPeers(false);
    await comesBack(pages, () => net.joinPeers(true));
  });

  test('a call comes back to somebody who was out of reach of everything', async () => {
    const pages = await meet();
    net.connect(1, false);
    await comesBack(pages, () => net.connect(1, true));
  });
} else {
  test('a call whose path is cut comes back with it', { skip }, () => undefined);
}
