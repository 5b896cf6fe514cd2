// Participants without a browser.

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** Lets so many of them in, with these further flags; they walk about until `end()`, and then say goodbye. */
export function startBots(relay, count, flags = []) {
  const bots = start(places.bots, ['--count', String(count), '--url', relay.socket, ...flags]);
  return { ...bots, end: () => bots.end('SIGINT') };
}
