// Calls through a TURN server alone, as whoever hides their address has them, with credentials that the relay makes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { eventually, snapshot } from './browser.mjs';
import { FAKE_DEVICES, apart, caller, connected, grows, standAt, toggle } from './calls.mjs';
import { button, openSettings } from './panels.mjs';
import { openStage } from './stage.mjs';
import { SECRET, credentials, missing, startTurn } from './turn.mjs';

/** Seconds that the relay's credentials hold: pages renew them after four fifths of it. */
const HOLD = 20;

if (missing) {
  test('a call goes through a TURN server', { skip: missing }, () => undefined);
} else {
  const turn = await startTurn();
  const environment = { RELAY_ICE_SERVER: turn.url, RELAY_TURN_SECRET: SECRET, RELAY_TURN_TTL: String(HOLD) };
  const stage = await openStage({ flags: FAKE_DEVICES }, { environment });
  after(() => turn.stop());

  test('whoever hides their address calls through the server alone, and credentials are renewed in the call', async () => {
    const storageState = { origins: [{ origin: stage.relay.url, localStorage: [{ name: 'classroom.calls', value: '{"hide_address":true}' }] }] };
    const [ada, bob] = [await caller(stage, 'Ada', 0, { storageState }), await caller(stage, 'Bob', 2)];
    await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
    await toggle(ada, 'Microphone', true);
    await toggle(bob, 'Camera', true);
    await Promise.all([grows(bob, 'soundHeard'), grows(ada, 'framesDecoded')]);
    const kinds = await localKinds(ada);
    assert.deepEqual(kinds, ['relay'], 'expected no path but through the server');

    const before = await expiries(ada);
    assert.ok(before.length > 0, 'expected credentials');
    await eventually('the running call has later ones', async () => Math.max(...(await expiries(ada))) > Math.max(...before));
    await eventually('the first ones hold no more', () => Date.now() / 1000 > Math.max(...before) + 1);
    await Promise.all([grows(bob, 'soundHeard'), grows(ada, 'framesDecoded')]);

    // And they are of use: the same call finds a way with them when its own is lost ...
    const taken = () => allocations(turn, userId);
    const { user_id: userId } = (await snapshot(ada)).self;
    const isRenewed = (until) => until > Math.max(...before);
    const [path, count] = [await localPath(ada), taken().length];
    await losePath(ada);
    await eventually('the server relays for the later ones', () => taken().slice(count).some(isRenewed), {
      detail: () => `${taken()}`,
    });
    await eventually('the call goes another way', async () => ![path, null].includes(await localPath(ada)));
    await findPath(ada);
    assert.deepEqual(await localKinds(ada), ['relay']);
    await connected(ada, 'Bob');
    await Promise.all([grows(bob, 'soundHeard'), grows(ada, 'framesDecoded')]);

    // ... and a new call is made with them.
    await standAt(bob, 9);
    await apart(ada, 'Bob');
    await standAt(bob, 2);
    await connected(ada, 'Bob');
    await grows(ada, 'framesDecoded');
    assert.deepEqual(await localKinds(ada), ['relay']);

    await openSettings(ada);
    await button(ada, 'Test the connection').click();
    await ada.getByText('Calls work, but only by a relay').waitFor();
  });

  test('credentials that have expired, or that somebody made up, are refused', async () => {
    const page = await caller(stage, 'Ada');
    const hour = 3600;
    assert.equal(await relays(page, credentials(turn.url, hour)), true, 'expected valid ones to be taken');
    assert.equal(await relays(page, credentials(turn.url, -hour)), false, 'expected expired ones to be refused');
    assert.equal(await relays(page, credentials(turn.url, hour, 'another secret')), false, 'expected forged ones to be refused');
  });
}

/** Until when the credentials hold, in seconds since 1970, with which the server relays for somebody. */
function allocations({ words }, userId) {
  const allocated = words.map((line) => /user <(\d+):([^>]+)>: incoming packet ALLOCATE processed, success/.exec(line));
  return allocated.filter((match) => match?.[2] === userId).map((match) => Number(match[1]));
}

/** Has a page's call hear that its path is gone. It is not: what carries the next offer would be gone as well. */
function losePath(page) {
  return page.evaluate(() => {
    window.call = window.everyConnection.findLast((own) => own.connectionState === 'connected' && own.getTransceivers().length);
    Object.defineProperty(window.call, 'connectionState', { configurable: true, value: 'failed' });
    window.call.dispatchEvent(new Event('connectionstatechange'));
  });
}

/** Has that call hear how it is in truth. */
function findPath(page) {
  return page.evaluate(() => {
    delete window.call.connectionState;
    window.call.dispatchEvent(new Event('connectionstatechange'));
  });
}

/** On this side, the end of the path of the call that [`losePath`] is about, or of the one there is; null if there is none. */
function localPath(page) {
  return page.evaluate(async () => {
    const isCall = (own) => own.connectionState === 'connected' && own.getTransceivers().length;
    const stats = await (window.call ?? window.everyConnection.findLast(isCall)).getStats();
    const transport = stats.values().find(({ type }) => type === 'transport');
    const local = stats.get(stats.get(transport?.selectedCandidatePairId)?.localCandidateId);
    return local ? `${local.address}:${local.port}` : null;
  });
}

/** The kinds of candidates over which a page's calls go. */
function localKinds(page) {
  return page.evaluate(async () => {
    const kinds = new Set();
    for (const connection of window.everyConnection) {
      if (connection.connectionState !== 'connected' || !connection.getTransceivers().length) continue;
      const stats = await connection.getStats();
      for (const { type, selectedCandidatePairId } of stats.values()) {
        if (type !== 'transport') continue;
        kinds.add(stats.get(stats.get(selectedCandidatePairId).localCandidateId).candidateType);
      }
    }
    return [...kinds];
  });
}

/** Until when the credentials of a page's calls hold, in seconds since 1970. */
function expiries(page) {
  return page.evaluate(() =>
    window.everyConnection
      .filter((connection) => connection.connectionState === 'connected' && connection.getTransceivers().length)
      .flatMap((connection) => connection.getConfiguration().iceServers)
      .map(({ username }) => Number(username.split(':')[0])),
  );
}

/** Whether the server relays for somebody with these credentials. */
function relays(page, server) {
  return page.evaluate(async (server) => {
    const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
    try {
      connection.createDataChannel('');
      const isOver = new Promise((resolve) => {
        connection.addEventListener('icecandidate', ({ candidate }) => resolve(candidate?.type === 'relay'));
      });
      await connection.setLocalDescription();
      return await isOver;
    } finally {
      connection.close();
    }
  }, server);
}
