// The world fills the view, whatever its size, and its pixels stay square.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, until } from './browser.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const VIEWS = {
  'a small window': { viewport: { width: 640, height: 400 } },
  'a laptop': { viewport: { width: 1280, height: 720 } },
  'a phone held upright': { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  'a phone held sideways': { viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

for (const [what, options] of Object.entries(VIEWS)) {
  test(`the world fills ${what}, with square pixels`, async () => {
    const ada = await stage.enter('Ada', { world: true, ...options });
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

async function assertFilled(page) {
  let seen;
  const look = async () => {
    seen = await page.locator('#world').evaluate((world) => {
      const { left, top, right, bottom, width, height } = world.getBoundingClientRect();
      const ratio = (width / world.width) / (height / world.height);
      return { left, top, right, bottom, ratio, view: [window.innerWidth, window.innerHeight], buffer: [world.width, world.height] };
    });
    const [width, height] = seen.view;
    // An art pixel may stick out at the right and at the bottom, and one may be cut in what it is made of.
    const fills = seen.left <= 0 && seen.top <= 0 && seen.right >= width - 1 && seen.bottom >= height - 1;
    const sticksOut = seen.left < -1 || seen.top < -1 || seen.right > width + 20 || seen.bottom > height + 20;
    return fills && !sticksOut && Math.abs(seen.ratio - 1) < 0.03;
  };
  await eventually('the world fills the view', look, { within: 10_000, detail: () => JSON.stringify(seen) });
  assert.ok(seen.buffer.every((side) => side > 1), `expected a picture, had ${seen.buffer}`);
}

/** A pixel of the art takes as many pixels of the screen as the page zooms by: not twice as many, and sharply so. */
async function assertSharp(page) {
  const zoom = await page.locator('#stage').evaluate((stage) => {
    for (const id of ['ui', 'name-tags']) document.getElementById(id).style.display = 'none';
    document.activeElement?.blur();
    return new DOMMatrix(getComputedStyle(stage).transform).a;
  });
  const picture = (await page.screenshot()).toString('base64');
  const narrowest = await page.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    const colours = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    let narrowest = width;
    for (let y = 0; y < height; y += 7) {
      // What begins or ends at the edge of the picture may be cut.
      let since = null;
      for (let x = 1; x < width; x += 1) {
        if (colours[y * width + x] === colours[y * width + x - 1]) continue;
        if (since !== null) narrowest = Math.min(narrowest, x - since);
        since = x;
      }
    }
    return narrowest;
  }, picture);
  assert.equal(narrowest, zoom, 'expected the narrowest thing in the picture to be one pixel of the art');
}
