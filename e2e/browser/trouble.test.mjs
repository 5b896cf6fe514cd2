// What is missing on somebody's machine or line is said in plain words, and nothing crashes over it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, isIn, other, snapshot, until } from './browser.mjs';
import { spawns } from './map.mjs';
import { startRelay } from './relay.mjs';
import { enterByHand, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

/** Waits until the page shows words like these. */
function says(page, words) {
  const text = () => page.locator('body').innerText();
  let last = '';
  const look = async () => words.test((last = await text()));
  return eventually(`the page says ${words}`, look, { detail: () => last });
}

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
  await says(ada, /WebGL/i);
  const without = ada.getByRole('link', { name: /without the world/i }).or(ada.getByRole('button', { name: /without the world/i }));
  await without.first().click();
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ada');
  await ada.getByRole('button', { name: 'Enter', exact: true }).click();
  await until(ada, 'Ada is in, without the world', isIn);
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
  await enterByHand(ada, 'Ada', { world: false });
  await says(ada, /remember|kept|keep|storage/i);
});

test('a relay that does not answer is named as the trouble, and tried again', async () => {
  const ada = await stage.person();
  let isDown = true;
  await ada.routeWebSocket(/\/ws$/, (socket) => (isDown ? socket.close({ code: 1011 }) : socket.connectToServer()));
  await ada.goto('/?name=Ada&enter&world=off');
  await says(ada, /answer|reach/i);
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
  await says(ada, /version/i);
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
  await says(ada, /elsewhere\.example/);
  assert.equal(dials, 0);
});
