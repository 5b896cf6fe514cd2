// Every RTCPeerConnection of the page: counted until it is closed, and those of links kept in check.
//
// A link is made by a library that makes its own connection, never closes it, lets its callbacks hold it for ever, and
// falls over when the browser refuses what the other side sent. So the module makes a link's connection beforehand,
// and lends it: whoever makes one meanwhile gets that one. It never refuses anything. When it should have, it says so to
// the module by the event `refused`, and what was asked for stays unanswered. `browser/media/links.rs` is the other end.
//
// A script of its own, and not a part of the loader, so that it is in place before anything else of the page runs.

(() => {
  const Native = window.RTCPeerConnection;
  /** @type {Set<RTCPeerConnection>} */
  const open = new Set();
  /** @type {?LinkConnection} */
  let lent = null;

  if (Native === undefined) {
    // Switched off, or left out of the browser: there are no calls, and the rest goes on.
    window.classroomConnections = { count: () => 0 };
    return;
  }

  // Browsers leave what a connection was doing undone for ever once it is closed. Whoever waits for it is held in memory
  // as long, so it fails instead.
  class Connection extends Native {
    #end;
    #ended;

    /** @param {RTCConfiguration} configuration */
    constructor(configuration) {
      if (lent !== null && new.target === Connection) return lent;
      super(configuration);
      open.add(this);
      this.#ended = new Promise((_, end) => {
        this.#end = () => end(new DOMException("The connection is closed.", "InvalidStateError"));
      });
      this.#ended.catch(() => undefined);
    }

    close() {
      super.close();
      open.delete(this);
      this.#end();
    }

    createOffer(...parameters) {
      return this.orEnd(super.createOffer(...parameters));
    }

    createAnswer(...parameters) {
      return this.orEnd(super.createAnswer(...parameters));
    }

    setLocalDescription(...parameters) {
      return this.orEnd(super.setLocalDescription(...parameters));
    }

    setRemoteDescription(...parameters) {
      return this.orEnd(super.setRemoteDescription(...parameters));
    }

    addIceCandidate(...parameters) {
      return this.orEnd(super.addIceCandidate(...parameters));
    }

    /** What a promise gives, or that the connection was closed before. */
    orEnd(promise) {
      return Promise.race([promise, this.#ended]);
    }
  }

  class LinkConnection extends Connection {
    /** @type {RTCDataChannel[]} */
    channels = [];

    /** Closes it for good: nothing of the library is called any more, and nothing of it holds the connection. */
    dismiss() {
      for (const target of [this, ...this.channels]) silence(target);
      this.close();
    }

    createDataChannel(...parameters) {
      const channel = super.createDataChannel(...parameters);
      this.channels.push(channel);
      return channel;
    }

    createOffer(...parameters) {
      return this.#answerOrNever(super.createOffer(...parameters));
    }

    createAnswer(...parameters) {
      return this.#answerOrNever(super.createAnswer(...parameters));
    }

    setLocalDescription(...parameters) {
      return this.#answerOrNever(super.setLocalDescription(...parameters));
    }

    setRemoteDescription(...parameters) {
      return this.#answerOrNever(super.setRemoteDescription(...parameters));
    }

    /** A candidate that is of no use is one less; the others may do. */
    addIceCandidate(...parameters) {
      return super.addIceCandidate(...parameters).catch(() => undefined);
    }

    /** The library asks once a second which way it goes, for somebody who wants to know; nobody does. */
    getStats() {
      return Promise.resolve(new Map());
    }

    /**
     * The library would wait until all candidates are found, for ten seconds where a server is out of reach. The module
     * tells the other side of each by itself.
     */
    get iceGatheringState() {
      return "complete";
    }

    get onicecandidate() {
      return null;
    }

    set onicecandidate(callback) {
      // See above.
    }

    #answerOrNever(promise) {
      return promise.catch((error) => {
        if (this.signalingState === "closed") throw error;
        this.dispatchEvent(new Event("refused"));
        return this.orEnd(new Promise(() => undefined));
      });
    }
  }

  function silence(target) {
    const events = ["iceconnectionstatechange", "icegatheringstatechange", "open", "message", "error", "close"];
    for (const event of events.map((name) => `on${name}`)) if (event in target) target[event] = null;
  }

  window.RTCPeerConnection = Connection;
  window.classroomConnections = {
    /** How many are not closed. */
    count: () => open.size,
    /** A connection for a link, to be lent, and dismissed at the end. */
    forLink: (configuration) => new LinkConnection(configuration),
    /** From now on whoever makes a connection gets this one; null: one of their own again. */
    lend: (connection) => {
      lent = connection;
    },
  };
})();
