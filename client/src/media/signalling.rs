//! The signalling connection: how the relay introduces one to others, in matchbox's protocol.
//!
//! The relay says on its own connection who somebody is ([`Signalling::introduced`]) and here how to reach their
//! machine. The two are not in step, so whatever comes first waits for the other. In development a stock matchbox server
//! may stand in for it: see [`rendezvous`].

mod rendezvous;

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use matchbox_protocol::{PeerEvent, PeerRequest};
use shared::{
    identity::UserId,
    limits::TICKET_HOLDS,
    protocol::{PeerId, Ticket},
};
use uuid::Uuid;

use self::rendezvous::{Heard, Rendezvous};
use super::{
    backoff::Backoff,
    limits::{EARLY_PEERS, EARLY_SIGNALS, INTRODUCTIONS_KEPT},
    messages::{LinkId, Signal},
};

/// The wait before a signalling connection that was lost is asked for again.
const AGAIN: Backoff = Backoff { at_first: Duration::from_millis(500), at_most: Duration::from_secs(8) };

/// A connection that stood for so long was no accident: tickets are few, and one that is closed as it opens, by some
/// proxy, must not use them up.
const STANDS_AFTER: Duration = Duration::from_secs(10);

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Ask the relay for a ticket.
    AskTicket,
    /// Open the connection.
    Dial(String),
    /// Send a text.
    Send(String),
    /// Close the connection.
    HangUp,
    /// That id is of that person: [`Signalling::introduced`] wants to know.
    Met(PeerId, UserId),
    /// Open a link to that person for that introduction.
    Open { peer: PeerId, with: UserId, offers: bool },
    /// Their machine says this.
    Tell(LinkId, Signal),
    /// The introduction is over: a link that does not stand yet never will.
    Over(LinkId),
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    /// The relay is away.
    #[default]
    Idle,
    Asked {
        until: Duration,
    },
    Dialled {
        until: Duration,
    },
    Open {
        since: Duration,
    },
    Waiting {
        until: Duration,
    },
}

/// Somebody the relay speaks of.
#[derive(Debug, Default)]
struct Introduction {
    user_id: Option<UserId>,
    link: Option<LinkId>,
    /// What came before it was known who it is.
    early: Vec<Early>,
}

#[derive(Debug)]
enum Early {
    NewPeer,
    Signal(Signal),
}

/// The signalling connection and the introductions on it.
#[derive(Debug, Default)]
pub(super) struct Signalling {
    state: State,
    /// Attempts since it last stood for a while.
    attempts: u32,
    introductions: HashMap<PeerId, Introduction>,
    /// In the relay's place.
    rendezvous: Option<Rendezvous>,
    steps: VecDeque<Step>,
}

impl Signalling {
    /// Signalling by a matchbox server at that URL instead of the relay.
    pub(super) fn by_server(own: UserId, url: String) -> Self {
        Self { rendezvous: Some(Rendezvous::new(own, url)), ..Self::default() }
    }

    /// The relay is there, perhaps another than before.
    pub(super) fn came_in(&mut self, now: Duration) {
        self.hang_up();
        self.attempts = 0;
        self.ask(now);
    }

    /// The relay is away. What was introduced may still be useful; nobody new will be.
    pub(super) fn lost(&mut self) {
        self.hang_up();
        self.state = State::Idle;
    }

    /// Here is the ticket that was asked for; the URL is the relay's own.
    pub(super) fn ticket(&mut self, now: Duration, relay_url: &str, ticket: Ticket) {
        if matches!(self.state, State::Asked { .. }) {
            self.state = State::Dialled { until: now + TICKET_HOLDS };
            let folder = relay_url.strip_suffix("ws").unwrap_or(relay_url);
            self.steps.push_back(Step::Dial(format!("{folder}signal?ticket={ticket}")));
        }
    }

    pub(super) fn opened(&mut self, now: Duration) {
        if matches!(self.state, State::Dialled { .. }) {
            self.state = State::Open { since: now };
        }
    }

    pub(super) fn closed(&mut self, now: Duration) {
        if matches!(self.state, State::Open { since } if now >= since + STANDS_AFTER) {
            self.attempts = 0;
        }
        if matches!(self.state, State::Dialled { .. } | State::Open { .. }) {
            self.forget_introductions();
            self.wait(now);
        }
    }

    /// The relay says who it calls by that id.
    pub(super) fn introduced(&mut self, peer: PeerId, user_id: UserId) {
        self.make_room(peer);
        let introduction = self.introductions.entry(peer).or_default();
        introduction.user_id = Some(user_id);
        let early = std::mem::take(&mut introduction.early);
        for event in early {
            match event {
                Early::NewPeer => self.new_peer(peer),
                Early::Signal(signal) => self.signal(peer, signal),
            }
        }
    }

    /// A text came on the connection. What is not of the protocol is ignored: the relay is of another version then,
    /// which its own connection finds out.
    pub(super) fn received(&mut self, text: &str) {
        if let Some(rendezvous) = &mut self.rendezvous {
            let heard = rendezvous.hear(text);
            return heard.into_iter().for_each(|heard| self.heard(heard));
        }
        match serde_json::from_str::<PeerEvent<Signal>>(text) {
            Ok(PeerEvent::NewPeer(peer)) => self.new_peer(peer_id(peer)),
            Ok(PeerEvent::Signal { sender, data }) => self.signal(peer_id(sender), data),
            Ok(PeerEvent::PeerLeft(peer)) => self.peer_left(peer_id(peer)),
            Ok(PeerEvent::IdAssigned(_)) | Err(_) => {}
        }
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Say(text) => self.steps.push_back(Step::Send(text)),
            Heard::Met { peer, user_id, offers } => {
                // What there was of an earlier introduction is of no more use.
                self.peer_left(peer);
                self.steps.push_back(Step::Met(peer, user_id));
                if offers {
                    self.new_peer(peer);
                }
            }
            Heard::Signal(peer, signal) => self.signal(peer, signal),
            Heard::Left(peer) => self.peer_left(peer),
        }
    }

    /// Asks to be introduced to somebody. False if that is for the relay to do.
    pub(super) fn ask_introduction(&mut self, user_id: UserId) -> bool {
        let Some(rendezvous) = &self.rendezvous else { return false };
        let hello = rendezvous.ask(user_id).filter(|_| self.is_open());
        self.steps.extend(hello.map(Step::Send));
        true
    }

    /// Nothing comes of that introduction: whoever it is of is not answered.
    pub(super) fn refuse(&mut self, peer: PeerId) {
        if let Some(introduction) = self.introductions.get_mut(&peer) {
            introduction.early.clear();
        }
    }

    /// The link that [`Step::Open`] asked for has this name.
    pub(super) fn linked(&mut self, peer: PeerId, link: LinkId) {
        if let Some(introduction) = self.introductions.get_mut(&peer) {
            introduction.link = Some(link);
        }
    }

    /// A link has something to say to the other side's machine.
    pub(super) fn send(&mut self, link: LinkId, data: Signal) {
        let peer = self.introductions.iter().find(|(_, introduction)| introduction.link == Some(link));
        if let Some((peer, _)) = peer.filter(|_| self.is_open()) {
            let receiver = matchbox_protocol::PeerId(Uuid::from_u128(peer.0));
            // Strings in enums: cannot fail.
            let text = serde_json::to_string(&PeerRequest::Signal { receiver, data }).unwrap_or_default();
            self.steps.push_back(Step::Send(text));
        }
    }

    /// A link is closed: the introduction it came of is of no more use.
    pub(super) fn link_closed(&mut self, link: LinkId) {
        self.introductions.retain(|_, introduction| introduction.link != Some(link));
    }

    pub(super) fn tick(&mut self, now: Duration) {
        match self.state {
            State::Asked { until } if now >= until => self.wait(now),
            State::Dialled { until } if now >= until => {
                self.steps.push_back(Step::HangUp);
                self.wait(now);
            }
            State::Waiting { until } if now >= until => self.ask(now),
            _ => {}
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Duration> {
        match self.state {
            State::Idle | State::Open { .. } => None,
            State::Asked { until } | State::Dialled { until } | State::Waiting { until } => Some(until),
        }
    }

    pub(super) fn poll(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    fn new_peer(&mut self, peer: PeerId) {
        self.make_room(peer);
        let introduction = self.introductions.entry(peer).or_default();
        match (introduction.user_id, introduction.link) {
            (Some(with), None) => self.steps.push_back(Step::Open { peer, with, offers: true }),
            // Said twice: once is enough.
            (Some(_), Some(_)) => {}
            (None, _) => introduction.push_early(Early::NewPeer),
        }
    }

    fn signal(&mut self, peer: PeerId, signal: Signal) {
        self.make_room(peer);
        let introduction = self.introductions.entry(peer).or_default();
        match (introduction.user_id, introduction.link) {
            (Some(_), Some(link)) => self.steps.push_back(Step::Tell(link, signal)),
            // Whoever answers is offered something first.
            (Some(with), None) if matches!(signal, Signal::Offer(_)) => {
                introduction.early = vec![Early::Signal(signal)];
                self.steps.push_back(Step::Open { peer, with, offers: false });
            }
            (Some(_), None) => {}
            (None, _) => introduction.push_early(Early::Signal(signal)),
        }
    }

    /// What came before the link was open, for the link.
    pub(super) fn take_early(&mut self, peer: PeerId) -> Vec<Signal> {
        let introduction = self.introductions.get_mut(&peer);
        let early = introduction.map(|introduction| std::mem::take(&mut introduction.early)).unwrap_or_default();
        let signal = |early| if let Early::Signal(signal) = early { Some(signal) } else { None };
        early.into_iter().filter_map(signal).collect()
    }

    fn peer_left(&mut self, peer: PeerId) {
        if let Some(link) = self.introductions.remove(&peer).and_then(|introduction| introduction.link) {
            self.steps.push_back(Step::Over(link));
        }
    }

    /// Keeps the relay from making the list grow: the oldest ids are not known apart from others, so any that leads to
    /// nobody goes.
    fn make_room(&mut self, peer: PeerId) {
        if self.introductions.contains_key(&peer) {
            return;
        }
        let unknown = self.introductions.values().filter(|introduction| introduction.user_id.is_none()).count();
        if unknown >= EARLY_PEERS {
            self.introductions.retain(|_, introduction| introduction.user_id.is_some());
        }
        if self.introductions.len() >= INTRODUCTIONS_KEPT {
            self.introductions.retain(|_, introduction| introduction.link.is_some());
        }
        if self.introductions.len() >= INTRODUCTIONS_KEPT {
            self.forget_introductions();
        }
    }

    fn forget_introductions(&mut self) {
        let links = self.introductions.drain().filter_map(|(_, introduction)| introduction.link);
        self.steps.extend(links.map(Step::Over));
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    fn hang_up(&mut self) {
        self.forget_introductions();
        if matches!(self.state, State::Dialled { .. } | State::Open { .. }) {
            self.steps.push_back(Step::HangUp);
        }
    }

    fn ask(&mut self, now: Duration) {
        self.attempts += 1;
        if let Some(rendezvous) = &mut self.rendezvous {
            rendezvous.forget();
            self.state = State::Dialled { until: now + TICKET_HOLDS };
            self.steps.push_back(Step::Dial(rendezvous.url.clone()));
            return;
        }
        self.state = State::Asked { until: now + TICKET_HOLDS };
        self.steps.push_back(Step::AskTicket);
    }

    fn wait(&mut self, now: Duration) {
        self.state = State::Waiting { until: now + AGAIN.wait(self.attempts) };
    }
}

impl Introduction {
    fn push_early(&mut self, event: Early) {
        if self.early.len() < EARLY_SIGNALS {
            self.early.push(event);
        }
    }
}

fn peer_id(peer: matchbox_protocol::PeerId) -> PeerId {
    PeerId(peer.0.as_u128())
}
