// The relay dies and comes back: the page says so, and everybody is back by themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, other, until, walkTo } from './browser.mjs';
import { spawns } from './map.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

/** Within this time of the relay's answering everybody is back: the longest wait between two attempts, and one more. */
const BACK_WITHIN = 5000;

const NAMES = ['Ada', 'Bob', 'Cem'];
// A dead relay is an error to the browser, and rightly in its console.
const UNREACHABLE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

test('a relay that is killed and started again has everybody back within five seconds, nobody twice', async () => {
  const pages = await Promise.all(NAMES.map((name) => stage.enter(name, { expected: [UNREACHABLE] })));
  const [ada, , cem] = pages;
  const everybody = ({ participants }) => participants.filter(({ online }) => online).length === 2;
  await Promise.all(pages.map((page) => until(page, 'all three are there', everybody)));
  const status = ada.getByRole('status', { name: 'Connection', exact: true });
  const inOrder = await status.innerText();

  await stage.relay.kill();
  await Promise.all(pages.map((page) => until(page, 'the page notices', ({ connection }) => connection === 'reconnecting')));
  await eventually('the status says so', async () => (await status.innerText()) !== inOrder);
  assert.ok((await status.innerText()).trim().length > 0, 'expected words in the status');

  await stage.relay.start();
  await eventually('the relay answers', () => stage.relay.health());
  const answered = Date.now();
  await Promise.all(pages.map((page) => until(page, 'one is back', (now) => isIn(now) && everybody(now))));
  const took = Date.now() - answered;
  assert.ok(took <= BACK_WITHIN, `expected everybody back within ${BACK_WITHIN} ms of the relay's answer, took ${took} ms`);
  await eventually('the status says that all is well', async () => (await status.innerText()) === inOrder);

  for (const [index, page] of pages.entries()) {
    const { participants } = await until(page, 'all are there', everybody);
    const others = NAMES.filter((_, other) => other !== index);
    assert.deepEqual(participants.map(({ name }) => name).sort(), others, 'expected everybody once');
  }
  // What is there is alive: a walk is seen.
  await walkTo(cem, { x: spawns.courtyard.x + 3, y: spawns.courtyard.y });
  await until(ada, 'Ada sees Cem walk', (snapshot) => other(snapshot, 'Cem')?.is_moving);
});
