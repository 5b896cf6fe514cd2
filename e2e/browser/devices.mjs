// Devices that can be pulled out and plugged in. What the browser itself does then is done to the page: a track of a
// device that is gone ends, the list of devices is another, and the page is told of that. Tracks are the browser's own.

/**
 * Gives a page these devices, `{ kind, id, name }` each, instead of the browser's; before its first navigation. One that
 * `isBusy` is used by another program.
 */
export function plugIn(page, devices) {
  return page.addInitScript((devices) => {
    const { mediaDevices } = navigator;
    const capture = mediaDevices.getUserMedia.bind(mediaDevices);
    const KINDS = { audio: 'audioinput', video: 'videoinput' };
    /** The tracks of each device that are not ended, by its id. */
    const used = new Map();
    let there = devices;
    /** While the browser asks whether the page may have what it wants. */
    let asked;

    mediaDevices.enumerateDevices = async () =>
      there.map(({ kind, id, name }) => ({ kind, deviceId: id, label: name, groupId: '' }));
    mediaDevices.getUserMedia = async (constraints) => {
      const chosen = Object.keys(KINDS).filter((of) => constraints[of]).map((of) => {
        const { ideal, exact } = constraints[of].deviceId ?? {};
        const fitting = there.filter(({ kind, id }) => kind === KINDS[of] && (!exact || id === exact));
        return [of, fitting.find(({ id }) => id === ideal) ?? fitting[0]];
      });
      if (chosen.some(([, device]) => !device)) throw new DOMException('Requested device not found', 'NotFoundError');
      if (chosen.some(([, { isBusy }]) => isBusy)) throw new DOMException('Could not start source', 'NotReadableError');
      await asked;
      // The browser's own device has another id.
      const stream = await capture(Object.fromEntries(chosen.map(([of]) => [of, { ...constraints[of], deviceId: undefined }])));
      for (const [of, { id }] of chosen) {
        for (const track of stream.getTracks().filter(({ kind }) => kind === of)) {
          const settings = track.getSettings.bind(track);
          track.getSettings = () => ({ ...settings(), deviceId: id });
          used.set(id, [...(used.get(id) ?? []), track]);
        }
      }
      return stream;
    };

    window.plug = (device) => {
      there = [...there, device];
      mediaDevices.dispatchEvent(new Event('devicechange'));
    };
    window.unplug = (gone) => {
      there = there.filter(({ id }) => id !== gone);
      const tracks = (used.get(gone) ?? []).filter(({ readyState }) => readyState === 'live');
      used.delete(gone);
      for (const track of tracks) {
        // Whoever stops a track is not told that it ended; a page whose device is gone is.
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
      mediaDevices.dispatchEvent(new Event('devicechange'));
    };
    window.occupy = (id, isBusy) => {
      there = there.map((device) => (device.id === id ? { ...device, isBusy } : device));
    };
    window.holdDevices = () => {
      asked = new Promise((resolve) => {
        window.giveDevices = resolve;
      });
    };
    window.devicesInUse = () =>
      [...used].filter(([, tracks]) => tracks.some(({ readyState }) => readyState === 'live')).map(([id]) => id).sort();
  }, devices);
}

/** Plugs one more device in. */
export function plug(page, device) {
  return page.evaluate((device) => window.plug(device), device);
}

/** Pulls the device of that id out. */
export function unplug(page, id) {
  return page.evaluate((id) => window.unplug(id), id);
}

/** Has another program take the device of that id, or let go of it. */
export function occupy(page, id, is_busy) {
  return page.evaluate(([id, isBusy]) => window.occupy(id, isBusy), [id, is_busy]);
}

/** Has the browser ask before it gives any device, and the person take their time, until [`giveDevices`]. */
export function holdDevices(page) {
  return page.evaluate(() => window.holdDevices());
}

/** The person allows what the page wants. */
export function giveDevices(page) {
  return page.evaluate(() => window.giveDevices());
}

/** The ids of the devices that are on. */
export function devicesInUse(page) {
  return page.evaluate(() => window.devicesInUse());
}
