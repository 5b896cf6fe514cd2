// The classroom on a phone: thumbs walk, and nothing lies on top of anything else.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, snapshot, until } from './browser.mjs';
import { Finger } from './fingers.mjs';
import { assertFilled, assertSharp } from './picture.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ ratio: 2 });

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const ROLES = ['button', 'textbox', 'status', 'combobox', 'slider', 'checkbox', 'switch'];

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

/** All controls that a finger could reach now: with name, box, and the controls around them. */
async function controls(page) {
  const found = [];
  for (const role of ROLES) {
    for (const control of await page.getByRole(role).all()) {
      const box = await control.boundingBox();
      if (!box || !box.width || !box.height) continue;
      const seen = await control.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const top = document.elementFromPoint(x + width / 2, y + height / 2);
        const name = element.getAttribute('aria-label') ?? (element.innerText || element.id);
        return { name, onTop: !top || element.contains(top) || top.contains(element), scrolls: isScrolledAway(element) };

        // What is further down in a list that scrolls is not on the screen, and need not be.
        function isScrolledAway(element) {
          for (let around = element.parentElement; around; around = around.parentElement) {
            const frame = around.getBoundingClientRect();
            const scrolls = around.scrollHeight > around.clientHeight && getComputedStyle(around).overflowY !== 'visible';
            if (scrolls && (y + height > frame.bottom || y < frame.top)) return true;
          }
          return false;
        }
      });
      if (!seen.scrolls) found.push({ role, ...seen, ...box });
    }
  }
  return found;
}

async function assertApart(page, where = 'the world') {
  const found = await controls(page);
  const { width, height } = PHONE.viewport;
  const named = ({ role, name }) => `${role} “${String(name).trim().slice(0, 30)}”`;
  const off = found.filter(({ x, y, width: w, height: h }) => x < -1 || y < -1 || x + w > width + 1 || y + h > height + 1);
  assert.deepEqual(off.map(named), [], `${where}: expected everything on the screen`);
  const inReach = found.filter(({ onTop }) => onTop);
  const clashes = inReach.flatMap((a, index) =>
    inReach.slice(index + 1).filter((b) => overlaps(a, b)).map((b) => `${named(a)} and ${named(b)}`),
  );
  assert.deepEqual(clashes, [], `${where}: expected no two controls on top of one another`);
}

function overlaps(a, b) {
  const inside = (c, d) => c.x >= d.x - 1 && c.y >= d.y - 1 && c.x + c.width <= d.x + d.width + 1 && c.y + c.height <= d.y + d.height + 1;
  // A box that lies wholly in another belongs to it, as a button in a text box does.
  if (inside(a, b) || inside(b, a)) return false;
  return a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height;
}
