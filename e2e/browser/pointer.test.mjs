// Walking by a click: it finds the way, and keys take over at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { distance, eventually, snapshot, until, walkTo } from './browser.mjs';
import { isIn, spawns } from './map.mjs';
import { hold } from './keys.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

/** Inside the great door, before that of the classroom. */
const HALL = { x: 30, y: 35 };

const stands = ({ self }) => !self.is_moving;

test('a click on the ground walks there', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const { self: before } = await snapshot(ada);
  const canvas = await ada.locator('canvas').first().boundingBox();
  // One stands in the middle of the view; some two to five tiles to the right of it, whatever the zoom.
  await ada.mouse.click(canvas.x + canvas.width / 2 + 150, canvas.y + canvas.height / 2);
  await until(ada, 'one walks', ({ self }) => self.is_moving);
  const { self: after } = await until(ada, 'one arrives', stands);
  const way = { x: after.x - before.x, y: after.y - before.y };
  assert.ok(way.x > 1.5 && way.x < 6 && Math.abs(way.y) < 1.5, `expected a walk to the right, was ${JSON.stringify(way)}`);
});

/** Clicks on the ground at a place in tiles, with the mouse, and waits until one stands there. */
async function clickOn(page, place) {
  const { self } = await until(page, 'one stands', stands);
  const at = await page.evaluate(
    ([x, y]) => {
      const zoom = new DOMMatrix(getComputedStyle(document.getElementById('stage')).transform).a;
      const { left, top, width, height } = document.getElementById('view').getBoundingClientRect();
      // The middle of the view is the middle of one's body, three quarters of a tile above the feet.
      const at = { x: left + width / 2 + x * 16 * zoom, y: top + height / 2 + (y + 0.75) * 16 * zoom };
      return { ...at, isGround: document.elementFromPoint(at.x, at.y)?.id === 'world' };
    },
    [place.x - self.x, place.y - self.y],
  );
  assert.ok(at.isGround, `expected to see the ground at ${at.x}, ${at.y}`);
  await page.mouse.click(at.x, at.y);
  const near = (now) => stands(now) && distance(now.self, place) < 1;
  return until(page, `one arrives at ${place.x}, ${place.y}`, near);
}

test('clicks lead from the courtyard into a classroom', async () => {
  const ada = await stage.enter('Ada', { world: true });
  // Zoomed out as far as it goes, the hall is in sight from the courtyard, and from there the classroom.
  const zoom = () => ada.locator('#stage').evaluate((stage) => new DOMMatrix(getComputedStyle(stage).transform).a);
  await ada.mouse.move(320, 200);
  await eventually('the view is zoomed out', async () => {
    if ((await zoom()) === 1) return true;
    await ada.mouse.wheel(0, 100);
    return false;
  });
  await clickOn(ada, HALL);
  const { self } = await clickOn(ada, spawns['classroom-a']);
  assert.ok(isIn('classroom-a', self), `expected to be in the classroom, was at ${self.x}, ${self.y}`);
  assert.equal(self.room, 'classroom-a');
});

// The way from the courtyard into the classroom leads up, left and right, and never down.
for (const key of ['ArrowDown', 'Escape']) {
  test(`${key} ends a walk that a click began`, async () => {
    const ada = await stage.enter('Ada', { world: true });
    await walkTo(ada, spawns['classroom-a']);
    await until(ada, 'one walks', ({ self }) => self.is_moving);
    const turned = ({ self }) => !self.is_moving || self.direction === 'down';
    await hold(ada, key, () => until(ada, `${key} is obeyed`, turned));
    const { self } = await until(ada, 'one stands', stands);
    const left = distance(self, spawns['classroom-a']);
    assert.ok(left > 5, `expected the walk to end on the way, was ${left} tiles from its end`);
  });
}

test('a key tapped between two frames ends a walk that a click began', async () => {
  const ada = await stage.enter('Ada', { world: true });
  await walkTo(ada, spawns['classroom-a']);
  await until(ada, 'one walks', ({ self }) => self.is_moving);
  // Both in one task of the page: however fast it draws, no frame is in between.
  await ada.locator('#world').evaluate((world) => {
    const key = { key: 'ArrowDown', code: 'ArrowDown', bubbles: true, cancelable: true };
    world.dispatchEvent(new KeyboardEvent('keydown', key));
    world.dispatchEvent(new KeyboardEvent('keyup', key));
  });
  const { self } = await until(ada, 'one stands', stands);
  const left = distance(self, spawns['classroom-a']);
  assert.ok(left > 5, `expected the walk to end on the way, was ${left} tiles from its end`);
});
