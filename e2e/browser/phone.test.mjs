// The classroom on a phone: thumbs walk, and nothing lies on top of anything else.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, snapshot, until } from './browser.mjs';
import { Finger } from './fingers.mjs';
import { assertApart, controls } from './layout.mjs';
import { assertFilled, assertSharp } from './picture.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ ratio: 2 });

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

const stands = ({ self }) => !self.is_moving;

const enter = () => stage.enter('Ada', { world: true, ...PHONE });

for (const [how, [width, height]] of Object.entries({ upright: [390, 844], sideways: [844, 390] })) {
  test(`the world fills a phone held ${how}, with square pixels`, async () => {
    const ada = await stage.enter('Ada', { world: true, ...PHONE, viewport: { width, height } });
    await assertFilled(ada);
    await assertSharp(ada);
  });
}

test('the thumb stick walks while it is held to a side', async () => {
  const ada = await enter();
  const stick = await ada.getByRole('application', { name: /thumb stick/i }).boundingBox();
  const middle = { x: stick.x + stick.width / 2, y: stick.y + stick.height / 2 };
  const thumb = await Finger.of(ada);
  await thumb.down(middle);
  await thumb.to({ x: middle.x + stick.width / 2, y: middle.y });
  await until(ada, 'one walks to the right', ({ self }) => self.is_moving && self.direction === 'right');
  await thumb.to({ x: middle.x, y: middle.y + stick.height / 2 });
  await until(ada, 'one walks down', ({ self }) => self.is_moving && self.direction === 'down');
  await thumb.up();
  await until(ada, 'letting go stops', stands);
});

test('a tap on the ground walks there', async () => {
  const ada = await enter();
  const { self: before } = await snapshot(ada);
  await ada.touchscreen.tap(PHONE.viewport.width / 2 + 100, PHONE.viewport.height / 2);
  await until(ada, 'one walks', ({ self }) => self.is_moving);
  const { self: after } = await until(ada, 'one arrives', stands);
  assert.ok(after.x - before.x > 0.5, `expected a walk to the right, was ${JSON.stringify({ before, after })}`);
});

test('no control lies on another or off the screen', async () => {
  const ada = await enter();
  await assertApart(ada);
  for (const panel of ['People']) {
    const button = ada.getByRole('button', { name: panel, exact: true });
    await button.click();
    await eventually(`${panel} is open`, async () => (await controls(ada)).length > 0);
    await assertApart(ada, panel);
    // On a phone a panel may cover the button that opened it; then it has one of its own to close it.
    const close = ada.getByRole('button', { name: /^close/i });
    await ((await close.count()) ? close.first() : button).click();
  }
});

test('the lobby fits a phone', async () => {
  const ada = await stage.person(PHONE);
  await ada.goto('/');
  await ada.getByRole('button', { name: 'Enter', exact: true }).waitFor();
  await assertApart(ada, 'the lobby');
  const overflow = await ada.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `expected nothing to scroll sideways, ${overflow} pixels stick out`);
});

test('the way in is in sight on a small phone, and all there is to choose can be scrolled to', async () => {
  const ada = await stage.person({ ...PHONE, viewport: { width: 360, height: 560 } });
  await ada.goto('/');
  const enter = ada.getByRole('button', { name: 'Enter', exact: true });
  await enter.waitFor();
  await assertApart(ada, 'the lobby');
  const isInSight = async () => {
    const { y, height } = await enter.boundingBox();
    return y >= 0 && y + height <= 560;
  };
  assert.ok(await isInSight());
  const last = ada.getByRole('checkbox', { name: /shared computer/i });
  await last.scrollIntoViewIfNeeded();
  await last.check();
  assert.ok(await isInSight());
  await ada.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ada');
  await enter.tap();
  await until(ada, 'Ada is in', isIn);
});
