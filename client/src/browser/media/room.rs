//! The connection to the relay's SFU, for the call of a room: what is sent goes once, what comes takes turns in a fixed
//! number of lines.
//!
//! As with calls, what takes time is done one after another; how loud something is and whose picture it is
//! is said at once, because somebody else may be in the line by then.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde_json::{Value, json};
use shared::{
    identity::UserId,
    protocol::{
        link::PictureSize,
        room::{AUDIO_SLOTS, CAMERA_SLOTS, HIGH_LAYER, LINES, LOW_LAYER, Line},
    },
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    super::{listener::Listener, tell},
    capture::Capture,
    connections::Connection,
    js, lines,
    orders::{Orders, Servant, orders},
    pictures::{self, Picture},
    speakers::{Sound, Speaker},
    statistics::Statistics,
    wire::{self, Wire},
};
use crate::{
    media::{
        CallEvent, CallId, ConnectionState, Ice, MediaInput, RoomCommand, Upload, Volumes,
        encoding::{CAMERA_SIZE, Layer, Limits},
    },
    session::Input,
};

/// Ticks between two looks at how it goes.
const LOOK_EVERY: u32 = 10;

/// What the SFU speaks, with repetitions of what was lost.
const SOUND: [&str; 1] = ["audio/opus"];
const PICTURES: [&str; 2] = ["video/VP8", "video/rtx"];

/// A connection that is open, or being opened.
pub(super) struct Room {
    id: CallId,
    connection: Connection,
    /// In the order of [`LINES`].
    wires: Vec<Wire>,
    upload: Cell<Upload>,
    capture: Rc<Capture>,
    voices: Vec<Rc<Speaker>>,
    stage_sound: Rc<Speaker>,
    /// Whose pictures come.
    shown: Cell<([Option<UserId>; CAMERA_SLOTS], Option<UserId>)>,
    orders: Orders<Order>,
    is_closed: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    statistics: Statistics,
    ticks: Cell<u32>,
}

/// What waits for its turn.
enum Order {
    Command(RoomCommand),
    /// Others are captured than before.
    SendAgain,
}

impl Room {
    /// Opens a connection with all of its lines. None if there is none to be had.
    pub(super) fn open(id: CallId, ice: &Ice, capture: &Rc<Capture>, sound: &Rc<Sound>) -> Option<Rc<Self>> {
        let connection = Connection::open(ice)?;
        let wire = |line: &Line| {
            let transceiver = wire::add(&connection, kind(*line), &init(*line))?;
            wire::prefer(&transceiver, kind(*line), if line.is_sound() { &SOUND } else { &PICTURES });
            Wire::new(transceiver)
        };
        let wires: Vec<_> = LINES.iter().map(wire).collect::<Option<_>>()?;
        let voices: Vec<_> = (0..AUDIO_SLOTS).map(|_| Speaker::new(sound)).collect::<Option<_>>()?;
        let (orders, waiting) = orders();
        let room = Rc::new(Self {
            id,
            connection,
            wires,
            upload: Cell::default(),
            capture: Rc::clone(capture),
            voices,
            stage_sound: Speaker::new(sound)?,
            shown: Cell::default(),
            orders,
            is_closed: Cell::default(),
            listener: RefCell::default(),
            statistics: Statistics::default(),
            ticks: Cell::default(),
        });
        room.play_all();
        room.listener.replace(Some(room.listen()));
        waiting.serve(Rc::clone(&room));
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
            command => self.orders.give(Order::Command(command)),
        }
    }

    /// Others are captured than before.
    pub(super) fn send_again(&self) {
        self.orders.give(Order::SendAgain);
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
        if self.is_closed.replace(true) {
            return;
        }
        self.listener.take();
        // They hold the room: both go together.
        self.orders.end();
        self.connection.close();
        self.voices.iter().for_each(|voice| voice.stop());
        self.stage_sound.stop();
        self.shown.take();
    }

    /// Ten times a second: now and then how it goes.
    pub(super) fn tick(self: &Rc<Self>) {
        self.ticks.set(self.ticks.get().wrapping_add(1));
        let is_connected = self.connection.state() == Some(ConnectionState::Connected);
        if is_connected && self.ticks.get().is_multiple_of(LOOK_EVERY) {
            let room = Rc::clone(self);
            spawn_local(async move { room.look().await });
        }
    }

    async fn look(&self) {
        let is_sending = |line| self.wire(line).is_some_and(Wire::is_sending);
        let is_sending_pictures = is_sending(Line::Camera) || is_sending(Line::Screen);
        let Some(look) = self.statistics.look(&self.connection).await else { return };
        if let Some(packets) = look.heard {
            self.report(CallEvent::Heard(packets));
        }
        if let Some(percent) = look.strained.filter(|_| is_sending_pictures) {
            self.report(CallEvent::Strained(percent));
        }
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

    fn report(&self, event: CallEvent) {
        if !self.is_closed.get() {
            tell(Input::Media(MediaInput::Call(self.id, event)));
        }
    }

    fn listen(self: &Rc<Self>) -> Listener {
        // Weak: the room owns it.
        let room = Rc::downgrade(self);
        Listener::new(&self.connection, "connectionstatechange", move |_| {
            if let Some((room, state)) =
                room.upgrade().and_then(|room| room.connection.state().map(|state| (room, state)))
            {
                room.report(CallEvent::State(state));
            }
        })
    }

    async fn perform(&self, command: RoomCommand) -> Result<(), JsValue> {
        match command {
            RoomCommand::Offer { restart } => {
                if restart {
                    self.connection.restart_ice()?;
                }
                self.report(CallEvent::Described(self.connection.describe().await?));
                Ok(())
            }
            RoomCommand::AcceptAnswer(answer) => {
                self.connection.accept("answer", &answer).await?;
                self.report(CallEvent::Accepted);
                self.wires.iter().for_each(Wire::forget_limits);
                self.send().await
            }
            RoomCommand::SetIce(ice) => {
                self.connection.set_ice(&ice);
                Ok(())
            }
            RoomCommand::Send(upload) => {
                self.upload.set(upload);
                self.send().await
            }
            // Done already.
            RoomCommand::Play(_) | RoomCommand::Show { .. } => Ok(()),
        }
    }

    /// Sends what is wanted of what is captured, and nothing else.
    async fn send(&self) -> Result<(), JsValue> {
        let upload = self.upload.get();
        for (line, captured, is_wanted) in [
            (Line::Microphone, lines::Line::Microphone, upload.microphone),
            (Line::Camera, lines::Line::Camera, upload.camera),
            (Line::Screen, lines::Line::Screen, upload.screen),
            (Line::ScreenSound, lines::Line::ScreenSound, upload.screen_sound),
        ] {
            let Some(wire) = self.wire(line) else { continue };
            let track = self.capture.track(captured).filter(|_| is_wanted);
            if let Some(track) = &track {
                // First, so that nothing is sent for a moment that nobody wants.
                wire.limit(limits(captured, upload, track)).await;
            }
            wire.carry(track.as_ref()).await?;
        }
        Ok(())
    }
}

impl Servant for Room {
    type Order = Order;

    async fn obey(&self, order: Order) -> Result<(), JsValue> {
        match order {
            Order::Command(command) => self.perform(command).await,
            Order::SendAgain => self.send().await,
        }
    }

    fn give_up(&self) {
        self.report(CallEvent::Broken);
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
            let layers = [layer(Layer::Low, upload.low), layer(Layer::High, upload.high)];
            json!({ "encodings": layers, "degradationPreference": "balanced" })
        }
    }
}
