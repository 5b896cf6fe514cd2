// Programs that tests start, and that never outlive them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const running = new Set();

// Whatever ends a test's process, an exception included, ends what it started.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}

/** Starts a program; `words` collects its lines, those on stderr too. Its standard input is open as long as it runs. */
export function start(path, flags, environment = {}) {
  const child = spawn(path, flags, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  running.add(child);
  const words = [];
  const listeners = new Set();
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  }).then((how) => {
    running.delete(child);
    return how;
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      words.push(line);
      listeners.forEach((listener) => listener(line));
    });
  }

  return {
    words,
    ended,
    /** The first line that matches, also one that was said already. */
    async line(pattern) {
      const said = words.map((line) => pattern.exec(line)).find(Boolean);
      if (said) return said;
      const heard = new Promise((resolve) => {
        listeners.add((line) => {
          const match = pattern.exec(line);
          if (match) resolve(match);
        });
      });
      const first = await Promise.race([heard, ended]);
      if (typeof first !== 'string') return first;
      throw new Error(`${path} ${first} before it said ${pattern}; it said:\n${words.join('\n')}`);
    },
    /** Ends it with this signal and waits until it is gone. */
    async end(signal = 'SIGTERM') {
      if (running.has(child) && child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return ended;
    },
  };
}
