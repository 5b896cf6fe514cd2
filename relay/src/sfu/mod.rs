//! The selective forwarding unit (SFU) of the relay: the calls of rooms.
//!
//! A pure core, as the world is. The world says who is in which room and what clients say ([`Sfu::handle`]), the
//! [`driver`] what comes on the network ([`Sfu::receive`]) and that time went by ([`Sfu::tick`]); [`Sfu::poll`] says
//! what to send and whom to tell what. Media is forwarded packet by packet as it came, never decoded.
//!
//! Read [`messages`] first, then this file, and then along a packet's way: [`demux`] says whose it is, [`admission`]
//! whether a session may be given it, [`peer`] decrypts it, [`forward`] hands it to all who get it according to [`table`],
//! [`slots`] and [`choose`], named by [`rewrite`]. [`choose`] decides ten times a second who is heard and seen, by
//! [`speakers`] and [`layers`]; [`tell`] says so to the clients; [`wanted`] and [`keyframes`] are what publishers are asked
//! for. [`offer`] checks what connections are made from, [`send`] hands packets to the system, [`tcp`] and [`framing`] are
//! for clients without UDP, [`remb`] for those without transport-cc, [`place`] says where they reach us, [`streams`]
//! measures what comes, [`quality`] how well it arrives, [`limits`] are all bounds.

mod admission;
mod choose;
pub mod demux;
pub mod driver;
mod forward;
pub mod framing;
mod keyframes;
mod layers;
pub mod limits;
mod messages;
pub mod offer;
mod peer;
mod person;
pub mod place;
mod quality;
mod remb;
pub mod rewrite;
mod send;
mod slots;
mod speakers;
mod standstill;
mod streams;
mod table;
mod tcp;
mod tell;
mod wanted;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use shared::{
    limits::LOOKED_AT,
    protocol::{
        link::Description,
        room::{FromSfu, SfuRefusal, ToSfu},
    },
};
use str0m::net::Protocol;

pub use self::messages::{Counts, Datagram, Input, Output, ParticipantKey, RoomKey};
use self::{
    demux::{Demux, PeerId},
    keyframes::Keyframes,
    limits::{CONNECTIONS, EVALUATE_SOON},
    peer::{Peer, Said},
    person::{Connection, Person},
    table::Table,
};

/// The forwarding unit. See the module.
pub struct Sfu {
    /// Where clients reach us.
    addresses: Vec<(Protocol, SocketAddr)>,
    people: HashMap<ParticipantKey, Person>,
    table: Table,
    demux: Demux,
    keyframes: Keyframes,
    /// Who teaches in a room: whoever came first of those at its podium.
    teachers: HashMap<RoomKey, ParticipantKey>,
    /// Whose screen is on stage, the same for all in a room.
    stages: HashMap<RoomKey, ParticipantKey>,
    timers: BTreeSet<(Instant, ParticipantKey)>,
    /// Whose connections were changed and are to be drained before anything else is done with them.
    dirty: BTreeSet<ParticipantKey>,
    evaluate_at: Option<Instant>,
    /// The latest that was said: what came on the network is taken with the moment at which it could be read, which may
    /// be a little before what the world said since.
    now: Instant,
    connections: usize,
    counts: Counts,
    outputs: VecDeque<Output>,
}

impl Sfu {
    /// Nobody is there yet. Clients are told to reach it at `addresses`.
    pub fn new(now: Instant, addresses: Vec<(Protocol, SocketAddr)>) -> Self {
        Self {
            addresses,
            people: HashMap::new(),
            table: Table::default(),
            demux: Demux::default(),
            keyframes: Keyframes::default(),
            teachers: HashMap::new(),
            stages: HashMap::new(),
            timers: BTreeSet::new(),
            dirty: BTreeSet::new(),
            evaluate_at: None,
            now,
            connections: 0,
            counts: Counts::default(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes what the world says.
    pub fn handle(&mut self, now: Instant, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::Said { from, message } => self.said(from, *message),
            Input::Placed { who, room, is_podium } => {
                self.people.entry(who).or_default().is_podium = is_podium;
                if self.table.place(who, room) && room.is_none() {
                    self.tell_nothing(who);
                }
                self.evaluate_soon();
            }
            Input::Arrived(who) => {
                if let Some(person) = self.people.get_mut(&who) {
                    person.arrive();
                }
                self.evaluate_soon();
            }
            Input::Far(who) => self.end_connection(who, Some(SfuRefusal::NotNear)),
            Input::Left(who) => {
                self.end_connection(who, None);
                self.table.place(who, None);
                self.people.remove(&who);
                self.keyframes.forget(who);
                self.evaluate_soon();
            }
        }
    }

    /// Takes what came on the network. Says whether it was of anybody's connection.
    pub fn receive(&mut self, now: Instant, datagram: Datagram<'_>) -> bool {
        self.now = self.now.max(now);
        let Some(id) = self.demux.whose(datagram.protocol, datagram.from, datagram.bytes) else {
            self.counts.strays += 1;
            return false;
        };
        self.hang_up();
        let connection = self.people.get_mut(&id.who).and_then(|person| person.connection.as_mut());
        let Some(connection) = connection.filter(|connection| connection.number == id.connection) else { return false };
        connection.peer.receive(self.now, datagram);
        self.drain(id.who);
        true
    }

    /// A connection of TCP, which came from there, is closed.
    pub fn hung_up(&mut self, from: SocketAddr) {
        self.demux.gone(Protocol::Tcp, from);
    }

    /// Takes that time went by.
    pub fn tick(&mut self, now: Instant) {
        self.now = self.now.max(now);
        let now = self.now;
        // Each once: a session that always wants to be woken at once keeps nobody from being read.
        let later = self.timers.split_off(&(now + Duration::from_nanos(1), ParticipantKey::FIRST));
        for (_, who) in std::mem::replace(&mut self.timers, later) {
            if let Some(connection) = self.people.get_mut(&who).and_then(|person| person.connection.as_mut()) {
                connection.timer = None;
                connection.peer.advance(now);
                self.drain(who);
            }
        }
        if self.evaluate_at.is_some_and(|at| at <= now) {
            self.evaluate();
        }
    }

    /// The next thing to do, until there is none.
    pub fn poll(&mut self) -> Option<Output> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                return Some(output);
            }
            let who = self.dirty.pop_first()?;
            if let Some(connection) = self.people.get_mut(&who).and_then(|person| person.connection.as_mut()) {
                connection.peer.advance(self.now);
                self.drain(who);
            }
        }
    }

    /// When to come back with [`Self::tick`] at the latest.
    pub fn next_timeout(&self) -> Option<Instant> {
        [self.timers.first().map(|(at, _)| *at), self.evaluate_at].into_iter().flatten().min()
    }

    /// The relay stops: everybody's connection ends.
    pub fn close_all(&mut self) {
        for who in self.people.keys().copied().collect::<Vec<_>>() {
            self.end_connection(who, None);
        }
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How much is remembered that clients could make much of, in things of whatever size.
    #[cfg(test)]
    fn remembered(&self) -> usize {
        let connections = self.people.values().filter_map(|person| person.connection.as_ref());
        let of_each: usize = connections.map(|connection| connection.peer.remembered()).sum();
        let looks: usize = self.people.values().map(|person| person.looks.len()).sum();
        of_each
            + looks
            + self.people.len()
            + self.demux.known()
            + self.timers.len()
            + self.dirty.len()
            + self.outputs.len()
    }

    fn said(&mut self, from: ParticipantKey, message: ToSfu) {
        match message {
            ToSfu::Offer { connection, description } => self.offered(from, connection, description.as_str()),
            ToSfu::Close { connection } => {
                let person = self.people.get(&from);
                let is_it = |present: &Connection| present.number == connection;
                if person.and_then(|person| person.connection.as_ref()).is_some_and(is_it) {
                    self.end_connection(from, None);
                }
            }
            ToSfu::Share(shares) => {
                let now = self.now;
                if self.people.entry(from).or_default().share(now, shares) {
                    self.decide_soon(from);
                }
            }
            ToSfu::Look(mut looks) => {
                looks.truncate(LOOKED_AT);
                let person = self.people.entry(from).or_default();
                if person.looks != looks {
                    person.looks = looks;
                    self.decide_soon(from);
                }
            }
        }
    }

    fn offered(&mut self, from: ParticipantKey, number: u32, text: &str) {
        let now = self.now;
        let present = self.people.entry(from).or_default().connection.as_mut();
        let answer = match present {
            // From before the present one: its client has long forgotten it.
            Some(present) if number < present.number && !present.is_of_another_page => return,
            Some(present) if number == present.number && present.peer.is_restarted_by(text) => {
                present.peer.restart(text).inspect(|_| present.peer.advance(now)).ok_or(SfuRefusal::BadOffer)
            }
            _ => {
                self.end_connection(from, None);
                self.connect(from, number, text)
            }
        };
        match answer.and_then(|answer| Description::new(&answer).map_err(|_| SfuRefusal::BadOffer)) {
            Ok(description) => {
                if let Some(connection) = self.people.get_mut(&from).and_then(|person| person.connection.as_mut()) {
                    // Another name comes with a restart.
                    let name = connection.peer.name();
                    self.demux.named(&name, PeerId { who: from, connection: number });
                }
                self.say(from, FromSfu::Answer { connection: number, description });
                self.drain(from);
            }
            Err(why) => {
                self.end_connection(from, None);
                self.say(from, FromSfu::Refused { connection: number, why });
            }
        }
    }

    fn connect(&mut self, from: ParticipantKey, number: u32, text: &str) -> Result<String, SfuRefusal> {
        if self.connections >= CONNECTIONS {
            return Err(SfuRefusal::Busy);
        }
        let (peer, answer) = Peer::answer(self.now, text, &self.addresses).ok_or(SfuRefusal::BadOffer)?;
        let person = self.people.entry(from).or_default();
        person.connect(self.now, number, peer);
        self.connections += 1;
        Ok(answer)
    }

    /// Ends somebody's connection, if they have one. They are told if there is a reason they do not know.
    fn end_connection(&mut self, who: ParticipantKey, why: Option<SfuRefusal>) {
        let Some(person) = self.people.get_mut(&who) else { return };
        let Some(mut connection) = person.connection.take() else { return };
        person.is_lost |= connection.peer.is_missed(self.now) || why == Some(SfuRefusal::Lost);
        self.connections -= 1;
        self.dirty.remove(&who);
        if let Some(timer) = connection.timer {
            self.timers.remove(&(timer, who));
        }
        self.demux.forget(PeerId { who, connection: connection.number });
        self.counts.faults += u64::from(connection.peer.has_failed());
        connection.peer.close();
        let mut last = Vec::new();
        connection.peer.drain(self.now, &mut last);
        for said in last {
            if let Said::Send(transmit) = said {
                self.send(transmit);
            }
        }
        // After the last word: else each would keep a place that others may need, until it is idle for long.
        self.hang_up();
        if let Some(why) = why {
            self.say(who, FromSfu::Refused { connection: connection.number, why });
        }
        self.evaluate_soon();
    }

    /// Hands on what somebody's connection has to say.
    fn drain(&mut self, who: ParticipantKey) {
        self.dirty.remove(&who);
        let mut all = Vec::new();
        let Some(connection) = self.people.get_mut(&who).and_then(|person| person.connection.as_mut()) else { return };
        connection.peer.drain(self.now, &mut all);
        if connection.peer.is_over(self.now) {
            self.end_connection(who, Some(SfuRefusal::Lost));
            return;
        }
        let timeout = connection.peer.timeout();
        if let Some(before) = connection.timer.replace(timeout) {
            self.timers.remove(&(before, who));
        }
        self.timers.insert((timeout, who));
        for said in all {
            match said {
                Said::Send(transmit) => self.send(transmit),
                Said::Packet(stream, packet) => self.forward(who, stream, &packet),
                Said::NeedsKeyframe(line) => self.needs_keyframe(who, line),
                Said::Estimate(bits) => {
                    if let Some(person) = self.people.get_mut(&who) {
                        person.estimate = bits;
                        person.budget.estimate(self.now, bits);
                    }
                }
                Said::Connected => {
                    if let Some(person) = self.people.get_mut(&who) {
                        person.is_lost = false;
                    }
                    self.evaluate_soon();
                }
                Said::Moment { bits, sent_bits } => {
                    if let Some(person) = self.people.get_mut(&who)
                        && person.budget.look(self.now, bits, sent_bits)
                    {
                        self.evaluate_soon();
                    }
                }
                Said::Loss(share) => {
                    if let Some(person) = self.people.get_mut(&who) {
                        person.loss.reported(share);
                    }
                }
                Said::Sums { nacks_in, nacks_out, lost, sent_again } => {
                    self.counts.nacks_in += nacks_in;
                    self.counts.nacks_out += nacks_out;
                    self.counts.lost += lost;
                    self.counts.sent_again += sent_again;
                }
            }
        }
    }

    fn send(&mut self, transmit: str0m::net::Transmit) {
        let str0m::net::Transmit { proto, destination, contents, .. } = transmit;
        self.outputs.push_back(Output::Send { protocol: proto, to: destination, bytes: contents.into() });
    }

    /// Closes the connections of TCP that are of no use any more.
    fn hang_up(&mut self) {
        self.outputs.extend(self.demux.left().map(Output::HangUp));
    }

    fn say(&mut self, to: ParticipantKey, message: FromSfu) {
        self.outputs.push_back(Output::Say { to, message: Box::new(message) });
    }

    /// Something about somebody changed, which matters to those in the same room.
    fn decide_soon(&mut self, who: ParticipantKey) {
        if self.table.room_of(who).is_some() {
            self.evaluate_soon();
        }
    }

    fn evaluate_soon(&mut self) {
        let soon = self.now + EVALUATE_SOON;
        self.evaluate_at = Some(self.evaluate_at.map_or(soon, |at| at.min(soon)));
    }
}

#[cfg(test)]
mod tests;
