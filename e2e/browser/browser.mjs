// A real Chromium, its pages, and waiting for what they say. Nothing here waits for time to pass: everything asks for
// a state again and again, and gives up with what it last saw.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { places } from './places.mjs';

/** Two cores that draw without a graphics card, shared with whatever else runs: be generous. */
export const PATIENCE = 60_000;

/** Between two looks at a page. */
const LOOK_EVERY = 30;

// Draws without a graphics card, and calls nobody. Never --disable-gpu: it takes WebGL away.
export const FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const VIEWPORT = { width: 640, height: 400 };

/**
 * Starts the browser. `ratio` is the number of pixels of the screen to one of the style sheet: a page can pretend
 * another one, but what is drawn by the screen's own pixels, as the world is, does not believe it. `flags` are further
 * flags of Chromium, `program` something that starts it in other circumstances.
 */
export function openBrowser({ ratio = 1, flags = [], program = places.chromium } = {}) {
  assert.ok(program, 'expected Chromium on PATH, or named in CHROMIUM');
  const args = [...FLAGS, `--force-device-scale-factor=${ratio}`, ...flags];
  return chromium.launch({ executablePath: program, args });
}

/** What the page says of itself; null while the module is not there yet. */
export function snapshot(page) {
  return page.evaluate(() => window.classroom?.snapshot?.() ?? null);
}

/** Waits until the snapshot is as wanted, and gives it. `what` completes the sentence "expected that …". */
export async function until(page, what, predicate, { within = PATIENCE } = {}) {
  let last;
  const look = async () => {
    last = await snapshot(page);
    return last !== null && predicate(last) && last;
  };
  return eventually(what, look, { within, detail: () => (last ? JSON.stringify(last) : shown(page)) });
}

/** What a page says to people, for messages about failures before its module is there. */
function shown(page) {
  const text = () => `${document.readyState}: ${document.body?.innerText.replace(/\s+/g, ' ')}`;
  return Promise.race([page.evaluate(text).catch(({ message }) => message), pause(1000)]);
}

/** Waits until `look` gives something true, and gives that. */
export async function eventually(what, look, { within = PATIENCE, detail = () => '' } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() >= deadline) assert.fail(`expected within ${within} ms that ${what}; last seen: ${await detail()}`);
    await pause(LOOK_EVERY);
  }
}

/** Whether a snapshot is of somebody who is in and stands somewhere. */
export function isIn(snapshot) {
  return snapshot.connection === 'online' && snapshot.self.x > 0;
}

/** The participant of that name, if the page knows one who is online. */
export function other(snapshot, name) {
  return snapshot.participants.find((person) => person.name === name && person.online);
}

/** Tiles between two places. */
export function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Starts a walk by the shortest way, as a click would. */
export function walkTo(page, { x, y }) {
  return page.evaluate(([x, y]) => window.classroom.walk_to(x, y), [x, y]);
}

/** Walks there and waits for the arrival. */
export async function arriveAt(page, place, options) {
  await walkTo(page, place);
  const near = ({ self }) => !self.is_moving && distance(self, place) < 0.6;
  return until(page, `one arrives at ${place.x}, ${place.y}`, near, options);
}

/** What the page and the browser complained about, a line each. */
export function complaintsOf(page) {
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('crash', () => complaints.push('the page crashed'));
  return complaints;
}
