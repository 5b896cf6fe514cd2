// A relay of one's own, on a port that the system chose.

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** Starts a relay with the built site and waits until it listens. */
export async function startRelay({ site = places.site } = {}) {
  const relay = new Relay(site);
  await relay.start();
  return relay;
}

class Relay {
  #site;
  #program;
  #port = 0;

  constructor(site) {
    this.#site = site;
  }

  /** Starts it, the second time on the port of the first. */
  async start() {
    // By the environment and not by flags: a relay that has no media yet does not stumble over theirs.
    const environment = {
      RELAY_LISTEN: `127.0.0.1:${this.#port}`,
      RELAY_MEDIA_LISTEN: '127.0.0.1:0',
      RELAY_SITE: this.#site,
      RELAY_MAP: places.map,
    };
    this.#program = start(places.relay, [], environment);
    const [, port] = await this.#program.line(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
    this.#port = Number(port);
  }

  /** Where the site is, without a slash at the end. */
  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The relay's socket. */
  get socket() {
    return `ws://127.0.0.1:${this.#port}/ws`;
  }

  /** What `/health` says, or null if nobody answers. */
  async health() {
    try {
      const answer = await fetch(`${this.url}/health`);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /** Ends it without giving it time to say goodbye. */
  kill() {
    return this.#program.end('SIGKILL');
  }

  /** Ends it as a service manager does. */
  stop() {
    return this.#program.end('SIGTERM');
  }

  /** What it said, for messages about failures. */
  get words() {
    return this.#program.words.join('\n');
  }
}
