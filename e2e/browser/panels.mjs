// Panels, and what is in them, by the names that people find them by.

import { eventually } from './browser.mjs';
import { peopleList } from './stage.mjs';

/** A button of the page by its whole name. */
export const button = (page, name) => page.getByRole('button', { name, exact: true });

/** The row of somebody in the list of people, which is opened if it is not. */
export async function personRow(page, name) {
  const list = await peopleList(page);
  const row = list.getByRole('listitem').filter({ has: page.locator('.person-name', { hasText: new RegExp(`^${name}$`) }) });
  await row.waitFor();
  return row;
}

/** Opens the row of somebody, with everything that can be done about them. */
export async function openPerson(page, name) {
  const row = await personRow(page, name);
  const head = row.locator('[aria-expanded]').first();
  // See `openLetters`.
  await eventually(`the row of ${name} is open`, async () => {
    if ((await head.getAttribute('aria-expanded')) === 'true') return true;
    await head.click();
    return false;
  });
  return row;
}

/** The settings, opened if they are not. */
export async function openSettings(page) {
  const panel = page.getByRole('complementary', { name: 'Settings', exact: true });
  if (!(await panel.isVisible())) await button(page, 'Settings').click();
  await panel.waitFor();
  return panel;
}

/** Everything that the page keeps for later visits, by key. */
export const kept = (page) => page.evaluate(() => Object.fromEntries(Object.entries(localStorage)));

/** Counts the notes that are played; before the page is opened. */
export async function countNotes(page) {
  await page.addInitScript(() => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      window.notes += 1;
      return start.apply(this, when);
    };
  });
  return () => page.evaluate(() => window.notes);
}

/** Waits until what has the keyboard is called that. */
export function hasKeyboard(page, name) {
  let last;
  const look = async () => {
    last = await nameOfFocused(page);
    return last === name;
  };
  return eventually(`“${name}” has the keyboard`, look, { detail: () => last });
}

/** What the element that has the keyboard is called: by its label, its picture's, its own text, or its id. */
export function nameOfFocused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element.labels?.[0]?.innerText;
    const picture = element.querySelector('[role="img"]')?.getAttribute('aria-label');
    return element.getAttribute('aria-label') ?? label ?? picture ?? (element.innerText?.trim() || element.id);
  });
}

/** Presses Tab until something of that name has the keyboard. */
export async function tabTo(page, name, { key = 'Tab', within = 80 } = {}) {
  const passed = [];
  for (let pressed = 0; pressed < within; pressed += 1) {
    await page.keyboard.press(key);
    const focused = await nameOfFocused(page);
    if (focused === name) return;
    passed.push(focused);
  }
  throw new Error(`expected to reach “${name}” by ${key}; passed ${passed.join(' | ')}`);
}
