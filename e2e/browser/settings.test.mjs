// The settings: oneself, the page, and one's identity in one's own hands.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, other, snapshot, until } from './browser.mjs';
import { connected } from './calls.mjs';
import { button, countNotes, hasKeyboard, kept, openPerson, openSettings, personRow } from './panels.mjs';
import { enter, openStage } from './stage.mjs';

const stage = await openStage();

const nameBox = (page) => page.getByRole('textbox', { name: 'Your name', exact: true });
const ours = async (page) => Object.keys(await kept(page)).filter((key) => key.startsWith('classroom.'));
const userId = async (page) => (await snapshot(page)).self.user_id;

/** One's key, as the settings show it. */
async function ownKey(page) {
  await openSettings(page);
  await button(page, 'Show my key').click();
  return page.getByRole('textbox', { name: 'Your secret key', exact: true }).inputValue();
}

/** Types a key from elsewhere and goes on. */
async function bringIn(page, key) {
  await openSettings(page);
  const box = page.getByRole('textbox', { name: 'Key from another browser', exact: true });
  if (!(await box.isVisible())) await button(page, 'Bring in a key').click();
  await box.fill(key);
  await button(page, 'Continue').click();
}

test('name, status and look change for others too, each by itself', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  const id = await userId(ada);
  const look = () => bob.evaluate((id) => JSON.parse(localStorage.getItem(`classroom.person.${id}`) ?? '{}').appearance, id);
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  await openSettings(ada);

  await nameBox(ada).fill('  Zoé ');
  await ada.keyboard.press('Enter');
  await until(bob, 'Bob sees the name', (snapshot) => other(snapshot, 'Zoé'));
  assert.equal(await nameBox(ada).inputValue(), 'Zoé');

  await ada.getByRole('radio', { name: 'busy', exact: true }).check();
  await until(bob, 'Bob sees the status', (snapshot) => other(snapshot, 'Zoé').status === 'busy');

  const before = await eventually('Bob keeps the look', look);
  await button(ada, 'Next top').click();
  const after = await eventually('Bob sees the look', async () => {
    const now = await look();
    return JSON.stringify(now) !== JSON.stringify(before) && now;
  });
  const changed = after.map((choice, layer) => choice !== before[layer]);
  assert.deepEqual(changed, [false, false, false, true, false], 'expected the top alone to be another');
});

test('many looks tried quickly all end up as the last one', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  const id = await userId(ada);
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  await openSettings(ada);
  for (let times = 0; times < 30; times += 1) await button(ada, 'Next hair colour').click();
  const own = () => ada.evaluate(() => JSON.parse(localStorage.getItem('classroom.profile')).appearance);
  await eventually('Bob sees the last look', async () => {
    const seen = await bob.evaluate((id) => JSON.parse(localStorage.getItem(`classroom.person.${id}`)).appearance, id);
    return JSON.stringify(seen) === JSON.stringify(await own());
  });
  assert.equal((await snapshot(ada)).connection, 'online');
});

test('what is no name is refused with a reason, and Escape takes back what was typed', async () => {
  const ada = await stage.enter('Ada');
  await openSettings(ada);
  for (const [typed, reason] of [
    ['  ', 'Please type a name'],
    ['x'.repeat(33), 'This name is too long'],
  ]) {
    await nameBox(ada).fill(typed);
    await ada.keyboard.press('Enter');
    await ada.getByRole('alert').getByText(reason).waitFor();
    assert.equal(await nameBox(ada).getAttribute('aria-invalid'), 'true');
  }
  await nameBox(ada).fill('Somebody else');
  await ada.keyboard.press('Escape');
  await ada.getByRole('complementary', { name: 'Settings', exact: true }).waitFor({ state: 'detached' });
  assert.equal((await snapshot(ada)).self.name, 'Ada');
});

test('the language changes at once, with the keyboard where it was', async () => {
  const ada = await stage.enter('Ada');
  await openSettings(ada);
  const french = ada.getByRole('radio', { name: 'Français', exact: true });
  await french.focus();
  await ada.keyboard.press('Space');
  await ada.getByRole('complementary', { name: 'Réglages', exact: true }).waitFor();
  await eventually('the keyboard is where it was', () => ada.evaluate(() => document.activeElement.id === 'settings-language-fr'));
  await ada.getByRole('radio', { name: 'English', exact: true }).check();
  await ada.getByRole('complementary', { name: 'Settings', exact: true }).waitFor();
});

test('without sounds nobody chimes', async () => {
  const ada = await stage.person();
  const notes = await countNotes(ada);
  await enter(ada, 'Ada');
  const bob = await stage.enter('Bob');
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  const chimes = ada.getByRole('checkbox', { name: /^A chime/ });
  const wave = async () => {
    await openPerson(bob, 'Ada');
    await button(bob, 'Wave at Ada').click();
  };
  // That somebody is near enough to be heard has a sound of its own.
  await connected(ada, 'Bob');
  await openSettings(ada);
  await chimes.uncheck();
  await ada.keyboard.press('Escape');
  const before = await notes();
  await wave();
  const waves = (await personRow(ada, 'Bob')).getByText('waves at you');
  await waves.waitFor();
  assert.equal(await notes(), before);
  await waves.waitFor({ state: 'detached' });

  await openSettings(ada);
  await chimes.check();
  await wave();
  await eventually('a chime was played', async () => (await notes()) > before);
});

test('letters press nothing for whoever switched that off, at the next visit neither', async () => {
  const ada = await stage.enter('Ada');
  const chat = button(ada, 'Chat');
  const isShown = async () => (await chat.getAttribute('aria-expanded')) === 'true';
  const keys = () => ada.locator('[aria-keyshortcuts]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-keyshortcuts')));
  const noLetterIsNamed = async () => !(await keys()).some((key) => /\b[A-Z]\b/.test(key));
  const press = async (key) => {
    await ada.evaluate(() => document.activeElement?.blur());
    await ada.keyboard.press(key);
  };
  const letters = ada.getByRole('checkbox', { name: /^Letters press buttons/ });
  await openSettings(ada);
  assert.equal(await noLetterIsNamed(), false);
  await letters.uncheck();
  await eventually('no button names a letter', noLetterIsNamed);
  for (const visit of ['now', 'at the next visit']) {
    await press('c');
    await press('m');
    const { media } = await snapshot(ada);
    assert.deepEqual([await isShown(), media.microphone], [false, false], visit);
    await ada.reload();
    await enter(ada, 'Ada');
  }
  assert.ok(await noLetterIsNamed());
  await press('Enter');
  await eventually('Enter opens the conversations', isShown);

  await openSettings(ada);
  await letters.check();
  await press('c');
  await eventually('the letter opens the conversations', isShown);
});

test('one is the same person in another browser with one’s key, after being asked', async () => {
  const [ada, elsewhere] = [await stage.enter('Ada'), await stage.enter('Somebody')];
  const key = await ownKey(ada);
  assert.match(key, /^vci1-[0-9a-f]{72}$/);
  const [id, before] = [await userId(ada), await userId(elsewhere)];
  assert.notEqual(id, before);

  const flipped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
  for (const [typed, reason] of [
    ['nonsense', 'This is no key.'],
    [flipped, 'There is a mistake in this key.'],
    [await ownKey(elsewhere), 'This is the key you have already.'],
  ]) {
    await bringIn(elsewhere, typed);
    await elsewhere.getByRole('alert').getByText(reason).waitFor();
  }
  await bringIn(elsewhere, `  ${key.slice(0, 30)}\n${key.slice(30)} `);
  await button(elsewhere, 'Cancel').click();
  assert.equal(await userId(elsewhere), before, 'expected nothing to happen yet');
  await button(elsewhere, 'Continue').click();
  await button(elsewhere, 'Replace mine').click();
  await until(elsewhere, 'one is the other person', (snapshot) => isIn(snapshot) && snapshot.self.user_id === id);
  await until(ada, 'the first browser steps aside', ({ connection }) => connection === 'replaced');
});

test('the key is copied without being shown', async () => {
  const ada = await stage.enter('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
  await openSettings(ada);
  await button(ada, 'Copy my key').click();
  await ada.getByText(/^Copied\./).waitFor();
  const copied = await ada.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await ownKey(ada));
});

test('whoever is forgotten leaves nothing behind and is somebody new', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));
  const before = await userId(ada);
  await openSettings(ada);
  await button(ada, 'Forget me').click();
  await hasKeyboard(ada, 'Cancel');
  await button(ada, 'Delete everything').click();
  await button(ada, 'Enter').waitFor();
  await until(bob, 'Ada has left', ({ participants }) => participants.every(({ online }) => !online));
  assert.deepEqual(await ours(ada), []);
  assert.equal(await nameBox(ada).inputValue(), '');

  await nameBox(ada).fill('Ada');
  await button(ada, 'Enter').click();
  await until(ada, 'Ada is in', isIn);
  assert.notEqual(await userId(ada), before);
});

test('a shared computer keeps nothing, and knows nobody when the tab is closed', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await nameBox(ada).fill('Ada');
  await ada.getByRole('checkbox', { name: /^Shared computer/ }).check();
  await button(ada, 'Enter').click();
  const before = (await until(ada, 'Ada is in', isIn)).self.user_id;
  assert.deepEqual(await ours(ada), []);
  await openSettings(ada);
  await ada.getByText(/^This is a shared computer/).waitFor();

  const next = await stage.tab(ada);
  await ada.close();
  await next.goto('/?world=off');
  assert.equal(await nameBox(next).inputValue(), '');
  await nameBox(next).fill('Bob');
  await button(next, 'Enter').click();
  assert.notEqual((await until(next, 'Bob is in', isIn)).self.user_id, before);
});

test('who leaves a shared computer is forgotten in the tab as well', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await nameBox(ada).fill('Ada');
  await ada.getByRole('checkbox', { name: /^Shared computer/ }).check();
  await button(ada, 'Enter').click();
  const before = (await until(ada, 'Ada is in', isIn)).self.user_id;
  await openSettings(ada);
  await button(ada, 'Leave and forget me').click();
  await button(ada, 'Enter').waitFor();
  assert.deepEqual(await ours(ada), []);
  const inTab = await ada.evaluate(() => Object.keys(sessionStorage));
  assert.deepEqual(inTab, ['classroom.shared'], 'expected the tab to know that the computer is shared, and nothing else');

  await nameBox(ada).fill('Bob');
  await button(ada, 'Enter').click();
  assert.notEqual((await until(ada, 'Bob is in', isIn)).self.user_id, before);
});
