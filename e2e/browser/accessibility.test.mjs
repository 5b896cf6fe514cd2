// What assistive technology meets: a checker that others maintain finds nothing serious anywhere, and the way from the
// lobby to an answered message needs no mouse.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import axe from 'axe-core';

import { isIn, other, until } from './browser.mjs';
import { FAKE_DEVICES, connected, toggle } from './calls.mjs';
import { button, hasKeyboard, openPerson, openSettings, tabTo } from './panels.mjs';
import { enter, openStage, peopleList } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

const SCREENS = {
  desktop: { viewport: { width: 1280, height: 720 } },
  phone: { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
};

/** Everything that the checker knows of the guidelines' levels A and AA, and what it calls good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

async function assertAccessible(page, where) {
  await page.evaluate(axe.source);
  // The checker takes everything in a body without height for cut off, and in the world nothing there has any.
  await page.evaluate(() => (document.body.style.minHeight = '100vh'));
  const found = await page.evaluate(async (tags) => {
    const { violations, passes } = await window.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    const readable = passes.find(({ id }) => id === 'color-contrast')?.nodes.length ?? 0;
    if (readable < 5) throw new Error(`expected the checker to see texts, and not ${readable}`);
    return violations.flatMap(({ id, impact, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, impact, help, html: html.slice(0, 160), failureSummary })),
    );
  }, TAGS);
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(serious, [], `${where}: expected nothing serious`);
}

/** Buttons and boxes that are smaller than a finger, but for the dots of a look: the steps beside them do the same. */
async function assertLargeEnough(page, where) {
  const small = await page.evaluate(() => {
    const controls = document.querySelectorAll('button, input:not(.dots input, [type="radio"], [type="checkbox"]), textarea, label.choice');
    return [...controls]
      .map((control) => ({ control, box: control.getBoundingClientRect() }))
      .filter(({ control, box }) => box.width > 0 && box.height > 0 && control.checkVisibility())
      .filter(({ box }) => Math.min(box.width, box.height) < 43.5)
      .map(({ control, box }) => `${control.getAttribute('aria-label') ?? control.innerText ?? control.id}: ${box.width} × ${box.height}`);
  });
  assert.deepEqual(small, [], `${where}: expected everything to be as large as a finger`);
}

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const world of [true, false]) {
    const where = `${screen} ${world ? 'with' : 'without'} the world`;
    test(`nothing serious is found on ${where}`, async () => {
      const bob = await stage.enter('Bob');
      const ada = await stage.person(options);
      const check = async (part) => {
        await assertAccessible(ada, `${part}, ${where}`);
        if (options.hasTouch) await assertLargeEnough(ada, `${part}, ${where}`);
      };
      await ada.goto(world ? '/' : '/?world=off');
      await button(ada, 'Enter').waitFor();
      await check('lobby');

      await enter(ada, 'Ada', { world });
      await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));
      await until(bob, 'Bob sees Ada', (snapshot) => other(snapshot, 'Ada'));
      if (world) await check('world');

      await connected(ada, 'Bob');
      await toggle(bob, 'Camera', true);
      await check('somebody near');
      await toggle(bob, 'Share screen', true);
      await button(ada, 'Make small').waitFor();
      await check('a screen');
      await toggle(bob, 'Share screen', false);
      await button(ada, 'Make small').waitFor({ state: 'detached' });

      await peopleList(ada);
      await check('people');
      await openPerson(ada, 'Bob');
      await check('a person');

      await button(ada, 'Message Bob').click();
      await ada.getByRole('textbox', { name: 'Message', exact: true }).fill('Hello');
      await button(ada, 'Send').click();
      await ada.getByRole('log', { name: 'Messages', exact: true }).getByText('Hello').waitFor();
      await check('a conversation');
      await ada.keyboard.press('Escape');
      await button(ada, 'Chat').click();
      await check('conversations');

      await openSettings(ada);
      await check('settings');
      await button(ada, 'Show my key').click();
      await button(ada, 'Bring in a key').click();
      await button(ada, 'Forget me').click();
      await check('settings with everything open');

      await button(ada, 'React').click();
      await check('emotes');
    });
  }
}

test('from the lobby to an answered message by keyboard alone', async () => {
  const [ada, bob] = [await stage.person(), await stage.person()];
  for (const [page, name] of [[ada, 'Ada'], [bob, 'Bob']]) {
    await page.goto('/?world=off');
    await hasKeyboard(page, 'Your name');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await until(page, `${name} is in`, isIn);
    await hasKeyboard(page, 'Search by name');
  }
  await until(ada, 'Ada sees Bob', (snapshot) => other(snapshot, 'Bob'));

  await tabTo(ada, 'Message Bob');
  await ada.keyboard.press('Enter');
  await hasKeyboard(ada, 'Message');
  await ada.keyboard.type('Are you there?');
  await ada.keyboard.press('Enter');

  const direct = ({ chat }) => chat.conversations.find(({ kind }) => kind === 'direct');
  await until(bob, 'Bob has the message', (snapshot) => direct(snapshot)?.messages.at(-1)?.text === 'Are you there?');
  await tabTo(bob, 'Message Ada');
  await bob.keyboard.press('Enter');
  await hasKeyboard(bob, 'Message');
  await bob.keyboard.type('Yes, I am.');
  await bob.keyboard.press('Enter');
  await until(ada, 'Ada has the answer', (snapshot) => direct(snapshot)?.messages.at(-1)?.text === 'Yes, I am.');
  await ada.getByRole('log', { name: 'Messages', exact: true }).getByText('Yes, I am.').waitFor();
});
