// The panel of conversations: writing, reading, who hears it, and what is told in passing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, distance, eventually, other, snapshot, until } from './browser.mjs';
import { hold } from './keys.mjs';
import { messageBox, messageLog, openLetters, untilLetters, write } from './letters.mjs';
import { isIn } from './map.mjs';
import { record, recorded } from './record.mjs';
import { enter, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

// A dead relay is an error to the browser, and rightly in its console.
const UNREACHABLE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Ada and Bob, each with who the other is. */
async function adaAndBob(options) {
  const expected = options?.expected;
  const [ada, bob] = [await stage.enter('Ada', options), await stage.enter('Bob', { expected })];
  await until(ada, 'Ada sees Bob', (now) => other(now, 'Bob'));
  await until(bob, 'Bob sees Ada', (now) => other(now, 'Ada'));
  const [toAda, toBob] = [(await snapshot(ada)).self.user_id, (await snapshot(bob)).self.user_id];
  return { ada, bob, toAda, toBob };
}

/** The list of conversations, opened if it is not. */
async function conversationList(page) {
  const list = page.getByRole('list', { name: 'Conversations', exact: true });
  if (!(await list.isVisible())) {
    if (!(await page.locator('#chat-panel').isVisible())) await button(page, 'Chat').click();
    if (!(await list.isVisible())) await button(page, 'All conversations').click();
  }
  await list.waitFor();
  return list;
}

/** Opens a conversation from the list of them. */
async function openConversation(page, name) {
  const list = await conversationList(page);
  await list.getByRole('button').filter({ has: page.locator('.conversation-name', { hasText: new RegExp(`^${name}$`) }) }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

/** The messages of a kind of conversation in the snapshot. */
const said = ({ chat }, kind) => chat.conversations.find((one) => one.kind === kind)?.messages ?? [];

const untilSaid = (page, kind, texts) =>
  until(page, `${kind} is ${texts.join(', ')}`, (now) => JSON.stringify(said(now, kind).map(({ text }) => text)) === JSON.stringify(texts));

/** The texts that the log shows. */
const shown = (page) => messageLog(page).locator('.text').allTextContents();

const untilShown = (page, texts) =>
  eventually(`the log shows ${texts.join(', ').slice(0, 80)}`, async () => JSON.stringify(await shown(page)) === JSON.stringify(texts));

/** Puts so many messages of Bob's into Ada's storage, and loads her page again. */
async function withHistory(ada, toBob, count) {
  await ada.evaluate(
    ([bob, count]) => {
      const began = Date.now() - count * 60_000;
      for (let page = 0; page * 32 < count; page += 1) {
        const numbers = Array.from({ length: Math.min(32, count - page * 32) }, (_, index) => page * 32 + index);
        const messages = numbers.map((number) => ({
          id: number.toString(16).padStart(16, '0'),
          own: false,
          text: `message ${number}`,
          at: began + number * 60_000,
          state: 'received',
        }));
        localStorage.setItem(`classroom.chat.${bob}.${page}`, JSON.stringify({ version: 1, messages }));
      }
    },
    [toBob, count],
  );
  await enter(ada, 'Ada');
  await until(ada, 'Ada sees Bob', (now) => other(now, 'Bob'));
}

test('a message waits, is sent and delivered, and says so', async () => {
  const { ada, bob, toAda, toBob } = await adaAndBob();
  await bob.goto('about:blank');
  await until(ada, 'Bob has left', (now) => !other(now, 'Bob'));
  await openLetters(ada, 'Bob');
  await ada.getByText('Not here: your messages wait for them.').waitFor();
  await write(ada, 'Are you there?');
  await messageLog(ada).getByRole('img', { name: 'Waiting to be sent', exact: true }).waitFor();
  assert.equal(await messageBox(ada).inputValue(), '');
  await enter(bob, 'Bob');
  await untilLetters(bob, toAda, ['Are you there?']);
  await untilLetters(ada, toBob, ['Are you there?'], 'delivered');
  await messageLog(ada).getByRole('img', { name: 'Delivered', exact: true }).waitFor();
});

test('Enter sends, Shift and Enter break the line, and an input method keeps its Enter', async () => {
  const { ada } = await adaAndBob();
  await openConversation(ada, 'Everyone');
  const box = messageBox(ada);
  await box.pressSequentially('one');
  await box.press('Shift+Enter');
  await box.pressSequentially('two');
  assert.equal(await box.inputValue(), 'one\ntwo');
  // What Chrome tells while a word is chosen, and what Safari does.
  await box.evaluate((area) => {
    for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...how }));
    }
  });
  assert.equal(await box.inputValue(), 'one\ntwo');
  await box.press('Enter');
  await untilSaid(ada, 'everyone', ['one\ntwo']);
  await untilShown(ada, ['one\ntwo']);
  assert.equal(await box.inputValue(), '');
  await box.press('Enter');
  await write(ada, '   ');
  assert.equal(said(await snapshot(ada), 'everyone').length, 1, 'nothing is not sent');
});

test('Escape returns to the world and one key goes back, and typing does not walk', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const focused = (id) => eventually(`${id} has the keyboard`, () => ada.evaluate((id) => document.activeElement?.id === id, id));
  await ada.locator('#world').focus();
  for (const key of ['c', 'Enter']) {
    await ada.keyboard.press(key);
    await focused('message');
    assert.equal(await messageBox(ada).inputValue(), '', `${key} is not written`);
    await ada.keyboard.press('Escape');
    await focused('world');
  }
  await ada.keyboard.press('c');
  await focused('message');
  await record(ada);
  await ada.keyboard.type('wasd zq c', { delay: 60 });
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown', ' ']) await ada.keyboard.press(key, { delay: 60 });
  const moving = (await recorded(ada)).find(({ self }) => self.is_moving);
  assert.equal(moving, undefined, 'expected that typing does not walk');
  await ada.keyboard.press('Escape');
  await focused('world');
  await hold(ada, 'd', () => until(ada, 'one walks', ({ self }) => self.is_moving));
  // What was begun is still there.
  await ada.keyboard.press('c');
  await focused('message');
  assert.match(await messageBox(ada).inputValue(), /^wasd zq/);
});

test('whatever is written is shown as it was typed', async () => {
  const { ada, bob, toAda } = await adaAndBob();
  const texts = [
    '<b>bold</b> <img src=x onerror=alert(1)> &amp; <script>alert(2)</script>',
    'مرحبا بالعالم (1) hello',
    'שלום\nand a line of English\u202e turned around',
    `e${'\u0301'.repeat(200)} zalgo`,
    '😀'.repeat(2000),
    `${'x'.repeat(500)}`,
    'two  spaces\n\n\tand a tab',
  ];
  await openLetters(ada, 'Bob');
  await openLetters(bob, 'Ada');
  for (const text of texts) await write(ada, text);
  await untilLetters(bob, toAda, texts);
  await untilShown(bob, texts);
  await untilShown(ada, texts);
  const layout = await messageLog(bob).evaluate((log) => ({
    wide: log.scrollWidth - log.clientWidth,
    images: log.querySelectorAll('img, script, b').length,
    right: getComputedStyle(log.querySelectorAll('.text')[1]).direction,
    high: log.querySelectorAll('.text')[4].getBoundingClientRect().height,
  }));
  assert.deepEqual({ ...layout, high: layout.high > 500 }, { wide: 0, images: 0, right: 'rtl', high: true });
});

test('links lead where they say, and nothing else is one', async () => {
  const { ada, bob } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await openLetters(bob, 'Ada');
  await write(ada, 'see https://example.org/a_(b). Not javascript:alert(1) nor https://bank.example@evil.example/');
  const links = messageLog(bob).getByRole('link');
  await links.first().waitFor();
  const found = await links.evaluateAll((all) => all.map(({ href, target, rel, textContent }) => ({ href, target, rel, textContent })));
  const address = 'https://example.org/a_(b)';
  assert.deepEqual(found, [{ href: address, target: '_blank', rel: 'noopener noreferrer', textContent: address }]);
});

test('what is unread is counted on the conversation, the button and the page’s title, until it is read', async () => {
  const { ada, bob, toBob } = await adaAndBob();
  // High enough for two messages below the tile of somebody near: what is not seen is not read.
  await ada.setViewportSize({ width: 640, height: 640 });
  await conversationList(ada);
  await button(ada, 'Close').click();
  await openLetters(bob, 'Ada');
  await write(bob, 'one');
  await write(bob, 'two');
  await untilLetters(ada, toBob, ['one', 'two']);
  await eventually('the title counts two', async () => (await ada.title()) === '(2) VirtualClassroomInator');
  assert.match(await button(ada, 'Chat').getAttribute('title'), /^2 unread messages/);
  assert.equal(await button(ada, 'Chat').locator('.badge').innerText(), '2');
  // It is told in passing, and aloud.
  await ada.locator('.toast', { hasText: 'Bob' }).waitFor();
  await eventually('it is said aloud', async () => /Bob: two/.test(await ada.locator('#announcer').textContent()));
  const list = await conversationList(ada);
  await list.getByRole('button', { name: /Bob.*two.*2 unread/ }).click();
  await eventually('nothing is counted any more', async () => (await ada.title()) === 'VirtualClassroomInator');
  await messageLog(ada).getByText('New', { exact: true }).waitFor();
  await untilShown(ada, ['one', 'two']);
  // What comes while one reads is read.
  await write(bob, 'three');
  await untilShown(ada, ['one', 'two', 'three']);
  assert.equal(await ada.title(), 'VirtualClassroomInator');
  // A press on what is told in passing leads there.
  await button(ada, 'Close').click();
  await write(bob, 'four');
  await ada.locator('.toast', { hasText: 'four' }).click();
  await untilShown(ada, ['one', 'two', 'three', 'four']);
});

test('what is said nearby is heard by who is near, and not through a wall', async () => {
  const ada = await stage.enter('Ada');
  const bob = await stage.enter('Bob');
  const cem = await stage.enter('Cem', { spawn: 'classroom-a' });
  const { self } = await snapshot(ada);
  await arriveAt(bob, { x: self.x + 2, y: self.y });
  await openConversation(ada, 'Nearby');
  await ada.getByText('Heard by Bob', { exact: true }).waitFor();
  await write(ada, 'hello');
  await untilSaid(bob, 'nearby', ['hello']);
  await openConversation(bob, 'Nearby');
  await messageLog(bob).getByText('Ada', { exact: true }).waitFor();
  // On both sides of the wall of a room, near enough to hear one another without it.
  const [inside, outside] = [{ x: 12.75, y: 36.5 }, { x: 12.75, y: 41 }];
  assert.ok(isIn('classroom-a', inside) && !isIn('classroom-a', outside) && distance(inside, outside) < 5);
  await Promise.all([arriveAt(cem, inside), arriveAt(ada, outside)]);
  await ada.getByText('Nobody is near enough to hear you.').waitFor();
  await write(ada, 'anybody?');
  await untilSaid(ada, 'nearby', ['hello', 'anybody?']);
  // Whatever is said to everyone comes after it.
  await openConversation(ada, 'Everyone');
  await write(ada, 'everybody?');
  await until(cem, 'Cem is told', (now) => said(now, 'everyone').at(-1)?.text === 'everybody?');
  assert.deepEqual(said(await snapshot(cem), 'nearby'), []);
  await untilSaid(bob, 'nearby', ['hello']);
});

test('whoever comes into a room is told what was said in it, and whoever leaves cannot write there', async () => {
  const ada = await stage.enter('Ada', { spawn: 'meeting-1' });
  await openConversation(ada, 'Meeting room 1');
  await write(ada, 'first');
  await write(ada, 'second');
  await untilSaid(ada, 'room', ['first', 'second']);
  const bob = await stage.enter('Bob', { spawn: 'meeting-1' });
  await untilSaid(bob, 'room', ['first', 'second']);
  assert.equal((await snapshot(bob)).chat.conversations.find(({ kind }) => kind === 'room').unread, 0);
  // One begins with the room one is in.
  await button(bob, 'Chat').click();
  await untilShown(bob, ['first', 'second']);
  await messageBox(bob).fill('not sent yet');
  await arriveAt(bob, { x: 38, y: 34 });
  await bob.getByText('You are not in this room any more.').waitFor();
  assert.equal(await messageBox(bob).isDisabled(), true);
  assert.equal(await messageBox(bob).inputValue(), 'not sent yet');
});

test('a text that is too long is counted, refused and kept', async () => {
  const { ada, bob, toAda } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await messageBox(ada).fill('x'.repeat(1799));
  assert.equal(await ada.locator('#message-length').innerText(), '');
  await messageBox(ada).fill('😀'.repeat(1800));
  await ada.getByText('1800 of 2000 characters').waitFor();
  const long = '😀'.repeat(2001);
  await messageBox(ada).fill(long);
  await ada.getByText('2001 of 2000 characters').waitFor();
  await messageBox(ada).press('Enter');
  await ada.getByText(/^This is too long to send/).waitFor();
  assert.equal(await messageBox(ada).inputValue(), long);
  await messageBox(ada).fill('short');
  await messageBox(ada).press('Enter');
  await untilLetters(bob, toAda, ['short']);
});

test('what is too much at once, or said while nobody hears, stays in the box with the reason', async () => {
  const { ada } = await adaAndBob({ expected: [UNREACHABLE] });
  await openConversation(ada, 'Everyone');
  const numbers = Array.from({ length: 12 }, (_, number) => `number ${number}`);
  let kept;
  for (const number of numbers) {
    await write(ada, number);
    kept = await messageBox(ada).inputValue();
    if (kept !== '') break;
  }
  assert.match(kept, /^number \d+$/, 'expected that something was too much');
  await ada.getByText('Not sent, because it was too much at once. Your text is kept: send it in a moment.').waitFor();
  await eventually('it can be sent in a moment', async () => {
    await messageBox(ada).press('Enter');
    return (await messageBox(ada).inputValue()) === '';
  });

  await stage.relay.kill();
  await until(ada, 'the connection is lost', ({ connection }) => connection !== 'online');
  await write(ada, 'do you hear me?');
  await ada.getByText(/^Not sent, because the connection is lost/).waitFor();
  assert.equal(await messageBox(ada).inputValue(), 'do you hear me?');
  await stage.relay.start();
  await until(ada, 'the connection is back', ({ connection }) => connection === 'online');
  await eventually('it is sent', async () => {
    await messageBox(ada).press('Enter');
    return said(await snapshot(ada), 'everyone').at(-1)?.text === 'do you hear me?';
  });
});

test('earlier messages come on request, and new ones, without moving what one reads', async () => {
  const { ada, bob, toBob } = await adaAndBob();
  await withHistory(ada, toBob, 120);
  await openLetters(ada, 'Bob');
  const log = messageLog(ada);
  await eventually('the newest fifty are shown', async () => (await shown(ada)).length === 50);
  const top = (text) => log.getByText(text, { exact: true }).evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const atEnd = () => log.evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 2);
  await eventually('the end is seen', atEnd);

  await log.evaluate((list) => list.scrollTo(0, 0));
  await button(ada, 'To the newest').waitFor();
  const before = await top('message 70');
  await button(ada, 'Show earlier').click();
  await eventually('fifty more are shown', async () => (await shown(ada)).length === 100);
  assert.ok(Math.abs((await top('message 70')) - before) <= 1, 'expected that what is read stays in its place');

  await openLetters(bob, 'Ada');
  await write(bob, 'something new');
  await button(ada, '1 new message').waitFor();
  assert.ok(Math.abs((await top('message 70')) - before) <= 1, 'expected that what is read stays in its place');
  assert.equal((await shown(ada)).length, 101);
  assert.equal(await ada.title(), '(1) VirtualClassroomInator');
  await button(ada, '1 new message').click();
  await eventually('the end is seen', atEnd);
  await eventually('it is read', async () => (await ada.title()) === 'VirtualClassroomInator');
  // And there it stays.
  await write(bob, 'something newer');
  await log.getByText('something newer').waitFor();
  await eventually('the end is seen', atEnd);
});

test('the other side is seen writing', async () => {
  const { ada, bob } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await openLetters(bob, 'Ada');
  await messageBox(bob).pressSequentially('hm');
  await ada.getByText('Bob is writing …').waitFor();
  await write(bob, 'hello');
  await eventually('he is not any more', async () => !(await ada.getByText('Bob is writing …').isVisible()));
});

test('what was begun to be written stays with its conversation, also in another language', async () => {
  const { ada } = await adaAndBob();
  await openLetters(ada, 'Bob');
  await messageBox(ada).fill('for Bob');
  await openConversation(ada, 'Everyone');
  assert.equal(await messageBox(ada).inputValue(), '');
  await messageBox(ada).fill('for all');
  await openLetters(ada, 'Bob');
  assert.equal(await messageBox(ada).inputValue(), 'for Bob');
  await ada.evaluate(() => {
    document.documentElement.dataset.language = 'fr';
    document.dispatchEvent(new Event('classroom-language'));
  });
  await button(ada, 'Envoyer').waitFor();
  assert.equal(await messageBox(ada).inputValue(), 'for Bob');
});

test('that nothing can be kept is said once', async () => {
  const { ada, bob, toAda } = await adaAndBob();
  await ada.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await openLetters(ada, 'Bob');
  await write(ada, 'hello');
  const notice = ada.getByRole('alert').filter({ hasText: 'This browser cannot keep what is written here' });
  await notice.waitFor();
  await notice.getByRole('button', { name: 'Got it', exact: true }).click();
  await write(ada, 'again');
  await untilLetters(bob, toAda, ['hello', 'again']);
  assert.equal(await notice.count(), 0);
});

test('without the world there is room for people and a conversation on a wide screen, and for one on a narrow one', async () => {
  const { ada } = await adaAndBob({ viewport: { width: 1280, height: 720 } });
  await openLetters(ada, 'Bob');
  assert.equal(await ada.getByRole('list', { name: 'People', exact: true }).isVisible(), true);
  await ada.setViewportSize({ width: 360, height: 640 });
  assert.equal(await ada.getByRole('list', { name: 'People', exact: true }).isVisible(), false);
  assert.equal(await messageBox(ada).isVisible(), true);
  await peopleList(ada);
});
