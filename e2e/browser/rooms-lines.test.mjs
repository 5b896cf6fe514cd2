// The line between a page and the relay's forwarding unit: it lets no UDP through, it is cut without notice, it comes
// back. Each of the two people has a network of their own, whose ports can be closed; that takes Linux and root.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser, snapshot, until } from './browser.mjs';
import { FAKE_DEVICES, grows, peer, toggle } from './calls.mjs';
import { network } from './network.mjs';
import { arrives, together, visitor } from './rooms.mjs';
import { openStage } from './stage.mjs';

const net = network();
const skip = net === null && 'expected Linux and root';

/** A dead path is noticed on both of its sides within so many milliseconds; the aim is 5 seconds. */
const NOTICED_WITHIN = 10_000;

/** So soon after the path everybody is back; the aim is 5 seconds. */
const BACK_WITHIN = 25_000;

/** Longer than either side takes to notice, shorter than the relay waits for somebody who is lost. */
const CUT_FOR = 8_000;

/** Longer than the distance between two checks of a path, in milliseconds. */
const QUIET_FOR = 15_000;

const [PORT, MEDIA] = [8080, 8081];

const NAMES = ['Ada', 'Bob'];

if (net) {
  const url = `http://${net.address}:${PORT}`;
  const flags = [
    ...FAKE_DEVICES,
    `--unsafely-treat-insecure-origin-as-secure=${url}`,
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ];
  const environment = { RELAY_PUBLIC_URL: url, RELAY_MEDIA_LISTEN: `${net.address}:${MEDIA}` };
  const stage = await openStage({ flags, program: net.chromium(0) }, { address: net.address, port: PORT, environment });
  const elsewhere = await openBrowser({ flags, program: net.chromium(1) });
  after(() => elsewhere.close());
  after(() => net.close());

  /** Ada and Bob, each in a network of their own, who hear and see one another in a room. */
  const meet = async () => {
    const expected = [/WebSocket connection to .* failed|ERR_/];
    const pages = [
      await visitor(stage, 'Ada', { expected }),
      await visitor(stage, 'Bob', { expected, browser: elsewhere }),
    ];
    await together(pages, NAMES);
    for (const name of ['Microphone', 'Camera']) {
      await Promise.all(pages.map((page) => toggle(page, name, true)));
    }
    await both(pages);
    return pages;
  };

  test('who has no UDP is in the call by TCP', async () => {
    net.open(1, MEDIA, 'udp', false);
    try {
      const [ada, bob] = await meet();
      assert.deepEqual([await protocols(ada), await protocols(bob)], [['udp'], ['tcp']]);
    } finally {
      net.open(1, MEDIA, 'udp', true);
    }
  });

  const cuts = [
    {
      what: 'to media alone',
      cut: () => ['udp', 'tcp'].forEach((protocol) => net.open(1, MEDIA, protocol, false)),
      mend: () => ['udp', 'tcp'].forEach((protocol) => net.open(1, MEDIA, protocol, true)),
      connections: ['online'],
    },
    {
      what: 'to everything',
      cut: () => net.connect(1, false),
      mend: () => net.connect(1, true),
      connections: ['online', 'reconnecting'],
    },
  ];
  for (const { what, cut, mend, connections } of cuts) {
    test(`a path that dies, ${what}, is noticed on both sides, and who is back is in the call again`, async () => {
      const pages = await meet();
      const [ada, bob] = pages;
      cut();
      let isCut = true;
      const began = Date.now();
      const since = () => Date.now() - began;
      try {
        const noticed = { within: NOTICED_WITHIN };
        const own = until(bob, 'Ada is missed', (now) => peer(now, 'Ada')?.state === 'reconnecting', noticed);
        const theirs = until(ada, 'Bob is missed', (now) => peer(now, 'Bob')?.state !== 'connected', noticed);
        const [bobTook, adaTook] = await Promise.all([own.then(since), theirs.then(since)]);
        console.log(`# ${what}: noticed by who is cut off after ${bobTook} ms, by others after ${adaTook} ms`);
        await bob.getByRole('group', { name: 'Ada', exact: true }).getByText('reconnecting …').waitFor();
        await pause(CUT_FOR - since());
        const { connection } = await snapshot(bob);
        assert.ok(connections.includes(connection), `expected ${connections}, was ${connection}`);
        mend();
        isCut = false;
        const mended = Date.now();
        await together(pages, NAMES);
        await both(pages);
        const took = Date.now() - mended;
        console.log(`# ${what}: heard and seen again after ${took} ms`);
        assert.ok(took < BACK_WITHIN, `expected both to be back, and it took ${took} ms`);
      } finally {
        if (isCut) mend();
      }
    });
  }

  test('who only listens and whose path dies is missed as soon', async () => {
    const pages = [await visitor(stage, 'Ada'), await visitor(stage, 'Bob', { browser: elsewhere })];
    const [ada] = pages;
    await together(pages, NAMES);
    // So long that the relay knows how often such a page gives a sign of life.
    await pause(QUIET_FOR);
    assert.equal(peer(await snapshot(ada), 'Bob')?.state, 'connected', 'expected nobody to be missed who is only silent');
    const ports = (isOpen) => ['udp', 'tcp'].forEach((protocol) => net.open(1, MEDIA, protocol, isOpen));
    const began = Date.now();
    ports(false);
    try {
      await until(ada, 'Bob is missed', (now) => !peer(now, 'Bob'), { within: NOTICED_WITHIN });
      console.log(`# who only listens is missed after ${Date.now() - began} ms`);
    } finally {
      ports(true);
    }
    await together(pages, NAMES);
  });
} else {
  test('who has no UDP is in the call by TCP', { skip }, () => undefined);
}

/** Waits until each of the two is heard and seen by the other. */
async function both([ada, bob]) {
  await Promise.all([arrives(ada, 'Bob', 'audio', 'video'), arrives(bob, 'Ada', 'audio', 'video')]);
  await Promise.all([ada, bob].flatMap((page) => [grows(page, 'framesDecoded'), grows(page, 'soundHeard')]));
}

/** By which protocols a page's connections go that carry media. */
function protocols(page) {
  return page.evaluate(async () => {
    const found = new Set();
    for (const connection of window.everyConnection) {
      if (connection.connectionState !== 'connected' || !connection.getTransceivers().length) continue;
      const stats = await connection.getStats();
      for (const { type, selectedCandidatePairId } of stats.values()) {
        if (type === 'transport') found.add(stats.get(stats.get(selectedCandidatePairId).localCandidateId).protocol);
      }
    }
    return [...found];
  });
}
