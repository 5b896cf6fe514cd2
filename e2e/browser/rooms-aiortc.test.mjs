// In a room with somebody whose WebRTC is neither ours nor a browser's (aiortc): pictures are decoded and look right,
// and tones are the right ones, in each direction.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { eventually, snapshot } from './browser.mjs';
import { FAKE_DEVICES, toggle } from './calls.mjs';
import { SIGNS, devicesWith, guest, perceives, plays, shows } from './guests.mjs';
import { together, visitor } from './rooms.mjs';
import { openStage } from './stage.mjs';

const devices = devicesWith(SIGNS.ada);
after(() => devices.remove());
const stage = await openStage({ flags: [...FAKE_DEVICES, ...devices.flags] });

/** What aiortc sends, whatever is asked for: it knows no layers. */
const OWN_SIZE = [320, 180];

/** A page's camera comes in two sizes; which of them is sent depends on the processor. */
const PAGE_SIZES = [OWN_SIZE, [640, 360]];

/** Longer than until something is said that could be taken for a full line, in seconds. */
const GOES_ON = 7;

test('two with aiortc see and hear one another, and one who leaves is gone', async () => {
  const [ada, bob] = await Promise.all([guest(stage, 'Ada', SIGNS.ada), guest(stage, 'Bob', SIGNS.bob)]);
  after(() => Promise.all([ada, bob].map((one) => one.leave())));
  await Promise.all([ada.meets(bob.number, SIGNS.bob, [OWN_SIZE]), bob.meets(ada.number, SIGNS.ada, [OWN_SIZE])]);
  // After three seconds of pictures aiortc begins to say how much it could receive: hardly more than what came.
  await Promise.all([ada.goesOnWith(bob.number, GOES_ON), bob.goesOnWith(ada.number, GOES_ON)]);
  assert.equal(await bob.leave(), 'ended with 0');
  await ada.isAlone();
  assert.equal(await ada.leave(), 'ended with 0');
});

test('a page and one with aiortc see and hear one another', async () => {
  const ada = await visitor(stage, 'Ada');
  const bob = await guest(stage, 'Bob', SIGNS.bob);
  after(() => bob.leave());
  await together([ada], ['Ada', 'Bob']);
  await toggle(ada, 'Microphone', true);
  await toggle(ada, 'Camera', true);
  // Of all who are here, one is Ada, and the page knows itself by no number: whoever comes is she.
  const seen = await bob.until('sees and hears Ada', ({ seen, heard }) => {
    const [picture, sound] = [Object.values(seen)[0], Object.values(heard)[0]];
    return shows(picture, SIGNS.ada, PAGE_SIZES) && plays(sound, SIGNS.ada);
  });
  console.log(`# aiortc gets ${Object.values(seen.seen)[0].size.join('×')} of a page`);

  let last;
  const look = async () => {
    last = await perceives(ada);
    return shows(last.seen, SIGNS.bob, [OWN_SIZE]) && plays(last.heard, SIGNS.bob);
  };
  await eventually('the page sees and hears Bob', look, { detail: () => JSON.stringify(last) });

  assert.equal(await bob.leave(), 'ended with 0');
  await eventually('Bob is gone', async () => (await snapshot(ada)).media.peers.length === 0);
});
