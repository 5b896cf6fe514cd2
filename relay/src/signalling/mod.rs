//! Introductions: who may find whom's machine, in matchbox's signalling protocol.
//!
//! A pure core, as the world is, and a part of it: the world says who is where ([`Introductions::update`]) and what came
//! on a signalling connection ([`Introductions::received`]); [`Introductions::poll`] says what to send. Nobody can name
//! anybody here but by an id that was made for the two of them, and [`exchange`] checks what they say; [`nearness`]
//! says who is near, and [`tickets`] are how signalling connections are opened.

pub mod exchange;
mod nearness;
mod tickets;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    time::Duration,
};

use matchbox_protocol::{PeerEvent, PeerRequest};
use sha2::{Digest, Sha256};
use shared::{
    identity::UserId,
    map::Map,
    protocol::{PeerId, Ticket},
    proximity::{self, INTRODUCE_WITHIN_TILES, Listener},
    rate::Bucket,
};
use uuid::Uuid;

pub use self::tickets::Tickets;
use self::{
    exchange::{Exchange, Side, Signal},
    nearness::{Nearness, Place},
};
use crate::{
    limits::{INTRODUCED_ANEW, PART_AFTER, WRONG_SIGNALS},
    world::ConnectionId,
};

/// Those with a signalling connection, at one moment.
#[derive(Debug, Default)]
pub struct People {
    /// Where they are, and whether they want to be spoken to.
    pub listeners: HashMap<UserId, Listener>,
    /// Who of them came by leaps: whom they know they keep, and nobody else is introduced to them.
    pub strangers: HashSet<UserId>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send a text on a signalling connection.
    Send(ConnectionId, String),
    /// Close one: its client says what no client does.
    Close(ConnectionId),
    /// Tell somebody who it is that signalling calls so.
    Introduced {
        /// Whom to tell.
        to: UserId,
        /// The id.
        peer: PeerId,
        /// Who it is.
        user_id: UserId,
    },
}

/// A signalling connection.
#[derive(Debug)]
struct Line {
    user_id: UserId,
    /// Signals that were not handed on.
    wrong: Bucket,
}

/// Two people who may find each other's machines. The one with the smaller user id offers.
#[derive(Debug)]
struct Pair {
    /// How each calls the other: first the one who offers.
    names: [PeerId; 2],
    exchange: Exchange,
    /// Since when they are too far apart.
    apart_since: Option<Duration>,
}

/// The two ends of a pair, the one who offers first.
type Ends = (UserId, UserId);

/// Numbers of what was done, for the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pairs introduced.
    pub introductions: u64,
    /// Signals handed on.
    pub signals: u64,
    /// Signals that were not.
    pub dropped: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Introductions {
    lines: HashMap<ConnectionId, Line>,
    by_user: HashMap<UserId, ConnectionId>,
    pairs: BTreeMap<Ends, Pair>,
    /// By whom somebody is called so, and which pair that is.
    names: HashMap<(UserId, PeerId), Ends>,
    /// Of what ids are made: all tickets that were used, so that whoever knows one ticket can tell no id in advance ...
    pool: [u8; 32],
    /// ... and how many were made.
    ids: u64,
    counts: Counts,
    steps: VecDeque<Step>,
}

impl Introductions {
    /// Somebody's signalling connection is open; it takes the place of an earlier one.
    pub fn open(&mut self, connection: ConnectionId, user_id: UserId, ticket: Ticket) {
        self.left(user_id);
        self.pool = Sha256::new().chain_update(self.pool).chain_update(ticket.0).finalize().into();
        self.by_user.insert(user_id, connection);
        self.lines.insert(connection, Line { user_id, wrong: Bucket::default() });
        let own = self.fresh_id();
        self.send(connection, &PeerEvent::IdAssigned(own.into_matchbox()));
    }

    /// Whether that is a signalling connection.
    pub fn has_line(&self, connection: ConnectionId) -> bool {
        self.lines.contains_key(&connection)
    }

    /// Whether anybody has one.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Everybody who has one.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.by_user.keys().copied()
    }

    /// A signalling connection ended: its introductions are over.
    pub fn closed(&mut self, connection: ConnectionId) {
        let Some(line) = self.lines.remove(&connection) else { return };
        if self.by_user.get(&line.user_id) == Some(&connection) {
            self.by_user.remove(&line.user_id);
        }
        let of_them = |(a, b): &Ends| *a == line.user_id || *b == line.user_id;
        let over: Vec<_> = self.pairs.keys().copied().filter(of_them).collect();
        for ends in over {
            self.part(ends);
        }
    }

    /// Somebody left the world, or is lost to it.
    pub fn left(&mut self, user_id: UserId) {
        if let Some(connection) = self.by_user.get(&user_id).copied() {
            self.close(connection);
        }
    }

    /// Ends a signalling connection.
    pub fn close(&mut self, connection: ConnectionId) {
        if self.lines.contains_key(&connection) {
            self.closed(connection);
            self.steps.push_back(Step::Close(connection));
        }
    }

    /// Ends all signalling connections.
    pub fn close_all(&mut self) -> Vec<ConnectionId> {
        let connections = std::mem::take(self).lines.into_keys().collect();
        self.steps.clear();
        connections
    }

    /// Introduces who came near, and ends it for those who have been far apart for a while.
    pub fn update(&mut self, map: &Map, now: Duration, people: &People) {
        let nearness = Nearness::new(map, &people.listeners);
        // Walls are looked for last: a ray costs more than all else.
        let are_new = |(ends, place): &(Ends, Place)| {
            let are_close = place.rank < INTRODUCED_ANEW && place.tiles <= INTRODUCE_WITHIN_TILES;
            are_close && !self.pairs.contains_key(ends) && are_near(map, *ends, people)
        };
        let mut new: Vec<_> = nearness.iter().filter(are_new).map(|(ends, _)| ends).collect();
        new.sort_unstable();
        for ends in new {
            self.introduce_pair(ends);
        }
        let mut over = Vec::new();
        for (ends, pair) in &mut self.pairs {
            // A wall does not part them: it is passed again soon. Those at a door of a room need one another on the way out.
            if nearness.of(*ends).is_some() || are_near(map, *ends, people) {
                pair.apart_since = None;
            } else if now >= *pair.apart_since.get_or_insert(now) + PART_AFTER {
                over.push(*ends);
            }
        }
        for ends in over {
            self.part(ends);
        }
    }

    /// Whether [`Self::update`] is to come again though nobody moves: somebody is about to be parted.
    pub fn is_unsettled(&self) -> bool {
        self.pairs.values().any(|pair| pair.apart_since.is_some())
    }

    /// Two who are near are introduced anew, because what came of the last time is lost.
    pub fn introduce(&mut self, map: &Map, a: UserId, b: UserId, people: &People) {
        let ends = (a.min(b), a.max(b));
        if a != b && are_near(map, ends, people) {
            self.part(ends);
            self.introduce_pair(ends);
        }
    }

    /// A text came on a signalling connection.
    pub fn received(&mut self, now: Duration, connection: ConnectionId, text: &str) {
        let Some(line) = self.lines.get(&connection) else { return };
        let user_id = line.user_id;
        match serde_json::from_str::<PeerRequest<Signal>>(text) {
            Ok(PeerRequest::KeepAlive) => {}
            Ok(PeerRequest::Signal { receiver, data }) => {
                if self.hand_on(user_id, PeerId(receiver.0.as_u128()), data) {
                    self.counts.signals += 1;
                } else {
                    self.wrong(now, connection);
                }
            }
            Err(_) => self.wrong(now, connection),
        }
    }

    /// What to do next.
    pub fn poll(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn hand_on(&mut self, from: UserId, peer: PeerId, signal: Signal) -> bool {
        let Some(ends) = self.names.get(&(from, peer)).copied() else { return false };
        let Some(pair) = self.pairs.get_mut(&ends) else { return false };
        let (side, to, sender) = if from == ends.0 {
            (Side::Offerer, ends.1, pair.names[1])
        } else {
            (Side::Answerer, ends.0, pair.names[0])
        };
        if pair.exchange.check(side, &signal).is_err() {
            return false;
        }
        if let Some(line) = self.by_user.get(&to).copied() {
            self.send(line, &PeerEvent::Signal { sender: sender.into_matchbox(), data: signal });
        }
        true
    }

    /// One signal more that is not handed on. An honest client may say something to somebody who was just parted from
    /// it, so some are borne.
    fn wrong(&mut self, now: Duration, connection: ConnectionId) {
        self.counts.dropped += 1;
        let Some(line) = self.lines.get_mut(&connection) else { return };
        if !line.wrong.take(now, WRONG_SIGNALS, 1) {
            self.close(connection);
        }
    }

    fn introduce_pair(&mut self, ends: Ends) {
        let names = [self.fresh_id(), self.fresh_id()];
        let (offerer, answerer) = ends;
        self.pairs.insert(ends, Pair { names, exchange: Exchange::default(), apart_since: None });
        self.names.insert((offerer, names[0]), ends);
        self.names.insert((answerer, names[1]), ends);
        self.counts.introductions += 1;
        self.steps.push_back(Step::Introduced { to: offerer, peer: names[0], user_id: answerer });
        self.steps.push_back(Step::Introduced { to: answerer, peer: names[1], user_id: offerer });
        if let Some(line) = self.by_user.get(&offerer).copied() {
            self.send(line, &PeerEvent::NewPeer(names[0].into_matchbox()));
        }
    }

    fn part(&mut self, ends: Ends) {
        let Some(pair) = self.pairs.remove(&ends) else { return };
        for (user_id, name) in [(ends.0, pair.names[0]), (ends.1, pair.names[1])] {
            self.names.remove(&(user_id, name));
            if let Some(line) = self.by_user.get(&user_id).copied() {
                self.send(line, &PeerEvent::PeerLeft(name.into_matchbox()));
            }
        }
    }

    fn send(&mut self, connection: ConnectionId, event: &PeerEvent<Signal>) {
        // Enums of strings: cannot fail.
        let text = serde_json::to_string(event).unwrap_or_default();
        self.steps.push_back(Step::Send(connection, text));
    }

    /// An id that was never used and says nothing.
    fn fresh_id(&mut self) -> PeerId {
        self.ids += 1;
        let hash = Sha256::new().chain_update(b"peer").chain_update(self.pool).chain_update(self.ids.to_le_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        PeerId(u128::from_be_bytes(bytes))
    }
}

trait IntoMatchbox {
    fn into_matchbox(self) -> matchbox_protocol::PeerId;
}

impl IntoMatchbox for PeerId {
    fn into_matchbox(self) -> matchbox_protocol::PeerId {
        matchbox_protocol::PeerId(Uuid::from_u128(self.0))
    }
}

/// Whether the two of a pair may be introduced where they are.
fn are_near(map: &Map, (a, b): Ends, people: &People) -> bool {
    let listener = |user_id: UserId| people.listeners.get(&user_id).filter(|_| !people.strangers.contains(&user_id));
    listener(a).zip(listener(b)).is_some_and(|(a, b)| proximity::may_be_introduced(map, *a, *b))
}

#[cfg(test)]
mod tests;
