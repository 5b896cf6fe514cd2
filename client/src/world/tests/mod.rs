//! The world without a window: what is drawn where, in virtual time. [`people`] are seen, [`signs`] over their heads
//! and of where they are, [`ways`] while they walk, [`depths`] among the things of the map, and [`sleep`] while nothing
//! is. [`zooming`] shows all of it larger or smaller.

mod depths;
mod people;
mod signs;
mod sleep;
mod ways;
mod zooming;

use std::{cell::Cell, rc::Rc, time::Duration};

use bevy::{
    input::{
        ButtonState, InputPlugin,
        keyboard::{Key, KeyboardInput},
        mouse::MouseButtonInput,
    },
    prelude::*,
    time::TimePlugin,
    window::PrimaryWindow,
    winit::{UpdateMode, WinitSettings},
};
use shared::{
    chat::Emote,
    map::drawing::Tileset,
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
    map::{self, Tilesets, WorldMap},
    marker::{self, Marker},
    poses,
    route::{self, Mark},
    schedule,
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
        app.add_plugins((gaze::plugin, camera::plugin, emotes::plugin, marker::plugin, route::plugin));
        app.add_plugins((idle::plugin, voices::plugin));
        // Whatever the world does with its copies, nobody has the session meanwhile.
        app.add_systems(PostUpdate, |classroom: NonSend<Classroom>| assert!(!classroom.is_borrowed()));
        Self { app, classroom, clock }
    }

    /// The same with all that is on the map, in pictures of air.
    fn with_map() -> Self {
        let mut stage = Self::new();
        let tilesets = &stage.app.world().resource::<WorldMap>().0.drawing.tilesets;
        let blank = |tileset: &Tileset| {
            let rows = tileset.tiles.div_ceil(tileset.columns);
            Picture::blank(UVec2::new(tileset.columns * tileset.tile_width, rows * tileset.tile_height))
        };
        let tilesets = Tilesets(tilesets.iter().map(blank).collect());
        stage.app.insert_resource(tilesets).add_plugins(map::plugin);
        stage
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

    /// Where the things of that kind are that are seen, from the top left of the map, and what of the sheet they show.
    fn drawn<Kind: Component>(&mut self) -> Vec<(Vec2, Rect)> {
        let mut things = self.app.world_mut().query_filtered::<(&Transform, &Sprite, &Visibility), With<Kind>>();
        let things = things.iter(self.app.world()).filter(|(.., visibility)| **visibility != Visibility::Hidden);
        let place = |transform: &Transform| transform.translation.truncate() * Vec2::new(1.0, -1.0);
        things.filter_map(|(at, sprite, _)| Some((place(at), sprite.rect?))).collect()
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

    fn window(&mut self) -> Entity {
        let mut windows = self.app.world_mut().query_filtered::<Entity, With<PrimaryWindow>>();
        windows.single(self.app.world()).expect("the window")
    }

    /// Clicks on what is seen at a place so many pixels from the left and the top of the map, and draws that frame.
    fn click(&mut self, ms: u64, x: u16, y: u16) {
        let window = self.window();
        let zoom = self.zoom() as f32;
        let here = (Vec2::new(x.into(), y.into()) - self.view().corner.as_vec2()) * zoom;
        let mut shown = self.app.world_mut().get_mut::<Window>(window).expect("the window");
        shown.set_physical_cursor_position(Some(here.as_dvec2()));
        // However slow the machine is, a click within a frame is a short one.
        for state in [ButtonState::Pressed, ButtonState::Released] {
            self.app.world_mut().write_message(MouseButtonInput { button: MouseButton::Left, state, window });
        }
        self.frame(ms);
    }

    /// Pixels of the screen on a side of a pixel of the art.
    fn zoom(&self) -> u32 {
        self.app.world().non_send::<Glass>().zoom()
    }

    /// Presses a key in that frame and lets it go in the next.
    fn tap(&mut self, ms: u64, key_code: KeyCode, logical_key: &Key) {
        let window = self.window();
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
