//! The world without a window: what is drawn where, in virtual time.

use std::{cell::Cell, rc::Rc, time::Duration};

use bevy::{
    input::{
        ButtonState, InputPlugin,
        keyboard::{Key, KeyboardInput},
    },
    prelude::*,
    time::TimePlugin,
    window::PrimaryWindow,
    winit::{UpdateMode, WinitSettings},
};
use shared::{
    chat::Emote,
    movement::Edge,
    position::{Direction, Position},
    profile::Appearance,
    protocol::{Event, Number, NumberedEdge, ToClient, codec},
};

use super::{
    art::Picture,
    avatar::{self, Avatar, HEIGHT, Layers, Stance},
    camera::{self, View},
    emotes::{self, Bubble, EmoteArt},
    gaze, idle,
    lens::Glass,
    map::WorldMap,
    marker::{self, Marker},
    poses, schedule,
    sheet::{self, Sheet},
    watch::MARGIN,
};
use crate::{
    classroom::{Classroom, Shell},
    session::{
        Input, Output, Session, Time as SessionTime,
        tests::{Client, at, participant, person},
    },
    world::{Controls, input},
};

/// A clock that a test turns.
struct TestShell(Rc<Cell<SessionTime>>);

impl Shell for TestShell {
    fn now(&self) -> SessionTime {
        self.0.get()
    }

    fn perform(&self, _output: Output) {}

    fn changed(&self) {}
}

/// A world without graphics, and the time in it.
struct Stage {
    app: App,
    classroom: Classroom,
    clock: Rc<Cell<SessionTime>>,
}

impl Stage {
    fn new() -> Self {
        let client = Client::online();
        let clock = Rc::new(Cell::new(at(0)));
        let map = std::sync::Arc::clone(&client.map);
        let classroom = Classroom::new(client.session, Box::new(TestShell(Rc::clone(&clock))));
        let mut app = App::new();
        app.add_plugins((TimePlugin, InputPlugin));
        app.init_resource::<Assets<Image>>().init_resource::<Controls>();
        let sheet = Sheet::new(&mut app.world_mut().resource_mut::<Assets<Image>>());
        app.insert_resource(sheet)
            .insert_resource(WorldMap(map))
            .insert_resource(Layers(Picture::blank(avatar::LAYERS)))
            .insert_resource(EmoteArt(Picture::blank(emotes::PICTURE)))
            .insert_non_send(Glass::new(None))
            .insert_non_send(classroom.clone());
        app.world_mut().spawn((Window::default(), PrimaryWindow));
        app.add_message::<bevy::window::WindowFocused>();
        app.add_plugins((schedule::plugin, poses::plugin, avatar::plugin, sheet::plugin, input::plugin));
        app.add_plugins((gaze::plugin, camera::plugin, emotes::plugin, marker::plugin, idle::plugin));
        // Whatever the world does with its copies, nobody has the session meanwhile.
        app.add_systems(PostUpdate, |classroom: NonSend<Classroom>| assert!(!classroom.is_borrowed()));
        Self { app, classroom, clock }
    }

    /// Draws a frame at that time.
    fn frame(&mut self, ms: u64) {
        self.clock.set(at(ms));
        self.app.update();
    }

    fn hear(&mut self, ms: u64, message: &ToClient) {
        self.clock.set(at(ms));
        self.classroom.tell(Input::SocketReceived(codec::encode_to_client(message)));
    }

    fn joined(&mut self, ms: u64, edge: Edge) {
        let joined = Event::Joined(Box::new(participant(2, 2, "Bob", edge, 0)));
        self.hear(ms, &ToClient::Happened(vec![joined]));
    }

    fn moved(&mut self, ms: u64, edge: Edge) {
        self.hear(ms, &ToClient::Moved(vec![NumberedEdge { number: Number(2), edge }]));
    }

    /// How Bob is drawn.
    fn bob(&mut self) -> Option<(Stance, Transform, Option<Rect>)> {
        let mut avatars = self.app.world_mut().query::<(&Avatar, &Stance, &Transform, Option<&Sprite>)>();
        let bob = avatars.iter(self.app.world()).find(|(avatar, ..)| avatar.user_id == person(2));
        bob.map(|(_, stance, transform, sprite)| (*stance, *transform, sprite.and_then(|sprite| sprite.rect)))
    }

    fn bobs_x(&mut self) -> i32 {
        self.bob().expect("Bob is drawn").0.feet.x
    }

    /// Where the things of that kind are, from the top left of the map, and what of the sheet they show.
    fn drawn<Kind: Component>(&mut self) -> Vec<(Vec2, Rect)> {
        let mut things = self.app.world_mut().query_filtered::<(&Transform, &Sprite), With<Kind>>();
        let place = |transform: &Transform| transform.translation.truncate() * Vec2::new(1.0, -1.0);
        things.iter(self.app.world()).filter_map(|(at, sprite)| Some((place(at), sprite.rect?))).collect()
    }

    fn view(&self) -> View {
        *self.app.world().resource::<View>()
    }

    fn controls(&self) -> Controls {
        self.app.world().resource::<Controls>().clone()
    }

    fn mode(&self) -> UpdateMode {
        self.app.world().resource::<WinitSettings>().focused_mode
    }

    /// Draws frames from that time on until nothing moves any more; says when that is.
    fn settle(&mut self, from_ms: u64) -> u64 {
        let mut ms = from_ms;
        while self.mode() == UpdateMode::Continuous {
            assert!(ms < from_ms + 5000, "it never rests");
            self.frame(ms);
            ms += 16;
        }
        ms
    }

    /// Whether the world would be woken at that time.
    fn would_wake(&self, ms: u64) -> bool {
        self.clock.set(at(ms));
        let controls = self.controls();
        self.classroom.read(|session, now| controls.would_show_more(session, now))
    }

    fn emoted(&mut self, ms: u64, emote: Emote) {
        self.hear(ms, &ToClient::Happened(vec![Event::Emoted(Number(2), emote)]));
    }

    /// Presses a key in that frame and lets it go in the next.
    fn tap(&mut self, ms: u64, key_code: KeyCode, logical_key: &Key) {
        let window = self.app.world_mut().query_filtered::<Entity, With<PrimaryWindow>>().single(self.app.world());
        let window = window.expect("the window");
        for (ms, state) in [(ms, ButtonState::Pressed), (ms + 16, ButtonState::Released)] {
            let logical_key = logical_key.clone();
            let key = KeyboardInput { key_code, logical_key, state, text: None, repeat: false, window };
            self.app.world_mut().write_message(key);
            self.frame(ms);
        }
    }
}

fn edge(x: u16, y: u16, is_moving: bool) -> Edge {
    Edge { position: Position::new(x, y), direction: Direction::Right, is_moving }
}

/// On the wide path, 10 pixels below the default spawn point; to the east it is free.
const X: u16 = 608;
const Y: u16 = 710;

#[test]
fn people_are_drawn_where_the_session_says_as_long_as_they_are_in() {
    let mut stage = Stage::new();
    stage.frame(0);
    assert!(stage.bob().is_none());
    stage.joined(0, edge(X, Y, true));
    stage.frame(0);
    stage.frame(500);
    let (stance, transform, area) = stage.bob().expect("Bob is drawn");
    assert_eq!(stance.feet, IVec2::new(i32::from(X) + 32, Y.into()), "4 tiles a second");
    assert!(stance.is_in_motion && area.is_some());
    assert_eq!(transform.translation.truncate(), Vec2::new(f32::from(X) + 22.0, -f32::from(Y) - 3.0), "the cell");
    stage.hear(600, &ToClient::Happened(vec![Event::Left(Number(2))]));
    stage.frame(600);
    assert!(stage.bob().is_none());
}

#[test]
fn a_late_stop_is_eased_and_a_far_one_is_not() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, true));
    stage.frame(0);
    stage.frame(500);
    let before = stage.bobs_x();
    // Bob stopped 12 pixels before the place where he was seen last.
    stage.moved(516, edge(before as u16 - 12, Y, false));
    let mut seen = vec![before];
    for ms in (516..700).step_by(16) {
        stage.frame(ms);
        seen.push(stage.bobs_x());
    }
    assert!(seen.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= 3), "no leaps: {seen:?}");
    assert_eq!(seen.last(), Some(&(before - 12)), "there within a moment: {seen:?}");
    assert!(!stage.bob().is_some_and(|(stance, ..)| stance.is_in_motion));
    stage.moved(800, edge(X - 100, Y, false));
    stage.frame(800);
    assert_eq!(stage.bobs_x(), i32::from(X) - 100, "more than two tiles");
}

#[test]
fn after_a_hidden_tab_everybody_is_where_they_are_at_once() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.moved(4000, edge(X + 20, Y, false));
    stage.frame(5000);
    assert_eq!(stage.bobs_x(), i32::from(X) + 20);
}

#[test]
fn a_new_look_is_seen_in_the_next_frame() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.frame(16);
    let (.., before) = stage.bob().expect("Bob is drawn");
    let look = Appearance::new([1, 2, 3, 4, 5]).expect("on the sheet");
    stage.hear(20, &ToClient::Happened(vec![Event::AppearanceChanged(Number(2), look)]));
    stage.frame(32);
    let (.., after) = stage.bob().expect("Bob is drawn");
    assert!(before.is_some() && after.is_some() && before != after, "another strip: {before:?}, {after:?}");
}

#[test]
fn a_key_is_seen_in_the_frame_after_it_is_pressed() {
    let mut stage = Stage::new();
    stage.frame(0);
    let window = stage.app.world_mut().query_filtered::<Entity, With<PrimaryWindow>>().single(stage.app.world());
    let mut key = KeyboardInput {
        key_code: KeyCode::ArrowRight,
        logical_key: Key::ArrowRight,
        state: ButtonState::Pressed,
        text: None,
        repeat: false,
        window: window.expect("the window"),
    };
    stage.app.world_mut().write_message(key.clone());
    stage.frame(16);
    let is_moving = |stage: &Stage| {
        let pose = stage.classroom.read(Session::own_pose);
        pose.is_some_and(|pose| pose.is_moving)
    };
    assert!(is_moving(&stage));
    let mut own = stage.app.world_mut().query::<(&Avatar, &Stance)>();
    assert!(own.iter(stage.app.world()).any(|(avatar, stance)| avatar.is_own && stance.is_in_motion));
    key.state = ButtonState::Released;
    stage.app.world_mut().write_message(key);
    stage.frame(16 + Duration::from_secs(1).as_millis() as u64);
    assert!(!is_moving(&stage));
}

#[test]
fn an_emote_is_over_the_name_until_it_ends() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.emoted(0, Emote::Heart);
    for ms in (0..=400).step_by(16) {
        stage.frame(ms);
    }
    let bubbles = stage.drawn::<Bubble>();
    let [(place, area)] = bubbles[..] else { panic!("one bubble: {bubbles:?}") };
    let head = f32::from(Y) - HEIGHT as f32;
    assert!((place.x - f32::from(X)).abs() < 1.0 && place.y < head - 5.0 && place.y > head - 12.0, "{place}");
    assert_eq!(area.min.x as u32 / 24, Emote::Heart as u32);
    stage.emoted(400, Emote::Laugh);
    stage.frame(600);
    assert_eq!(stage.drawn::<Bubble>()[0].1.min.x as u32 / 24, Emote::Laugh as u32, "another takes its place");
    stage.frame(4390);
    assert_eq!(stage.drawn::<Bubble>().len(), 1);
    stage.frame(4410);
    assert!(stage.drawn::<Bubble>().is_empty());
}

#[test]
fn who_leaves_takes_their_emote_along() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.emoted(0, Emote::Clap);
    stage.frame(0);
    assert_eq!(stage.drawn::<Bubble>().len(), 1);
    stage.hear(100, &ToClient::Happened(vec![Event::Left(Number(2))]));
    stage.frame(100);
    assert!(stage.drawn::<Bubble>().is_empty());
}

#[test]
fn a_digit_shows_an_emote_over_ones_own_head_and_a_way_goes_on() {
    let mut stage = Stage::new();
    stage.frame(0);
    stage.classroom.tell(Input::WalkTo(Position::new(X + 100, Y)));
    stage.tap(16, KeyCode::Digit2, &Key::Character("é".into()));
    let own = stage.view().corner.x as f32 + stage.view().size.x / 2.0;
    let bubbles = stage.drawn::<Bubble>();
    let [(place, area)] = bubbles[..] else { panic!("one bubble: {bubbles:?}") };
    assert_eq!(area.min.x as u32 / 24, Emote::ThumbsUp as u32);
    assert!((place.x - own).abs() < 2.0);
    assert!(!stage.classroom.read(|session, _| session.route()).is_empty());
}

#[test]
fn a_bubble_is_drawn_now_and_then_and_once_when_it_ends() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    let rests = stage.settle(0);
    let long = stage.mode();
    assert!(!stage.would_wake(rests));
    stage.emoted(rests, Emote::Party);
    assert!(stage.would_wake(rests));
    stage.frame(rests);
    assert_eq!(stage.mode(), UpdateMode::Continuous, "it pops up");
    let beating = stage.settle(rests);
    assert!(beating < rests + 400 && stage.mode() != long, "{:?}", stage.mode());
    assert!(!stage.would_wake(rests + 3990));
    assert!(stage.would_wake(rests + 4010), "it ends");
    stage.frame(rests + 4010);
    stage.settle(rests + 4010);
    assert_eq!(stage.mode(), long);
}

#[test]
fn nothing_pops_up_for_who_wants_little_motion() {
    let mut stage = Stage::new();
    stage.controls().set_calm(true);
    stage.joined(0, edge(X, Y, false));
    let rests = stage.settle(0);
    let long = stage.mode();
    stage.emoted(rests, Emote::Wave);
    stage.frame(rests);
    let first = stage.drawn::<Bubble>();
    assert_eq!(first.len(), 1);
    let beats = stage.settle(rests);
    stage.frame(beats + 300);
    assert_eq!((stage.drawn::<Bubble>(), stage.mode()), (first, long), "a still picture");
}

/// To the left of it, far out of sight.
const FAR: u16 = 200;

#[test]
fn who_is_looked_for_is_shown_and_then_pointed_at_until_one_moves() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    let home = stage.view();
    stage.classroom.tell(Input::Find(Some(person(2))));
    let mut corners = vec![];
    for ms in (0..=900).step_by(16) {
        stage.frame(ms);
        corners.push(stage.view().corner.x);
        assert_eq!(stage.drawn::<Marker>().len(), 1, "from the start on");
    }
    assert!(corners.is_sorted_by(|a, b| a >= b && a - b < 30), "it glides: {corners:?}");
    let bob = IVec2::new(FAR.into(), Y.into());
    assert!(stage.view().contains(bob, 0), "the camera is there");
    let over = stage.drawn::<Marker>()[0].0;
    assert!((over.x - f32::from(FAR)).abs() < 1.0 && over.y < f32::from(Y) - HEIGHT as f32, "{over}");
    assert!(!stage.would_wake(3200) && stage.would_wake(3310), "the camera turns back");
    for ms in (3310..4300).step_by(16) {
        stage.frame(ms);
    }
    assert_eq!(stage.view(), home);
    let (beside, area) = stage.drawn::<Marker>()[0];
    assert!(beside.x < home.corner.x as f32 + 30.0, "at the left edge: {beside}");
    assert_eq!((area.min.x as u32 / 24, area.min.y as u32 / 24), (4, 2), "to the left");
    stage.classroom.tell(Input::Steer(Some(Direction::Right)));
    stage.frame(4400);
    assert!(stage.drawn::<Marker>().is_empty());
}

#[test]
fn who_is_looked_for_and_leaves_is_not_pointed_at() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    let home = stage.view();
    stage.classroom.tell(Input::Find(Some(person(2))));
    for ms in (0..=1000).step_by(16) {
        stage.frame(ms);
    }
    stage.hear(1000, &ToClient::Happened(vec![Event::Left(Number(2))]));
    for ms in (1000..=2000).step_by(16) {
        stage.frame(ms);
    }
    assert!(stage.drawn::<Marker>().is_empty());
    assert_eq!(stage.view(), home);
}

#[test]
fn the_camera_jumps_for_who_wants_little_motion() {
    let mut stage = Stage::new();
    stage.controls().set_calm(true);
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    stage.classroom.tell(Input::Find(Some(person(2))));
    stage.frame(16);
    assert!(stage.view().contains(IVec2::new(FAR.into(), Y.into()), 0));
    let marker = stage.drawn::<Marker>();
    stage.frame(300);
    assert_eq!(stage.drawn::<Marker>(), marker, "the arrow does not bounce");
}

#[test]
fn news_of_who_is_out_of_sight_wake_nobody() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    let rests = stage.settle(0);
    for (what, event) in [
        ("an emote", Event::Emoted(Number(2), Emote::Laugh)),
        ("a look", Event::AppearanceChanged(Number(2), Appearance::new([1, 2, 3, 4, 5]).expect("on the sheet"))),
    ] {
        stage.hear(rests, &ToClient::Happened(vec![event]));
        assert!(!stage.would_wake(rests), "{what}");
    }
    stage.moved(rests, Edge { direction: Direction::Up, ..edge(FAR, Y, true) });
    assert!(!stage.would_wake(rests), "a walk");
}

#[test]
fn news_of_who_is_in_sight_wake_at_once() {
    for (what, message) in [
        ("an emote", ToClient::Happened(vec![Event::Emoted(Number(2), Emote::Laugh)])),
        ("a status", ToClient::Happened(vec![Event::StatusChanged(Number(2), shared::profile::Status::Busy)])),
        (
            "a turn",
            ToClient::Moved(vec![NumberedEdge {
                number: Number(2),
                edge: Edge { direction: Direction::Up, ..edge(X, Y, false) },
            }]),
        ),
        ("a walk", ToClient::Moved(vec![NumberedEdge { number: Number(2), edge: edge(X, Y, true) }])),
        ("a leave", ToClient::Happened(vec![Event::Left(Number(2))])),
    ] {
        let mut stage = Stage::new();
        stage.joined(0, edge(X, Y, false));
        let rests = stage.settle(0);
        assert!(!stage.would_wake(rests));
        stage.hear(rests, &message);
        assert!(stage.would_wake(rests), "{what}");
        stage.frame(rests);
        stage.settle(rests);
        let is_walk = what == "a walk";
        assert_eq!(stage.would_wake(rests + 500), is_walk && stage.mode() != UpdateMode::Continuous, "{what}, drawn");
    }
}

#[test]
fn who_walks_into_sight_is_drawn_before_they_are_seen() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    let rests = stage.settle(0);
    stage.moved(rests, edge(FAR, Y, true));
    let left = stage.view().corner.x;
    let woken = (rests..rests + 20_000).step_by(100).find(|ms| stage.would_wake(*ms)).expect("woken once");
    stage.frame(woken);
    let x = stage.bobs_x();
    assert!(x >= left - MARGIN && x < left - MARGIN / 2, "woken with Bob at {x}, the view begins at {left}");
    assert_eq!(stage.mode(), UpdateMode::Continuous);
}

#[test]
fn fifty_walkers_out_of_sight_wake_nobody_in_ten_seconds() {
    let mut stage = Stage::new();
    let number = |index: u8| Number(u16::from(index));
    let place = |index: u8| 100 + 3 * u16::from(index);
    for index in 2..52 {
        let joined = participant(index.into(), index, "Bob", edge(place(index), Y, false), 0);
        stage.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(joined))]));
    }
    let rests = stage.settle(0);
    let mut wakes = 0;
    let mut walked = false;
    for ms in (0..10_000).step_by(20) {
        // Each of them turns round once a second; the page looks when something is said and ten times a second.
        let index = 2 + (ms / 20 % 50) as u8;
        let is_even = ms / 1000 % 2 == 0;
        let direction = if is_even { Direction::Right } else { Direction::Left };
        let x = place(index) + if is_even { 0 } else { 64 };
        let edge = Edge { direction, ..edge(x, Y, true) };
        stage.hear(rests + ms, &ToClient::Moved(vec![NumberedEdge { number: number(index), edge }]));
        wakes += u32::from(stage.would_wake(rests + ms));
        walked |= stage.classroom.read(Session::is_anybody_moving);
    }
    assert!(walked);
    assert_eq!(wakes, 0);
}
