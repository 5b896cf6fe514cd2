// Names over heads: in every script, and wherever their people go.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, eventually, other, until } from './browser.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

// Kanji, and an astronaut, which is three characters that are one.
const MISAKI = '美咲 👩‍🚀';

const ART_PIXELS_PER_TILE = 16;
/** Pixels of the art from the middle of a body, which the camera follows, to the top of its head. */
const HEAD = 13;

/** In a page: remembers what is written on each canvas, for names are pictures. */
function rememberWriting() {
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    this.canvas.dataset.writing = text;
    return fillText.call(this, text, ...where);
  };
}

/** The name tags that are seen: what each says, where the middle of its lower edge is, and how much of it is letters. */
function tags(page) {
  return page.evaluate(() => {
    const zoom = new DOMMatrix(getComputedStyle(document.getElementById('stage')).transform).a;
    const all = [...document.querySelectorAll('#name-tags canvas')].map((tag) => {
      const { left, width, bottom } = tag.getBoundingClientRect();
      const pixels = new Uint32Array(tag.getContext('2d').getImageData(0, 0, tag.width, tag.height).data.buffer);
      return { says: tag.dataset.writing, x: left + width / 2, y: bottom, colours: new Set(pixels).size };
    });
    const { self, participants } = window.classroom.snapshot();
    return { zoom, all, self, participants };
  });
}

test('a name in any script is over the head of whoever has it, and goes where they go', async () => {
  const bob = await stage.person();
  await bob.addInitScript(rememberWriting);
  await bob.goto('/?name=Bob&enter');
  const misaki = await stage.enter(MISAKI);
  await until(bob, 'Bob sees her', (snapshot) => other(snapshot, MISAKI));

  const before = await meets(bob);
  const { self: from } = await until(misaki, 'she stands', ({ self }) => !self.is_moving);
  const way = recordWay(bob);
  await way.begin();
  await arriveAt(misaki, { x: from.x + 4, y: from.y });
  const after = await meets(bob);
  assert.ok(after.x - before.x > 3 * ART_PIXELS_PER_TILE, `expected the name to go with her, went from ${before.x} to ${after.x}`);
  const between = (await way.end()).filter((x) => x > before.x + 4 && x < after.x - 4);
  assert.ok(new Set(between).size >= 3, `expected to see it on its way, was at ${between}`);
});

/** Waits until both names are over the heads of those who have them; says where hers is. */
async function meets(page) {
  let seen;
  const isThere = (tag, x, y) => tag && Math.abs(tag.x - x) <= seen.zoom && Math.abs(tag.y - y) <= seen.zoom;
  const look = async () => {
    seen = await tags(page);
    const [hers, own] = [MISAKI, 'Bob'].map((name) => seen.all.find(({ says }) => says === name));
    const she = other(seen, MISAKI);
    if (!she || she.is_moving) return false;
    // The camera has oneself in the middle.
    const { width, height } = page.viewportSize();
    const [x, y] = [width / 2, height / 2 - HEAD * seen.zoom];
    const scale = ART_PIXELS_PER_TILE * seen.zoom;
    const isOver = isThere(own, x, y) && isThere(hers, x + (she.x - seen.self.x) * scale, y + (she.y - seen.self.y) * scale);
    return isOver && hers;
  };
  const hers = await eventually('both names are over their heads', look, { detail: () => JSON.stringify(seen) });
  assert.ok(hers.colours > 20, `expected letters with smooth edges and an emoji, had ${hers.colours} colours`);
  return hers;
}

/** Records where from left to right her name is, whenever it moves. */
function recordWay(page) {
  const begin = () =>
    page.evaluate((name) => {
      const tag = [...document.querySelectorAll('#name-tags canvas')].find(({ dataset }) => dataset.writing === name);
      const places = [];
      const look = () => {
        const { left, width } = tag.getBoundingClientRect();
        places.push(left + width / 2);
      };
      new MutationObserver(look).observe(tag, { attributes: true, attributeFilter: ['style'] });
      window.way = places;
    }, MISAKI);
  return { begin, end: () => page.evaluate(() => window.way) };
}
