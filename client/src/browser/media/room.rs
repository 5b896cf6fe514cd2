//! The connection to the relay's SFU, for the call of a room: what is sent goes once, what comes takes turns in a fixed
//! number of lines.
//!
//! As with calls, what takes time is done in its turn ([`orders`]); how loud something is and whose picture it is is
//! said at once, because somebody else may be in the line by then.

use std::{cell::Cell, rc::Rc};

use serde_json::{Value, json};
use shared::{
    identity::UserId,
    protocol::{
        link::PictureSize,
        room::{AUDIO_SLOTS, CAMERA_SLOTS, HIGH_LAYER, LINES, LOW_LAYER, Line},
    },
};
use wasm_bindgen::JsValue;
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    capture::Capture,
    js, lines,
    orders::{self, Obey, Orders},
    pictures::{self, Picture},
    speakers::{Sound, Speaker},
    statistics::Look,
    wire::{self, Wire},
};
use crate::media::{
    CallEvent, CallId, Ice, RoomCommand, Upload, Volumes,
    encoding::{CAMERA_SIZE, Layer, Limits},
};

/// What the SFU speaks, with repetitions of what was lost.
const SOUND: [&str; 1] = ["audio/opus"];
const PICTURES: [&str; 2] = ["video/VP8", "video/rtx"];

/// A connection that is open, or being opened.
pub(super) struct Room {
    orders: Orders<RoomCommand>,
    /// In the order of [`LINES`].
    wires: Vec<Wire>,
    /// What is to be sent by now.
    upload: Cell<Upload>,
    capture: Rc<Capture>,
    voices: Vec<Rc<Speaker>>,
    stage_sound: Rc<Speaker>,
    /// Whose pictures come.
    shown: Cell<([Option<UserId>; CAMERA_SLOTS], Option<UserId>)>,
}

impl Room {
    /// Opens a connection with all of its lines. None if there is none to be had.
    pub(super) fn open(id: CallId, ice: &Ice, capture: &Rc<Capture>, sound: &Rc<Sound>) -> Option<Rc<Self>> {
        let orders = Orders::open(id, ice)?;
        let wire = |line: &Line| {
            let transceiver = wire::add(&orders.connection, kind(*line), &init(*line))?;
            wire::prefer(&transceiver, kind(*line), if line.is_sound() { &SOUND } else { &PICTURES });
            Wire::new(transceiver)
        };
        let wires: Vec<_> = LINES.iter().map(wire).collect::<Option<_>>()?;
        let voices: Vec<_> = (0..AUDIO_SLOTS).map(|_| Speaker::new(sound)).collect::<Option<_>>()?;
        let room = Rc::new(Self {
            orders,
            wires,
            upload: Cell::default(),
            capture: Rc::clone(capture),
            voices,
            stage_sound: Speaker::new(sound)?,
            shown: Cell::default(),
        });
        room.play_all();
        orders::begin(&room);
        Some(room)
    }

    /// Has it do something.
    pub(super) fn command(&self, command: RoomCommand) {
        match command {
            RoomCommand::Play(volumes) => self.play(volumes),
            RoomCommand::Show { pictures, stage } => {
                self.shown.set((pictures, stage));
                pictures::changed();
            }
            RoomCommand::Send(upload) => {
                self.upload.set(upload);
                self.orders.refresh();
            }
            command => self.orders.command(command),
        }
    }

    /// Others are captured than before.
    pub(super) fn send_again(&self) {
        self.orders.refresh();
    }

    /// What comes of somebody as that picture, if it does.
    pub(super) fn picture(&self, of: UserId, what: Picture) -> Option<MediaStream> {
        let (pictures, stage) = self.shown.get();
        let line = match what {
            Picture::Camera => Line::Picture(pictures.iter().position(|shown| *shown == Some(of))? as u8),
            Picture::Screen => Some(Line::StageScreen).filter(|_| stage == Some(of))?,
        };
        Some(js::same(&self.wire(line)?.stream))
    }

    /// Closes it for good. As often as one likes.
    pub(super) fn close(&self) {
        if self.orders.close() {
            self.voices.iter().for_each(|voice| voice.stop());
            self.stage_sound.stop();
            self.shown.take();
            self.capture.stand_at_podium(false);
        }
    }

    /// Ends what it sends and plays, whatever state it was left in.
    pub(super) fn fall_silent(&self) {
        self.orders.connection.close();
    }

    /// Ten times a second: now and then how it goes.
    pub(super) fn tick(self: &Rc<Self>) {
        orders::tick(self);
    }

    fn wire(&self, line: Line) -> Option<&Wire> {
        let place = LINES.iter().position(|other| *other == line)?;
        self.wires.get(place)
    }

    fn play_all(&self) {
        let voices = (0..).map(Line::Voice).zip(&self.voices);
        for (line, speaker) in voices.chain([(Line::StageSound, &self.stage_sound)]) {
            if let Some(wire) = self.wire(line) {
                speaker.play(&wire.stream);
            }
        }
    }

    fn play(&self, volumes: Volumes) {
        for (speaker, volume) in self.voices.iter().zip(volumes.voices) {
            speaker.set_volume(volume);
        }
        self.stage_sound.set_volume(volumes.stage);
    }
}

impl Obey for Room {
    type Command = RoomCommand;

    fn orders(&self) -> &Orders<RoomCommand> {
        &self.orders
    }

    async fn obey(&self, command: RoomCommand) -> Result<(), JsValue> {
        let connection = &self.orders.connection;
        match command {
            RoomCommand::Offer { restart } => {
                if restart {
                    connection.restart_ice()?;
                }
                self.orders.report(CallEvent::Described(connection.describe().await?));
                Ok(())
            }
            RoomCommand::AcceptAnswer(answer) => {
                connection.accept("answer", &answer).await?;
                self.orders.report(CallEvent::Accepted);
                self.wires.iter().for_each(Wire::forget_limits);
                self.refresh().await
            }
            RoomCommand::SetIce(ice) => {
                connection.set_ice(&ice);
                Ok(())
            }
            // Done already.
            RoomCommand::Send(_) | RoomCommand::Play(_) | RoomCommand::Show { .. } => Ok(()),
        }
    }

    /// Sends what is wanted of what is captured, and nothing else.
    async fn refresh(&self) -> Result<(), JsValue> {
        let upload = self.upload.get();
        self.capture.stand_at_podium(upload.is_at_podium);
        let mut carried = Vec::new();
        for (line, captured, is_wanted) in [
            (Line::Microphone, lines::Line::Microphone, upload.microphone),
            (Line::Camera, lines::Line::Camera, upload.camera),
            (Line::Screen, lines::Line::Screen, upload.screen),
            (Line::ScreenSound, lines::Line::ScreenSound, upload.screen_sound),
        ] {
            let Some(wire) = self.wire(line) else { continue };
            let track = self.capture.track(captured).filter(|_| is_wanted);
            let limits = track.as_ref().map(|track| limits(captured, upload, track));
            carried.push((wire, track, limits));
        }
        wire::send(carried).await
    }

    fn is_sending_pictures(&self) -> bool {
        let is_sending = |line| self.wire(line).is_some_and(Wire::is_sending);
        is_sending(Line::Camera) || is_sending(Line::Screen)
    }

    fn looked(&self, look: &Look) {
        if let Some(packets) = look.heard {
            self.orders.report(CallEvent::Heard(packets));
        }
    }
}

/// What kind of media a line carries, as browsers call it.
const fn kind(line: Line) -> &'static str {
    if line.is_sound() { "audio" } else { "video" }
}

/// How a line is made.
fn init(line: Line) -> Value {
    let layer = |rid: &str, limits: Limits| {
        let mut encoding = lines::pictures(limits);
        encoding["rid"] = json!(rid);
        encoding
    };
    match line {
        Line::Camera => {
            let of = |layer| Limits::layer(layer, CAMERA_SIZE, 100);
            let layers = [layer(LOW_LAYER, of(Layer::Low)), layer(HIGH_LAYER, of(Layer::High))];
            json!({ "direction": "sendonly", "sendEncodings": layers })
        }
        line if line.is_up() => json!({ "direction": "sendonly" }),
        _ => json!({ "direction": "recvonly" }),
    }
}

/// The parameters of the sender of a line.
fn limits(line: lines::Line, upload: Upload, track: &MediaStreamTrack) -> Value {
    match line {
        lines::Line::Microphone => lines::voice(),
        lines::Line::ScreenSound => lines::screen_sound(),
        lines::Line::Screen => lines::screen(PictureSize::Large, track),
        lines::Line::Camera => {
            let size = wire::size(track);
            let layer = |layer, is_active: bool| {
                let mut encoding = lines::pictures(Limits::layer(layer, size, upload.frame_rate_percent));
                encoding["active"] = json!(is_active);
                encoding
            };
            let high = if upload.is_at_podium { Layer::Podium } else { Layer::High };
            let layers = [layer(Layer::Low, upload.low), layer(high, upload.high)];
            json!({ "encodings": layers, "degradationPreference": "balanced" })
        }
    }
}
