//! The world: who is here, where they are, and who hears of what.
//!
//! A pure core. The shell hands in [`Input`] with the time, drains [`World::poll`] and comes back after
//! [`World::next_timeout`]; sockets, tasks and clocks are elsewhere, and whoever wants to glue several relays together
//! adds a source of inputs and a sink of outputs. Read [`messages`] first, then this file, which follows a connection
//! from challenge to end; [`hello`] lets people in, [`obey`] does what they say, [`presence`] follows them until they
//! leave, [`fan_out`] decides when everybody is told, [`chat`] and [`direct`] hand on what people say, [`introducing`]
//! brings their machines together, [`rooms`] puts them into calls, [`bucket`] says how fast somebody may talk, [`participant`], [`numbers`] and
//! [`history`] are what is kept.

mod bucket;
mod chat;
mod direct;
mod fan_out;
mod hello;
mod history;
mod introducing;
mod messages;
mod numbers;
mod obey;
mod participant;
mod presence;
mod rooms;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use shared::{
    identity::{Nonce, UserId},
    map::Map,
    protocol::{Hello, MapRef, Refusal, ToClient, VERSION, close, codec},
    rate::Bucket,
};

pub use self::messages::{ConnectionId, FanKind, Input, Output};
use self::{
    bucket::{Buckets, Kind},
    fan_out::FanOut,
    history::Histories,
    numbers::Numbers,
    participant::Participant,
    rooms::Rooms,
};
use crate::{
    audience::Audience,
    ice::Ice,
    limits::{EVALUATE_EVERY, Limits, RESTART_AFTER_MS},
    signalling::{Introductions, Tickets},
};

/// The world. See the module.
pub struct World {
    map: Arc<Map>,
    map_ref: MapRef,
    audience: Audience,
    limits: Limits,
    connections: HashMap<ConnectionId, Connection>,
    participants: HashMap<UserId, Participant>,
    numbers: Numbers,
    /// Whose hello was accepted since the last flush. They come in with the next one, so that each is told of
    /// everything exactly once: what was before in the welcome, what comes after in frames.
    arrivals: Vec<ConnectionId>,
    fan_out: FanOut,
    histories: Histories,
    hellos_due: BTreeSet<(Duration, ConnectionId)>,
    graces_end: BTreeSet<(Duration, UserId)>,
    tickets: Tickets,
    introductions: Introductions,
    /// When it is looked who is near whom, and when that was done last.
    introduce_at: Option<Duration>,
    introduced_at: Duration,
    rooms: Rooms,
    ice: Ice,
    /// What the wall clock shows: seconds since 1970.
    unix_s: u64,
    /// Lost walkers who are still to be stopped.
    to_stop: Vec<UserId>,
    stop_at: Duration,
    outputs: VecDeque<Output>,
}

struct Connection {
    state: State,
    buckets: Buckets,
    /// Direct messages to it, from all others together.
    letters: Bucket,
    /// Receipts, waves and signs of writing to it, from all others together.
    signs: Bucket,
    /// Whether movements were not sent to it; it needs to hear where everybody is.
    is_behind: bool,
    /// What its challenge was: known to its client alone, so that tickets can be made of it, and how many were.
    nonce: Nonce,
    tickets: u32,
}

impl Connection {
    fn new(state: State, nonce: Nonce) -> Self {
        let bucket = Bucket::default();
        Self { state, buckets: Buckets::default(), letters: bucket, signs: bucket, is_behind: false, nonce, tickets: 0 }
    }

    /// Whether its client was welcomed.
    fn is_in(&self) -> bool {
        matches!(self.state, State::In(_))
    }
}

enum State {
    Challenged { nonce: Nonce, due: Duration },
    Arriving(Box<Hello>),
    In(UserId),
}

impl World {
    /// An empty world on that map.
    pub fn new(map: Arc<Map>, map_ref: MapRef, audience: Audience, limits: Limits) -> Self {
        Self {
            map,
            map_ref,
            audience,
            limits,
            connections: HashMap::new(),
            participants: HashMap::new(),
            numbers: Numbers::default(),
            arrivals: Vec::new(),
            fan_out: FanOut::default(),
            histories: Histories::default(),
            hellos_due: BTreeSet::new(),
            graces_end: BTreeSet::new(),
            tickets: Tickets::default(),
            introductions: Introductions::default(),
            introduce_at: None,
            introduced_at: Duration::ZERO,
            rooms: Rooms::default(),
            ice: Ice::default(),
            unix_s: 0,
            to_stop: Vec::new(),
            stop_at: Duration::ZERO,
            outputs: VecDeque::new(),
        }
    }

    /// The same world, which tells people of these servers.
    #[must_use]
    pub fn with_ice(self, ice: Ice) -> Self {
        Self { ice, ..self }
    }

    /// The wall clock shows so many seconds since 1970: TURN servers go by it, and it may be set right at any time.
    pub fn set_wall_clock(&mut self, unix_s: u64) {
        self.unix_s = unix_s;
    }

    /// Takes what happened at that time. Only [`Input::Tick`] does what time alone brings.
    pub fn handle(&mut self, now: Duration, input: Input) {
        match input {
            Input::SignallingOpened { connection, user_id, ticket } => {
                self.signalling_opened(now, connection, user_id, ticket);
            }
            Input::SignallingReceived { connection, text } => self.signalling_received(now, connection, &text),
            Input::Closed { connection, .. } if self.introductions.has_line(connection) => {
                self.signalling_ended(connection, true);
            }
            Input::NotAMessage { connection } | Input::Flooded { connection } | Input::Overflowed { connection }
                if self.introductions.has_line(connection) =>
            {
                self.signalling_ended(connection, false);
            }
            Input::Sfu { to, message } => self.said_by_sfu(to, message),
            Input::Connected { connection, nonce } => self.challenge(now, connection, nonce),
            Input::Received { connection, bytes } => self.receive(now, connection, &bytes),
            Input::NotAMessage { connection } => self.refuse(now, connection, Refusal::Malformed),
            Input::ControlFrame { connection } => {
                self.count(now, connection, Kind::ControlFrame);
            }
            Input::Flooded { connection } => self.refuse(now, connection, Refusal::Flood),
            Input::Closed { connection, is_clean } => self.end(now, connection, is_clean),
            Input::Missed { connection } => {
                if let Some(connection) = self.connections.get_mut(&connection) {
                    connection.is_behind = true;
                }
            }
            Input::CaughtUp { connection } => self.catch_up(now, connection),
            Input::Overflowed { connection } => self.refuse(now, connection, Refusal::TooSlow),
            Input::Flushed { took } => self.fan_out.took(took),
            Input::Stopping { seed } => self.say_goodbye(seed),
            Input::Tick => self.tick(now),
        }
    }

    /// The next thing to do, until there is none.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Tick`] at the latest.
    pub fn next_timeout(&self) -> Option<Duration> {
        let flush = (self.fan_out.is_pending() || !self.arrivals.is_empty()).then(|| self.fan_out.next_at());
        let stop = (!self.to_stop.is_empty()).then_some(self.stop_at);
        let hello = self.hellos_due.first().map(|(due, _)| *due);
        let grace = self.graces_end.first().map(|(end, _)| *end);
        [flush, stop, hello, grace, self.introduce_at, self.rooms.look_at()].into_iter().flatten().min()
    }

    /// How many participants there are, lost ones included.
    pub fn participants(&self) -> usize {
        self.participants.len()
    }

    fn tick(&mut self, now: Duration) {
        while let Some(&(due, connection)) = self.hellos_due.first().filter(|(due, _)| *due <= now) {
            self.hellos_due.remove(&(due, connection));
            self.refuse(now, connection, Refusal::TooLate);
        }
        if !self.to_stop.is_empty() && self.stop_at <= now {
            self.stop_at = now + EVALUATE_EVERY;
            for user_id in std::mem::take(&mut self.to_stop) {
                self.stop_walker(now, user_id);
            }
        }
        while let Some(&(end, user_id)) = self.graces_end.first().filter(|(end, _)| *end <= now) {
            self.graces_end.remove(&(end, user_id));
            self.remove(user_id);
        }
        if self.introduce_at.is_some_and(|at| at <= now) {
            self.update_introductions(now);
        }
        if self.rooms.look_at().is_some_and(|at| at <= now) {
            self.look_into_rooms(now);
        }
        if (self.fan_out.is_pending() || !self.arrivals.is_empty()) && self.fan_out.next_at() <= now {
            self.flush(now);
        }
    }

    fn challenge(&mut self, now: Duration, connection: ConnectionId, nonce: Nonce) {
        let due = now + self.limits.hello_within;
        let state = State::Challenged { nonce, due };
        self.connections.insert(connection, Connection::new(state, nonce));
        self.hellos_due.insert((due, connection));
        self.send(connection, &ToClient::Challenge { version: VERSION, nonce });
    }

    fn receive(&mut self, now: Duration, id: ConnectionId, bytes: &[u8]) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let user_id = match connection.state {
            State::Challenged { nonce, due } => {
                self.hellos_due.remove(&(due, id));
                let is_full = self.participants.len() + self.arrivals.len() >= self.limits.participants;
                match hello::check(bytes, &nonce, &self.audience) {
                    Ok(hello) if is_full && !self.participants.contains_key(&UserId::of(&hello.public_key)) => {
                        self.refuse(now, id, Refusal::Full);
                    }
                    Ok(hello) => {
                        // The nonce goes with the state: it is used once.
                        connection.state = State::Arriving(Box::new(hello));
                        self.arrivals.push(id);
                    }
                    Err(refusal) => self.refuse(now, id, refusal),
                }
                return;
            }
            State::Arriving(_) => return self.refuse(now, id, Refusal::OutOfOrder),
            State::In(user_id) => user_id,
        };
        match codec::decode_to_relay(bytes) {
            Ok(message) => self.obey(now, id, user_id, message),
            Err(_) => self.refuse(now, id, Refusal::Malformed),
        }
    }

    /// Lets in who arrived, tells everybody what happened, and welcomes the new ones with how it is now.
    fn flush(&mut self, now: Duration) {
        let arrivals = std::mem::take(&mut self.arrivals);
        let admitted: Vec<_> = arrivals.into_iter().filter_map(|id| self.admit(now, id)).collect();

        let (events, moved) = self.fan_out.begin(now);
        if !events.is_empty() {
            self.fan(FanKind::Events, &ToClient::Happened(events));
        }
        let latest = |user_id: UserId| {
            let participant = self.participants.get_mut(&user_id)?;
            participant.is_moved = false;
            Some(participant.numbered())
        };
        let edges: Vec<_> = moved.into_iter().filter_map(latest).collect();
        if !edges.is_empty() {
            self.fan(FanKind::Movements, &ToClient::Moved(edges));
        }
        let welcomed: Vec<_> =
            admitted.into_iter().filter_map(|(id, user_id)| self.welcome(now, id, user_id)).collect();
        self.tell_history(now, welcomed.clone());
        for id in welcomed {
            self.tell_room(now, id);
        }
        self.outputs.push_back(Output::FlushDone);
    }

    fn catch_up(&mut self, now: Duration, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let State::In(user_id) = connection.state else { return };
        if std::mem::take(&mut connection.is_behind) {
            let others = self.participants.values().filter(|other| other.user_id != user_id);
            let places = ToClient::Places(others.map(|other| other.placed(now)).collect());
            self.send(id, &places);
        }
    }

    /// Closes a connection for a reason that its client is told.
    fn refuse(&mut self, now: Duration, id: ConnectionId, refusal: Refusal) {
        if !self.connections.contains_key(&id) {
            return;
        }
        let code = match refusal {
            Refusal::Replaced => close::REPLACED,
            Refusal::TooSlow => close::TOO_SLOW,
            _ => close::REFUSED,
        };
        // Who may come back by itself keeps its place for a while.
        let may_resume = matches!(refusal, Refusal::TooSlow | Refusal::Flood);
        self.end(now, id, !may_resume);
        self.close(id, code, &ToClient::Refused(refusal));
    }

    fn say_goodbye(&mut self, seed: u64) {
        let connections: Vec<_> = self.connections.drain().map(|(id, _)| id).collect();
        let (soonest, latest) = RESTART_AFTER_MS.into_inner();
        for id in connections {
            // A Weyl sequence with a multiplicative hash (Knuth, TAOCP 3, 6.4) spreads them evenly.
            let spread = (seed.wrapping_add(id.0)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let after_ms = soonest + (spread % u64::from(latest - soonest + 1)) as u32;
            self.close(id, close::RESTARTING, &ToClient::Restarting { after_ms });
        }
        self.participants.clear();
        self.end_all_signalling();
        self.rooms = Rooms::default();
        self.hellos_due.clear();
        self.graces_end.clear();
        self.arrivals.clear();
        self.to_stop.clear();
        self.fan_out = FanOut::default();
    }

    fn send(&mut self, connection: ConnectionId, message: &ToClient) {
        let bytes = encode(message);
        self.outputs.push_back(Output::Send { connection, bytes });
    }

    fn fan(&mut self, kind: FanKind, message: &ToClient) {
        self.fan_to(kind, self.audience(kind), message);
    }

    fn fan_to(&mut self, kind: FanKind, to: Vec<ConnectionId>, message: &ToClient) {
        if !to.is_empty() {
            self.outputs.push_back(Output::Fan { kind, to, bytes: encode(message) });
        }
    }

    /// Who should get what goes to many. Today that is everybody; areas of interest would be decided here.
    fn audience(&self, kind: FanKind) -> Vec<ConnectionId> {
        let hears =
            |connection: &Connection| connection.is_in() && !(kind == FanKind::Movements && connection.is_behind);
        self.connections.iter().filter(|(_, connection)| hears(connection)).map(|(id, _)| *id).collect()
    }

    fn close(&mut self, connection: ConnectionId, code: u16, last: &ToClient) {
        let reason = messages::reason(last);
        self.outputs.push_back(Output::Close { connection, code, reason, last: encode(last) });
    }
}

fn encode(message: &ToClient) -> Bytes {
    codec::encode_to_client(message).into()
}

#[cfg(test)]
mod tests;
