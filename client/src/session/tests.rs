//! The session in virtual time, against a relay that says what each test needs.

mod calls;
mod rooms;

use std::{sync::Arc, sync::OnceLock, time::Duration};

use shared::{
    identity::{Identity, UserId},
    map::{Map, MapFiles},
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{
        Event, Label, MapRef, Number, NumberedEdge, Participant, Refusal, ToClient, ToRelay, VERSION, Welcome, close,
        codec,
        link::{Description, Shares},
        room::{FromSfu, Membership, Slots, ToSfu},
    },
};

use crate::media::{CallEvent, CallId, Calls, ConnectionState, MediaInput, MediaOutput};

use super::{
    Connection, EPOCH, Input, Output, Session, Setup, Time, Trouble,
    memory::Memory,
    snapshot::{Frames, Snapshot},
};

const URL: &str = "ws://127.0.0.1:8080/ws";

pub(crate) fn at(ms: u64) -> Time {
    EPOCH + Duration::from_millis(ms)
}

/// The project's own map.
pub(crate) fn campus() -> Arc<Map> {
    static CAMPUS: OnceLock<Arc<Map>> = OnceLock::new();
    Arc::clone(CAMPUS.get_or_init(read_campus))
}

fn read_campus() -> Arc<Map> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets");
    let mut files = MapFiles::new();
    for entry in std::fs::read_dir(folder).expect("the assets").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".tmx", ".tsx", ".png"].iter().any(|ending| name.ends_with(ending)) {
            files.insert(name, std::fs::read(entry.path()).expect("an asset"));
        }
    }
    Arc::new(Map::read("campus.tmx", &files).expect("a sound map"))
}

fn profile(name: &str) -> Profile {
    Profile {
        name: Name::new(name).expect("a name"),
        status: Status::Available,
        appearance: Appearance::from_number(name.len() as u64),
    }
}

pub(crate) fn person(secret: u8) -> UserId {
    Identity::from_secret(&[secret; 32]).user_id()
}

/// A client's session, and what a test tells it.
pub(crate) struct Client {
    pub(crate) session: Session,
    pub(crate) map: Arc<Map>,
    /// What was said to the relay after the welcome.
    pub(crate) asked: Vec<ToRelay>,
}

impl Client {
    pub(crate) fn new(memory: Memory) -> Self {
        Self::seeded(memory, 7)
    }

    /// A client with calls that is in, standing somewhere.
    fn calling_at(place: Position) -> Self {
        let client = Self::with_calls(Memory::default(), 7, Calls::ByRelay);
        client.come_in(place)
    }

    fn seeded(memory: Memory, seed: u64) -> Self {
        Self::with_calls(memory, seed, Calls::Off)
    }

    fn with_calls(memory: Memory, seed: u64, calls: Calls) -> Self {
        let identity = Identity::from_secret(&[1; 32]);
        let session = Session::new(Setup {
            identity,
            relay_url: URL.to_owned(),
            memory,
            seed,
            calls,
            unix_ms: 1_795_000_000_000,
        });
        Self { session, map: campus(), asked: Vec::new() }
    }

    /// A client that is in, standing at the default spawn point since `at(0)`.
    pub(crate) fn online() -> Self {
        Self::online_with(Memory::default())
    }

    /// The same at another visit.
    pub(crate) fn online_with(memory: Memory) -> Self {
        let client = Self::new(memory);
        let spawn = client.map.default_spawn();
        client.come_in(spawn)
    }

    /// The same person in another tab.
    pub(crate) fn online_seeded(seed: u64) -> Self {
        let client = Self::seeded(Memory::default(), seed);
        let spawn = client.map.default_spawn();
        client.come_in(spawn)
    }

    /// A client that is in, standing somewhere else.
    pub(crate) fn online_at(place: Position) -> Self {
        Self::new(Memory::default()).come_in(place)
    }

    fn come_in(mut self, place: Position) -> Self {
        self.tell(0, Input::Enter { profile: profile("Ada"), spawn: None });
        self.challenge(0);
        self.asked = self.welcome(0, Client::standing(place), vec![]);
        self
    }

    pub(crate) fn standing(position: Position) -> Edge {
        Edge { position, direction: Direction::Down, is_moving: false }
    }

    pub(crate) fn tell(&mut self, ms: u64, input: Input) -> Vec<Output> {
        self.session.handle(at(ms), input);
        std::iter::from_fn(|| self.session.poll()).collect()
    }

    pub(crate) fn hear(&mut self, ms: u64, message: &ToClient) -> Vec<Output> {
        self.tell(ms, Input::SocketReceived(codec::encode_to_client(message)))
    }

    fn challenge(&mut self, ms: u64) -> Vec<ToRelay> {
        sent(&self.hear(ms, &ToClient::Challenge { version: VERSION, nonce: [3; 32] }))
    }

    fn welcome(&mut self, ms: u64, edge: Edge, participants: Vec<Participant>) -> Vec<ToRelay> {
        let map = MapRef { file: Label::new("campus.tmx").expect("a label"), hash: self.map.hash };
        let welcome = Welcome { number: Number(1), edge, map, participants };
        let mut outputs = self.hear(ms, &ToClient::Welcome(Box::new(welcome)));
        if outputs.iter().any(|output| matches!(output, Output::FetchMap(_))) {
            outputs.extend(self.tell(ms, Input::MapLoaded(Arc::clone(&self.map))));
        }
        sent(&outputs)
    }

    fn place(&self, ms: u64) -> (f32, f32) {
        self.session.own_pose(at(ms)).expect("one is in").point.tiles()
    }
}

pub(crate) fn sent(outputs: &[Output]) -> Vec<ToRelay> {
    let message = |output: &Output| match output {
        Output::Send(bytes) => Some(codec::decode_to_relay(bytes).expect("a message")),
        _ => None,
    };
    outputs.iter().filter_map(message).collect()
}

/// The edges among what is sent; a silent relay is asked for signs of life in between.
fn moves(outputs: &[Output]) -> Vec<Edge> {
    let edge = |message: ToRelay| if let ToRelay::Moved(edge) = message { Some(edge) } else { None };
    sent(outputs).into_iter().filter_map(edge).collect()
}

fn dials(outputs: &[Output]) -> usize {
    outputs.iter().filter(|output| matches!(output, Output::Dial(_))).count()
}

pub(crate) fn participant(number: u16, secret: u8, name: &str, edge: Edge, age_ms: u32) -> Participant {
    Participant { number: Number(number), user_id: person(secret), profile: profile(name), edge, age_ms }
}

#[test]
fn nobody_is_disturbed_before_one_enters() {
    let mut client = Client::new(Memory::default());
    for ms in [0, 1000, 60_000] {
        assert_eq!(client.tell(ms, Input::Tick), []);
    }
    assert_eq!(client.session.connection(), Connection::Connecting);
}

#[test]
fn the_hello_is_signed_for_the_relay_as_dialled() {
    let mut client = Client::new(Memory::default());
    let outputs = client.tell(0, Input::Enter { profile: profile("Ada"), spawn: None });
    assert!(outputs.contains(&Output::Dial(URL.to_owned())));
    let messages = client.challenge(10);
    let [ToRelay::Hello(hello)] = &messages[..] else { panic!("{messages:?}") };
    assert!(shared::identity::verify_hello(&hello.public_key, &hello.signature, VERSION, URL, &[3; 32]));
    assert_eq!(hello.profile, profile("Ada"));
    assert_eq!(hello.place, None);
}

#[test]
fn a_walk_is_two_edges() {
    let mut client = Client::online();
    let spawn = client.map.default_spawn();
    let first = sent(&client.tell(100, Input::Steer(Some(Direction::Right))));
    assert_eq!(first, [ToRelay::Moved(Edge { position: spawn, direction: Direction::Right, is_moving: true })]);
    for ms in (100..2100).step_by(16) {
        assert_eq!(sent(&client.tell(ms, Input::Tick)), [], "a straight walk is silent");
    }
    let (x, y) = spawn.tiles();
    assert_eq!(client.place(2100), (x + 8.0, y));
    let last = sent(&client.tell(2100, Input::Steer(None)));
    let end = Position::new(spawn.x + 128, spawn.y);
    assert_eq!(last, [ToRelay::Moved(Edge { position: end, direction: Direction::Right, is_moving: false })]);
}

#[test]
fn walking_against_a_wall_stops_and_says_so_once() {
    let mut client = Client::online();
    client.tell(0, Input::Steer(Some(Direction::Down)));
    let mut stops = Vec::new();
    for ms in (0..60_000).step_by(16) {
        stops.extend(moves(&client.tell(ms, Input::Tick)));
    }
    let [stop] = stops[..] else { panic!("{stops:?}") };
    assert!(!stop.is_moving && client.map.collision.is_walkable(stop.position));
    assert_eq!(moves(&client.tell(60_000, Input::Steer(None))), [], "nothing to tell");
}

#[test]
fn a_click_leads_into_a_classroom_and_any_key_stops_it() {
    let mut client = Client::online();
    let goal = client.map.spawn("classroom-a").expect("a spawn point in the classroom");
    client.tell(0, Input::WalkTo(goal));
    assert!(!client.session.route().is_empty(), "the way is shown");
    // Ticks come late and unevenly, as in a hidden tab.
    for ms in (0..=120_000).step_by(960) {
        client.hear(ms, &ToClient::Pong);
    }
    let pose = client.session.own_pose(at(120_000)).expect("one is in");
    assert_eq!((pose.edge().position, pose.is_moving), (goal, false));
    assert!(client.session.route().is_empty());

    client.tell(120_000, Input::WalkTo(client.map.default_spawn()));
    let outputs = client.tell(121_000, Input::StopRoute);
    assert!(matches!(moves(&outputs)[..], [Edge { is_moving: false, .. }]));
    assert!(outputs.iter().any(|output| matches!(output, Output::Remember(_))), "the place is kept");
}

#[test]
fn letting_keys_go_does_not_end_a_walk_by_click() {
    let mut client = Client::online();
    client.tell(0, Input::WalkTo(client.map.spawn("lounge").expect("a spawn point")));
    client.tell(500, Input::Steer(None));
    assert!(client.session.own_pose(at(600)).is_some_and(|pose| pose.is_moving));
}

#[test]
fn a_late_joiner_sees_a_walker_where_it_is() {
    let mut client = Client::new(Memory::default());
    client.tell(0, Input::Enter { profile: profile("Ada"), spawn: None });
    client.challenge(0);
    let spawn = client.map.default_spawn();
    let walking = Edge { position: spawn, direction: Direction::Right, is_moving: true };
    client.welcome(50, Client::standing(spawn), vec![participant(2, 2, "Bob", walking, 2000)]);
    let bob = client.session.roster().person(person(2)).expect("Bob is there");
    let pose = bob.pose(Some(&client.map.collision), at(50));
    assert_eq!(pose.point.tiles(), (spawn.tiles().0 + 8.0, spawn.tiles().1));
}

#[test]
fn others_follow_their_edges_and_come_and_go() {
    let mut client = Client::online();
    let spawn = client.map.default_spawn();
    let bob = person(2);
    let joined = Event::Joined(Box::new(participant(2, 2, "Bob", Client::standing(spawn), 0)));
    client.hear(0, &ToClient::Happened(vec![joined]));
    let walking = Edge { position: spawn, direction: Direction::Right, is_moving: true };
    client.hear(1000, &ToClient::Moved(vec![NumberedEdge { number: Number(2), edge: walking }]));
    let place = |client: &Client, ms| {
        let person = client.session.roster().person(bob).expect("Bob is known");
        person.pose(Some(&client.map.collision), at(ms)).point.tiles().0
    };
    assert!((place(&client, 1500) - spawn.tiles().0 - 2.0).abs() < 1e-3);
    client.hear(1600, &ToClient::Happened(vec![Event::NameChanged(Number(2), Name::new("Bobby").expect("a name"))]));
    client.hear(2000, &ToClient::Happened(vec![Event::Left(Number(2))]));
    let person = client.session.roster().person(bob).expect("Bob is still known");
    assert!(!person.online && person.profile.name.as_str() == "Bobby");
}

#[test]
fn one_comes_back_by_oneself_to_where_one_walks() {
    let mut client = Client::online();
    client.tell(0, Input::Steer(Some(Direction::Right)));
    client.tell(1000, Input::SocketClosed(None));
    assert_eq!(client.session.connection(), Connection::Reconnecting);
    let mut ms = 1000;
    while dials(&client.tell(ms, Input::Tick)) == 0 {
        ms += 16;
        assert!(ms < 1000 + 4000, "the first attempt comes soon");
    }
    let messages = client.challenge(ms);
    let [ToRelay::Hello(hello)] = &messages[..] else { panic!("{messages:?}") };
    let place = hello.place.expect("the place is brought along");
    let (x, _) = client.map.default_spawn().tiles();
    assert!((place.position.tiles().0 - x - ms as f32 * 0.004).abs() < 0.1, "{place:?} after {ms} ms");
    // The relay takes people in standing still; so it is told again that one walks.
    let messages = client.welcome(ms + 100, Edge { is_moving: false, ..place }, vec![]);
    assert!(matches!(messages[..], [ToRelay::Moved(Edge { is_moving: true, direction: Direction::Right, .. })]));
    assert_eq!(client.session.connection(), Connection::Online);
}

#[test]
fn attempts_are_never_more_than_four_seconds_apart() {
    let mut client = Client::online();
    client.tell(0, Input::SocketClosed(None));
    let (mut last, mut attempts) = (0, 0);
    for ms in 0..600_000 {
        if dials(&client.tell(ms, Input::Tick)) > 0 {
            assert!(ms - last <= 4000, "{} ms between attempts", ms - last);
            client.tell(ms, Input::SocketClosed(None));
            (last, attempts) = (ms, attempts + 1);
        }
    }
    assert!((150..=350).contains(&attempts), "{attempts} attempts in ten minutes");
    assert_eq!(client.session.trouble(), Some(&Trouble::NoAnswer));
}

#[test]
fn a_lid_closed_for_an_hour_ends_in_a_new_connection() {
    let mut client = Client::online();
    let hour = 3_600_000;
    // The first tick after waking asks whether the relay is there; nothing answers.
    assert_eq!(sent(&client.tell(hour, Input::Tick)), [ToRelay::Ping, ToRelay::SetStatus(Status::Away)]);
    let mut outputs = client.tell(hour + 5000, Input::Tick);
    outputs.extend(client.tell(hour + 5001, Input::Tick));
    assert!(outputs.contains(&Output::HangUp) && dials(&outputs) == 1, "{outputs:?}");
}

#[test]
fn a_silent_relay_is_asked_and_an_answer_is_enough() {
    let mut client = Client::online();
    for minute in 0..10 {
        let ms = minute * 6000 + 5500;
        assert_eq!(sent(&client.tell(ms, Input::Tick)), [ToRelay::Ping]);
        client.hear(ms + 100, &ToClient::Pong);
    }
    assert_eq!(client.session.connection(), Connection::Online);
}

#[test]
fn a_newer_tab_takes_over_and_can_be_taken_back() {
    let mut client = Client::online();
    client.hear(10, &ToClient::Refused(Refusal::Replaced));
    client.tell(11, Input::SocketClosed(Some(close::REPLACED)));
    assert_eq!(client.session.connection(), Connection::Replaced);
    for ms in (0..60_000).step_by(500) {
        assert_eq!(dials(&client.tell(ms, Input::Tick)), 0, "the older tab keeps still");
    }
    assert_eq!(dials(&client.tell(60_000, Input::ComeBack)), 1);
}

#[test]
fn a_relay_of_another_version_is_told_apart() {
    let mut client = Client::new(Memory::default());
    client.tell(0, Input::Enter { profile: profile("Ada"), spawn: None });
    client.hear(1, &ToClient::Challenge { version: VERSION + 1, nonce: [3; 32] });
    assert_eq!(client.session.connection(), Connection::Refused);
    assert_eq!(client.session.trouble(), Some(&Trouble::Refused(Refusal::WrongVersion { relay: VERSION + 1 })));
}

#[test]
fn garbage_from_the_relay_harms_nothing() {
    let mut client = Client::online();
    client.tell(10, Input::SocketReceived(vec![0xff; 40]));
    assert_eq!(client.session.connection(), Connection::Reconnecting);
    assert_eq!(client.session.trouble(), Some(&Trouble::NotUnderstood));
}

#[test]
fn a_spawn_point_asked_for_goes_before_the_last_place() {
    let place = Edge { position: Position::new(500, 500), direction: Direction::Up, is_moving: false };
    let mut client = Client::new(Memory { place: Some(place), ..Memory::default() });
    client.tell(0, Input::Enter { profile: profile("Ada"), spawn: Label::new("lounge").ok() });
    let messages = client.challenge(10);
    let [ToRelay::Hello(hello)] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!((hello.place, hello.spawn.as_ref().map(Label::as_str)), (None, Some("lounge")));

    let mut client = Client::new(Memory { place: Some(place), ..Memory::default() });
    client.tell(0, Input::Enter { profile: profile("Ada"), spawn: None });
    let messages = client.challenge(10);
    let [ToRelay::Hello(hello)] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!(hello.place, Some(place));
}

#[test]
fn who_does_nothing_for_five_minutes_is_away_until_they_do_something() {
    let mut ada = Client::online();
    assert_eq!(sent(&ada.tell(299_999, Input::Tick)).len(), 1, "a ping alone");
    assert!(ada.session.next_timeout().is_some_and(|at| at <= self::at(300_000)));
    assert!(sent(&ada.tell(300_000, Input::Tick)).contains(&ToRelay::SetStatus(Status::Away)));
    ada.hear(300_001, &ToClient::Pong);
    ada.hear(399_999, &ToClient::Pong);
    assert!(sent(&ada.tell(400_000, Input::Stirred)).contains(&ToRelay::SetStatus(Status::Available)));
    ada.tell(400_001, Input::SetStatus(Status::Away));
    assert!(!sent(&ada.tell(500_000, Input::Stirred)).iter().any(|say| matches!(say, ToRelay::SetStatus(_))), "chosen");
    ada.tell(500_001, Input::SetStatus(Status::Busy));
    assert!(!sent(&ada.tell(2_000_000, Input::Tick)).iter().any(|say| matches!(say, ToRelay::SetStatus(_))));
}

#[test]
fn nobody_is_away_in_a_room() {
    let mut ada = Client::online_at(campus().spawn("classroom-a").expect("a room"));
    let said = sent(&ada.tell(3_600_000, Input::Tick));
    assert!(!said.contains(&ToRelay::SetStatus(Status::Away)), "{said:?}");
}

#[test]
fn whoever_tries_out_many_looks_is_seen_in_the_last_one_and_floods_nobody() {
    let mut ada = Client::online();
    let look = |number: u64| Appearance::from_number(number);
    let said = |outputs: &[Output]| -> Vec<Appearance> {
        let look = |message| if let ToRelay::SetAppearance(look) = message { Some(look) } else { None };
        sent(outputs).into_iter().filter_map(look).collect()
    };
    let shown: usize = (0..40).map(|number| said(&ada.tell(number, Input::SetAppearance(look(number)))).len()).sum();
    assert_eq!(shown, shared::limits::PROFILE_CHANGES.burst as usize);
    assert!(ada.session.next_timeout().is_some_and(|at| at <= self::at(1001)));
    assert_eq!(said(&ada.tell(1001, Input::Tick)), [look(39)]);
    assert_eq!(ada.session.profile().map(|profile| profile.appearance), Some(look(39)));
}

#[test]
fn a_name_changed_while_away_from_the_relay_is_in_the_hello_and_not_told_again() {
    let mut ada = Client::online();
    ada.tell(10, Input::SocketClosed(None));
    ada.tell(20, Input::SetName(Name::new("Countess").expect("a name")));
    ada.tell(5000, Input::Tick);
    let hello = ada.challenge(5010);
    assert!(matches!(&hello[..], [ToRelay::Hello(hello)] if hello.profile.name.as_str() == "Countess"), "{hello:?}");
    let spawn = Client::standing(ada.map.default_spawn());
    assert!(!ada.welcome(5020, spawn, vec![]).iter().any(|said| matches!(said, ToRelay::SetName(_))));
}
