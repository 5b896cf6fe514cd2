// Figures of calls: `cargo xtask bench calls`. How long it takes from coming within five tiles to the first picture,
// what neighbours cost the processor and the line, and how long a sound is under way. Cameras and microphones are the
// browser's fakes, pictures are drawn and encoded by the processor.

import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser, until } from './browser.mjs';
import { FAKE_DEVICES, apart, caller, connected, grows, standAt, toggle, walkEast, watchConnections } from './calls.mjs';
import { startRelay } from './relay.mjs';
import { enter } from './stage.mjs';
import { table } from './table.mjs';

const APPROACHES = 20;
const NEIGHBOURS = [0, 1, 2, 4];
/** Milliseconds of each measurement. */
const WINDOW = 10_000;
/** Clicks of which the delay is taken, and milliseconds between two. */
const CLICKS = 40;
const EVERY = 500;

const relay = await startRelay();
try {
  table([await approaches()]);
  table(await neighbours());
  table([await delays()]);
} finally {
  await relay.stop();
}

/** What of a stage `caller` needs: people of a browser without a test around them. */
function people(browser) {
  return { person: async () => (await browser.newContext({ baseURL: relay.url, locale: 'en' })).newPage() };
}

async function withBrowser(measure) {
  const browser = await openBrowser({ flags: FAKE_DEVICES });
  try {
    return await measure(browser);
  } finally {
    await browser.close();
  }
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * Milliseconds from crossing five tiles to the first picture of the other, on the page that stands still. The other
 * comes from so far away that nothing of the call is left from the time before.
 */
function approaches() {
  return withBrowser(async (browser) => {
    const stage = people(browser);
    const [ada, bob] = [await caller(stage, 'Ada'), await caller(stage, 'Bob', 10)];
    await Promise.all([toggle(ada, 'Camera', true), toggle(bob, 'Camera', true)]);
    const took = [];
    for (let time = 0; time < APPROACHES; time += 1) {
      await apart(ada, 'Bob');
      const first = ada.evaluate(firstPicture);
      await walkEast(bob, 3);
      took.push(await first);
      await standAt(bob, 10);
    }
    return {
      approaches: took.length,
      'p50, ms': percentile(took, 0.5).toFixed(0),
      'p95, ms': percentile(took, 0.95).toFixed(0),
      'longest, ms': Math.max(...took).toFixed(0),
    };
  });
}

/** In the page: from the moment somebody is within five tiles to that in which a picture of somebody is there. */
function firstPicture() {
  return new Promise((resolve) => {
    let crossed = null;
    const look = setInterval(() => {
      if (crossed === null) {
        const { self, participants } = window.classroom.snapshot();
        const isNear = ({ online, x, y }) => online && Math.hypot(x - self.x, y - self.y) <= 5;
        if (participants.some(isNear)) crossed = performance.now();
        return;
      }
      const videos = [...document.querySelectorAll('[aria-label="Nearby"] video')];
      if (videos.some((video) => video.srcObject && video.videoWidth > 0 && video.readyState >= 2)) {
        clearInterval(look);
        resolve(performance.now() - crossed);
      }
    }, 4);
  });
}

/** Processor time and bytes of a page that sees the world, by the number of people near. */
async function neighbours() {
  const rows = [];
  for (const count of NEIGHBOURS) {
    for (const has_camera of count ? [false, true] : [false]) rows.push(await measure(count, has_camera));
  }
  return rows;
}

function measure(count, has_camera) {
  return withBrowser((own) =>
    withBrowser(async (theirs) => {
      const ada = await people(own).person();
      await watchConnections(ada);
      await enter(ada, 'Ada', { world: true });
      const turnOn = async (page) => {
        await toggle(page, 'Microphone', true);
        if (has_camera) await toggle(page, 'Camera', true);
      };
      await turnOn(ada);
      for (let index = 0; index < count; index += 1) {
        const other = await caller(people(theirs), `Bob ${index}`, 0.5 + index / 2);
        await turnOn(other);
        await connected(ada, `Bob ${index}`);
      }
      if (count) await grows(ada, has_camera ? 'framesDecoded' : 'soundHeard');
      await until(ada, 'the world rests', ({ frames }) => frames.per_second < 4);
      const devtools = await own.newBrowserCDPSession();
      const before = await look(ada, devtools);
      await pause(WINDOW);
      const after = await look(ada, devtools);
      const seconds = (after.at - before.at) / 1000;
      const each = (key) => (count ? ((after[key] - before[key]) / seconds / count / 1000).toFixed(1) : '-');
      return {
        neighbours: count,
        with: has_camera ? 'sound, camera' : 'sound',
        'all processes, % of a core': (((after.spent - before.spent) / seconds) * 100).toFixed(0),
        'up, kB/s each': each('sent'),
        'down, kB/s each': each('received'),
      };
    }),
  );
}

async function look(page, devtools) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const carried = await page.evaluate(async () => {
    const sums = { sent: 0, received: 0 };
    for (const connection of window.everyConnection) {
      if (connection.connectionState !== 'connected') continue;
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type !== 'transport') continue;
        sums.sent += stats.bytesSent;
        sums.received += stats.bytesReceived;
      }
    }
    return sums;
  });
  return { at: performance.now(), spent: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0), ...carried };
}

/**
 * Milliseconds from a click in the speaker's page to the listener's: into the microphone's track, over the call, out of
 * the receiver's. Both pages have one clock. What loudspeakers and microphones add is not in it.
 */
function delays() {
  return withBrowser(async (browser) => {
    const [ada, bob] = [await people(browser).person(), await people(browser).person()];
    await ada.addInitScript(clickingMicrophone, EVERY);
    await bob.addInitScript(listeningConnections);
    await enter(ada, 'Ada');
    await enter(bob, 'Bob');
    await connected(bob, 'Ada');
    await toggle(ada, 'Microphone', true);
    await pause(CLICKS * EVERY);
    const [made, heard] = [await ada.evaluate(() => window.clicks), await bob.evaluate(() => window.clicks)];
    const took = heard.flatMap((at) => {
      const last = made.findLast((click) => click <= at);
      return last === undefined ? [] : [at - last];
    });
    return { clicks: took.length, 'p50, ms': percentile(took, 0.5).toFixed(0), 'p95, ms': percentile(took, 0.95).toFixed(0) };
  });
}

/** In the speaker's page: a microphone that clicks, and remembers when. */
function clickingMicrophone(every) {
  window.clicks = [];
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const end = context.createMediaStreamDestination();
    const silence = context.createConstantSource();
    silence.offset.value = 1e-5;
    silence.connect(end);
    silence.start();
    setInterval(() => {
      const tone = context.createOscillator();
      const at = context.currentTime + 0.05;
      tone.frequency.value = 1000;
      tone.connect(end);
      tone.start(at);
      tone.stop(at + 0.06);
      const { contextTime, performanceTime } = context.getOutputTimestamp();
      window.clicks.push(performance.timeOrigin + performanceTime + (at - contextTime) * 1000);
    }, every);
    return end.stream;
  };
}

/** In the listener's page: notes when something loud begins on any track that is received. */
function listeningConnections() {
  window.clicks = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...options) {
      super(...options);
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'audio') return;
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        analyser.fftSize = 256;
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let quietSince = 0;
        setInterval(() => {
          analyser.getFloatTimeDomainData(samples);
          const now = performance.timeOrigin + performance.now();
          const isLoud = samples.some((sample) => Math.abs(sample) > 0.1);
          if (isLoud && now - quietSince > 100) window.clicks.push(now);
          if (isLoud) quietSince = now;
        }, 2);
      });
    }
  };
}
