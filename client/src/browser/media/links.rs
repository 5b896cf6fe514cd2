//! Links: a matchbox socket each, for one other page.
//!
//! What the library leaves undone is done here and in `connections.js`: its connection is made beforehand and lent to
//! it, and whatever it does runs in one task that ends with the link. Candidates go to the other side as they are found,
//! from here and not from the library, which would wait for the last.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::Rc,
};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures_util::{
    StreamExt,
    future::{AbortHandle, Abortable, select},
    stream,
};
use js_sys::JSON;
use matchbox_protocol::PeerId;
use matchbox_socket::{ChannelConfig, Packet, PeerSignal, PeerState, RtcIceServerConfig, WebRtcSocketBuilder};
use shared::limits::{CANDIDATES, LINK_MESSAGE_BYTES};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, RtcPeerConnectionIceEvent, RtcPeerConnectionState};

use super::{
    super::{listener::Listener, tell},
    connections::LinkConnection,
    introducer::{self, Introducer, OTHER},
    platform,
};
use crate::{
    media::{Ice, LinkEvent, LinkId, MediaInput, Signal},
    session::Input,
};

/// Most signals of the other side: a description, its candidates, and that there are no more.
const SIGNALS: usize = CANDIDATES + 2;

/// The channel on which everything is said, and the one for what may be lost.
const RELIABLE: usize = 0;
const UNRELIABLE: usize = 1;

/// A link that is open, or being opened; dropping it closes it and leaves nothing behind.
pub(super) struct Link {
    introducer: Introducer,
    packets: UnboundedSender<(PeerId, Packet)>,
    heard: Cell<usize>,
    task: AbortHandle,
    /// Silent before the connection is dismissed.
    _listeners: [Listener; 3],
    /// Dismissed before what runs in the task is dropped, so that nothing calls it any more.
    _connection: LinkConnection,
}

impl Link {
    /// Opens a link. None if there is no connection to be had.
    pub(super) fn open(id: LinkId, offers: bool, ice: &Ice) -> Option<Self> {
        let connection = LinkConnection::open(ice)?;
        let (introducer, signaller, says) = Introducer::new(offers);
        // The servers are those of the connection that is lent.
        let nobody = RtcIceServerConfig { urls: Vec::new(), username: None, credential: None };
        let (mut socket, mut socket_loop) = WebRtcSocketBuilder::new("")
            .signaller_builder(signaller)
            .signaling_keep_alive_interval(None)
            .ice_server(nobody)
            .add_channel(ChannelConfig::reliable())
            .add_channel(ChannelConfig::unreliable())
            .build();
        let (packets, received) = socket.take_channel(RELIABLE).ok()?.split();
        // Kept, or the socket would take it that nobody is there any more.
        let (spare, lost) = socket.take_channel(UNRELIABLE).ok()?.split();

        let trickle = Rc::new(Trickle::new(id));
        let listeners = listen(id, &connection, &trickle);
        let lender = connection.lender();
        let (task, registration) = AbortHandle::new_pair();
        let run = async move {
            let socket_loop = poll_fn(|context| lender.lend(|| socket_loop.as_mut().poll(context)));
            let states = socket.map(|(_, state)| state);
            let traffic = Traffic { id, trickle, states, says, received, lost };
            // Whichever ends first ends the link.
            select(socket_loop, pin!(traffic.run())).await;
            drop(spare);
            over(id);
        };
        spawn_local(async {
            // Ends early when the link is dropped.
            let _ = Abortable::new(run, registration).await;
        });
        Some(Self { introducer, packets, heard: Cell::default(), task, _listeners: listeners, _connection: connection })
    }

    /// The other side's machine says this.
    pub(super) fn hear(&self, signal: Signal) {
        if self.heard.get() < SIGNALS {
            self.heard.set(self.heard.get() + 1);
            self.introducer.tell(signal);
        }
    }

    /// Sends a message on the reliable channel; one that cannot be sent is lost, as it would be on the way.
    pub(super) fn send(&self, message: Vec<u8>) {
        let _ = self.packets.unbounded_send((OTHER, message.into()));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // What it runs is dropped in a task of its own, after the connection was dismissed.
        self.task.abort();
    }
}

/// Says that a link is over, once, and lets go of it.
fn over(id: LinkId) {
    let link = platform().and_then(|platform| platform.links.borrow_mut().remove(&id));
    if link.is_some() {
        drop(link);
        report(id, LinkEvent::Down);
    }
}

fn report(id: LinkId, event: LinkEvent) {
    tell(Input::Media(MediaInput::Link(id, event)));
}

fn listen(id: LinkId, connection: &LinkConnection, trickle: &Rc<Trickle>) -> [Listener; 3] {
    let trickle = Rc::clone(trickle);
    let found = Listener::new(connection.target(), "icecandidate", move |event: Event| {
        if let Ok(event) = event.dyn_into::<RtcPeerConnectionIceEvent>() {
            trickle.found(&event);
        }
    });
    let observed = connection.target().clone();
    let failed = Listener::new(connection.target(), "connectionstatechange", move |_| {
        if observed.connection_state() == RtcPeerConnectionState::Failed {
            over(id);
        }
    });
    let refused = Listener::new(connection.target(), "refused", move |_| over(id));
    [found, failed, refused]
}

/// Candidates of one's own, which wait for the description they belong to.
struct Trickle {
    link: LinkId,
    is_described: Cell<bool>,
    early: RefCell<Vec<String>>,
    found: Cell<usize>,
}

impl Trickle {
    fn new(link: LinkId) -> Self {
        Self { link, is_described: Cell::default(), early: RefCell::default(), found: Cell::default() }
    }

    fn found(&self, event: &RtcPeerConnectionIceEvent) {
        let text = match event.candidate() {
            Some(candidate) => JSON::stringify(&candidate.to_json()).ok().and_then(|text| text.as_string()),
            None => Some("null".to_owned()),
        };
        let Some(text) = text.filter(|_| self.found.get() < CANDIDATES) else { return };
        self.found.set(self.found.get() + 1);
        if self.is_described.get() {
            report(self.link, LinkEvent::Signal(Signal::IceCandidate(text)));
        } else {
            self.early.borrow_mut().push(text);
        }
    }

    fn described(&self, description: Signal) {
        report(self.link, LinkEvent::Signal(description));
        self.is_described.set(true);
        for text in self.early.take() {
            report(self.link, LinkEvent::Signal(Signal::IceCandidate(text)));
        }
    }
}

/// What a socket has to say.
struct Traffic<S> {
    id: LinkId,
    trickle: Rc<Trickle>,
    states: S,
    says: UnboundedReceiver<PeerSignal>,
    received: UnboundedReceiver<(PeerId, Packet)>,
    lost: UnboundedReceiver<(PeerId, Packet)>,
}

enum Happening {
    State(PeerState),
    Said(PeerSignal),
    Received(Packet),
    /// Nothing is said on the channel for what may be lost, yet; what is said all the same must not pile up.
    Lost,
}

impl<S: stream::Stream<Item = PeerState> + Unpin> Traffic<S> {
    /// Tells of it until the link is over.
    async fn run(self) {
        let states = self.states.map(Happening::State);
        let mut setting_up = stream::select(states, self.says.map(Happening::Said));
        loop {
            match setting_up.next().await {
                Some(Happening::Said(signal)) => self.trickle.described(introducer::signal(signal)),
                Some(Happening::State(PeerState::Connected)) => break,
                _ => return,
            }
        }
        report(self.id, LinkEvent::Up);
        let received = self.received.map(|(_, packet)| Happening::Received(packet));
        let lost = self.lost.map(|_| Happening::Lost);
        let mut all = stream::select(setting_up, stream::select(received, lost));
        while let Some(happening) = all.next().await {
            match happening {
                Happening::Received(packet) if packet.len() <= LINK_MESSAGE_BYTES => {
                    report(self.id, LinkEvent::Received(packet.to_vec()));
                }
                Happening::Received(_) | Happening::State(PeerState::Disconnected) => return,
                Happening::State(PeerState::Connected) | Happening::Said(_) | Happening::Lost => {}
            }
        }
    }
}
