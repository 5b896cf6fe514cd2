// Walking by keyboard: every kind of keyboard, no stuck keys, and never while typing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from './browser.mjs';
import { FRENCH, ForeignKeyboard, hold } from './keys.mjs';
import { record, recorded } from './record.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const heads = (direction) => ({ self }) => self.is_moving && self.direction === direction;
const stands = ({ self }) => !self.is_moving;

test('arrows and WASD walk', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const keys = {
    ArrowRight: 'right',
    ArrowLeft: 'left',
    ArrowDown: 'down',
    ArrowUp: 'up',
    d: 'right',
    a: 'left',
    s: 'down',
    w: 'up',
  };
  for (const [key, direction] of Object.entries(keys)) {
    await hold(ada, key, () => until(ada, `one walks ${direction} by ${key}`, heads(direction)));
    await until(ada, `letting ${key} go stops`, stands);
  }
});

test('ZQSD on a French keyboard walks', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const keyboard = await ForeignKeyboard.of(ada);
  for (const direction of ['right', 'left', 'down', 'up']) {
    const key = FRENCH[direction];
    await keyboard.down(key);
    await until(ada, `one walks ${direction} by ${key.key}`, heads(direction));
    await keyboard.up(key);
    await until(ada, `letting ${key.key} go stops`, stands);
  }
});

test('the last key wins, and letting it go gives way to the one still held', async () => {
  const ada = await stage.enter('Ada', { world: true });
  await hold(ada, 'ArrowRight', async () => {
    await until(ada, 'the first key walks', heads('right'));
    await hold(ada, 'ArrowDown', () => until(ada, 'the second key turns', heads('down')));
    await until(ada, 'the first key, still held, walks again', heads('right'));
  });
  await until(ada, 'no key is held any more', stands);
});

test('keys are let go when the window loses the focus', async () => {
  const ada = await stage.enter('Ada', { world: true });
  await hold(ada, 'ArrowRight', async () => {
    await until(ada, 'the key walks', heads('right'));
    // What a browser does when another window comes in front while a key is down: no key-up ever comes.
    await ada.evaluate(() => {
      document.activeElement?.blur();
      window.dispatchEvent(new Event('blur'));
    });
    await until(ada, 'without the focus one stands', stands);
  });
});

test('typing in a text box does not walk', async () => {
  const ada = await stage.enter('Ada', { world: true });
  // A box of the test's own: whichever boxes the page has today, what is typed into one is no walking.
  await ada.evaluate(() => {
    const box = document.createElement('textarea');
    box.setAttribute('aria-label', 'Test');
    document.getElementById('ui').append(box);
    box.focus();
  });
  const box = ada.getByRole('textbox', { name: 'Test', exact: true });
  await record(ada);
  await ada.keyboard.type('wasdzq', { delay: 60 });
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown']) await ada.keyboard.press(key, { delay: 60 });
  assert.equal(await box.inputValue(), 'wasdzq');
  const moving = (await recorded(ada)).find(({ self }) => self.is_moving);
  assert.equal(moving, undefined, 'expected that typing does not walk');

  // The same keys walk as soon as the world has the keyboard: so this test would have seen it.
  await ada.locator('#world').focus();
  await hold(ada, 'd', () => until(ada, 'one walks again', heads('right')));
});
