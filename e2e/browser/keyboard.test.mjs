// Walking by keyboard: every kind of keyboard, no stuck keys, and never while typing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, snapshot, until } from './browser.mjs';
import { FRENCH, ForeignKeyboard, hold } from './keys.mjs';
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
  const { self: before } = await snapshot(ada);
  // The name can be changed under settings; any text box will do, and this is the one that everybody has.
  await ada.getByRole('button', { name: 'Settings', exact: true }).click();
  const box = ada.getByRole('textbox', { name: 'Your name', exact: true });
  await box.click();
  await box.press('End');
  await ada.keyboard.type('wasdzq');
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight']) await ada.keyboard.press(key, { delay: 60 });
  await hold(ada, 'd', async () => {
    // A walk that began would be told at once; the box shows the letter when the key has had its effect.
    await ada.waitForFunction((box) => /d/.test(box.value.slice(3)), await box.elementHandle(), { polling: 50 });
    const { self: after } = await snapshot(ada);
    assert.equal(after.is_moving, false, 'expected that typing does not walk');
    assert.ok(distance(before, after) < 0.01, `expected nobody to move, was ${JSON.stringify({ before, after })}`);
  });
});
