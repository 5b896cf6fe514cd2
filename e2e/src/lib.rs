//! A network without sockets: sessions and a relay's world in virtual time, joined by lines with delays that break
//! when a test says so. And, over real sockets, a [`visitor`] with a link that is not ours.

#![allow(clippy::missing_panics_doc, reason = "it panics where a test should fail")]

mod lane;
pub mod visitor;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use client::media::Calls;
use client::session::{
    Connection, EPOCH, Input, Output, Session, Setup, Time,
    chat::Key,
    memory::{Entry, Memory, Store},
};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use relay::{
    audience::Audience,
    campus::Campus,
    limits::Limits,
    world::{self, ConnectionId, World},
};
use shared::{
    chat::ChatText,
    identity::{Identity, UserId},
    map::Map,
    movement::Pose,
    profile::{Appearance, Name, Profile, Status},
    protocol::MapRef,
};

use self::lane::Lane;

const URL: &str = "ws://127.0.0.1:8080/ws";

/// What the wall clock shows at the beginning: the autumn of 2026.
const UNIX_MS: u64 = 1_795_000_000_000;

/// The project's own map. Reading it takes long, and it is read once.
pub fn campus() -> Campus {
    static CAMPUS: LazyLock<Campus> = LazyLock::new(|| {
        let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/campus.tmx");
        Campus::read(&map).expect("a sound map")
    });
    CAMPUS.clone()
}

enum ToClient {
    Message(Bytes),
    Closed(u16),
}

enum ToWorld {
    Message(Vec<u8>),
    Closed,
}

/// A connection, seen from both ends.
struct Wire {
    connection: ConnectionId,
    up: Lane<ToWorld>,
    down: Lane<ToClient>,
    /// Cut: nothing arrives any more, and the relay notices after its silence.
    cut: Option<Time>,
}

/// A storage that outlives the page, as a browser's does.
#[derive(Clone, Default)]
pub struct Drawer(BTreeMap<String, String>);

impl Store for Drawer {
    fn read(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn keys(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// One client.
pub struct Client {
    /// Its session.
    pub session: Session,
    /// What it keeps.
    drawer: Drawer,
    /// After so many more of the session's wishes the page is gone, as if the machine had lost power.
    wishes_left: Option<usize>,
    /// Whether the page is open.
    pub is_open: bool,
    wire: Option<Wire>,
    /// How often it is told that time passed: a frame, or a timer in a hidden tab.
    pub frame: Duration,
    next_frame: Time,
}

/// Clients, a relay, and the time they all have.
pub struct Network {
    /// The map all are on.
    pub map: Arc<Map>,
    map_ref: MapRef,
    /// The clients, by the order in which they were added.
    pub clients: Vec<Client>,
    /// The present moment.
    pub now: Time,
    world: Option<World>,
    /// Connections that the relay will find to be lost.
    lost: Vec<(Time, ConnectionId)>,
    random: SmallRng,
    connections: u64,
    delay_ms: u64,
    /// How often, of a hundred times, a frame of a direct conversation is lost, repeated, or late: each.
    pub mischief: u32,
}

impl Network {
    /// An empty network whose messages take up to so many milliseconds.
    pub fn new(campus: Campus, seed: u64, delay_ms: u64) -> Self {
        let Campus { map, map_ref, .. } = campus;
        let mut network = Self {
            map,
            map_ref,
            clients: Vec::new(),
            now: EPOCH,
            world: None,
            lost: Vec::new(),
            random: SmallRng::seed_from_u64(seed),
            connections: 0,
            delay_ms,
            mischief: 0,
        };
        network.start_relay();
        network
    }

    /// Starts a relay that knows nobody.
    pub fn start_relay(&mut self) {
        let audience = Audience::of_loopback(([127, 0, 0, 1], 8080).into());
        self.world = Some(World::new(Arc::clone(&self.map), self.map_ref.clone(), audience, Limits::default()));
    }

    /// Ends the relay without a word.
    pub fn kill_relay(&mut self) {
        self.world = None;
        self.lost.clear();
        for client in &mut self.clients {
            if client.wire.take().is_some() {
                client.session.handle(self.now, Input::SocketClosed(None));
            }
        }
    }

    /// Adds a client that enters at once; its index.
    pub fn enter(&mut self, name: &str) -> usize {
        let index = self.clients.len();
        let drawer = Drawer::default();
        let session = self.session(index, name, &drawer);
        self.clients.push(Client {
            session,
            drawer,
            wishes_left: None,
            is_open: true,
            wire: None,
            frame: Duration::from_millis(16),
            next_frame: self.now,
        });
        index
    }

    fn session(&mut self, index: usize, name: &str, drawer: &Drawer) -> Session {
        let mut session = Session::new(Setup {
            calls: Calls::Off,
            identity: Identity::from_secret(&[index as u8 + 1; 32]),
            relay_url: URL.to_owned(),
            memory: Memory::read(drawer),
            seed: self.random.random(),
            unix_ms: UNIX_MS,
        });
        session.handle(self.now, Input::MapLoaded(Arc::clone(&self.map)));
        let profile = Profile {
            name: Name::new(name).expect("a name"),
            status: Status::Available,
            appearance: Appearance::from_number(index as u64),
        };
        session.handle(self.now, Input::Enter { profile, spawn: None });
        session
    }

    /// Closes a client's page without a word; only what it kept is left.
    pub fn close(&mut self, index: usize) {
        self.drop_connection(index);
        self.clients[index].is_open = false;
    }

    /// Opens a client's page again, with what it kept.
    pub fn open(&mut self, index: usize, name: &str) {
        let drawer = self.clients[index].drawer.clone();
        let session = self.session(index, name, &drawer);
        let client = &mut self.clients[index];
        (client.session, client.is_open, client.wishes_left) = (session, true, None);
    }

    /// Takes a client's power away when it is about to do what its session wishes, after so many more wishes.
    pub fn crash_after(&mut self, index: usize, wishes: usize) {
        self.clients[index].wishes_left = Some(wishes);
    }

    /// Tells a client's session something.
    pub fn tell(&mut self, index: usize, input: Input) {
        self.clients[index].session.handle(self.now, input);
    }

    /// A client's person writes something; what the page does about it is done at once.
    pub fn write(&mut self, index: usize, key: Key, text: ChatText) {
        self.clients[index].wishes_left = None;
        self.tell(index, Input::Say { key, text });
        self.drain_session(index);
    }

    /// Cuts a client's connection: neither end hears of it.
    pub fn cut(&mut self, index: usize) {
        if let Some(wire) = &mut self.clients[index].wire
            && wire.cut.is_none()
        {
            wire.cut = Some(self.now);
            self.lost.push((self.now + shared::limits::SILENCE, wire.connection));
        }
    }

    /// Breaks a client's connection: its own end hears of it at once, the relay's too, but not as a good-bye.
    pub fn drop_connection(&mut self, index: usize) {
        if let Some(wire) = self.clients[index].wire.take() {
            self.clients[index].session.handle(self.now, Input::SocketClosed(None));
            self.lost.push((self.now, wire.connection));
        }
    }

    /// Whether that client is in.
    pub fn is_online(&self, index: usize) -> bool {
        self.clients[index].session.connection() == Connection::Online
    }

    /// Who that client is.
    pub fn user_id(&self, index: usize) -> UserId {
        self.clients[index].session.user_id()
    }

    /// Where a client is by its own account.
    pub fn own(&self, index: usize) -> Option<Pose> {
        self.clients[index].session.own_pose(self.now)
    }

    /// Where a client is by the account of another, if that one knows and sees it online.
    pub fn seen(&self, by: usize, whom: usize) -> Option<Pose> {
        let person = self.clients[by].session.roster().person(self.user_id(whom))?;
        person.online.then(|| person.pose(Some(&self.map.collision), self.now))
    }

    /// Lets time pass, a millisecond at a time.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            let soon = self.now + Duration::from_millis(1);
            self.now = self.next_due().map_or(end, |due| due.max(soon)).min(end);
            self.step();
        }
    }

    /// When something happens the next time: in between nothing does.
    fn next_due(&self) -> Option<Time> {
        let of_client = |client: &Client| {
            let wire = client.wire.as_ref().filter(|wire| wire.cut.is_none());
            let arrivals = wire.map_or([None; 2], |wire| [wire.up.next(), wire.down.next()]);
            arrivals.into_iter().flatten().chain([client.next_frame]).min()
        };
        let clients = self.clients.iter().filter(|client| client.is_open).filter_map(of_client);
        let losses = self.lost.iter().map(|(when, _)| *when);
        clients.chain(losses).chain(self.world.as_ref().and_then(World::next_timeout)).min()
    }

    fn step(&mut self) {
        for index in 0..self.clients.len() {
            if !self.clients[index].is_open {
                continue;
            }
            self.deliver_down(index);
            let client = &mut self.clients[index];
            if self.now >= client.next_frame {
                client.next_frame = self.now + client.frame;
                client.session.handle(self.now, Input::Tick);
            }
            self.drain_session(index);
            self.deliver_up(index);
        }
        let due: Vec<_> = self.lost.extract_if(.., |(when, _)| *when <= self.now).collect();
        for (_, connection) in due {
            self.tell_world(world::Input::Closed { connection, is_clean: false });
        }
        if self.world.as_ref().is_some_and(|world| world.next_timeout().is_some_and(|time| time <= self.now)) {
            self.tell_world(world::Input::Tick);
        }
    }

    fn delay(&mut self) -> Duration {
        Duration::from_millis(self.random.random_range(0..=self.delay_ms))
    }

    fn drain_session(&mut self, index: usize) {
        while self.clients[index].is_open
            && let Some(output) = self.clients[index].session.poll()
        {
            match &mut self.clients[index].wishes_left {
                Some(0) => return self.close(index),
                Some(wishes) => *wishes -= 1,
                None => {}
            }
            match output {
                Output::Dial(_) => self.dial(index),
                Output::Send(bytes) => self.send_up(index, ToWorld::Message(bytes)),
                Output::HangUp => {
                    self.send_up(index, ToWorld::Closed);
                    self.clients[index].wire = None;
                }
                Output::FetchMap(_) => {
                    let map = Arc::clone(&self.map);
                    self.clients[index].session.handle(self.now, Input::MapLoaded(map));
                }
                Output::Remember(Entry { key, value }) => {
                    let texts = &mut self.clients[index].drawer.0;
                    match value {
                        Some(value) => texts.insert(key.into_owned(), value),
                        None => texts.remove(key.as_ref()),
                    };
                }
                Output::Chime(_) | Output::PutBack(_) | Output::Media(_) => {}
            }
        }
    }

    fn dial(&mut self, index: usize) {
        self.clients[index].wire = None;
        if self.world.is_none() {
            return self.clients[index].session.handle(self.now, Input::SocketClosed(None));
        }
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.clients[index].wire = Some(Wire { connection, up: Lane::new(), down: Lane::new(), cut: None });
        self.clients[index].session.handle(self.now, Input::SocketOpened);
        let nonce = self.random.random();
        self.tell_world(world::Input::Connected { connection, nonce });
    }

    fn send_up(&mut self, index: usize, content: ToWorld) {
        let arrives = self.now + self.delay();
        let fates = match &content {
            // Direct messages and receipts.
            ToWorld::Message(bytes) if matches!(bytes.first(), Some(7 | 8)) => self.fates(),
            _ => None,
        };
        if let Some(wire) = &mut self.clients[index].wire {
            // Nothing is heard on a dead line, a good-bye neither.
            if wire.cut.is_some() {
                return;
            }
            match (content, fates) {
                (ToWorld::Closed, _) => self.lost.push((arrives.max(wire.up.last), wire.connection)),
                (content, None) => wire.up.send(arrives, content),
                (ToWorld::Message(bytes), Some(fates)) => {
                    for late in fates {
                        wire.up.slip_in(arrives + late, ToWorld::Message(bytes.clone()));
                    }
                }
            }
        }
    }

    /// How late each copy of a frame is that mischief is done to; `None` if none is done.
    fn fates(&mut self) -> Option<Vec<Duration>> {
        let mut happens = || self.random.random_range(0..100) < self.mischief;
        let (is_lost, is_repeated, is_late) = (happens(), happens(), happens());
        if !(is_lost || is_repeated || is_late) {
            return None;
        }
        let copies = usize::from(!is_lost) + usize::from(is_repeated);
        Some((0..copies).map(|_| Duration::from_millis(self.random.random_range(0..3000))).collect())
    }

    fn deliver_up(&mut self, index: usize) {
        let now = self.now;
        while let Some(wire) = &mut self.clients[index].wire
            && wire.cut.is_none()
            && let Some(content) = wire.up.receive(now)
        {
            let connection = wire.connection;
            if let ToWorld::Message(bytes) = content {
                self.tell_world(world::Input::Received { connection, bytes: bytes.into() });
            }
        }
    }

    fn deliver_down(&mut self, index: usize) {
        let now = self.now;
        while let Some(wire) = &mut self.clients[index].wire
            && wire.cut.is_none()
            && let Some(content) = wire.down.receive(now)
        {
            let input = match content {
                ToClient::Message(bytes) => Input::SocketReceived(bytes.to_vec()),
                ToClient::Closed(code) => {
                    self.clients[index].wire = None;
                    Input::SocketClosed(Some(code))
                }
            };
            self.clients[index].session.handle(now, input);
            self.drain_session(index);
        }
    }

    fn tell_world(&mut self, input: world::Input) {
        let Some(world) = &mut self.world else { return };
        world.handle(self.now, input);
        let mut inputs = VecDeque::new();
        let mut sent: Vec<(ConnectionId, ToClient)> = Vec::new();
        loop {
            while let Some(output) = world.poll() {
                match output {
                    world::Output::Send { connection, bytes } => sent.push((connection, ToClient::Message(bytes))),
                    world::Output::Fan { to, bytes, .. } => {
                        sent.extend(to.into_iter().map(|connection| (connection, ToClient::Message(bytes.clone()))));
                    }
                    // Nobody here has signalling.
                    world::Output::SendText { .. } | world::Output::Sfu(_) => {}
                    world::Output::FlushDone => {
                        inputs.push_back(world::Input::Flushed { took: Duration::from_micros(300) });
                    }
                    world::Output::Close { connection, code, last, .. } => {
                        sent.push((connection, ToClient::Message(last)));
                        sent.push((connection, ToClient::Closed(code)));
                    }
                }
            }
            let Some(input) = inputs.pop_front() else { break };
            world.handle(self.now, input);
        }
        let owners: HashMap<ConnectionId, usize> = (self.clients.iter().enumerate())
            .filter_map(|(index, client)| client.wire.as_ref().map(|wire| (wire.connection, index)))
            .collect();
        for (connection, content) in sent {
            let Some(&index) = owners.get(&connection) else { continue };
            let arrives = self.now + self.delay();
            let fates = match &content {
                // Answers, direct messages and receipts.
                ToClient::Message(bytes) if matches!(bytes.first(), Some(11..=13)) => self.fates(),
                _ => None,
            };
            let Some(wire) = &mut self.clients[index].wire else { continue };
            match (content, fates) {
                (ToClient::Message(bytes), Some(fates)) => {
                    for late in fates {
                        wire.down.slip_in(arrives + late, ToClient::Message(bytes.clone()));
                    }
                }
                (content, _) => wire.down.send(arrives, content),
            }
        }
    }
}
