// Conversations between two people survive whatever happens to pages, relay and storage.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { eventually, isIn, other, snapshot, until } from './browser.mjs';
import { conversation, messageLog, openLetters, texts, untilLetters, write } from './letters.mjs';
import { enter, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

// A dead relay is an error to the browser, and rightly in its console.
const UNREACHABLE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

/** Ada and Bob, each with who the other is. */
async function adaAndBob(options) {
  const [ada, bob] = [await stage.enter('Ada', options), await stage.enter('Bob', options)];
  await until(ada, 'Ada sees Bob', (now) => other(now, 'Bob'));
  await until(bob, 'Bob sees Ada', (now) => other(now, 'Ada'));
  const [toAda, toBob] = [(await snapshot(ada)).self.user_id, (await snapshot(bob)).self.user_id];
  return { ada, bob, toAda, toBob };
}

/** Leaves: the page is elsewhere, its storage stays. */
const leave = (page) => page.goto('about:blank');

test('a conversation goes on after both have left and come back, with the name somebody has by then', async () => {
  const { ada, bob, toAda, toBob } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await write(ada, 'Are you there?');
  await untilLetters(bob, toAda, ['Are you there?']);
  await openLetters(bob, 'Ada');
  await write(bob, 'I am');
  const all = ['Are you there?', 'I am'];
  await untilLetters(ada, toBob, all, 'delivered');
  await untilLetters(bob, toAda, all, 'delivered');

  await leave(ada);
  await leave(bob);
  await enter(bob, 'Robert');
  await enter(ada, 'Ada');
  await until(ada, 'Ada sees Robert', (now) => other(now, 'Robert'));
  await untilLetters(ada, toBob, all, 'delivered');
  await openLetters(ada, 'Robert');
  assert.match(await messageLog(ada).innerText(), /Are you there\?[^]*I am/);
  await write(ada, 'Welcome back');
  await untilLetters(bob, toAda, [...all, 'Welcome back']);
  await untilLetters(ada, toBob, [...all, 'Welcome back'], 'delivered');
  const { participants } = await snapshot(ada);
  assert.deepEqual(participants.map(({ name }) => name), ['Robert'], 'expected one person, under the new name');
});

test('what is written to somebody away waits through a reload and a new relay, and is delivered once', async () => {
  const { ada, bob, toAda, toBob } = await adaAndBob({ expected: [UNREACHABLE] });
  await leave(bob);
  await until(ada, 'Bob has left', (now) => !other(now, 'Bob'));
  await openLetters(ada, 'Bob');
  await write(ada, 'one');
  await write(ada, 'two');
  await untilLetters(ada, toBob, ['one', 'two'], 'sending');

  await ada.reload();
  await until(ada, 'Ada is in again', isIn);
  await untilLetters(ada, toBob, ['one', 'two'], 'sending');
  await stage.relay.kill();
  await until(ada, 'Ada notices', ({ connection }) => connection === 'reconnecting');
  await stage.relay.start();
  await until(ada, 'Ada is in again', isIn);

  await enter(bob, 'Bob');
  await untilLetters(bob, toAda, ['one', 'two']);
  const { unread } = conversation(await snapshot(bob), toAda);
  assert.equal(unread, 2);
  await untilLetters(ada, toBob, ['one', 'two'], 'delivered');
  await bob.reload();
  await until(bob, 'Bob is in again', isIn);
  assert.deepEqual(texts(await snapshot(bob), toAda), ['one', 'two'], 'expected each once');
});

test('a damaged page of a conversation is lost alone, and a damaged storage keeps nobody out', async () => {
  const { ada, bob, toBob } = await adaAndBob();
  await openLetters(bob, 'Ada');
  await write(bob, 'hello');
  await untilLetters(ada, toBob, ['hello']);
  const { self } = await snapshot(ada);
  // Another page of the conversation, another conversation, another person: all damaged.
  await ada.evaluate((bob) => {
    localStorage.setItem(`classroom.chat.${bob}.1`, '{"version":1,"messages":[{');
    localStorage.setItem(`classroom.chat.${'0'.repeat(32)}.0`, 'null');
    localStorage.setItem(`classroom.person.${'1'.repeat(32)}`, '[]');
    localStorage.setItem('classroom.profile', '{"name":');
    localStorage.setItem('classroom.place', '7');
  }, toBob);
  await leave(ada);
  await enter(ada, 'Ada');
  const after = await snapshot(ada);
  assert.equal(after.self.user_id, self.user_id);
  assert.deepEqual(texts(after, toBob), ['hello']);
});

test('with a full storage one comes in, is told, and talks all the same', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  await ada.evaluate(() => {
    localStorage.clear();
    for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (;;) localStorage.setItem(`filler.${size}.${localStorage.length}`, 'x'.repeat(size));
      } catch {
        // Full for this size.
      }
    }
  });
  await enter(ada, 'Ada');
  await eventually('Ada is told', () => ada.getByText(/will not be remembered/).isVisible());
  const bob = await stage.enter('Bob');
  await until(ada, 'Ada sees Bob', (now) => other(now, 'Bob'));
  await ada.getByRole('button', { name: 'All right', exact: true }).click();
  const toAda = (await snapshot(ada)).self.user_id;
  await openLetters(ada, 'Bob');
  await write(ada, 'hello');
  await untilLetters(bob, toAda, ['hello']);
});

test('two tabs of one person do not fight over a conversation', async () => {
  const { ada, bob, toAda, toBob } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await write(ada, 'from the first tab');
  await untilLetters(ada, toBob, ['from the first tab'], 'delivered');
  const second = await stage.tab(ada);
  await enter(second, 'Ada');
  await until(ada, 'the first tab is told', ({ connection }) => connection === 'replaced');
  await openLetters(second, 'Bob');
  await write(second, 'from the second');
  const all = ['from the first tab', 'from the second'];
  await untilLetters(bob, toAda, all);
  await untilLetters(second, toBob, all, 'delivered');
  // The first tab hears of it from the storage, and goes on from there.
  await untilLetters(ada, toBob, all, 'delivered');
  await ada.getByRole('button', { name: 'Use it here', exact: true }).click();
  await until(ada, 'the first tab is in again', isIn);
  await openLetters(bob, 'Ada');
  await write(bob, 'hello both');
  await untilLetters(ada, toBob, [...all, 'hello both']);
  await peopleList(ada);
});
