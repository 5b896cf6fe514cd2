// The world fills the view, whatever its size, and its pixels stay square. Phones are in phone.test.mjs.

import { after, test } from 'node:test';

import { openBrowser, until } from './browser.mjs';
import { assertFilled, assertSharp } from './picture.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();
const fine = await openBrowser({ ratio: 1.5 });
after(() => fine.close());

const VIEWS = {
  'a small window': { viewport: { width: 640, height: 400 } },
  'a laptop': { viewport: { width: 1280, height: 720 } },
};

for (const [what, options] of Object.entries(VIEWS)) {
  test(`the world fills ${what}, with square pixels`, async () => {
    const ada = await stage.enter('Ada', { world: true, ...options });
    await assertFilled(ada);
    await assertSharp(ada);
  });
}

// As Windows proposes for many laptops: no whole number of pixels of the screen to one of the style sheet.
for (const [width, height] of [[640, 400], [1280, 720], [853, 481]]) {
  test(`the world fills a window of ${width} by ${height} on a screen of ratio 1.5, with square pixels`, async () => {
    const screen = { browser: fine, viewport: { width, height }, deviceScaleFactor: 1.5 };
    const ada = await stage.enter('Ada', { world: true, ...screen });
    await assertFilled(ada);
    await assertSharp(ada);
  });
}

test('the world fills a window that was made larger', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const { frames } = await until(ada, 'the world is drawn', ({ frames }) => frames.drawn > 0);
  await ada.setViewportSize({ width: 900, height: 700 });
  await until(ada, 'the world is drawn anew', (now) => now.frames.drawn > frames.drawn);
  await assertFilled(ada);
});
