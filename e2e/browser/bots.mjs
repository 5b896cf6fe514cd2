// Participants without a browser.

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** Lets so many of them in; they walk about until `end()`. */
export function startBots(relay, count) {
  return start(places.bots, ['--count', String(count), '--url', relay.socket]);
}
