// The desktop client: it comes in, is seen by others, and draws the world.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { arriveAt, eventually, other, until, walkTo } from './browser.mjs';
import { colours, difference, isOfWorld, missing, openScreen } from './desktop.mjs';
import { spawns } from './map.mjs';
import { openStage, peopleList } from './stage.mjs';

/** Share of the picture that differs where an avatar stood and where it stands now; one that breathes changes less. */
const MOVED = 0.004;

if (missing) {
  test('the desktop client draws the world', { skip: missing }, () => undefined);
} else {
  const stage = await openStage();
  const screen = await openScreen();
  after(() => screen.close());

  test('somebody in the desktop client is there for others, and sees the world and who walks in it', async () => {
    const ada = await stage.enter('Ada');
    const blank = colours(screen.picture());
    assert.equal(blank.size, 1, 'expected nothing on the screen yet');

    const desktop = screen.startClient(stage.relay, 'Dora', { spawn: 'courtyard' });
    after(() => desktop.end('SIGKILL'));
    const ended = desktop.ended.then((how) => {
      throw new Error(`the desktop client ${how}; it said:\n${desktop.words.slice(-30).join('\n')}`);
    });
    const alive = (what) => Promise.race([ended, what]);
    await alive(until(ada, 'Dora is there', (snapshot) => other(snapshot, 'Dora')));
    const list = await peopleList(ada);
    await eventually('Dora is in the list', async () => (await list.innerText()).includes('Dora'));

    const detail = () => `${colours(screen.picture()).size} colours`;
    await alive(eventually('the world is drawn', () => isOfWorld(screen.picture()), { detail }));

    // Ada walks away within the picture: where she was and where she is then are different.
    const { x, y } = spawns.courtyard;
    await arriveAt(ada, { x: x + 2, y });
    const before = screen.picture();
    await walkTo(ada, { x: x + 5, y });
    const differs = () => difference(before, screen.picture());
    await alive(eventually('somebody is drawn who walks', () => differs() > MOVED, { detail: differs }));
    assert.ok(isOfWorld(screen.picture()));
  });
}
