// What a page plays sound with: its audio elements, which are in no document.

/** Remembers them; before the page's first navigation. */
export function keepSpeakers(page) {
  return page.addInitScript(() => {
    window.speakers = [];
    const create = document.createElement.bind(document);
    document.createElement = (name, ...options) => {
      const element = create(name, ...options);
      if (name === 'audio') window.speakers.push(element);
      return element;
    };
  });
}

/** In the page: the volume of each speaker that plays something. */
export function playing() {
  const playing = window.speakers.filter((speaker) => speaker.srcObject && !speaker.paused && !speaker.muted);
  return playing.map(({ volume }) => volume).filter((volume) => volume > 0);
}

/** The volume of each speaker of a page that plays something. */
export function volumes(page) {
  return page.evaluate(playing);
}
