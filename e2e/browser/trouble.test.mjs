// What is missing on somebody's machine or line is said in plain words, and nothing crashes over it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, isIn, other, snapshot, until } from './browser.mjs';
import { spawns } from './map.mjs';
import { startRelay } from './relay.mjs';
import { openStage, peopleList } from './stage.mjs';

const stage = await openStage();

/** What the page says is the matter, and what to do. */
const SENTENCES = {
  oldBrowser:
    'This browser is too old to show the campus. Please update it, or open this page in a current Firefox, Chrome, Edge or Safari.',
  noWebGl:
    "This browser cannot draw the campus, because WebGL 2 is switched off or missing. You can still see who is there and talk with them; or switch on hardware acceleration in the browser's settings, and load the page again.",
  noDownload: 'The campus could not be downloaded. Please check your connection and try again.',
  noStorage:
    'This browser does not let the page keep anything. You can come in all the same, but your name, your look and your conversations will not be remembered.',
  noAnswer: 'The classroom does not answer. It may be starting, or your network may be down. We keep trying.',
  otherVersion:
    'This page and the classroom are of different versions. Reload the page; if that does not help, tell whoever runs the classroom.',
  notListed:
    'The link names a server that this site does not list, so the page does not connect to it. Ask whoever sent you the link, or the people who host this site. The server is:',
};

/** Waits until the page shows that whole sentence. */
function says(page, sentence) {
  let last = '';
  const look = async () => (last = await page.locator('body').innerText()).includes(sentence);
  return eventually(`the page says “${sentence}”`, look, { detail: () => last });
}

const nameBox = (page) => page.getByRole('textbox', { name: 'Your name', exact: true });
const enterButton = (page) => page.getByRole('button', { name: 'Enter', exact: true });

test('without the world one walks, is seen, and sees who is there', async () => {
  const ada = await stage.enter('Ada');
  const bob = await stage.enter('Bob');
  const { x, y } = spawns.courtyard;
  await arriveAt(ada, { x: x + 4, y });
  await until(bob, 'Bob sees where Ada is', (now) => Math.abs(other(now, 'Ada')?.x - x - 4) < 0.3);
  assert.match(await (await peopleList(ada)).innerText(), /Bob/);
  assert.equal((await snapshot(ada)).frames.drawn, 0, 'expected no world to be drawn');
});

test('without WebGL 2 the page says so and offers to go on without the world', async () => {
  const ada = await stage.person();
  await ada.addInitScript(() => {
    for (const canvas of [HTMLCanvasElement, window.OffscreenCanvas].filter(Boolean)) {
      const getContext = canvas.prototype.getContext;
      canvas.prototype.getContext = function (kind, ...rest) {
        return kind === 'webgl2' || kind === 'webgpu' ? null : getContext.call(this, kind, ...rest);
      };
    }
  });
  await ada.goto('/');
  await says(ada, SENTENCES.noWebGl);
  const without = ada.getByRole('link', { name: /without the world/i }).or(ada.getByRole('button', { name: /without the world/i }));
  await without.first().click();
  await nameBox(ada).fill('Ada');
  await enterButton(ada).click();
  await until(ada, 'Ada is in, without the world', isIn);
});

test('a browser that is too old is told so, and what to do instead', async () => {
  const ada = await stage.person();
  let downloads = 0;
  await ada.route('**/*.wasm', (route) => {
    downloads += 1;
    return route.continue();
  });
  await ada.addInitScript(() => delete window.BigInt64Array);
  await ada.goto('/');
  await says(ada, SENTENCES.oldBrowser);
  assert.equal(await enterButton(ada).isVisible(), false, 'expected nothing to be offered that does not work');
  assert.equal(downloads, 0, 'expected no download of what such a browser cannot run');
});

test('a download that fails is told so, and tried again with the name that was typed', async () => {
  const ada = await stage.person({ expected: [/net::ERR_FAILED/, /Failed to fetch/] });
  let goOn;
  const isTyped = new Promise((resolve) => (goOn = resolve));
  let [isDown, failures] = [true, 0];
  await ada.route('**/*.wasm', async (route) => {
    if (!isDown) return route.continue();
    await isTyped;
    failures += 1;
    return route.abort();
  });
  await ada.goto('/?world=off');
  await nameBox(ada).fill('Ada');
  goOn();
  await says(ada, SENTENCES.noDownload);
  const again = ada.getByRole('button', { name: 'Try again', exact: true });
  const before = failures;
  await again.click();
  await eventually('it is tried again', () => failures > before);
  await says(ada, SENTENCES.noDownload);
  isDown = false;
  await again.click();
  await enterButton(ada).waitFor();
  assert.equal(await nameBox(ada).inputValue(), 'Ada', 'expected the name to be there still');
  await enterButton(ada).click();
  await until(ada, 'Ada is in after all', isIn);
});

test('where storage is blocked one comes in all the same, and is told that nothing is kept', async () => {
  const ada = await stage.person();
  await ada.addInitScript(() => {
    const blocked = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { get: blocked });
    Object.defineProperty(window, 'sessionStorage', { get: blocked });
  });
  await ada.goto('/?world=off');
  await says(ada, SENTENCES.noStorage);
  await nameBox(ada).fill('Ada');
  await enterButton(ada).click();
  await until(ada, 'Ada is in', isIn);
});

test('a relay that does not answer is named as the trouble, and tried again', async () => {
  const ada = await stage.person();
  let isDown = true;
  await ada.routeWebSocket(/\/ws$/, (socket) => (isDown ? socket.close({ code: 1011 }) : socket.connectToServer()));
  await ada.goto('/?name=Ada&enter&world=off');
  await says(ada, SENTENCES.noAnswer);
  assert.notEqual((await snapshot(ada)).connection, 'online');
  isDown = false;
  await until(ada, 'Ada is in as soon as it answers', isIn);
});

test('a relay of another version is named as the trouble, and not tried again', async () => {
  const ada = await stage.person();
  let dials = 0;
  await ada.routeWebSocket(/\/ws$/, (socket) => {
    dials += 1;
    const relay = socket.connectToServer();
    relay.onMessage((message) => {
      // The challenge is the first message: its number, 1, and then the version, in every version of the protocol.
      const bytes = Buffer.from(message);
      if (bytes[0] === 1) bytes[1] += 1;
      socket.send(bytes);
    });
  });
  await ada.goto('/?name=Ada&enter&world=off');
  await until(ada, 'the page gives up', ({ connection }) => connection === 'refused');
  await says(ada, SENTENCES.otherVersion);
  assert.equal(dials, 1);
});

test('another relay on this machine can be named in the address', async () => {
  const further = await startRelay();
  try {
    const ada = await stage.person();
    await ada.goto(`/?name=Ada&enter&world=off&relay=${encodeURIComponent(further.socket)}`);
    await until(ada, 'Ada is in there', isIn);
    const here = await stage.enter('Bob');
    assert.deepEqual((await snapshot(here)).participants, [], 'expected nobody at the first relay');
    await ada.context().close();
  } finally {
    await further.stop();
  }
});

test('a relay that the site does not list is not dialled, and the page says why', async () => {
  const ada = await stage.person();
  let dials = 0;
  await ada.routeWebSocket(/elsewhere/, () => (dials += 1));
  await ada.goto('/?name=Ada&enter&world=off&relay=wss://elsewhere.example/ws');
  await says(ada, SENTENCES.notListed);
  await says(ada, 'wss://elsewhere.example/ws');
  assert.equal(dials, 0);
});
