// The lobby's question whether others use the computer too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openStage } from './stage.mjs';

const stage = await openStage();

const box = (page) => page.getByRole('checkbox', { name: 'Shared computer: forget me when I leave', exact: true });
const said = (page) => page.evaluate(() => document.getElementById('entrance').dataset.shared ?? null);

test('a computer is not shared until somebody says so, by mouse or by keyboard', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  assert.equal(await box(ada).isChecked(), false);
  assert.equal(await said(ada), null);

  await ada.getByText('Shared computer').click();
  assert.equal(await said(ada), 'true');
  await box(ada).press('Space');
  assert.equal(await box(ada).isChecked(), false);
  assert.equal(await said(ada), null);
});

test('the box says in words what is forgotten', async () => {
  const ada = await stage.person();
  await ada.goto('/?world=off');
  const words = await box(ada).evaluate(
    (box) => document.getElementById(box.getAttribute('aria-describedby')).innerText,
  );
  assert.match(words, /name.*look.*identity.*conversations/i);
});

test('in the tab of somebody on a shared computer the box is ticked, with name and look of the tab', async () => {
  const ada = await stage.person();
  await ada.addInitScript(() => {
    sessionStorage.setItem('classroom.shared', 'true');
    sessionStorage.setItem('classroom.profile', JSON.stringify({ name: 'Ada', status: 'available', appearance: [1, 2, 3, 4, 5] }));
    localStorage.setItem('classroom.profile', JSON.stringify({ name: 'Bob', status: 'available', appearance: [0, 0, 0, 0, 0] }));
  });
  await ada.route('**/*.wasm', () => {});
  await ada.goto('/?world=off');
  assert.equal(await box(ada).isChecked(), true);
  assert.equal(await said(ada), 'true');
  assert.equal(await ada.getByRole('textbox', { name: 'Your name', exact: true }).inputValue(), 'Ada');
  assert.equal(await ada.evaluate(() => document.getElementById('entrance').dataset.look), '1,2,3,4,5');
});

test('a tab of a shared computer that was left a while ago knows nobody any more', async () => {
  const ada = await stage.person();
  await ada.addInitScript(() => {
    sessionStorage.setItem('classroom.shared', 'true');
    sessionStorage.setItem('classroom.left', String(Date.now() - 3_600_000));
    sessionStorage.setItem('classroom.profile', JSON.stringify({ name: 'Ada', status: 'available', appearance: [1, 2, 3, 4, 5] }));
  });
  await ada.route('**/*.wasm', () => {});
  await ada.goto('/?world=off');
  assert.equal(await box(ada).isChecked(), false);
  assert.equal(await ada.getByRole('textbox', { name: 'Your name', exact: true }).inputValue(), '');
});
