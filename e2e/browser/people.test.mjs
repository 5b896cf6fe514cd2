// The panel of people: who is here, whom one met, and what one can do about them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, eventually, isIn, other, snapshot, until } from './browser.mjs';
import { hold } from './keys.mjs';
import { isIn as isInRoom } from './map.mjs';
import { button, countNotes, hasKeyboard, kept, openPerson, openSettings, personRow } from './panels.mjs';
import { enter, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
const DAY_MS = 24 * 60 * 60 * 1000;

const names = async (page) => (await (await peopleList(page)).locator('.person-name').allInnerTexts());

const listed = (page, wanted) =>
  eventually(`the list is ${wanted}`, async () => JSON.stringify(await names(page)) === JSON.stringify(wanted));

const online = (page, name) => until(page, `${name} is here`, (snapshot) => other(snapshot, name));

/** A storage in which so many people are remembered, the first seen last. */
function remembering(count) {
  const people = {};
  for (let number = 0; number < count; number += 1) {
    const user_id = number.toString(16).padStart(32, '0');
    const seen = Date.now() - (number + 1) * DAY_MS;
    people[`classroom.person.${user_id}`] = JSON.stringify({ name: `Émile ${number}`, appearance: [0, 1, 2, 3, 4], seen });
  }
  return people;
}

test('a search finds people whatever their accents and capitals', async () => {
  const ada = await stage.enter('Ada');
  await stage.enter('Zoé');
  await stage.enter('Łukasz');
  await online(ada, 'Zoé');
  await online(ada, 'Łukasz');
  const search = ada.getByRole('searchbox', { name: 'Search by name', exact: true });
  await search.fill('zoe');
  await listed(ada, ['Zoé']);
  await search.fill('LUK');
  await listed(ada, ['Łukasz']);
  await search.fill('nobody');
  await ada.getByText('Nobody of that name.').waitFor();
  await search.fill('');
  await eventually('both are listed', async () => (await names(ada)).length === 2);
});

test('one walks to somebody by a press', async () => {
  const [ada, bob] = [await stage.enter('Ada', { spawn: 'library' }), await stage.enter('Bob', { spawn: 'lounge' })];
  await online(ada, 'Bob');
  await personRow(ada, 'Bob');
  await button(ada, 'Walk to Bob').click();
  const there = (await snapshot(bob)).self;
  await until(ada, 'Ada stands beside Bob', ({ self }) => !self.is_moving && distance(self, there) < 1.5);
  // And not before him.
  assert.ok(distance((await snapshot(ada)).self, there) >= 0.7, 'expected both to be seen');
});

test('rooms say how many are in them, and one walks into one by a press', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob', { spawn: 'lounge' })];
  await online(ada, 'Bob');
  await peopleList(ada);
  await button(ada, 'Rooms').click();
  const room = (name) => ada.getByRole('list', { name: 'Rooms', exact: true }).getByRole('listitem').filter({ hasText: name });
  await room('Lounge').getByText('1 person', { exact: true }).waitFor();
  await room('Classroom A').getByText('empty', { exact: true }).waitFor();
  assert.equal(await room('').count(), 7);

  await button(ada, 'Walk to Lounge').click();
  await until(ada, 'Ada is in the lounge', ({ self }) => !self.is_moving && isInRoom('lounge', self));
  const there = (await snapshot(bob)).self;
  assert.ok(distance((await snapshot(ada)).self, there) >= 0.7, 'expected both to be seen');
  await room('Lounge').getByText('2 people · you are here', { exact: true }).waitFor();
  assert.equal(await button(ada, 'Walk to Lounge').isVisible(), false);

  await ada.getByRole('searchbox', { name: 'Search by name', exact: true }).fill('meeting');
  await eventually('the meeting rooms are left', async () => (await room('').count()) === 3);
});

test('somebody who waves is marked and heard, but makes no sound for whoever does not want to be disturbed', async () => {
  const ada = await stage.person();
  const notes = await countNotes(ada);
  await enter(ada, 'Ada');
  const bob = await stage.enter('Bob');
  await online(bob, 'Ada');
  await online(ada, 'Bob');

  const wave = async () => {
    await openPerson(bob, 'Ada');
    await button(bob, 'Wave at Ada').click();
    await bob.getByText('You waved at Ada.').waitFor();
    await (await personRow(ada, 'Bob')).getByText('waves at you').waitFor();
  };
  await wave();
  await eventually('a chime was played', async () => (await notes()) > 0);
  await (await personRow(ada, 'Bob')).getByText('waves at you').waitFor({ state: 'detached' });

  await openSettings(ada);
  await ada.getByRole('radio', { name: 'do not disturb', exact: true }).check();
  await until(bob, 'Bob is told', (snapshot) => other(snapshot, 'Ada').status === 'do_not_disturb');
  const before = await notes();
  await wave();
  assert.equal(await notes(), before, 'expected the wave to make no sound');
});

test('nothing comes through from somebody who is blocked, until they are not any more', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  await online(bob, 'Ada');
  await online(ada, 'Bob');
  await openPerson(ada, 'Bob');
  await button(ada, 'Block Bob').click();
  await (await personRow(ada, 'Bob')).getByText(/^blocked ·/).waitFor();
  assert.equal(await button(ada, 'Wave at Bob').isVisible(), false, 'expected no waving at somebody who is blocked');

  // Whatever Bob's page says of a block would tell him.
  const wave = async () => {
    await openPerson(bob, 'Ada');
    await button(bob, 'Wave at Ada').click();
    await bob.getByText('You waved at Ada.').waitFor();
  };
  const renamed = async (name) => {
    await openSettings(bob);
    await bob.getByRole('textbox', { name: 'Your name', exact: true }).fill(name);
    await bob.keyboard.press('Enter');
    await online(ada, name);
  };
  const waves = (name) => personRow(ada, name).then((row) => row.getByText('waves at you'));
  await wave();
  // The relay hands on in order: what was to come has come with the name.
  await renamed('Robert');
  assert.equal(await (await waves('Robert')).count(), 0, 'expected no wave from somebody who is blocked');

  await button(ada, 'Unblock Robert').click();
  await wave();
  await (await waves('Robert')).waitFor();
});

test('somebody who was met is remembered, and called by a new name as soon as they are seen again', async () => {
  const ada = await stage.enter('Ada');
  const bob = await stage.enter('Bob');
  await online(ada, 'Bob');
  await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
  // The address would bring the names of now back.
  await Promise.all([ada, bob].map((page) => page.goto('about:blank')));

  await enter(ada, 'Ada');
  await listed(ada, ['Bob']);
  await (await personRow(ada, 'Bob')).getByText(/just left|seen/).waitFor();
  assert.equal(await button(ada, 'Walk to Bob').isVisible(), false);

  await enter(bob, 'Robert');
  await online(ada, 'Robert');
  await listed(ada, ['Robert']);
  await bob.goto('about:blank');
  await until(ada, 'Robert has left', ({ participants }) => participants.every(({ online }) => !online));
  await ada.reload();
  await until(ada, 'Ada is in again', isIn);
  await listed(ada, ['Robert']);
});

test('of a thousand people one met the latest are listed, more when asked for, and all are found', async () => {
  const ada = await stage.person();
  await ada.addInitScript((people) => {
    for (const [key, value] of Object.entries(people)) localStorage.setItem(key, value);
  }, remembering(1000));
  await enter(ada, 'Ada');
  await stage.enter('Bob');
  await online(ada, 'Bob');
  await eventually('fifty and Bob are listed', async () => (await names(ada)).length === 51);
  const [first, second, third] = await names(ada);
  assert.deepEqual([first, second, third], ['Bob', 'Émile 0', 'Émile 1']);
  await (await personRow(ada, 'Émile 0')).getByText('seen yesterday').waitFor();

  await button(ada, 'Show 50 more').click();
  await eventually('fifty more are listed', async () => (await names(ada)).length === 101);
  const search = ada.getByRole('searchbox', { name: 'Search by name', exact: true });
  await search.fill('emile 999');
  await listed(ada, ['Émile 999']);
});

test('looking for somebody lasts until one moves', async () => {
  const [ada, bob] = [await stage.enter('Ada', { world: true }), await stage.enter('Bob', { spawn: 'lounge' })];
  await until(bob, 'Bob is in', isIn);
  await online(ada, 'Bob');
  await openPerson(ada, 'Bob');
  const find = button(ada, 'Find Bob');
  const isPressed = (pressed) =>
    eventually(`Find is ${pressed ? '' : 'not '}pressed`, async () => (await find.getAttribute('aria-pressed')) === String(pressed));
  await find.click();
  await isPressed(true);
  await ada.locator('#world').focus();
  await hold(ada, 'ArrowRight', () => until(ada, 'Ada walks', ({ self }) => self.is_moving));
  await isPressed(false);
});

test('on a phone the panel makes room for whom one looks for', async () => {
  const ada = await stage.enter('Ada', { world: true, ...PHONE });
  await stage.enter('Bob', { spawn: 'lounge' });
  await online(ada, 'Bob');
  await openPerson(ada, 'Bob');
  await button(ada, 'Find Bob').click();
  await ada.getByRole('complementary', { name: 'People', exact: true }).waitFor({ state: 'detached' });
  await eventually('the world has the keyboard', () => ada.evaluate(() => document.activeElement.id === 'world'));
});

test('an emote is chosen by mouse or by key, and is seen beside the name for a moment', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  await online(ada, 'Bob');
  await online(bob, 'Ada');
  await button(bob, 'React').click();
  await bob.getByRole('group', { name: 'React', exact: true }).getByRole('button', { name: 'heart', exact: true }).click();
  const row = await personRow(ada, 'Bob');
  const shown = (name) => row.getByRole('img', { name, exact: true });
  await shown('heart').waitFor();
  await shown('heart').waitFor({ state: 'detached' });

  await button(bob, 'React').focus();
  await bob.keyboard.press('Enter');
  await hasKeyboard(bob, 'waving hand');
  await bob.keyboard.press('8');
  await shown('confetti').waitFor();
  await hasKeyboard(bob, 'React');

  const choices = bob.getByRole('group', { name: 'React', exact: true });
  for (const close of [() => bob.keyboard.press('Escape'), () => bob.getByRole('heading', { name: 'People' }).click()]) {
    await button(bob, 'React').click();
    await choices.waitFor();
    await close();
    await choices.waitFor({ state: 'detached' });
  }
});

test('who goes in without the world has the keyboard in the list of people', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ada');
  await ada.keyboard.press('Enter');
  await until(ada, 'Ada is in', isIn);
  await hasKeyboard(ada, 'Search by name');
  await openSettings(ada);
  await ada.keyboard.press('Escape');
  await hasKeyboard(ada, 'Search by name');
});

test('what is kept of people is their name and look, and nothing is kept of oneself as of another', async () => {
  const [ada, bob] = [await stage.enter('Ada'), await stage.enter('Bob')];
  await online(ada, 'Bob');
  const { self } = await snapshot(bob);
  const own = (await snapshot(ada)).self.user_id;
  const keys = await eventually('Bob is kept', async () => {
    const keys = Object.keys(await kept(ada)).filter((key) => key.startsWith('classroom.person.'));
    return keys.length > 0 && keys;
  });
  assert.deepEqual(keys, [`classroom.person.${self.user_id}`]);
  assert.notEqual(self.user_id, own);
});
