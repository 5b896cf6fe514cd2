//! The world without a window: what is drawn where, in virtual time. [`people`] are seen, [`signs`] over their heads
//! and of where they are, and [`sleep`] while nothing is.

mod people;
mod signs;
mod sleep;

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
    protocol::{Event, Number, NumberedEdge, ToClient, codec, room::FromSfu},
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
    voices::{self, Ring},
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
        Self::of(Client::online())
    }

    /// The world as that client's session has it.
    fn of(client: Client) -> Self {
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
        app.add_plugins(voices::plugin);
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
/// To the left of it, far out of sight.
const FAR: u16 = 200;
