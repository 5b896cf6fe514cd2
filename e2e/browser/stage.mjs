// What a test file plays on: one relay, one browser, and people who each have a storage of their own.

import assert from 'node:assert/strict';
import { after, afterEach } from 'node:test';

import { PATIENCE, VIEWPORT, complaintsOf, isIn, openBrowser, until } from './browser.mjs';
import { startRelay } from './relay.mjs';

/**
 * Opens relay and browser for a test file, and has everything closed after its tests. `screen` is what
 * [`openBrowser`] is told, `relay` what [`startRelay`] is.
 */
export async function openStage(screen, relay) {
  const stage = new Stage(await startRelay(relay), await openBrowser(screen));
  afterEach(() => stage.everybodyLeaves());
  after(() => stage.close());
  return stage;
}

class Stage {
  #people = [];

  constructor(relay, browser) {
    this.relay = relay;
    this.browser = browser;
  }

  /**
   * A new person: a browser context with one page, still blank. `expected` are complaints that belong to the test;
   * `browser` is another than the stage's own.
   */
  async person({ expected = [], browser = this.browser, ...context } = {}) {
    const options = { viewport: VIEWPORT, locale: 'en', baseURL: this.relay.url, ...context };
    const page = await (await browser.newContext(options)).newPage();
    this.watch(page, expected);
    return page;
  }

  /** A further tab of the same person. */
  async tab(page, { expected = [] } = {}) {
    const tab = await page.context().newPage();
    this.watch(tab, expected);
    return tab;
  }

  watch(page, expected) {
    page.setDefaultTimeout(PATIENCE);
    page.setDefaultNavigationTimeout(PATIENCE);
    this.#people.push({ page, expected, complaints: complaintsOf(page) });
  }

  /** A new person who is in already: past the lobby, by the address. Without the world unless it is asked for. */
  async enter(name, { world = false, spawn, ...options } = {}) {
    const page = await this.person(options);
    await enter(page, name, { world, spawn });
    return page;
  }

  /** Closes all pages; none of them may have complained about anything. */
  async everybodyLeaves() {
    const people = this.#people.splice(0);
    await Promise.all(people.map(({ page }) => page.context().close()));
    const unexpected = people.flatMap(({ complaints, expected }) =>
      complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
    );
    assert.deepEqual(unexpected, [], 'expected no errors in the console');
  }

  async close() {
    await this.browser.close();
    await this.relay.stop();
  }
}

/** Opens the classroom past the lobby and waits until one stands in it; `signalling` is in the relay's place. */
export async function enter(page, name, { world = false, spawn, signalling } = {}) {
  const address = new URLSearchParams({ name, enter: '' });
  if (spawn) address.set('spawn', spawn);
  if (signalling) address.set('signalling', signalling);
  if (!world) address.set('world', 'off');
  await page.goto(`/?${address}`);
  await until(page, `${name} is in`, isIn);
  if (world) await until(page, `${name} sees the world`, ({ frames }) => frames.drawn > 0);
}

/** Opens the classroom and goes in through the lobby, as people do. */
export async function enterByHand(page, name, { world = true } = {}) {
  await page.goto(world ? '/' : '/?world=off');
  await page.getByRole('textbox', { name: 'Your name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await until(page, `${name} is in`, isIn);
  if (world) await until(page, `${name} sees the world`, ({ frames }) => frames.drawn > 0);
}

/** The list of people, opened if it is not. */
export async function peopleList(page) {
  const list = page.getByRole('list', { name: 'People', exact: true });
  if (!(await list.isVisible())) await page.getByRole('button', { name: 'People', exact: true }).click();
  await list.waitFor();
  return list;
}
