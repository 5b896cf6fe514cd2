// Code that is not ours at the other end: matchbox's socket as it is published, through our relay, and our page
// through matchbox's server as it is published.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { eventually } from './browser.mjs';
import { FAKE_DEVICES, caller, connected, grows, standAt, toggle, watchConnections } from './calls.mjs';
import { places } from './places.mjs';
import { start } from './programs.mjs';
import { enter, openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

test('a stock native socket connects through the relay and exchanges messages with a page', async () => {
  const ada = await caller(stage, 'Ada');
  const peer = start(places.matchboxPeer, ['--relay', stage.relay.socket, '--name', 'Cem']);
  after(() => peer.end());
  await peer.line(/^connected /);
  // It sends everything back: what it heard, the page hears too.
  await peer.line(/^received \d+ bytes on reliable/);
  await eventually('the page hears of it', async () => (await messagesReceived(ada)) > 0);
});

test('pages find each other through a stock matchbox server', async () => {
  const server = start(places.matchboxServer, ['127.0.0.1:35361']);
  after(() => server.end());
  await server.line(/Matchbox Signaling Server/);
  const signalling = 'ws://127.0.0.1:35361/classroom';
  const person = async (name, tiles) => {
    const page = await stage.person();
    await watchConnections(page);
    await enter(page, name, { signalling });
    if (tiles) await standAt(page, tiles);
    return page;
  };
  const [ada, bob] = [await person('Ada', 0), await person('Bob', 2)];
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  await toggle(ada, 'Microphone', true);
  await grows(bob, 'soundHeard');
  assert.ok(server.words.some((line) => /Client connected/.test(line)), 'expected the server to know them');
});

/** Messages that came on the channels of all connections of a page. */
function messagesReceived(page) {
  return page.evaluate(async () => {
    let count = 0;
    for (const connection of window.everyConnection) {
      // A link's own does not say.
      for (const stats of (await window.nativeStats.call(connection)).values()) {
        if (stats.type === 'data-channel') count += stats.messagesReceived;
      }
    }
    return count;
  });
}
