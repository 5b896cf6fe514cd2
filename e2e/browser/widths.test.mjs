// From the width of a tablet held upright to that of a desk's screen there is no width at which controls run into one
// another: with the longest name, in each language, with one's own picture, with and without a thumb stick.

import { test } from 'node:test';

import { until } from './browser.mjs';
import { FAKE_DEVICES } from './calls.mjs';
import { assertApart } from './layout.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage({ flags: FAKE_DEVICES });

/** On both sides of every width at which something moves. */
const WIDTHS = [600, 840, 899, 900, 1024, 1060, 1240, 1280, 1400];
const HEIGHT = 640;
const LONGEST = 'Maximiliana Longbottom-S';

for (const [how, locale, hasTouch] of [
  ['in English', 'en', false],
  ['in French', 'fr', false],
  ['with a thumb stick', 'en', true],
]) {
  test(`controls keep apart at every width, ${how}`, async () => {
    const ada = await stage.enter(LONGEST, { world: true, locale, hasTouch, viewport: { width: WIDTHS[0], height: HEIGHT } });
    await ada.keyboard.press('v');
    await until(ada, 'the camera is on', ({ media }) => media.camera);
    for (const width of WIDTHS) {
      await ada.setViewportSize({ width, height: HEIGHT });
      await assertApart(ada, `${width} pixels wide`);
    }
  });
}
