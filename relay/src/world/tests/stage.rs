//! A world with clients in memory. Each client keeps what it was sent and, from it, its own picture of the others.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use matchbox_protocol::PeerEvent;
use shared::{
    chat::{ChatText, MessageId},
    identity::{Identity, Nonce, UserId},
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{
        Event, Hello, Label, Number, Outcome, Participant, Refusal, RelayUrl, Ticket, ToClient, ToRelay, VERSION, codec,
    },
};

use crate::{
    audience::Audience,
    campus::Campus,
    limits::Limits,
    sfu,
    signalling::exchange::Signal,
    world::{ConnectionId, Input, Output, World},
};

pub(super) const URL: &str = "ws://127.0.0.1:8080/ws";

/// A meadow with a wall across it: what most tests need. Reading a map takes long, and each is read once.
static TINY: LazyLock<Campus> = LazyLock::new(|| campus("tests/tiny/campus.tmx"));

/// The project's own map, with its rooms.
static CAMPUS: LazyLock<Campus> = LazyLock::new(|| campus("../assets/campus.tmx"));

fn campus(file: &str) -> Campus {
    Campus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a sound map")
}

pub(super) fn edge(x: u16, y: u16, direction: Direction, is_moving: bool) -> Edge {
    Edge { position: Position::new(x, y), direction, is_moving }
}

pub(super) fn walk(x: u16, y: u16) -> Edge {
    edge(x, y, Direction::Right, true)
}

pub(super) fn stand(x: u16, y: u16) -> Edge {
    edge(x, y, Direction::Right, false)
}

pub(super) fn profile(name: &str) -> Profile {
    let name = Name::new(name).expect("a name");
    Profile { name, status: Status::Available, appearance: Appearance::default() }
}

/// What one client knows.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) nonce: Nonce,
    pub(super) heard: Vec<ToClient>,
    pub(super) number: Option<Number>,
    pub(super) others: HashMap<UserId, Participant>,
    pub(super) closed: Option<u16>,
}

impl Client {
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.heard.iter().rev().find_map(|message| match message {
            ToClient::Refused(refusal) => Some(refusal),
            _ => None,
        })
    }

    pub(super) fn edge_of(&self, number: Number) -> Option<Edge> {
        self.others.values().find(|other| other.number == number).map(|other| other.edge)
    }

    fn change(&mut self, number: Number, change: impl FnOnce(&mut Participant)) {
        let other = self.others.values_mut().find(|other| other.number == number);
        assert!(other.is_some() || Some(number) == self.number, "{number:?} is unknown");
        other.map(change);
    }

    /// Takes a message as a careful client does; panics at what must not happen.
    fn hear(&mut self, message: ToClient) {
        assert_eq!(self.closed, None, "nothing after the end");
        let own = self.number;
        match &message {
            ToClient::Challenge { nonce, .. } => self.nonce = *nonce,
            ToClient::Welcome(welcome) => {
                assert_eq!(own, None, "welcomed twice");
                self.number = Some(welcome.number);
                for other in &welcome.participants {
                    assert_ne!(other.number, welcome.number, "oneself is not among the others");
                    assert!(self.others.insert(other.user_id, other.clone()).is_none(), "told twice");
                }
            }
            ToClient::Happened(events) => {
                for event in events {
                    match event {
                        Event::Joined(newcomer) => {
                            assert_ne!(Some(newcomer.number), own);
                            let before = self.others.insert(newcomer.user_id, (**newcomer).clone());
                            assert!(before.is_none(), "came in twice");
                        }
                        Event::Left(number) => {
                            let before = self.others.len();
                            self.others.retain(|_, other| other.number != *number);
                            assert_eq!(self.others.len() + 1, before, "somebody unknown left");
                        }
                        Event::Emoted(number, _) => self.change(*number, |_| ()),
                        Event::NameChanged(number, name) => {
                            self.change(*number, |other| other.profile.name = name.clone());
                        }
                        Event::StatusChanged(number, status) => {
                            self.change(*number, |other| other.profile.status = *status);
                        }
                        Event::AppearanceChanged(number, look) => {
                            self.change(*number, |other| other.profile.appearance = *look);
                        }
                    }
                }
            }
            ToClient::Moved(edges) => {
                for moved in edges {
                    self.change(moved.number, |other| other.edge = moved.edge);
                }
            }
            ToClient::Places(places) => {
                for place in places {
                    self.change(place.numbered.number, |other| other.edge = place.numbered.edge);
                }
            }
            _ => {}
        }
        self.heard.push(message);
    }
}

/// A signalling connection, as its client sees it.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) events: Vec<PeerEvent<Signal>>,
    pub(super) closed: Option<u16>,
}

/// The world and its clients, at some moment.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) now: Duration,
    pub(super) clients: HashMap<u64, Client>,
    /// What a flush costs.
    pub(super) flush: Duration,
    /// Whose movements do not fit at the moment.
    pub(super) blocked: Vec<u64>,
    pub(super) frames: usize,
    /// Signalling connections, the closed ones too.
    pub(super) lines: HashMap<u64, Line>,
    /// What the forwarding unit was told.
    pub(super) to_sfu: Vec<sfu::Input>,
    next: u64,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(super) fn with(limits: Limits) -> Self {
        Self::on(&TINY, limits)
    }

    /// On the project's own map.
    pub(super) fn on_campus() -> Self {
        Self::on(&CAMPUS, Limits::default())
    }

    /// The same, of a relay that forwards no media.
    pub(super) fn on_campus_without_media() -> Self {
        let audience = Audience::of_loopback("127.0.0.1:8080".parse().expect("an address"));
        let world = World::new(Arc::clone(&CAMPUS.map), CAMPUS.map_ref.clone(), audience, Limits::default());
        Self { world, ..Self::on_campus() }
    }

    fn on(campus: &Campus, limits: Limits) -> Self {
        let audience = Audience::of_loopback("127.0.0.1:8080".parse().expect("an address"));
        let (map, map_ref) = (Arc::clone(&campus.map), campus.map_ref.clone());
        Self {
            world: World::new(map, map_ref, audience, limits).with_media(),
            now: Duration::ZERO,
            clients: HashMap::new(),
            flush: Duration::from_micros(100),
            blocked: Vec::new(),
            frames: 0,
            lines: HashMap::new(),
            to_sfu: Vec::new(),
            next: 0,
        }
    }

    pub(super) fn dial(&mut self) -> u64 {
        self.next += 1;
        let id = self.next;
        self.clients.insert(id, Client::default());
        self.handle(Input::Connected { connection: ConnectionId(id), nonce: [id as u8; 32] });
        id
    }

    /// Dials and says hello.
    pub(super) fn enter(&mut self, who: u8) -> u64 {
        self.enter_with(who, |_| {})
    }

    /// Comes in, standing there: 1/16 tiles from the left and the top.
    pub(super) fn enter_at(&mut self, who: u8, (x, y): (u16, u16)) -> u64 {
        let id = self.enter_with(who, |hello| hello.place = Some(stand(x, y)));
        let map = &self.world.map;
        assert!(map.collision.is_walkable(Position::new(x, y)), "one cannot stand at {x}, {y}");
        id
    }

    pub(super) fn enter_with(&mut self, who: u8, change: impl FnOnce(&mut Hello)) -> u64 {
        let id = self.dial();
        let mut hello = self.hello(id, who);
        change(&mut hello);
        self.say(id, &ToRelay::Hello(Box::new(hello)));
        self.wait(40);
        id
    }

    pub(super) fn hello(&self, id: u64, who: u8) -> Hello {
        let identity = Identity::from_secret(&[who; 32]);
        Hello {
            version: VERSION,
            public_key: identity.public_key(),
            signature: identity.sign_hello(VERSION, URL, &self.clients[&id].nonce),
            relay_url: RelayUrl::new(URL).expect("a URL"),
            profile: profile(&format!("Person {who}")),
            place: None,
            spawn: None,
        }
    }

    pub(super) fn say(&mut self, id: u64, message: &ToRelay) {
        self.say_bytes(id, codec::encode_to_relay(message));
    }

    pub(super) fn say_bytes(&mut self, id: u64, bytes: Vec<u8>) {
        self.handle(Input::Received { connection: ConnectionId(id), bytes: bytes.into() });
    }

    pub(super) fn close(&mut self, id: u64, is_clean: bool) {
        self.clients.get_mut(&id).expect("a client").closed = Some(1000);
        self.handle(Input::Closed { connection: ConnectionId(id), is_clean });
    }

    pub(super) fn handle(&mut self, input: Input) {
        self.world.handle(self.now, input);
        self.world.handle(self.now, Input::Tick);
        self.settle();
    }

    /// Lets so many milliseconds go by, waking the world exactly when it asks for it.
    pub(super) fn wait(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        while let Some(next) = self.world.next_timeout().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.handle(Input::Tick);
            assert!(self.world.next_timeout().is_none_or(|next| next > self.now), "the world asks for the past");
        }
        self.now = end;
    }

    fn settle(&mut self) {
        while let Some(output) = self.world.poll() {
            match output {
                Output::Send { connection, bytes } => self.deliver(connection, &bytes),
                Output::Fan { kind, to, bytes } => {
                    self.frames += 1;
                    for connection in to {
                        if kind == super::super::FanKind::Movements && self.blocked.contains(&connection.0) {
                            self.world.handle(self.now, Input::Missed { connection });
                        } else {
                            self.deliver(connection, &bytes);
                        }
                    }
                }
                Output::SendText { connection, text } => {
                    let event = serde_json::from_slice(&text).expect("an event");
                    self.lines.get_mut(&connection.0).expect("a line").events.push(event);
                }
                Output::Sfu(input) => self.to_sfu.push(input),
                Output::FlushDone => self.world.handle(self.now, Input::Flushed { took: self.flush }),
                Output::Close { connection, code, .. } if self.lines.contains_key(&connection.0) => {
                    self.lines.get_mut(&connection.0).expect("a line").closed = Some(code);
                }
                Output::Close { connection, code, last, .. } => {
                    self.deliver(connection, &last);
                    self.clients.get_mut(&connection.0).expect("a client").closed = Some(code);
                }
            }
        }
    }

    fn deliver(&mut self, connection: ConnectionId, bytes: &[u8]) {
        let message = codec::decode_to_client(bytes).expect("a message");
        self.clients.get_mut(&connection.0).expect("a client").hear(message);
    }

    /// Asks for a ticket.
    pub(super) fn ticket(&mut self, id: u64) -> Ticket {
        self.say(id, &ToRelay::GetTicket);
        let Some(ToClient::Ticket(ticket)) = self.clients[&id].heard.last() else { panic!("expected a ticket") };
        *ticket
    }

    /// Opens a signalling connection with that ticket, if it is one.
    pub(super) fn redeem(&mut self, ticket: Ticket) -> Option<u64> {
        let user_id = self.world.redeem(self.now, ticket)?;
        self.next += 1;
        let line = self.next;
        self.lines.insert(line, Line::default());
        self.handle(Input::SignallingOpened { connection: ConnectionId(line), user_id, ticket });
        Some(line)
    }

    /// Opens a signalling connection for that client.
    pub(super) fn open_line(&mut self, id: u64) -> u64 {
        let ticket = self.ticket(id);
        self.redeem(ticket).expect("a signalling connection")
    }

    /// Sends a text on a signalling connection.
    pub(super) fn signal(&mut self, line: u64, text: &str) {
        self.handle(Input::SignallingReceived { connection: ConnectionId(line), text: text.to_owned() });
    }

    /// What that client has heard that `take` makes something of.
    pub(super) fn heard<T>(&self, id: u64, take: impl Fn(&ToClient) -> Option<T>) -> Vec<T> {
        self.clients[&id].heard.iter().filter_map(take).collect()
    }

    /// What became of what that client wrote.
    pub(super) fn answers(&self, id: u64) -> Vec<(MessageId, Outcome)> {
        self.heard(id, |message| match message {
            ToClient::Answered { id, outcome } => Some((*id, *outcome)),
            _ => None,
        })
    }

    pub(super) fn number(&self, id: u64) -> Number {
        self.clients[&id].number.expect("a welcome")
    }

    /// Where `who` is, as `beholder` knows it.
    pub(super) fn seen(&self, beholder: u64, who: u64) -> Option<Edge> {
        self.clients[&beholder].edge_of(self.number(who))
    }
}

pub(super) fn label(text: &str) -> Label {
    Label::new(text).expect("a label")
}

pub(super) fn text(text: &str) -> ChatText {
    ChatText::new(text).expect("a text")
}

pub(super) fn message_id(number: u64) -> MessageId {
    MessageId::from_bits(number)
}

pub(super) fn user_id(who: u8) -> UserId {
    Identity::from_secret(&[who; 32]).user_id()
}
