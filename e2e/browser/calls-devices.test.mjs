// Devices that are tried before, that come and go in the middle of a call, a screen that the browser itself stops sharing, and a browser that
// plays no sound before somebody has pressed something.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { eventually, openBrowser, until } from './browser.mjs';
import { FAKE_DEVICES, caller, connected, grows, peer, receivesNothing, standAt, staysAlone, toggle, watchConnections } from './calls.mjs';
import { devicesInUse, plug, plugIn, unplug } from './devices.mjs';
import { button, openSettings } from './panels.mjs';
import { keepSpeakers, playing } from './speakers.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

const HEADSET = { kind: 'audioinput', id: 'headset', name: 'Headset' };
const BUILT_IN = { kind: 'audioinput', id: 'built-in', name: 'Built-in microphone' };
const WEBCAM = { kind: 'videoinput', id: 'webcam', name: 'Webcam' };
const LID = { kind: 'videoinput', id: 'lid', name: 'Camera in the lid' };

/** Somebody with these devices. */
const owner = (name, devices) => caller(stage, name, 0, { prepare: (page) => plugIn(page, devices) });

const inUse = (page, ...ids) => {
  let last;
  const look = async () => JSON.stringify((last = await devicesInUse(page))) === JSON.stringify(ids);
  return eventually(`what is on is ${ids.join(' and ') || 'nothing'}`, look, { detail: () => JSON.stringify(last) });
};

const tile = (page, name) => page.getByRole('region', { name: 'Nearby', exact: true }).getByRole('group', { name, exact: true });

/** Waits until a button says that its device does not work, and what to do. */
async function says(page, name, sentence) {
  await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
  await page.getByRole('button', { name, exact: true, pressed: false }).waitFor();
  assert.match(await button(page, name).getAttribute('title'), /Does not work/);
}

test('a microphone that is pulled out is replaced by another, and missed when there is none', async () => {
  const [ada, bob] = [await owner('Ada', [HEADSET, BUILT_IN]), await caller(stage, 'Bob')];
  await connected(bob, 'Ada');
  await toggle(ada, 'Microphone', true);
  await inUse(ada, 'headset');
  await grows(bob, 'soundHeard');

  await unplug(ada, 'headset');
  await inUse(ada, 'built-in');
  assert.equal(await button(ada, 'Microphone').getAttribute('aria-pressed'), 'true');
  await grows(bob, 'soundHeard');

  await unplug(ada, 'built-in');
  await says(ada, 'Microphone', 'No microphone was found');
  await until(bob, 'Ada’s microphone is off', (now) => !peer(now, 'Ada').audio);
  await tile(bob, 'Ada').getByText('microphone off').waitFor({ state: 'attached' });
  await receivesNothing(bob);

  // By itself: whoever was heard means to be.
  await plug(ada, BUILT_IN);
  await inUse(ada, 'built-in');
  await ada.getByRole('button', { name: 'Microphone', exact: true, pressed: true }).waitFor();
  await grows(bob, 'soundHeard');

  await toggle(ada, 'Microphone', false);
  await unplug(ada, 'built-in');
  await plug(ada, BUILT_IN);
  await ada.waitForTimeout(500);
  await inUse(ada);
});

test('a camera that is pulled out leaves a face, no other camera takes its place, and it goes on when it is back', async () => {
  const [ada, bob] = [await owner('Ada', [WEBCAM, LID]), await caller(stage, 'Bob')];
  await connected(bob, 'Ada');
  await toggle(ada, 'Camera', true);
  const picture = tile(bob, 'Ada').locator('video');
  await picture.waitFor();
  await grows(bob, 'framesDecoded');
  const own = ada.getByRole('figure', { name: 'Your picture', exact: true });
  await own.waitFor();

  await unplug(ada, 'webcam');
  await says(ada, 'Camera', 'No camera was found');
  await until(bob, 'Ada’s camera is off', (now) => !peer(now, 'Ada').video);
  await picture.waitFor({ state: 'detached' });
  await tile(bob, 'Ada').locator('.face').waitFor();
  await own.waitFor({ state: 'detached' });
  await receivesNothing(bob);
  await inUse(ada);

  await plug(ada, WEBCAM);
  await inUse(ada, 'webcam');
  await picture.waitFor();
  await grows(bob, 'framesDecoded');
});

test('a microphone that appears is offered, and one that was chosen is used again when it is back', async () => {
  const [ada, bob] = [await owner('Ada', [BUILT_IN]), await caller(stage, 'Bob')];
  await connected(bob, 'Ada');
  await toggle(ada, 'Microphone', true);
  await inUse(ada, 'built-in');
  const settings = await openSettings(ada);
  const choice = settings.getByRole('combobox', { name: 'Microphone', exact: true });
  const offered = () => choice.locator('option').allInnerTexts();
  assert.deepEqual(await offered(), ['The system\'s choice', 'Built-in microphone']);

  await plug(ada, HEADSET);
  await choice.locator('option', { hasText: 'Headset' }).waitFor({ state: 'attached' });
  // Nobody asked for it.
  await inUse(ada, 'built-in');
  await choice.selectOption('headset');
  await inUse(ada, 'headset');
  await grows(bob, 'soundHeard');

  await unplug(ada, 'headset');
  await choice.locator('option', { hasText: 'Headset' }).waitFor({ state: 'detached' });
  await inUse(ada, 'built-in');
  await plug(ada, HEADSET);
  await inUse(ada, 'headset');
  await grows(bob, 'soundHeard');
});

test('what is tried in the lobby is shown to oneself alone, and what is chosen there is used inside', async () => {
  const bob = await caller(stage, 'Bob');
  const ada = await stage.person();
  await plugIn(ada, [BUILT_IN, HEADSET, WEBCAM]);
  await watchConnections(ada);
  await ada.goto('/?world=off');
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ada');
  await button(ada, 'Microphone').click();
  await button(ada, 'Camera').click();
  await inUse(ada, 'built-in', 'webcam');
  // The fake microphone beeps: the level rises and falls.
  const level = ada.getByRole('meter', { name: 'How loud you are', exact: true });
  const levels = new Set();
  await eventually('the level moves', async () => levels.add(await level.getAttribute('value')).size >= 3, {
    detail: () => [...levels].join(),
  });
  const picture = ada.getByLabel('What your camera sees', { exact: true });
  const seen = () => picture.evaluate((video) => (video.videoWidth ? video.currentTime : 0));
  const before = await eventually('there is a picture', seen);
  await eventually('the picture goes on', async () => (await seen()) > before);

  await ada.getByRole('combobox', { name: 'Microphone', exact: true }).selectOption('Headset');
  await inUse(ada, 'headset', 'webcam');
  await staysAlone(bob);
  await button(ada, 'Enter').click();
  await connected(bob, 'Ada');
  await until(ada, 'both are on', ({ media }) => media.microphone && media.camera);
  await inUse(ada, 'headset', 'webcam');
  await grows(bob, 'soundHeard');
  await grows(bob, 'framesDecoded');
});

test('what the browser itself stops sharing is off here, and off the stage there', async () => {
  // A tab is shared, and closed. Pretended devices would have a pretended screen with them.
  const TITLE = 'Slides of today';
  const browser = await openBrowser({ flags: [`--auto-select-tab-capture-source-by-title=${TITLE}`] });
  after(() => browser.close());
  // Where there is room for a stage.
  const bob = await caller(stage, 'Bob', 0, { viewport: { width: 1280, height: 720 } });
  const ada = await caller(stage, 'Ada', 0, { browser });
  await connected(bob, 'Ada');
  const slides = await stage.tab(ada);
  await slides.setContent(`<title>${TITLE}</title><h1>Slides</h1>`);
  await ada.bringToFront();
  await toggle(ada, 'Share screen', true);
  const staged = bob.getByRole('region', { name: 'Ada\'s screen', exact: true });
  await staged.waitFor();
  await grows(bob, 'framesDecoded');

  await slides.close();
  await until(ada, 'nothing is shared', ({ media }) => !media.screen);
  await ada.getByRole('button', { name: 'Share screen', exact: true, pressed: false }).waitFor();
  // Whoever ends it there meant to: nothing is wrong.
  assert.equal(await ada.getByRole('alert').count(), 0);
  await staged.waitFor({ state: 'detached' });
  await until(bob, 'Ada’s screen is off', (now) => !peer(now, 'Ada').screen);
  await receivesNothing(bob);
});

test('where the browser plays no sound before a press, one is asked for it', async () => {
  const flags = FAKE_DEVICES.filter((flag) => !flag.startsWith('--autoplay-policy'));
  // What browsers with a window do.
  const browser = await openBrowser({ flags: [...flags, '--autoplay-policy=document-user-activation-required'] });
  after(() => browser.close());
  const bob = await caller(stage, 'Bob');
  await toggle(bob, 'Microphone', true);
  const ada = await stage.person({ browser });
  await keepSpeakers(ada);
  await watchConnections(ada);
  const ask = await asks(ada);
  await ada.goto('/?name=Ada&enter&world=off');
  await connected(bob, 'Ada');
  const isAsked = () => eventually('one is asked to press something', () => ask(hasNotice));
  await isAsked();
  assert.deepEqual(await ask(playing), [], 'expected no sound yet');

  // It says so of whoever comes near later as well.
  await standAt(bob, 12);
  await eventually('Bob has gone', () => ask(() => window.classroom.snapshot().media.peers.length === 0));
  await standAt(bob, 1);
  await connected(bob, 'Ada');
  await isAsked();
  assert.deepEqual(await ask(playing), []);
  assert.equal(await ask(() => navigator.userActivation.hasBeenActive), false, 'expected that nobody pressed anything');

  const hear = button(ada, 'Click to hear');
  await hear.click();
  await hear.waitFor({ state: 'detached' });
  await eventually('Bob is played at full volume', async () => (await ask(playing)).includes(1));
  await grows(ada, 'soundHeard');
});

/** Asks a page something. Whatever Playwright itself asks counts as something that a person did there. */
async function asks(page) {
  const devtools = await page.context().newCDPSession(page);
  return async (question) => {
    const answer = await devtools.send('Runtime.evaluate', { expression: `(${question})()`, returnByValue: true });
    // A page that is on its way has nothing to say yet.
    return answer.exceptionDetails ? null : answer.result.value;
  };
}

/** In the page: whether the button to hear is in sight. */
function hasNotice() {
  const hear = [...document.querySelectorAll('button')].find((button) => button.innerText.trim() === 'Click to hear');
  return Boolean(hear?.checkVisibility());
}
