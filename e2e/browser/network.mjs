// A network of one's own between two browsers, whose paths can be cut: a bridge, with a namespace for each of them.
// It takes Linux and root; `network()` gives null elsewhere.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { places } from './places.mjs';

// Addresses for private networks (RFC 1918) that nobody is likely to use.
const NETWORK = '10.203.86';
const BRIDGE = 'classroom0';
const ENDS = ['classroom1', 'classroom2'];

// Where packets are sent that are to be lost: a table of routes of its own, and a link behind which nobody is.
const LOST = '86';
const VOID = 'void0';

/** The network, or null where it cannot be made. */
export function network() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return null;
  try {
    return new Network();
  } catch (error) {
    console.log(`# no network of one's own: ${error.message}`);
    tearDown();
    return null;
  }
}

class Network {
  #folder = mkdtempSync(join(tmpdir(), 'classroom-network-'));

  constructor() {
    tearDown();
    ip('link', 'add', BRIDGE, 'type', 'bridge');
    ip('addr', 'add', `${this.address}/24`, 'dev', BRIDGE);
    ip('link', 'set', BRIDGE, 'up');
    ENDS.forEach((end, index) => {
      ip('netns', 'add', end);
      ip('link', 'add', end, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', end);
      ip('link', 'set', end, 'master', BRIDGE, 'up');
      ip('-n', end, 'addr', 'add', `${NETWORK}.${index + 2}/24`, 'dev', 'eth0');
      ip('-n', end, 'link', 'set', 'lo', 'up');
      ip('-n', end, 'link', 'set', 'eth0', 'up');
      ip('-n', end, 'route', 'add', 'default', 'via', this.address);
      ip('-n', end, 'link', 'add', VOID, 'type', 'veth', 'peer', 'name', 'void1');
      ip('-n', end, 'link', 'set', VOID, 'arp', 'off', 'addrgenmode', 'none', 'up');
      ip('-n', end, 'link', 'set', 'void1', 'addrgenmode', 'none', 'up');
      ip('-n', end, 'route', 'add', 'default', 'dev', VOID, 'table', LOST);
      // The first rule is that for own addresses: behind others, so that these can be about what comes in as well.
      ip('-n', end, 'rule', 'add', 'pref', '200', 'table', 'local');
      ip('-n', end, 'rule', 'del', 'pref', '0');
    });
    process.on('exit', () => this.close());
  }

  /** Where the relay can listen for both. */
  address = `${NETWORK}.1`;

  /** A program that is Chromium in one of the two namespaces, 0 or 1. */
  chromium(index) {
    const path = join(this.#folder, `chromium-${index}`);
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${ENDS[index]} ${places.chromium} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Whether the two reach each other; the relay they reach all the while. */
  joinPeers(is_joined) {
    for (const end of ENDS) ip('link', 'set', 'dev', end, 'type', 'bridge_slave', 'isolated', is_joined ? 'off' : 'on');
  }

  /** Whether one of them reaches anybody at all: as if it had gone out of reach of its Wi-Fi. */
  connect(index, is_connected) {
    ip('link', 'set', ENDS[index], is_connected ? 'up' : 'down');
  }

  /**
   * Whether one of them reaches that port of the other machines, by `udp` or `tcp`, and is reached from it. What is
   * sent while it is not is lost without a word, as at a firewall that drops.
   */
  open(index, port, protocol, is_open) {
    const of = (way) => ['ipproto', protocol, way, String(port)];
    const rules = [
      [...of('dport'), 'table', LOST],
      ['iif', 'eth0', ...of('sport'), 'blackhole'],
    ];
    for (const rule of rules) ip('-n', ENDS[index], 'rule', is_open ? 'del' : 'add', 'pref', '100', ...rule);
  }

  close() {
    tearDown();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function ip(...flags) {
  return execFileSync('ip', flags, { stdio: ['ignore', 'pipe', 'pipe'] });
}

function tearDown() {
  for (const flags of [...ENDS.map((end) => ['netns', 'del', end]), ...[...ENDS, BRIDGE].map((link) => ['link', 'del', link])]) {
    try {
      ip(...flags);
    } catch {
      // It is not there, or goes with its namespace.
    }
  }
}
