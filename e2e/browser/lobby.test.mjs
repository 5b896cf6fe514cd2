// The lobby: there at once as plain HTML, usable while the module is on its way, and it remembers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, until } from './browser.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const name = (page) => page.getByRole('textbox', { name: 'Your name', exact: true });
const enter = (page) => page.getByRole('button', { name: 'Enter', exact: true });

/** Holds the module back until `release()`; before the first navigation. */
async function withoutModule(page) {
  const { promise, release } = held();
  await page.route('**/*.wasm', async (route) => {
    await promise;
    // Whoever left in between does not need it any more.
    await route.continue().catch(() => {});
  });
  return release;
}

function held() {
  let release;
  const promise = new Promise((resolve) => (release = resolve));
  return { promise, release };
}

test('the lobby can be filled in before the module is there, and leads in when it is', async () => {
  const ada = await stage.person();
  const release = await withoutModule(ada);
  await ada.goto('/?world=off');
  await name(ada).fill('Ada');
  assert.equal(await name(ada).inputValue(), 'Ada');
  await enter(ada).waitFor();
  assert.equal(await ada.evaluate(() => typeof window.classroom?.snapshot), 'undefined', 'expected no module yet');

  release();
  await enter(ada).click();
  const { self } = await until(ada, 'Ada is in', isIn);
  assert.equal(self.name, 'Ada');
});

test('Enter pressed before the module is there is kept', async () => {
  const ada = await stage.person();
  const release = await withoutModule(ada);
  await ada.goto('/?world=off');
  await name(ada).fill('Ada');
  await name(ada).press('Enter');
  release();
  await until(ada, 'Ada is in', isIn);
});

test('the progress of the download is shown, and is what has come of the whole', async () => {
  const ada = await stage.person();
  await ada.addInitScript(watchProgress);
  const network = await ada.context().newCDPSession(ada);
  await network.send('Network.enable');
  // A line on which the module takes some seconds.
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: 1_000_000,
    uploadThroughput: -1,
  });
  const answer = ada.waitForResponse(/\.wasm$/);
  await ada.goto('/', { waitUntil: 'domcontentloaded' });
  const headers = await (await answer).allHeaders();
  const whole = Number(headers['x-uncompressed-length'] ?? headers['content-length']);
  assert.ok(whole > 1_000_000, `expected the length of the module to be announced, was ${whole}`);

  const shown = async () => (await ada.evaluate(() => window.progressShown)).filter(({ text }) => text !== '');
  const values = (all) => new Set(all.map(({ value }) => value)).size;
  await eventually('the module has arrived', () => ada.evaluate((whole) => window.bytesCome >= whole, whole));
  const all = await shown();
  assert.ok(values(all) >= 10, `expected the progress to grow in steps, had ${values(all)}`);
  const percent = new Intl.NumberFormat('en', { style: 'percent' });
  for (const { value, text, bytes } of all) {
    const share = bytes / whole;
    assert.ok(Math.abs(value - share) < 1e-6, `expected ${share} of the module to be shown, was ${value}`);
    assert.equal(text, percent.format(share));
  }
  assert.equal(all.at(-1).value, 1, 'expected all of it in the end');
});

/** In a page: writes down what the lobby shows of the download, and how many bytes the page had then. */
function watchProgress() {
  window.progressShown = [];
  window.bytesCome = 0;
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function () {
    const part = await read.call(this);
    window.bytesCome += part.value?.length ?? 0;
    return part;
  };
  addEventListener('DOMContentLoaded', () => {
    const [bar, text] = ['progress', 'progress-text'].map((id) => document.getElementById(id));
    const write = () => window.progressShown.push({ value: bar.value, text: text.textContent, bytes: window.bytesCome });
    new MutationObserver(write).observe(bar, { attributes: true, attributeFilter: ['value'] });
  });
}

test('name and look chosen in the lobby are there on the next visit', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await name(ada).fill('Ada 👩‍🚀');
  const look = await chooseAnotherLook(ada);
  await enter(ada).click();
  await until(ada, 'Ada is in', isIn);

  await ada.goto('/?world=off');
  assert.equal(await name(ada).inputValue(), 'Ada 👩‍🚀');
  assert.deepEqual(await lookOf(ada), look, 'expected the look that was chosen');
  const kept = await ada.evaluate(() => JSON.parse(localStorage.getItem('classroom.profile')).appearance);
  assert.deepEqual(kept, look, 'expected to have come in with that look');
});

test('without a name the lobby says what is missing, in words', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await name(ada).fill('   ');
  await enter(ada).click();
  const words = async () => {
    const box = await name(ada).elementHandle();
    return box.evaluate((box) => {
      const described = (box.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean);
      const texts = described.map((id) => document.getElementById(id)?.innerText ?? '');
      const invalid = box.getAttribute('aria-invalid') === 'true' || !box.checkValidity();
      return invalid ? [box.validationMessage, ...texts].join(' ').trim() : '';
    });
  };
  assert.match(await eventually('the box says what is wrong', words), /name/i);
  assert.equal(await ada.evaluate(() => window.classroom?.snapshot?.()?.connection ?? 'connecting'), 'connecting');
});

/** The look as the lobby shows it: which choice is made in each of its groups. */
function lookOf(page) {
  const look = page.getByRole('group', { name: 'Your look', exact: true });
  return look.getByRole('radio').evaluateAll((all) => all.filter(({ checked }) => checked).map(({ value }) => Number(value)));
}

/** Chooses something else than what was proposed, by hand, and gives what is chosen then. */
async function chooseAnotherLook(page) {
  const before = await lookOf(page);
  for (const layer of ['hair', 'top']) await page.getByRole('button', { name: `Next ${layer}`, exact: true }).click();
  const after = await lookOf(page);
  assert.notDeepEqual(after, before, 'expected the look to change');
  return after;
}
