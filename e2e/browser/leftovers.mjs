// What a page holds: connections, elements, listeners, tracks. For telling whether something is left behind.

import { snapshot } from './browser.mjs';

/** Remembers each track of a page that captures, for [`count`]. */
export function rememberTracks(page) {
  return page.evaluate(() => {
    window.everyTrack = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      window.everyTrack.push(...stream.getTracks());
      return stream;
    };
    // A copy of a track captures as long as it lives, whatever becomes of the first.
    for (const Kind of [MediaStream, MediaStreamTrack]) {
      const { clone } = Kind.prototype;
      Kind.prototype.clone = function () {
        const copy = clone.call(this);
        window.everyTrack.push(...(copy.getTracks?.() ?? [copy]));
        return copy;
      };
    }
  });
}

/** Counts what a page holds once everything that nobody needs is cleared away. */
export async function count(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  for (let time = 0; time < 3; time += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners: listeners } = await devtools.send('Memory.getDOMCounters');
  const players = await living(devtools, 'HTMLMediaElement');
  await devtools.detach();
  const elements = await page.evaluate(() => document.querySelectorAll('audio, video, canvas').length);
  const liveTracks = await page.evaluate(() => window.everyTrack.filter(({ readyState }) => readyState === 'live').length);
  const { peer_connections: connections } = (await snapshot(page)).media;
  return { connections, liveTracks, elements, players, nodes, listeners, heap };
}

/** How many objects of that class there are, in the document or not. */
async function living(devtools, kind) {
  const { result: prototype } = await devtools.send('Runtime.evaluate', { expression: `${kind}.prototype` });
  const { objects } = await devtools.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId, objectGroup: 'count' });
  const { result } = await devtools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  await devtools.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
  return result.value;
}
