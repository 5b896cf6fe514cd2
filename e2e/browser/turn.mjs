// A TURN server that is not ours: coturn, with the credentials of its REST scheme.

import { createHmac } from 'node:crypto';
import { networkInterfaces } from 'node:os';

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** Who shares it with the server makes credentials. */
export const SECRET = 'a secret for tests alone';

const PORT = 34780;

/** An address of this machine on a network: browsers offer none on the machine itself. */
const address = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Why there can be no TURN server here, if there can be none. */
export const missing =
  (!places.turnserver && 'expected coturn on PATH') || (!address && 'expected an address on a network') || false;

/** Starts the server and waits until it listens. */
export async function startTurn() {
  const server = start(places.turnserver, [
    '-n',
    '--log-file=stdout',
    '--simple-log',
    '--verbose',
    `--listening-ip=${address}`,
    `--relay-ip=${address}`,
    `--listening-port=${PORT}`,
    '--use-auth-secret',
    `--static-auth-secret=${SECRET}`,
    '--realm=classroom.example',
    '--fingerprint',
    '--no-cli',
    '--no-tls',
    '--no-dtls',
    '--pidfile=/dev/null',
  ]);
  await server.line(/listener opened on.*UDP|IPv4\. UDP listener opened/i);
  return { url: `turn:${address}:${PORT}?transport=udp`, words: server.words, stop: () => server.end('SIGKILL') };
}

/** What a browser is told of the server by somebody with that secret, until so many seconds from now. */
export function credentials(url, seconds, secret = SECRET) {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:somebody`;
  return { urls: url, username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
