// What the relay says beside the files it serves, and that an ordinary session keeps to it without a complaint.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arriveAt, snapshot } from './browser.mjs';
import { spawns } from './map.mjs';
import { enterByHand, openStage, peopleList } from './stage.mjs';

const stage = await openStage();

const get = (path, headers = {}) => fetch(`${stage.relay.url}${path}`, { headers });

/** The address of the module, from the page. */
async function module() {
  const html = await (await get('/')).text();
  const address = /data-wasm="([^"]+)"/.exec(html)?.[1];
  assert.ok(address, 'expected the page to name its module');
  return new URL(address, stage.relay.url).pathname;
}

test('the page comes with a policy that allows no foreign and no inline script', async () => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? '';
  const directives = new Map(
    policy.split(';').map((directive) => directive.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]),
  );
  const scripts = directives.get('script-src') ?? directives.get('default-src') ?? ['*'];
  assert.deepEqual([...scripts].sort(), ["'self'", "'wasm-unsafe-eval'"], policy);
  const styles = directives.get('style-src') ?? directives.get('default-src') ?? ['*'];
  assert.ok(!styles.includes("'unsafe-inline'") && !styles.includes('*'), policy);
});

test('types are not guessed, and devices are for this page alone', async () => {
  const { headers } = await get('/');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  const permissions = headers.get('permissions-policy') ?? '';
  for (const device of ['camera', 'microphone', 'display-capture']) {
    assert.match(permissions, new RegExp(`(^|[ ,])${device}=\\(?self\\)?`));
  }
});

test('the page is asked for anew each time, its module never again', async () => {
  assert.match((await get('/')).headers.get('cache-control') ?? '', /no-cache|no-store/);
  const { headers } = await get(await module(), { 'accept-encoding': 'br' });
  assert.match(headers.get('cache-control') ?? '', /immutable/);
  assert.equal(headers.get('content-type'), 'application/wasm');
});

test('the module comes compressed to whoever takes that', async () => {
  const { headers } = await get(await module(), { 'accept-encoding': 'br' });
  assert.equal(headers.get('content-encoding'), 'br');
  assert.match(headers.get('vary') ?? '', /accept-encoding/i);
  const plain = await get(await module(), { 'accept-encoding': 'identity' });
  assert.equal(plain.headers.get('content-encoding'), null);
});

test('an ordinary session breaks no policy and leaves the console empty', async () => {
  const ada = await stage.person();
  await ada.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      window.violations.push(`${violatedDirective}: ${blockedURI} at ${sourceFile}:${lineNumber}`);
    });
  });
  await enterByHand(ada, 'Ada');
  const { x, y } = spawns.courtyard;
  await arriveAt(ada, { x: x + 3, y });
  await peopleList(ada);
  assert.equal((await snapshot(ada)).connection, 'online');
  // The console is looked at after every test; violations that only the page hears of are looked at here.
  assert.deepEqual(await ada.evaluate(() => window.violations), []);
});
