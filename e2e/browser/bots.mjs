// Participants without a browser.

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** Lets so many of them in; they walk about until `end()`, and then say goodbye. */
export function startBots(relay, count) {
  const bots = start(places.bots, ['--count', String(count), '--url', relay.socket]);
  return { ...bots, end: () => bots.end('SIGINT') };
}
