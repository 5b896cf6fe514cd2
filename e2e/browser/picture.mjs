// Looks at the picture of the world itself.

import assert from 'node:assert/strict';

import { eventually } from './browser.mjs';

/** The world covers the view, and is not stretched. */
export async function assertFilled(page) {
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
export async function assertSharp(page) {
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
