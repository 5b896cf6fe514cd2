// A relay of one's own, on a port that the system chose.

import { places } from './places.mjs';
import { start } from './programs.mjs';

/**
 * Starts a relay with the built site and waits until it listens: at that address of this machine, on a port that the
 * system chooses if none is given, and with whatever else its environment is to say.
 */
export async function startRelay({ site = places.site, address = '127.0.0.1', port = 0, environment = {} } = {}) {
  const relay = new Relay(address, port, { RELAY_SITE: site, RELAY_MAP: places.map, ...environment });
  await relay.start();
  return relay;
}

class Relay {
  #address;
  #port;
  #environment;
  #program;

  constructor(address, port, environment) {
    this.#address = address;
    this.#port = port;
    this.#environment = environment;
  }

  /** Starts it, the second time on the port of the first. */
  async start() {
    // By the environment and not by flags: a relay that has no media yet does not stumble over theirs.
    const environment = {
      RELAY_LISTEN: `${this.#address}:${this.#port}`,
      RELAY_MEDIA_LISTEN: `${this.#address}:0`,
      ...this.#environment,
    };
    this.#program = start(places.relay, [], environment);
    const [, port] = await this.#program.line(/listening on http:\/\/[\d.]+:(\d+)/);
    this.#port = Number(port);
  }

  /** Where the site is, without a slash at the end. */
  get url() {
    return `http://${this.#address}:${this.#port}`;
  }

  /** The relay's socket. */
  get socket() {
    return `ws://${this.#address}:${this.#port}/ws`;
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
