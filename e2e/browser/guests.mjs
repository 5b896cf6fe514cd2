// People in rooms with aiortc, a WebRTC that is neither ours nor a browser's: e2e/aiortc/peer.py. And devices for
// Chromium that show and play the same kind of thing, so that both are recognised in the same way.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { eventually } from './browser.mjs';
import { places } from './places.mjs';
import { start } from './programs.mjs';

const PROGRAM = fileURLToPath(new URL('../aiortc/peer.py', import.meta.url));

/** What somebody shows and plays: the halves of their picture as Y, U, V, and a tone in hertz. */
export const SIGNS = {
  ada: { left: [80, 90, 200], right: [150, 60, 110], tone: 440 },
  bob: { left: [120, 200, 80], right: [200, 110, 150], tone: 660 },
};

const TONES = Object.values(SIGNS).map(({ tone }) => tone);

/** How far off a colour may be after it was encoded, forwarded and decoded. */
const COLOUR_OFF_BY = 12;

/** The bar of the picture below moves through so many places. */
const BAR_CELLS = 8;

/** Comes in with aiortc, with these signs, and waits until it is known by a number. */
export async function guest(stage, name, signs, spawn) {
  assert.ok(places.aiortc, 'expected a Python with aiortc, named in CLASSROOM_AIORTC');
  const words = ['-B', PROGRAM, '--joiner', places.roomJoiner, '--relay', stage.relay.socket, '--name', name];
  const shows = ['--left', signs.left.join(), '--right', signs.right.join(), '--tone', `${signs.tone}`];
  const listens = ['--listen-for', ...TONES.map(String), ...(spawn ? ['--spawn', spawn] : [])];
  const program = start(places.aiortc, [...words, ...shows, ...listens]);
  const [, number] = await program.line(/^\{"entered": (\d+)\}$/);
  return new Guest(name, program, number);
}

class Guest {
  constructor(name, program, number) {
    Object.assign(this, { name, program, number });
  }

  /** What it said of what came, second by second. */
  get reports() {
    return this.program.words.filter((line) => line.startsWith('{"seen"')).map((line) => JSON.parse(line));
  }

  /** The last of it. */
  get report() {
    return this.reports.at(-1) ?? { seen: {}, heard: {} };
  }

  /** Waits until its last word of what came is as wanted, and gives it. */
  async until(what, predicate) {
    const isOver = this.program.ended.then((how) => {
      throw new Error(`${this.name} ${how}; it said:\n${this.program.words.slice(-30).join('\n')}`);
    });
    const look = () => predicate(this.report) && this.report;
    return Promise.race([isOver, eventually(`${this.name} ${what}`, look, { detail: () => JSON.stringify(this.report) })]);
  }

  /** Waits until somebody is seen, in one of those sizes, and heard, as their signs have it. */
  meets(number, signs, sizes) {
    return this.until(`sees and hears ${number}`, ({ seen, heard }) => shows(seen[number], signs, sizes) && plays(heard[number], signs));
  }

  /** Waits until pictures and sounds of somebody came for so many seconds without a break. */
  goesOnWith(number, seconds) {
    const comes = ({ seen, heard }) => seen[number] && heard[number];
    return this.until(`sees and hears ${number} for ${seconds} s`, () => {
      const last = this.reports.slice(-seconds);
      return last.length === seconds && last.every(comes);
    });
  }

  /** Waits until nothing of anybody comes. */
  isAlone() {
    return this.until('is alone', ({ seen, heard }) => Object.keys(seen).length + Object.keys(heard).length === 0);
  }

  /** Leaves; says how that went. */
  leave() {
    return this.program.end();
  }
}

/** Whether a picture goes on, in one of those sizes and with these colours. */
export function shows(seen, { left, right }, sizes) {
  const isNear = (a, b) => a.every((part, index) => Math.abs(part - b[index]) <= COLOUR_OFF_BY);
  const isSize = ([width, height]) => sizes.some((size) => size[0] === width && size[1] === height);
  return Boolean(seen) && isSize(seen.size) && seen.bars >= 3 && isNear(seen.left, left) && isNear(seen.right, right);
}

/** Whether a sound is that tone and none of the others. */
export function plays(heard, { tone }) {
  const loudest = (share, other) => share > 0.7 === (Number(other) === tone);
  return Boolean(heard) && Object.entries(heard.tones).every(([other, share]) => loudest(share, other));
}

/** Chromium's flags for devices with these signs, and what takes the files behind them away. */
export function devicesWith(signs) {
  const folder = mkdtempSync(join(tmpdir(), 'classroom-devices-'));
  const [picture, sound] = ['picture.y4m', 'sound.wav'].map((name) => join(folder, name));
  writeFileSync(picture, movie(signs));
  writeFileSync(sound, beeps(signs));
  return {
    flags: [`--use-file-for-fake-video-capture=${picture}`, `--use-file-for-fake-audio-capture=${sound}`],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Pictures with two colours above and a bar that moves below: what `signs.py` draws. https://wiki.multimedia.cx/index.php/YUV4MPEG2 */
function movie({ left, right }, width = 640, height = 360) {
  const plane = (component, cell) => {
    const [wide, high] = component === 0 ? [width, height] : [width / 2, height / 2];
    const [dark, bright] = component === 0 ? [16, 235] : [128, 128];
    const bytes = Buffer.alloc(wide * high, dark);
    const [above, bar] = [Math.floor((high * 3) / 4), wide / BAR_CELLS];
    for (let row = 0; row < high; row += 1) {
      const at = row * wide;
      if (row < above) bytes.fill(left[component], at, at + wide / 2).fill(right[component], at + wide / 2, at + wide);
      else bytes.fill(bright, at + cell * bar, at + (cell + 1) * bar);
    }
    return bytes;
  };
  const frame = (cell) => [Buffer.from('FRAME\n'), ...[0, 1, 2].map((component) => plane(component, cell))];
  const cells = Array.from({ length: BAR_CELLS }, (_, cell) => frame(cell));
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F20:1 Ip A1:1 C420jpeg\n`), ...cells.flat()]);
}

/** Two seconds of a tone that comes and goes: a browser takes what does not change for noise. */
function beeps({ tone }, rate = 48_000, seconds = 2) {
  const sound = Buffer.alloc(rate * seconds * 2);
  for (let sample = 0; sample < rate * seconds; sample += 1) {
    const isOn = Math.floor((sample * 4) / rate) % 2 === 0;
    sound.writeInt16LE(isOn ? Math.round(8000 * Math.sin((2 * Math.PI * tone * sample) / rate)) : 0, sample * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + sound.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(sound.length, 40);
  return Buffer.concat([header, sound]);
}

/** What a page sees and hears in its room for a while, measured as `signs.py` does: of the first picture and voice. */
export function perceives(page) {
  return page.evaluate(
    async ({ tones, cells }) => {
      const isRoom = (own) => own.connectionState === 'connected' && own.getTransceivers().length > 4;
      const receivers = window.everyConnection.filter(isRoom).flatMap((own) => own.getReceivers());
      const live = (kind) => receivers.map(({ track }) => track).find((track) => track.kind === kind && !track.muted);
      const [camera, voice] = [live('video'), live('audio')];
      return { seen: camera && (await look(camera)), heard: voice && (await listen(voice)) };

      async function look(track) {
        const frames = new MediaStreamTrackProcessor({ track }).readable.getReader();
        const bars = new Set();
        let last;
        for (let count = 0; count < 12; count += 1) {
          const { value: frame, done } = await frames.read();
          if (done) break;
          last = await planes(frame);
          const row = Math.floor((last.size[1] * 7) / 8);
          const lumas = Array.from({ length: cells }, (_, cell) => last.at(0, (2 * cell + 1) / (2 * cells), row / last.size[1]));
          bars.add(lumas.indexOf(Math.max(...lumas)));
          frame.close();
        }
        await frames.cancel();
        const colour = (x) => [0, 1, 2].map((component) => last.at(component, x, 3 / 8));
        return last && { size: last.size, left: colour(1 / 4), right: colour(3 / 4), bars: bars.size };
      }

      async function planes(frame) {
        const { width, height } = frame.visibleRect;
        const bytes = new Uint8Array(frame.allocationSize());
        const layout = await frame.copyTo(bytes);
        const isPacked = frame.format === 'NV12';
        if (!isPacked && frame.format !== 'I420') throw new Error(`expected I420 or NV12, was ${frame.format}`);
        const at = (component, x, y) => {
          const shrink = component === 0 ? 1 : 2;
          const [column, row] = [Math.floor((x * width) / shrink), Math.floor((y * height) / shrink)];
          const { offset, stride } = layout[isPacked ? Math.min(component, 1) : component];
          const step = isPacked && component > 0 ? 2 : 1;
          return bytes[offset + row * stride + column * step + (step === 2 ? component - 1 : 0)];
        };
        return { size: [width, height], at };
      }

      async function listen(track) {
        const context = new AudioContext({ sampleRate: 48_000 });
        const analyser = new AnalyserNode(context, { fftSize: 4096 });
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const piece = new Float32Array(analyser.fftSize);
        let best = { energy: 0, tones: Object.fromEntries(tones.map((tone) => [tone, 0])) };
        for (let count = 0; count < 40; count += 1) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          analyser.getFloatTimeDomainData(piece);
          const energy = piece.reduce((sum, sample) => sum + sample * sample, 0);
          if (energy <= Math.max(best.energy, 1e-3)) continue;
          best = { energy, tones: Object.fromEntries(tones.map((tone) => [tone, share(piece, tone, energy)])) };
        }
        await context.close();
        return best;
      }

      function share(piece, hertz, energy) {
        const factor = 2 * Math.cos((2 * Math.PI * hertz) / 48_000);
        let [before, last] = [0, 0];
        for (const sample of piece) [before, last] = [last, sample + factor * last - before];
        return (2 * (last * last + before * before - factor * last * before)) / (piece.length * energy);
      }
    },
    { tones: TONES, cells: BAR_CELLS },
  );
}
