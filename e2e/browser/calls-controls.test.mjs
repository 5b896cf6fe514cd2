// What one has in hand of calls: how loud somebody is, when one is heard, what a browser that refuses is answered with,
// and that nothing is sent to whoever does not look.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { eventually, openBrowser, snapshot, until } from './browser.mjs';
import {
  FAKE_DEVICES,
  caller,
  carried,
  connected,
  grows,
  isSwitched,
  peer,
  receivesNothing,
  staysSilent,
  toggle,
} from './calls.mjs';
import { giveDevices, holdDevices, occupy, plugIn } from './devices.mjs';
import { hide, makeHidable } from './hiding.mjs';
import { button, openSettings } from './panels.mjs';
import { startRelay } from './relay.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

const MICROPHONE = { kind: 'audioinput', id: 'built-in', name: 'Built-in microphone' };
const WEBCAM = { kind: 'videoinput', id: 'webcam', name: 'Webcam' };

/** A site without https. */
const PLAIN = new URL('http://classroom.example');

test('how loud somebody is for oneself is remembered', async () => {
  // Where there is room for sliders.
  const ada = await caller(stage, 'Ada', 0, { viewport: { width: 1280, height: 720 } });
  const bob = await caller(stage, 'Bob');
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  // The controls of a tile are there for whoever points at it.
  await ada.getByRole('group', { name: 'Bob', exact: true }).hover();
  await button(ada, 'Mute for me: Bob').click();
  await until(ada, 'Bob is not heard', (now) => peer(now, 'Bob').volume === 0);
  await ada.getByRole('slider', { name: 'Volume of Bob', exact: true }).fill('40');
  const isSoft = (now) => Math.abs((peer(now, 'Bob')?.volume ?? 0) - 0.4) < 0.01;
  await until(ada, 'Bob is heard softly', isSoft);
  await until(bob, 'Ada is as loud as before', (now) => peer(now, 'Ada').volume === 1);
  await ada.reload();
  await connected(ada, 'Bob');
  await until(ada, 'Bob is heard softly again', isSoft);
});

test('whoever holds a key to talk is heard while it is held', async () => {
  const [ada, bob] = [await caller(stage, 'Ada'), await caller(stage, 'Bob')];
  await connected(bob, 'Ada');
  await openSettings(ada);
  await ada.getByRole('checkbox', { name: 'Hold to talk', exact: true }).check();
  await ada.keyboard.press('Escape');
  await toggle(ada, 'Microphone', true);
  await until(bob, 'Ada is silent', (now) => !peer(now, 'Ada').audio);
  await staysSilent(bob);
  await ada.evaluate(() => document.activeElement.blur());
  await ada.keyboard.down(' ');
  await until(bob, 'Ada is heard', (now) => peer(now, 'Ada').audio);
  await grows(bob, 'soundHeard');
  await ada.keyboard.up(' ');
  await until(bob, 'Ada is silent again', (now) => !peer(now, 'Ada').audio);
});

test('no picture is sent to a tab that nobody looks at', async () => {
  const ada = await caller(stage, 'Ada');
  const bob = await stage.person();
  await makeHidable(bob);
  await bob.goto('/?name=Bob&enter&world=off');
  await Promise.all([connected(ada, 'Bob'), connected(bob, 'Ada')]);
  await toggle(ada, 'Camera', true);
  await toggle(ada, 'Microphone', true);
  await grows(ada, 'framesSent');
  await hide(bob, true);
  await until(bob, 'Ada is still there', (now) => peer(now, 'Ada')?.state === 'connected');
  await ada.waitForTimeout(1000);
  const before = await carried(ada);
  await ada.waitForTimeout(1500);
  const after = await carried(ada);
  assert.equal(after.framesSent, before.framesSent, 'expected no picture for somebody who does not look');
  assert.ok(after.bytesSent > before.bytesSent, 'expected the sound to go on');
  await hide(bob, false);
  await grows(ada, 'framesSent');
});

test('the connectivity test says in words how others are reached, and no more than it knows', async () => {
  const ada = await caller(stage, 'Ada');
  const settings = await openSettings(ada);
  const says = async (code, sentence) => {
    await button(ada, 'Test the connection').click();
    await settings.locator(`[data-reach="${code}"]`).filter({ hasText: sentence }).waitFor();
  };
  // This relay names no server that could tell how one is seen from outside, and none for detours.
  await says('nearby', 'Whether calls get through to other networks is not known');
  await settings.getByRole('checkbox', { name: 'Hide my address', exact: true }).check();
  await says('impossible', 'this site has none');
});

const DENIES = { flags: ['--use-fake-device-for-media-stream'], says: 'The browser does not let this page use the' };
const HAS_NONE = { flags: ['--use-fake-ui-for-media-stream'], says: 'was found. Plug one in' };

for (const [what, { flags, says }] of Object.entries({ 'refuses devices': DENIES, 'finds no device': HAS_NONE })) {
  test(`a browser that ${what} is answered with what to do, and one is in all the same`, async () => {
    const browser = await openBrowser({ flags });
    after(() => browser.close());
    const [ada, bob] = [await caller(stage, 'Ada', 0, { browser }), await caller(stage, 'Bob')];
    for (const name of ['Microphone', 'Camera']) {
      await button(ada, name).click();
      const alert = ada.getByRole('alert').filter({ hasText: says }).filter({ hasText: name });
      await alert.waitFor();
      assert.equal(await button(ada, name).getAttribute('aria-pressed'), 'false');
    }
    // Hearing others takes no device.
    await connected(ada, 'Bob');
    await toggle(bob, 'Microphone', true);
    await grows(ada, 'soundHeard');
  });
}

test('a camera that another program uses says so, and works once it is free', async () => {
  const ada = await caller(stage, 'Ada', 0, { prepare: (page) => plugIn(page, [{ ...WEBCAM, isBusy: true }]) });
  const camera = button(ada, 'Camera');
  await camera.click();
  const alert = ada.getByRole('alert').filter({ hasText: 'Another program may be using it: close that program' });
  await alert.filter({ hasText: 'Camera' }).waitFor();
  assert.equal(await camera.getAttribute('aria-pressed'), 'false');
  assert.match(await camera.getAttribute('title'), /^Does not work/);
  await occupy(ada, WEBCAM.id, false);
  await toggle(ada, 'Camera', true);
  await alert.waitFor({ state: 'detached' });
});

test('a microphone is starting until the browser gives it', async () => {
  const ada = await caller(stage, 'Ada', 0, { prepare: (page) => plugIn(page, [MICROPHONE]) });
  const bob = await caller(stage, 'Bob');
  await connected(bob, 'Ada');
  await holdDevices(ada);
  await button(ada, 'Microphone').click();
  const microphone = ada.getByRole('button', { name: 'Microphone', exact: true, pressed: true });
  const isSaid = async (words) => words.test(await microphone.getAttribute('title'));
  await eventually('it says that it is starting', () => isSaid(/^Starting/));
  await ada.getByRole('status').filter({ hasText: 'Your browser asks whether this page may use the microphone' }).waitFor();
  await receivesNothing(bob);
  assert.equal((await snapshot(ada)).media.microphone, false);
  await giveDevices(ada);
  await isSwitched(ada, 'Microphone', true);
  await eventually('it says that it is on', () => isSaid(/^On/));
  await grows(bob, 'soundHeard');
});

test('a page without https says that there are no devices, whom to tell, and one is in all the same', async () => {
  const relay = await startRelay({ environment: { RELAY_PUBLIC_URL: `ws://${PLAIN.host}/ws` } });
  after(() => relay.stop());
  // A name that is not this machine's own: browsers take what comes from it for what it is, unprotected.
  const rule = `MAP ${PLAIN.hostname} ${new URL(relay.url).host}`;
  const browser = await openBrowser({ flags: [...FAKE_DEVICES, `--host-resolver-rules=${rule}`] });
  after(() => browser.close());
  const ada = await caller(stage, 'Ada', 0, { browser, baseURL: PLAIN.origin });
  assert.equal(await ada.evaluate(() => window.isSecureContext), false);
  for (const name of ['Microphone', 'Camera', 'Share screen']) {
    await button(ada, name).click();
    const card = ada.getByRole('alert').filter({ hasText: new RegExp(`^\\s*${name}`) });
    await card.filter({ hasText: 'begins with https. Tell whoever' }).waitFor();
    await ada.getByRole('button', { name, exact: true, pressed: false }).waitFor();
  }
});
