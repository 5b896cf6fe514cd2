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
};
use shared::{
    movement::Edge,
    position::{Direction, Position},
    profile::Appearance,
    protocol::{Event, Number, NumberedEdge, ToClient, codec},
};

use super::{
    art::Picture,
    avatar::{self, Avatar, Layers, Stance},
    camera::View,
    lens::Glass,
    map::WorldMap,
    poses, schedule,
    sheet::{self, Sheet},
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
        app.init_resource::<Assets<Image>>().init_resource::<Controls>().init_resource::<View>();
        let sheet = Sheet::new(&mut app.world_mut().resource_mut::<Assets<Image>>());
        app.insert_resource(sheet)
            .insert_resource(WorldMap(map))
            .insert_resource(Layers(Picture::blank(avatar::LAYERS)))
            .insert_non_send(Glass::new(None))
            .insert_non_send(classroom.clone());
        app.world_mut().spawn((Window::default(), PrimaryWindow));
        app.add_message::<bevy::window::WindowFocused>();
        app.add_plugins((schedule::plugin, poses::plugin, avatar::plugin, sheet::plugin, input::plugin));
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
