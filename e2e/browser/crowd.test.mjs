// Twenty people who walk about.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { until } from './browser.mjs';
import { startBots } from './bots.mjs';
import { obstacleAt } from './map.mjs';
import { record, recorded } from './record.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();

const COUNT = 20;

test('twenty people walk about, and the page shows all of them, in no wall', async () => {
  const ada = await stage.enter('Ada', { world: true });
  const bots = startBots(stage.relay, COUNT);
  after(() => bots.end());
  await until(ada, 'all are there', ({ participants }) => participants.filter(({ online }) => online).length === COUNT);

  await record(ada);
  const walked = new Set();
  await until(ada, 'each of them has walked', ({ participants }) => {
    participants.filter(({ is_moving }) => is_moving).forEach(({ user_id }) => walked.add(user_id));
    return walked.size === COUNT;
  });
  const samples = await recorded(ada);

  const seen = samples.flatMap(({ others }) => others);
  assert.ok(seen.length > 20 * COUNT, `expected to see them often, was ${seen.length} times`);
  const inside = seen.find(obstacleAt);
  assert.equal(inside, undefined, inside && `${inside.name} stood in ${JSON.stringify(obstacleAt(inside))}`);

  const drawn = await until(ada, 'frames are drawn', ({ frames }) => frames.drawn > 0);
  await until(ada, 'the world goes on', ({ frames }) => frames.drawn > drawn.frames.drawn);
});
