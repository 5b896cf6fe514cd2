// Somebody who speaks without a pause, and what another hears of it: for telling how long a silence was.

/** Parts of the record are so long, in milliseconds. */
export const PART = 10;

/** A part is silent below this share of what is usual. */
const SILENT_BELOW = 0.1;

/**
 * Has a page's microphone speak: harmonics of a voice that rise and fall like syllables and never stop. Not a file for
 * Chromium's fake device: there two people in one browser would say the same, and each be taken for the other's echo.
 * To be called before the page is opened.
 */
export function speaks(page, pitch) {
  return page.addInitScript((pitch) => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (!wanted.audio) return ask(wanted);
      const context = new AudioContext();
      const end = context.createMediaStreamDestination();
      const source = context.createBufferSource();
      // A second, so that it goes on without a click: every frequency in it is a whole number.
      source.buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
      const samples = source.buffer.getChannelData(0);
      for (const index of samples.keys()) {
        const turns = (2 * Math.PI * index) / context.sampleRate;
        const syllables = 0.7 + 0.3 * Math.sin(4 * turns);
        const harmonics = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => Math.sin(number * pitch * turns) / number);
        samples[index] = 0.3 * syllables * harmonics.reduce((sum, harmonic) => sum + harmonic, 0);
      }
      source.loop = true;
      source.connect(end);
      source.start();
      window.speaking = context;
      return end.stream;
    };
  }, pitch);
}

/**
 * Records how loud it is that a page plays, all its audio elements together, each as loud as it is set. To be called
 * before the page is opened; [`heard`] gives the record.
 */
export function listens(page) {
  return page.addInitScript((part) => {
    const rate = 8000;
    const played = new Map();
    let recorder = null;
    const open = () => {
      const context = new AudioContext({ sampleRate: rate });
      const ear = context.createAnalyser();
      // Four seconds: no sample is missed as long as it is looked at more often.
      ear.fftSize = 32_768;
      return { context, ear, samples: new Float32Array(ear.fftSize), until: 0, rest: [] };
    };
    const { set, get } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      configurable: true,
      get,
      set(stream) {
        set.call(this, stream);
        if (!(this instanceof HTMLAudioElement)) return;
        played.get(this)?.disconnect();
        played.delete(this);
        if (!stream?.getAudioTracks().length) return;
        recorder ??= open();
        const gain = recorder.context.createGain();
        recorder.context.createMediaStreamSource(stream).connect(gain).connect(recorder.ear);
        played.set(this, gain);
      },
    });
    // [`heard`] empties it.
    window.loudness = [];
    const follow = () => {
      for (const [element, gain] of played) {
        gain.gain.value = element.paused || element.muted ? 0 : element.volume;
      }
    };
    const note = () => {
      if (!recorder) return;
      const { context, ear, samples } = recorder;
      ear.getFloatTimeDomainData(samples);
      const now = Math.round(context.currentTime * rate);
      const fresh = Math.min(now - recorder.until, samples.length);
      recorder.until = now;
      const all = [...recorder.rest, ...samples.subarray(samples.length - fresh)];
      const size = (rate * part) / 1000;
      const whole = Math.floor(all.length / size);
      for (let index = 0; index < whole; index += 1) {
        const squares = all.slice(index * size, (index + 1) * size).reduce((sum, sample) => sum + sample ** 2, 0);
        window.loudness.push(Math.sqrt(squares / size));
      }
      recorder.rest = all.slice(whole * size);
    };
    setInterval(follow, 5);
    setInterval(note, 200);
  }, PART);
}

/** How loud each part was since the last time one asked. */
export async function heard(page) {
  // What was recorded, but not yet looked at.
  await page.waitForTimeout(250);
  return page.evaluate(() => window.loudness.splice(0));
}

/** The longest silence in a record, in milliseconds, where others were as loud as in `usual`. */
export function longestSilence(record, usual) {
  const least = SILENT_BELOW * median(usual);
  let longest = 0;
  let length = 0;
  for (const loudness of record) {
    length = loudness < least ? length + PART : 0;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** What is in the middle. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
