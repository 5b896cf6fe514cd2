// The frame around the view that says that the keyboard is there: for those who use it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './browser.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

/** Whether the view has its frame, and whether the world has the keyboard. */
const framed = (page) =>
  page.evaluate(() => ({
    focused: document.activeElement?.id === 'world',
    framed: getComputedStyle(document.getElementById('view'), '::after').boxShadow !== 'none',
  }));

test('whoever comes in without a key sees no frame; whoever tabs to the world does', async () => {
  const ada = await stage.enter('Ada', { world: true });
  assert.deepEqual(await framed(ada), { focused: true, framed: false });
  // Walking is no moving about the page.
  await ada.keyboard.press('ArrowRight');
  assert.deepEqual(await framed(ada), { focused: true, framed: false });

  await ada.keyboard.press('Tab');
  assert.equal((await framed(ada)).focused, false, 'expected the keyboard to go on to the panels');
  await ada.keyboard.press('Shift+Tab');
  await eventually('the frame is there', async () => {
    const { focused, framed: isFramed } = await framed(ada);
    return focused && isFramed;
  });

  await ada.mouse.click(320, 200);
  assert.deepEqual(await framed(ada), { focused: true, framed: false });
});
