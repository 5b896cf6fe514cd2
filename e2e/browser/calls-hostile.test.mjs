// Somebody whose machine says what has the shape of a description and no browser takes: on the link, where a library
// falls over that takes what it is told for granted, and in the call. Whoever is told it goes on talking with others.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, snapshot, until } from './browser.mjs';
import { FAKE_DEVICES, connected, grows, standAt, toggle, watchConnections } from './calls.mjs';
import { button } from './panels.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

test('descriptions that a browser refuses do no harm to a page, nor to the call it is in', async () => {
  const [ada, mallory, zoe] = await inOrder(await Promise.all([lobby(), lobby(), lobby()]));
  await Promise.all([comeIn(ada, 'Ada'), comeIn(zoe, 'Zoé')]);
  await standAt(zoe, 2);
  await Promise.all([connected(ada, 'Zoé'), connected(zoe, 'Ada')]);
  await toggle(ada, 'Microphone', true);
  await grows(zoe, 'soundHeard');
  const call = await zoe.evaluateHandle(() => window.everyConnection.findLast((own) => own.getTransceivers().length === 4));

  await lie(mallory, 'link');
  await comeIn(mallory, 'Mallory');
  for (const [about, lines] of [['link', 0], ['call', 4]]) {
    await lie(mallory, about);
    for (const [page, kind] of [[ada, 'answer'], [zoe, 'offer']]) {
      let last;
      const isRefused = async () => (last = await page.evaluate(() => window.refusals)).includes(`${kind} of ${lines}`);
      await eventually(`an ${kind} for a ${about} is refused`, isRefused, { detail: () => last.join() });
    }
    await grows(zoe, 'soundHeard');
  }
  assert.equal(await call.evaluate((call) => call.connectionState), 'connected', 'expected the same call as before');

  // Nothing is wrong with the pages: whoever says what is right is heard.
  await lie(mallory, null);
  await Promise.all([connected(ada, 'Mallory'), connected(zoe, 'Mallory')]);
  await toggle(mallory, 'Microphone', true);
  await Promise.all([grows(ada, 'soundHeard'), grows(zoe, 'soundHeard')]);
});

/** Pages in the order of who they are. The first of two offers: whoever is in the middle both offers and answers. */
async function inOrder(pages) {
  const ids = await Promise.all(pages.map(async (page) => (await snapshot(page)).self.user_id));
  return pages.toSorted((a, b) => (ids[pages.indexOf(a)] < ids[pages.indexOf(b)] ? -1 : 1));
}

/** A page in the lobby, which knows already who it will be. */
async function lobby() {
  const page = await stage.person();
  await page.addInitScript(tellLies);
  await watchConnections(page);
  await page.goto('/?world=off');
  await until(page, 'one is known', ({ self }) => self.user_id);
  return page;
}

async function comeIn(page, name) {
  await page.getByRole('textbox', { name: 'Your name', exact: true }).fill(name);
  await button(page, 'Enter').click();
  await until(page, `${name} is in`, isIn);
}

/** What a page is to lie about from now on: its `link`s, its `call`s, or nothing. */
function lie(page, about) {
  return page.evaluate((about) => {
    window.liesAbout = about;
  }, about);
}

/** In the page, before anything else: has it lie, and remember what its browser refuses. */
function tellLies() {
  // Every line is in its place, but nobody can have such a certificate.
  const spoil = (text) => text.replaceAll(/^a=fingerprint:.*$/gm, 'a=fingerprint:sha-256 none');
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    const isSignal = window.liesAbout === 'link' && typeof data === 'string' && new URL(this.url).pathname === '/signal';
    const said = isSignal && JSON.parse(data);
    for (const kind of ['Offer', 'Answer']) {
      if (said?.Signal?.data?.[kind]) said.Signal.data[kind] = spoil(said.Signal.data[kind]);
    }
    return send.call(this, isSignal ? JSON.stringify(said) : data);
  };
  const native = RTCPeerConnection.prototype;
  const { get } = Object.getOwnPropertyDescriptor(native, 'localDescription');
  Object.defineProperty(native, 'localDescription', {
    configurable: true,
    get() {
      const description = get.call(this);
      const isLie = window.liesAbout === 'call' && description && this.getTransceivers().length > 0;
      return isLie ? { type: description.type, sdp: spoil(description.sdp) } : description;
    },
  });
  window.refusals = [];
  const { setRemoteDescription } = native;
  native.setRemoteDescription = async function (description) {
    try {
      return await setRemoteDescription.call(this, description);
    } catch (error) {
      const lines = (description.sdp.match(/^m=(audio|video)/gm) ?? []).length;
      window.refusals.push(`${description.type} of ${lines}`);
      throw error;
    }
  };
}
