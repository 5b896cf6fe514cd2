// The page speaks the language of whoever reads it, from the first picture on, and another one when asked to.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, until } from './browser.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

/** Sentences that are the same in both languages, by their keys. */
const SAME = ['title'];

/** All that the static page says, hidden or not, by key. */
function sentences(page) {
  return page.evaluate(() => {
    const said = {};
    for (const element of document.querySelectorAll('[data-word]')) said[element.dataset.word] = element.textContent.trim();
    for (const element of document.querySelectorAll('[data-word-label]')) {
      said[element.dataset.wordLabel] = element.getAttribute('aria-label');
    }
    for (const element of document.querySelectorAll('[data-word-placeholder]')) {
      said[element.dataset.wordPlaceholder] = element.getAttribute('placeholder');
    }
    return said;
  });
}

const shows = (page, code) =>
  eventually(`the page is in ${code}`, () => page.evaluate((code) => document.documentElement.lang === code, code));

const choose = (page, name) => page.getByRole('radio', { name, exact: true }).check();

/** Holds files back until `release()`; before the first navigation. */
async function without(page, files) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(files, async (route) => {
    await held;
    // Whoever left in between does not need it any more.
    await route.continue().catch(() => {});
  });
  return release;
}

test('a French browser sees a French lobby, with no sentence left in English', async () => {
  const [ada, zoe] = [await stage.person(), await stage.person({ locale: 'fr-FR' })];
  for (const page of [ada, zoe]) {
    await without(page, '**/*.wasm');
    await page.goto('/?world=off');
  }
  await shows(zoe, 'fr');
  await zoe.getByRole('textbox', { name: 'Votre nom', exact: true }).waitFor();
  await zoe.getByRole('button', { name: 'Entrer', exact: true }).waitFor();
  const [english, french] = [await sentences(ada), await sentences(zoe)];
  assert.ok(Object.keys(english).length > 50, `expected the lobby to say more than ${Object.keys(english).length} things`);
  assert.deepEqual(Object.keys(french), Object.keys(english));
  const left = Object.keys(english).filter((key) => french[key] === english[key] && !SAME.includes(key));
  assert.deepEqual(left, [], 'expected everything to be in French');
});

test('a browser of yet another language sees the next one it asks for, or English', async () => {
  const jean = await stage.person({ locale: 'de-CH' });
  await jean.addInitScript(() => {
    Object.defineProperty(navigator, 'languages', { get: () => ['de-CH', 'fr-CH', 'en'] });
  });
  const ute = await stage.person({ locale: 'de-DE' });
  for (const page of [jean, ute]) {
    await without(page, '**/*.wasm');
    await page.goto('/?world=off');
  }
  await shows(jean, 'fr');
  await shows(ute, 'en');
  await ute.getByRole('textbox', { name: 'Your name', exact: true }).waitFor();
});

test('the lobby is not seen in English before it is seen in French', async () => {
  const zoe = await stage.person({ locale: 'fr-FR' });
  const release = await without(zoe, '**/words-fr.json');
  await zoe.addInitScript(() => {
    // However slow this machine is, the page does not lose its patience.
    const { setTimeout } = window;
    window.setTimeout = (callback, after, ...rest) => after < 500 && setTimeout(callback, after, ...rest);
    window.seen = [];
    const look = () => {
      const heading = document.getElementById('lobby-heading');
      const isSeen = heading?.checkVisibility({ opacityProperty: true });
      if (isSeen) window.seen.push(heading.textContent);
      if (window.seen.length < 10) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await without(zoe, '**/*.wasm');
  await zoe.goto('/?world=off', { waitUntil: 'domcontentloaded' });
  assert.deepEqual(await zoe.evaluate(() => window.seen), [], 'expected to see nothing before it is in French');
  release();
  const seen = await eventually('the lobby is seen', () => zoe.evaluate(() => window.seen.length > 0 && window.seen));
  assert.deepEqual([...new Set(seen)], ['Bienvenue']);
});

test('where the French words do not come, the lobby is there in English', async () => {
  const zoe = await stage.person({ locale: 'fr-FR', expected: [/words-fr/] });
  await zoe.route('**/words-fr.json', (route) => route.abort());
  await without(zoe, '**/*.wasm');
  await zoe.goto('/?world=off');
  const name = zoe.getByRole('textbox', { name: 'Your name', exact: true });
  await eventually('the box for the name is seen', () =>
    name.evaluate((box) => box.checkVisibility({ opacityProperty: true })),
  );
  assert.equal(await zoe.evaluate(() => document.documentElement.lang), 'en');
});

test('a language chosen in the lobby is shown at once, before the module is there, and kept', async () => {
  const ada = await stage.person();
  await without(ada, '**/*.wasm');
  await ada.goto('/?world=off');
  const english = await sentences(ada);
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ada');
  await choose(ada, 'Français');
  await shows(ada, 'fr');
  assert.equal(await ada.getByRole('textbox', { name: 'Votre nom', exact: true }).inputValue(), 'Ada');

  await ada.reload();
  await shows(ada, 'fr');
  assert.ok(await ada.getByRole('radio', { name: 'Français', exact: true }).isChecked());
  await choose(ada, 'English');
  await shows(ada, 'en');
  assert.deepEqual(await sentences(ada), english, 'expected the same English as before');

  await ada.reload();
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).waitFor();
  assert.equal(await ada.evaluate(() => document.documentElement.lang), 'en');
});

test('the panels speak the language that was chosen in the lobby, before or after the module was there', async () => {
  const [ada, zoe] = [await stage.person(), await stage.person()];
  const release = await without(ada, '**/*.wasm');
  await ada.goto('/?world=off');
  await choose(ada, 'Français');
  release();
  await zoe.goto('/?world=off');
  await eventually('the module is there', () => zoe.evaluate(() => document.documentElement.dataset.ready === 'true'));
  await choose(zoe, 'Français');
  for (const [page, name] of [
    [ada, 'Ada'],
    [zoe, 'Zoé'],
  ]) {
    await page.getByRole('textbox', { name: 'Votre nom', exact: true }).fill(name);
    await page.getByRole('button', { name: 'Entrer', exact: true }).click();
    await until(page, `${name} is in`, isIn);
    await page.getByRole('status', { name: 'Connexion', exact: true }).getByText('En ligne').waitFor();
    await page.getByRole('list', { name: 'Personnes', exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
  }
});

test('another language while one is in: what is open stays open, and the keyboard where it is', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  const people = ada.getByRole('button', { name: 'People', exact: true });
  await ada.getByRole('button', { name: 'Walk to Bob', exact: true }).waitFor();
  await people.focus();
  const parts = await ada.evaluate(() => document.getElementById('ui').childElementCount);
  for (const [language, own] of [
    ['Français', ['Personnes', 'Rejoindre Bob', 'Connexion', 'En ligne']],
    ['English', ['People', 'Walk to Bob', 'Connection', 'Online']],
  ]) {
    // The lobby's own choice is out of sight by now, but it is the page's only one that is always there.
    await ada.evaluate((language) => {
      const all = [...document.querySelectorAll('#languages label')];
      all.find((label) => label.textContent === language).click();
    }, language);
    const [button, walk, status, online] = own;
    await ada.getByRole('button', { name: walk, exact: true }).waitFor();
    await ada.getByRole('status', { name: status, exact: true }).getByText(online).waitFor();
    const focused = ada.getByRole('button', { name: button, exact: true });
    assert.ok(await focused.evaluate((button) => button === document.activeElement), `expected the keyboard at ${button}`);
    assert.equal(await ada.evaluate(() => document.getElementById('ui').childElementCount), parts);
  }
  // What is shown goes on to follow what happens.
  await bob.close();
  await ada.getByRole('button', { name: 'Walk to Bob', exact: true }).waitFor({ state: 'hidden' });
});
