// The desktop client on a screen that is not there: Xvfb shows it, the processor draws it.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { places } from './places.mjs';
import { start } from './programs.mjs';

/** What there must be for a desktop that is not there; null if nothing is missing. */
export const missing = places.xvfb ? null : 'expected Xvfb on PATH';

/** The size of the screen, and of the client's window: without a window manager it begins in the upper left corner. */
const [WIDTH, HEIGHT] = [1280, 720];

/** Where the client's figures are, of two people or three. */
const PANEL = { width: 480, height: 160 };

/** Opens a screen of one's own, under a number that nobody else has. */
export async function openScreen() {
  const folder = mkdtempSync(join(tmpdir(), 'classroom-screen-'));
  const server = start(places.xvfb, ['-displayfd', '1', '-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-fbdir', folder]);
  const [, number] = await server.line(/^(\d+)$/);
  return new Screen(folder, server, number);
}

class Screen {
  #folder;
  #server;
  #number;

  constructor(folder, server, number) {
    this.#folder = folder;
    this.#server = server;
    this.#number = number;
  }

  /** Starts the client in a window on it. `look` is that of somebody who was here before, else it is chosen at random. */
  startClient(relay, name, { look, spawn } = {}) {
    // What it keeps lies beside the screen, and goes with it.
    const kept = look ? { 'classroom.profile': JSON.stringify({ name, appearance: look }) } : {};
    mkdirSync(join(this.#folder, 'virtual-classroom-inator'), { recursive: true });
    writeFileSync(join(this.#folder, 'virtual-classroom-inator', 'memory.json'), JSON.stringify(kept));
    const flags = ['--relay', relay.socket, '--name', name, ...(spawn ? ['--spawn', spawn] : [])];
    return start(places.desktop, flags, {
      DISPLAY: `:${this.#number}`,
      XDG_CONFIG_HOME: this.#folder,
      // A graphics card, where there is one, does not draw on this screen.
      WGPU_BACKEND: 'vulkan',
      WGPU_FORCE_FALLBACK_ADAPTER: '1',
    });
  }

  /** What is seen on it now. */
  picture() {
    return read(readFileSync(join(this.#folder, 'Xvfb_screen0')));
  }

  async close() {
    await this.#server.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * The pixels of an X window dump, as red, green, blue and opacity. Its header is in numbers of four bytes, the highest
 * first: https://gitlab.freedesktop.org/xorg/proto/xorgproto/-/blob/master/include/X11/XWDFile.h
 */
function read(dump) {
  const field = (index) => dump.readUInt32BE(index * 4);
  const [headerBytes, width, height, isHighestFirst, bitsPerPixel, bytesPerLine, colours] = [0, 4, 5, 7, 11, 12, 19].map(field);
  if (bitsPerPixel !== 32) throw new Error(`expected pixels of 32 bits, were ${bitsPerPixel}`);
  // A table of colours of 12 bytes each is in between, also where none is needed.
  const begin = headerBytes + colours * 12;
  const [red, green, blue] = isHighestFirst ? [1, 2, 3] : [2, 1, 0];
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [from, to] = [begin + row * bytesPerLine + column * 4, (row * width + column) * 4];
      rgba[to] = dump[from + red];
      rgba[to + 1] = dump[from + green];
      rgba[to + 2] = dump[from + blue];
    }
  }
  return { width, height, rgba };
}

/** Every colour of a picture, as a number, with how many of its pixels have it. */
export function colours({ rgba }) {
  const counts = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = rgba.readUInt32BE(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** Whether a picture is of the world: its art has dozens of colours, and none of them is everywhere. */
export function isOfWorld(picture) {
  const counts = colours(picture);
  return counts.size >= 24 && Math.max(...counts.values()) < (picture.width * picture.height) / 2;
}

/** The share of pixels in which two pictures differ, without the panel of figures in the upper left corner. */
export function difference(a, b) {
  let count = 0;
  for (let row = 0; row < a.height; row += 1) {
    for (let column = row < PANEL.height ? PANEL.width : 0; column < a.width; column += 1) {
      const at = (row * a.width + column) * 4;
      if (a.rgba.readUInt32BE(at) !== b.rgba.readUInt32BE(at)) count += 1;
    }
  }
  return count / (a.width * a.height);
}

/** A picture as PNG, made by a page. */
export async function png(page, { width, height, rgba }) {
  const url = await page.evaluate(
    async ({ width, height, pixels }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const bytes = Uint8ClampedArray.from(atob(pixels), (letter) => letter.charCodeAt(0));
      canvas.getContext('2d', { alpha: false }).putImageData(new ImageData(bytes, width, height), 0, 0);
      return canvas.toDataURL('image/png');
    },
    { width, height, pixels: rgba.toString('base64') },
  );
  return Buffer.from(url.split(',')[1], 'base64');
}
