// Where things are: what `cargo xtask` tells us, or what it would tell us in this repository.
// Nothing else here reads the environment.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = env.CARGO_TARGET_DIR ?? join(root, 'target');

export const places = {
  /** The built site. */
  site: env.CLASSROOM_SITE ?? join(root, 'dist'),
  /** The map that the relay serves. */
  map: env.CLASSROOM_MAP ?? join(root, 'assets/campus.tmx'),
  /** The relay's program: unless told otherwise as the Rust tests leave it, like the next two. */
  relay: env.CLASSROOM_RELAY ?? join(target, 'debug/relay'),
  /** The desktop client. */
  desktop: env.CLASSROOM_DESKTOP ?? join(target, 'debug/client'),
  /** A screen that is not there; undefined where there is none. */
  xvfb: onPath('Xvfb'),
  /** The program that walks participants about. */
  bots: env.CLASSROOM_BOTS ?? join(target, 'debug/bots'),
  /** Where the README's pictures go. */
  pictures: env.CLASSROOM_PICTURES ?? join(root, 'docs/pictures'),
  /** Somebody with a stock matchbox socket. */
  matchboxPeer: env.CLASSROOM_MATCHBOX_PEER ?? join(target, 'debug/matchbox_peer'),
  /** A stock matchbox server. */
  matchboxServer: env.CLASSROOM_MATCHBOX_SERVER ?? onPath('matchbox_server'),
  /** Who lets clients that are not ours into rooms. */
  roomJoiner: env.CLASSROOM_ROOM_JOINER ?? join(target, 'debug/room_joiner'),
  /** A Python with aiortc; undefined where there is none. */
  aiortc: env.CLASSROOM_AIORTC,
  /** A TURN server; undefined where there is none. */
  turnserver: onPath('turnserver'),
  /** The browser. */
  chromium: env.CHROMIUM ?? onPath('chromium', 'chromium-browser', 'google-chrome'),
};

function onPath(...names) {
  const candidates = (env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
