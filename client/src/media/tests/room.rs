//! One person's call of a room in virtual time, and a model of the SFU and of the path to it.

mod lasting;

use std::{collections::HashMap, time::Duration};

use shared::{
    identity::UserId,
    position::{Point, Position},
    profile::Status,
    protocol::{
        Number, ToRelay,
        link::{Description, PictureSize, Shares},
        room::{Flow, FromSfu, Look, Membership, Picture, SfuRefusal, Slots, Teacher, ToSfu, Wanted},
    },
    proximity::{Bystander, Listener},
};

use super::ms;
use crate::{
    media::{
        CallEvent, CallId, CallState, Calls, Claim, ConnectionState, Device, Effect, Loudness, Media, MediaInput,
        MediaOutput, Neighbour, Preferences, RoomCommand, Scene, Transport, Upload, Volumes,
    },
    session::tests::{campus, person},
};

/// How long anything takes to arrive.
const DELAY: Duration = Duration::from_millis(20);

/// Everything that may be on its way.
#[derive(Clone, Debug)]
enum Parcel {
    Input(MediaInput),
    Said(FromSfu),
}

/// One person, and others whom only the SFU tells of.
struct Visit {
    now: Duration,
    media: Media,
    place: Point,
    status: Status,
    numbers: HashMap<Number, UserId>,
    under_way: Vec<(Duration, Parcel)>,
    /// The browser's open connections.
    open: Vec<CallId>,
    opened: usize,
    /// What the SFU heard.
    heard: Vec<ToSfu>,
    commands: Vec<RoomCommand>,
    arrivals: usize,
    /// Whether the SFU answers, and whether its packets come.
    answers: bool,
    has_path: bool,
    /// Whether the SFU has one take part as soon as it is asked.
    admits: bool,
}

/// A place so many tiles below the side of the room *meeting-1* where its door is; negative inside.
fn below(tiles: f32) -> Point {
    let zone = campus().zones.iter().find(|zone| zone.name == "meeting-1").expect("a room").clone();
    let y = zone.area.bottom() as f32 + tiles * 16.0;
    Point::from(Position::new((zone.area.x + zone.area.width / 2) as u16, y as u16))
}

fn number(number: u8) -> Number {
    Number(u16::from(number))
}

fn description() -> Description {
    Description::new("v=0\r\n").expect("a description")
}

const SEES: Shares = Shares { microphone: true, camera: true, screen: false, screen_sound: false };

impl Visit {
    fn new(tiles_below: f32) -> Self {
        let mut visit = Self {
            now: Duration::from_secs(1000),
            media: Media::new(person(1), 1, Calls::ByRelay, Preferences::default(), Vec::new()),
            place: below(tiles_below),
            status: Status::Available,
            numbers: (2..=30).map(|other| (number(other), person(other))).collect(),
            under_way: Vec::new(),
            open: Vec::new(),
            opened: 0,
            heard: Vec::new(),
            commands: Vec::new(),
            arrivals: 0,
            answers: true,
            has_path: true,
            admits: true,
        };
        visit.media.came_in(visit.now);
        visit
    }

    /// In the room, with those others in the call, all of whom share sound and picture.
    fn among(others: impl IntoIterator<Item = u8>) -> Self {
        let mut visit = Self::new(-3.0);
        visit.run(ms(500));
        visit.say(FromSfu::Members(others.into_iter().map(|other| (number(other), SEES)).collect()));
        visit.run(ms(100));
        visit
    }

    fn tell(&mut self, input: MediaInput) {
        self.media.handle(self.now, input);
        self.perform();
    }

    /// The SFU says something, which is there at once.
    fn say(&mut self, message: FromSfu) {
        self.media.room_said(self.now, message, &self.numbers);
        self.look();
        self.perform();
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += ms(10);
            let now = self.now;
            let (due, later): (Vec<_>, _) =
                std::mem::take(&mut self.under_way).into_iter().partition(|(at, _)| *at <= now);
            self.under_way = later;
            for (_, parcel) in due {
                match parcel {
                    Parcel::Input(input) => self.media.handle(now, input),
                    Parcel::Said(message) => self.media.room_said(now, message, &self.numbers),
                }
                self.perform();
            }
            self.look();
            if self.media.next_timeout().is_some_and(|at| at <= now) {
                self.media.tick(now);
            }
            self.perform();
        }
    }

    fn look(&mut self) {
        if !self.media.is_look_due(self.now) {
            return;
        }
        let listener = Listener { point: self.place, status: self.status };
        let scene = Scene {
            map: &campus(),
            own: Bystander { user_id: person(1), listener },
            others: Vec::new(),
            numbers: self.numbers.clone(),
        };
        self.media.look(self.now, &scene);
    }

    fn send(&mut self, parcel: Parcel) {
        self.under_way.push((self.now + DELAY, parcel));
    }

    fn perform(&mut self) {
        let effects: Vec<_> = self.media.drain().collect();
        for effect in effects {
            match effect {
                Effect::Tell(ToRelay::Room(message)) => self.hear(*message),
                Effect::Do(MediaOutput::OpenRoom { call, ice }) => {
                    assert!(!ice.only_relayed, "the relay knows one's address");
                    self.open.push(call);
                    self.opened += 1;
                }
                Effect::Do(MediaOutput::CloseRoom(call)) => self.open.retain(|open| *open != call),
                Effect::Do(MediaOutput::CommandRoom(call, command)) => {
                    assert!(self.open.contains(&call), "of an open connection");
                    self.obey(call, &command);
                    self.commands.push(command);
                }
                Effect::Do(MediaOutput::Capture(device, true)) => {
                    self.send(Parcel::Input(MediaInput::Captured(device)));
                }
                Effect::Arrived(_) => self.arrivals += 1,
                _ => {}
            }
        }
    }

    fn hear(&mut self, message: ToSfu) {
        if let (ToSfu::Offer { connection, .. }, true) = (&message, self.answers) {
            self.send(Parcel::Said(FromSfu::Answer { connection: *connection, description: description() }));
            if self.admits && below(0.0).y > self.place.y {
                self.send(Parcel::Said(FromSfu::Membership(Membership::Member)));
            }
        }
        self.heard.push(message);
    }

    fn obey(&mut self, call: CallId, command: &RoomCommand) {
        let mut event = |event| self.send(Parcel::Input(MediaInput::Call(call, event)));
        match command {
            RoomCommand::Offer { .. } => event(CallEvent::Described(description())),
            RoomCommand::AcceptAnswer(_) => event(CallEvent::Accepted),
            _ => {}
        }
        if matches!(command, RoomCommand::AcceptAnswer(_)) && self.has_path {
            self.send(Parcel::Input(MediaInput::Call(call, CallEvent::State(ConnectionState::Connected))));
        }
    }

    /// The path is cut.
    fn cut(&mut self) {
        self.has_path = false;
        let call = *self.open.last().expect("a connection");
        self.tell(MediaInput::Call(call, CallEvent::State(ConnectionState::Disconnected)));
    }

    fn offers(&self) -> Vec<u32> {
        let offer =
            |message: &ToSfu| if let ToSfu::Offer { connection, .. } = message { Some(*connection) } else { None };
        self.heard.iter().filter_map(offer).collect()
    }

    fn looks(&self) -> Vec<Look> {
        let look = |message: &ToSfu| if let ToSfu::Look(looks) = message { Some(looks.clone()) } else { None };
        self.heard.iter().rev().find_map(look).expect("looks were told")
    }

    fn upload(&self) -> Upload {
        let upload = |command: &RoomCommand| if let RoomCommand::Send(upload) = command { Some(*upload) } else { None };
        self.commands.iter().rev().find_map(upload).expect("it was said what to send")
    }

    fn volumes(&self) -> Volumes {
        let play = |command: &RoomCommand| if let RoomCommand::Play(volumes) = command { Some(*volumes) } else { None };
        self.commands.iter().rev().find_map(play).expect("it was said how loud to play")
    }

    /// How loud each voice is played.
    fn percents(&self) -> [u32; 4] {
        self.volumes().voices.map(|volume| (volume * 100.0).round() as u32)
    }

    fn neighbour(&self, other: u8) -> &Neighbour {
        self.media.neighbours().iter().find(|near| near.user_id == person(other)).expect("somebody in the call")
    }

    fn tiles(&self) -> Vec<UserId> {
        self.media.neighbours()[..self.media.tiles()].iter().map(|near| near.user_id).collect()
    }
}

fn voices(of: &[Option<u8>]) -> Slots {
    let mut slots = Slots::default();
    for (slot, who) in slots.voices.iter_mut().zip(of) {
        *slot = who.map(number);
    }
    slots
}

#[test]
fn the_path_stands_before_the_door_is_reached_and_goes_some_time_after_it_was_left() {
    let mut visit = Visit::new(5.0);
    visit.run(ms(1000));
    assert_eq!(visit.opened, 0, "too far");
    visit.place = below(3.5);
    visit.run(ms(300));
    assert_eq!((visit.open.len(), visit.offers()), (1, vec![1]));
    assert!(visit.commands.contains(&RoomCommand::AcceptAnswer(description())));
    assert!(!visit.media.is_in_room() && visit.media.neighbours().is_empty());

    visit.place = below(5.0);
    visit.run(ms(19_500));
    assert_eq!(visit.open.len(), 1, "many come back");
    visit.run(ms(1000));
    assert!(visit.open.is_empty());
    assert_eq!(visit.heard.last(), Some(&ToSfu::Close { connection: 1 }));
    visit.run(ms(60_000));
    assert_eq!(visit.opened, 1, "and it stays so");
    visit.place = below(3.0);
    visit.run(ms(300));
    assert_eq!(visit.offers(), [1, 2]);
}

#[test]
fn whoever_comes_back_in_time_finds_the_path_as_it_was() {
    let mut visit = Visit::new(3.0);
    visit.run(ms(300));
    for _ in 0..5 {
        visit.place = below(6.0);
        visit.run(ms(15_000));
        visit.place = below(3.0);
        visit.run(ms(1000));
    }
    assert_eq!((visit.open.len(), visit.opened), (1, 1));
}

#[test]
fn nothing_is_sent_nor_played_before_one_is_inside_and_all_of_it_from_then_on() {
    let mut visit = Visit::new(2.0);
    visit.tell(MediaInput::Switch(Device::Microphone, true));
    visit.run(ms(500));
    assert_eq!(visit.upload(), Upload { frame_rate_percent: 100, ..Upload::default() });
    // The relay sees one inside a little earlier.
    visit.say(FromSfu::Membership(Membership::Member));
    visit.say(FromSfu::Members(vec![(number(2), SEES)]));
    visit.say(FromSfu::Slots(voices(&[Some(2)])));
    assert_eq!(visit.volumes(), Volumes::default());
    visit.place = below(-0.5);
    visit.run(ms(110));
    assert!(visit.upload().microphone);
    assert_eq!(visit.percents(), [100, 0, 0, 0]);
    assert_eq!((visit.neighbour(2).state, visit.neighbour(2).transport), (CallState::Connected, Transport::Sfu));
    visit.place = below(0.5);
    visit.run(ms(110));
    assert!(!visit.upload().microphone);
    assert_eq!(visit.volumes(), Volumes::default());
    assert!(visit.media.neighbours().is_empty());
}

#[test]
fn a_voice_is_heard_the_moment_it_has_a_slot_and_as_loud_as_one_wants() {
    let mut visit = Visit::among([2, 3]);
    visit.say(FromSfu::Slots(voices(&[None, Some(3), Some(2)])));
    assert_eq!(visit.percents(), [0, 100, 100, 0]);
    visit.tell(MediaInput::Hear(person(3), Loudness { percent: 40, is_muted: false }));
    visit.tell(MediaInput::Hear(person(2), Loudness { percent: 100, is_muted: true }));
    assert_eq!(visit.percents(), [0, 40, 0, 0]);
    assert!((visit.neighbour(3).volume() - 0.4).abs() < 1e-6);
    visit.say(FromSfu::Slots(voices(&[Some(3)])));
    assert_eq!(visit.percents(), [40, 0, 0, 0], "whatever slot they are in");
}

#[test]
fn whoever_is_blocked_is_neither_heard_nor_seen_nor_looked_at() {
    let mut visit = Visit::among([2, 3]);
    visit.say(FromSfu::Slots(voices(&[Some(2), Some(3)])));
    visit.media.barred.insert(person(2));
    visit.run(ms(200));
    assert_eq!(visit.percents(), [0, 100, 0, 0]);
    assert_eq!(visit.tiles(), [person(3)]);
    assert_eq!(visit.looks(), [Look::Camera(number(3), PictureSize::Large)]);
    let stage = Some(Picture { of: number(2), flow: Flow::Full });
    visit.say(FromSfu::Slots(Slots { stage, ..Slots::default() }));
    assert_eq!(visit.media.on_stage(), None);
}

#[test]
fn pictures_that_are_not_sent_to_a_room_any_more_hold_no_frame_rate_back() {
    let mut visit = Visit::among([2]);
    visit.tell(MediaInput::Switch(Device::Camera, true));
    visit.say(FromSfu::Wanted(Wanted { low: true, high: false, screen: false }));
    visit.run(ms(100));
    let call = visit.open[0];
    visit.tell(MediaInput::Call(call, CallEvent::Strained(90)));
    assert_eq!(visit.media.room.strain_percent(), 90);
    visit.say(FromSfu::Wanted(Wanted::default()));
    assert_eq!(visit.media.room.strain_percent(), 0);
}

#[test]
fn what_arrives_is_what_is_in_a_slot() {
    let mut visit = Visit::among([2, 3, 4]);
    let arriving = |visit: &Visit, other| {
        let near = visit.neighbour(other);
        (near.arriving.microphone, near.arriving.camera, near.flow)
    };
    assert_eq!(arriving(&visit, 2), (false, false, None));
    let mut slots = voices(&[Some(2)]);
    slots.pictures[0] = Some(Picture { of: number(2), flow: Flow::Full });
    slots.pictures[1] = Some(Picture { of: number(3), flow: Flow::Reduced });
    slots.pictures[7] = Some(Picture { of: number(4), flow: Flow::Paused });
    visit.say(FromSfu::Slots(slots));
    assert_eq!(arriving(&visit, 2), (true, true, Some(Flow::Full)));
    assert_eq!(arriving(&visit, 3), (false, true, Some(Flow::Reduced)));
    assert_eq!(arriving(&visit, 4), (false, false, Some(Flow::Paused)));
    let shown = visit.commands.iter().rev().find_map(|command| match command {
        RoomCommand::Show { pictures, .. } => Some(*pictures),
        _ => None,
    });
    let shown = shown.expect("pictures");
    assert_eq!((shown[0], shown[1], shown[7]), (Some(person(2)), Some(person(3)), Some(person(4))));
}

#[test]
fn only_what_somebody_looks_at_is_sent() {
    let mut visit = Visit::among([2]);
    for device in Device::ALL {
        visit.tell(MediaInput::Switch(device, true));
    }
    visit.run(ms(100));
    let shares = Shares { microphone: true, camera: true, screen: true, screen_sound: true };
    assert!(visit.heard.contains(&ToSfu::Share(shares)));
    let quiet =
        Upload { microphone: true, camera: true, screen_sound: true, frame_rate_percent: 100, ..Upload::default() };
    assert_eq!(visit.upload(), quiet);
    visit.say(FromSfu::Wanted(Wanted { low: true, high: false, screen: true }));
    assert_eq!(visit.upload(), Upload { low: true, screen: true, ..quiet });
    visit.say(FromSfu::Wanted(Wanted { low: true, high: true, screen: false }));
    assert_eq!(visit.upload(), Upload { low: true, high: true, ..quiet });
}

#[test]
fn nothing_is_looked_at_by_a_hidden_page_nor_with_sound_only() {
    let mut visit = Visit::among([2, 3]);
    let both = [2, 3].map(|other| Look::Camera(number(other), PictureSize::Large));
    assert_eq!(visit.looks(), both);
    visit.tell(MediaInput::InSight(false));
    assert_eq!(visit.looks(), []);
    visit.tell(MediaInput::InSight(true));
    assert_eq!(visit.looks(), both);
    visit.tell(MediaInput::Prefer(Preferences { sound_only: true, ..Preferences::default() }));
    assert_eq!(visit.looks(), []);
    visit.say(FromSfu::Slots(voices(&[Some(2)])));
    assert_eq!(visit.percents()[0], 100, "sound goes on");
}

#[test]
fn a_tile_that_is_scrolled_out_of_view_is_not_looked_at_unless_it_is_shown_large() {
    let mut visit = Visit::among([2, 3]);
    let large = |other| Look::Camera(number(other), PictureSize::Large);
    visit.tell(MediaInput::InView(person(2), false));
    visit.run(ms(900));
    assert_eq!(visit.looks(), [large(2), large(3)], "it may come back");
    visit.run(ms(300));
    assert_eq!(visit.looks(), [large(3)]);
    visit.tell(MediaInput::Enlarge(Some(person(2))));
    assert_eq!(visit.looks(), [large(2), Look::Camera(number(3), PictureSize::Tile)]);
    visit.tell(MediaInput::Enlarge(None));
    assert_eq!(visit.looks(), [large(3)]);
    visit.tell(MediaInput::InView(person(2), true));
    assert_eq!(visit.looks(), [large(2), large(3)], "back at once");
}

#[test]
fn a_screen_comes_first_and_whoever_is_enlarged_is_large() {
    let mut visit = Visit::among([2, 3, 4]);
    let screen = Shares { screen: true, ..SEES };
    visit.say(FromSfu::Members(vec![(number(2), SEES), (number(3), screen), (number(4), SEES)]));
    assert_eq!(visit.looks()[0], Look::Screen);
    let stage = Some(Picture { of: number(3), flow: Flow::Full });
    visit.say(FromSfu::Slots(Slots { stage, ..Slots::default() }));
    assert_eq!(visit.media.on_stage(), Some(person(3)));
    assert!(visit.neighbour(3).arriving.screen && visit.neighbour(3).claim == Some(Claim::Screen));
    assert!((visit.volumes().stage - 1.0).abs() < 1e-6);
    visit.tell(MediaInput::Enlarge(Some(person(4))));
    let tile = |other| Look::Camera(number(other), PictureSize::Tile);
    let expected = [Look::Screen, Look::Camera(number(4), PictureSize::Large), tile(2), tile(3)];
    assert_eq!(visit.looks(), expected);
}

#[test]
fn a_screen_that_is_shared_while_another_is_on_stage_waits_in_silence_until_that_ends() {
    let mut visit = Visit::among([2, 3]);
    let screen = Shares { screen: true, ..SEES };
    visit.say(FromSfu::Members(vec![(number(2), screen), (number(3), SEES)]));
    visit.say(FromSfu::Slots(Slots { stage: Some(Picture { of: number(2), flow: Flow::Full }), ..Slots::default() }));
    assert_eq!(visit.media.ahead_on_stage(), None, "one shares nothing");
    for device in Device::ALL {
        visit.tell(MediaInput::Switch(device, true));
    }
    visit.run(ms(100));
    assert_eq!((visit.media.on_stage(), visit.media.ahead_on_stage()), (Some(person(2)), Some(person(2))));
    assert!(!visit.upload().screen_sound, "nobody would hear it");
    visit.say(FromSfu::Slots(Slots::default()));
    visit.say(FromSfu::Wanted(Wanted { screen: true, ..Wanted::default() }));
    assert_eq!((visit.media.on_stage(), visit.media.ahead_on_stage()), (Some(person(1)), None));
    assert!(visit.upload().screen && visit.upload().screen_sound);
}

#[test]
fn speakers_come_into_view_without_anybody_else_moving() {
    let mut visit = Visit::among(2..=20);
    assert_eq!(visit.tiles(), (2..=10).map(person).collect::<Vec<_>>());
    assert_eq!(visit.media.neighbours().len(), 19);
    visit.say(FromSfu::Speakers(vec![number(15)]));
    let mut expected: Vec<_> = (2..=10).map(person).collect();
    expected[8] = person(15);
    assert_eq!(visit.tiles(), expected);
    assert_eq!(visit.looks()[0], Look::Camera(number(15), PictureSize::Tile));
    assert!(visit.neighbour(15).is_speaking && !visit.neighbour(2).is_speaking);
    visit.say(FromSfu::Speakers(vec![]));
    visit.run(ms(5000));
    assert_eq!(visit.tiles(), expected);
}

#[test]
fn looks_that_change_all_the_time_are_told_no_faster_than_the_relay_takes_them() {
    let mut visit = Visit::among(2..=20);
    let before = visit.heard.len();
    for round in 0..300_u64 {
        visit.say(FromSfu::Speakers(vec![number(2 + (round % 19) as u8)]));
        visit.run(ms(10));
    }
    let told = visit.heard.len() - before;
    assert!(told <= 40 + 31, "{told}");
    visit.run(ms(1000));
    assert_eq!(visit.looks().first(), Some(&Look::Camera(number(2 + (299 % 19) as u8), PictureSize::Tile)));
}
