// Records where everybody is, in several pages at once, and compares the records afterwards: two snapshots asked for
// at the same time are never of the same time, but two records can be compared at every moment.

import assert from 'node:assert/strict';

import { distance } from './browser.mjs';

/** Milliseconds between two samples: a walker covers a tenth of a tile. */
const EVERY = 25;

/** Two samples further apart say too little about what was in between: half a tile at most is then guessed. */
const GAP = 120;

/** Starts recording in a page. */
export function record(page) {
  return page.evaluate((every) => {
    // A page that pretends to be hidden slows its own timers down, but not this one.
    const setInterval = window.honestTimers?.setInterval ?? window.setInterval;
    const samples = [];
    const sample = () => {
      const seen = window.classroom?.snapshot?.();
      if (!seen || seen.connection !== 'online' || !(seen.self.x > 0)) return;
      const place = ({ name, x, y, is_moving, online }) => ({ name, x, y, is_moving, online });
      samples.push({ at: Date.now(), self: place(seen.self), others: seen.participants.map(place) });
    };
    window.recording = { samples, timer: setInterval(sample, every) };
  }, EVERY);
}

/** Ends recording and gives the samples. */
export function recorded(page) {
  return page.evaluate(() => {
    const { samples, timer } = window.recording;
    clearInterval(timer);
    return samples;
  });
}

/** Where `name` was at each sample, as that page saw them. */
export function seen(samples, name) {
  return samples.flatMap(({ at, others }) => {
    const person = others.find((other) => other.name === name && other.online);
    return person ? [{ at, ...person }] : [];
  });
}

/** Where one was at each sample, as one's own page knows it. */
export function own(samples) {
  return samples.map(({ at, self }) => ({ at, ...self }));
}

/**
 * How far two records of the same person are apart, at every moment of the first that the second covers:
 * `{ at, apart, is_moving, a, b }`. A page that stood still for a moment shows what was before it: the first sample after
 * that says nothing of where it sees anybody, only that its machine was busy.
 */
export function compare(first, second) {
  const compared = [];
  let index = 0;
  for (const [place, a] of first.entries()) {
    if (place > 0 && a.at - first[place - 1].at > GAP) continue;
    while (index + 1 < second.length && second[index + 1].at <= a.at) index += 1;
    const [before, behind] = [second[index], second[index + 1]];
    if (!before || !behind || before.at > a.at || behind.at - before.at > GAP) continue;
    const share = (a.at - before.at) / (behind.at - before.at);
    const b = { x: before.x + (behind.x - before.x) * share, y: before.y + (behind.y - before.y) * share };
    // At rest is who rests in both records.
    const is_moving = a.is_moving || before.is_moving || behind.is_moving;
    compared.push({ at: a.at, apart: distance(a, b), is_moving, a, b });
  }
  return compared;
}

/** Asserts that nobody ever saw that person further than `tiles` from where they were. */
export function assertClose(compared, tiles, { atLeast, what }) {
  const worst = furthest(compared, { atLeast, what });
  assert.ok(worst.apart <= tiles, `${what}: expected at most ${tiles} tiles apart, was ${JSON.stringify(worst)}`);
}

/** The moment at which two records were furthest apart, of `atLeast` so many. */
export function furthest(compared, { atLeast = 20, what }) {
  assert.ok(compared.length >= atLeast, `expected ${atLeast} moments to compare ${what} at, had ${compared.length}`);
  return compared.reduce((a, b) => (b.apart > a.apart ? b : a));
}
