// Whom one sees large: a screen that can be read, and a picture in a window of its own or over the whole screen.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually } from './browser.mjs';
import { FAKE_DEVICES, caller, connected, grows, toggle } from './calls.mjs';
import { button, hasKeyboard } from './panels.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

/** Where there is room for a stage. */
const LARGE = { viewport: { width: 1280, height: 720 } };

/** The place of the screen among the lines of a call. */
const SCREEN = '2';

/** A screen that is not read is sent at most so wide. */
const SMALL = 480;

test('a shared screen comes as large as it is captured while it is on stage, and small otherwise', async () => {
  const [ada, bob] = [await caller(stage, 'Ada', 0, LARGE), await caller(stage, 'Bob')];
  await connected(ada, 'Bob');
  await toggle(bob, 'Share screen', true);
  const staged = ada.getByRole('region', { name: 'Bob\'s screen', exact: true });
  await staged.waitFor();
  const captured = await eventually('the screen is captured', () => screenSize(bob, 'outbound-rtp'));
  assert.ok(captured.width > SMALL, `expected a screen to read, was ${JSON.stringify(captured)}`);
  let last;
  const size = async () => (last = await screenSize(ada, 'inbound-rtp'));
  const isWhole = async () => (await size())?.width === captured.width && last.height === captured.height;
  const detail = () => `${JSON.stringify(last)} of ${JSON.stringify(captured)}`;
  await eventually('every pixel of it comes', isWhole, { detail });
  await grows(ada, 'framesDecoded');

  await button(ada, 'Make small').click();
  await staged.waitFor({ state: 'detached' });
  await eventually('it comes small', async () => (await size()).width <= SMALL, { detail });
  await button(ada, 'Enlarge the screen of Bob').click();
  await staged.waitFor();
  await eventually('every pixel of it comes again', isWhole, { detail });
});

test('a tile is enlarged by a press and back, in a window of its own, and over the whole screen', async () => {
  const [ada, bob] = [await caller(stage, 'Ada', 0, LARGE), await caller(stage, 'Bob')];
  await connected(ada, 'Bob');
  await toggle(bob, 'Camera', true);
  await grows(ada, 'framesDecoded');
  const [tile, large] = [button(ada, 'Enlarge Bob'), ada.getByRole('region', { name: 'Bob', exact: true })];
  const isLarge = async (is_large) => {
    await large.waitFor({ state: is_large ? 'visible' : 'detached' });
    assert.equal(await tile.getAttribute('aria-pressed'), String(is_large));
  };
  await tile.click();
  await isLarge(true);
  await hasKeyboard(ada, 'Bob');
  await tile.click();
  await isLarge(false);
  await tile.click();
  await isLarge(true);
  const video = large.locator('video');
  await eventually('the large picture goes on', () => video.evaluate((video) => video.videoWidth > 0 && !video.paused));

  for (const [name, element, shown] of [
    ['Picture in picture', video, 'pictureInPictureElement'],
    ['Full screen', large, 'fullscreenElement'],
  ]) {
    const is = (own) => element.evaluate((element, [shown, own]) => document[shown] === (own ? element : null), [shown, own]);
    assert.ok(await is(false));
    await button(ada, name).click();
    await eventually(`${name} is on`, () => is(true));
    await button(ada, name).click();
    await eventually(`${name} is off`, () => is(false));
  }

  await button(ada, 'Make small').click();
  await isLarge(false);
  await hasKeyboard(ada, 'Enlarge Bob');
});

/** The size of the screen as a page captures it, or as it arrives there: that of the line's pictures. */
function screenSize(page, way) {
  return page.evaluate(
    async ([way, screen]) => {
      for (const connection of window.everyConnection) {
        const stats = connection.connectionState === 'connected' ? await connection.getStats() : new Map();
        for (const line of stats.values()) {
          if (line.type !== way || line.mid !== screen) continue;
          const { width, height } = stats.get(line.mediaSourceId) ?? { width: line.frameWidth, height: line.frameHeight };
          if (width) return { width, height };
        }
      }
      return null;
    },
    [way, SCREEN],
  );
}
