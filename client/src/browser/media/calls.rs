//! Calls: a connection of our own each, for sound and pictures with one other page.
//!
//! What a call is told to do is done one after another. Nothing is left of it once it is closed, whatever it was doing.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde_json::json;
use shared::{
    identity::UserId,
    protocol::link::{Candidate, CandidateLine},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, MediaStream, RtcPeerConnectionIceEvent};

use super::{
    super::{listener::Listener, tell},
    capture::Capture,
    connections::Connection,
    js,
    lines::{Line, Lines},
    orders::{Orders, Servant, orders},
    pictures::Picture,
    speakers::{Sound, Speaker},
    statistics::Statistics,
};
use crate::{
    media::{CallCommand, CallEvent, CallId, ConnectionState, Ice, MediaInput, Sending, voice::Voice},
    session::Input,
};

/// Ticks between two looks at what arrives.
const LOOK_EVERY: u32 = 10;

/// A call that is open, or being opened.
pub(super) struct Call {
    id: CallId,
    with: UserId,
    connection: Connection,
    /// None until the other side has made them.
    lines: RefCell<Option<Lines>>,
    sending: Cell<Sending>,
    capture: Rc<Capture>,
    voice: Rc<Speaker>,
    screen_sound: Rc<Speaker>,
    orders: Orders<Order>,
    is_closed: Cell<bool>,
    listeners: RefCell<Vec<Listener>>,
    /// While a description is being made: the candidates that belong to it, which the other side is to hear of after it.
    held: RefCell<Option<Vec<Candidate>>>,
    statistics: Statistics,
    their_voice: Cell<Voice>,
    ticks: Cell<u32>,
}

/// What waits for its turn.
enum Order {
    Command(CallCommand),
    /// Others are captured than before.
    ShareAgain,
}

impl Call {
    /// Opens a call. None if there is no connection to be had.
    pub(super) fn open(
        id: CallId,
        with: UserId,
        offers: bool,
        ice: &Ice,
        capture: &Rc<Capture>,
        sound: &Rc<Sound>,
    ) -> Option<Rc<Self>> {
        let connection = Connection::open(ice)?;
        let lines = if offers { Some(Lines::make(&connection)?) } else { None };
        let (orders, waiting) = orders();
        let call = Rc::new(Self {
            id,
            with,
            connection,
            lines: RefCell::default(),
            sending: Cell::default(),
            capture: Rc::clone(capture),
            voice: Speaker::new(sound)?,
            screen_sound: Speaker::new(sound)?,
            orders,
            is_closed: Cell::default(),
            listeners: RefCell::default(),
            held: RefCell::default(),
            statistics: Statistics::default(),
            their_voice: Cell::default(),
            ticks: Cell::default(),
        });
        if let Some(lines) = lines {
            call.adopt(lines);
        }
        call.listeners.replace(call.listen());
        waiting.serve(Rc::clone(&call));
        Some(call)
    }

    /// With whom.
    pub(super) fn with(&self) -> UserId {
        self.with
    }

    /// Has it do something, after everything it was told before.
    pub(super) fn command(&self, command: CallCommand) {
        self.orders.give(Order::Command(command));
    }

    /// Others are captured than before.
    pub(super) fn share_again(&self) {
        self.orders.give(Order::ShareAgain);
    }

    /// What comes as that picture.
    pub(super) fn picture(&self, what: Picture) -> Option<MediaStream> {
        let line = match what {
            Picture::Camera => Line::Camera,
            Picture::Screen => Line::Screen,
        };
        self.lines.borrow().as_ref().map(|lines| lines.stream(line))
    }

    /// Closes it for good. As often as one likes.
    pub(super) fn close(&self) {
        if self.is_closed.replace(true) {
            return;
        }
        self.listeners.take();
        // They hold the call: both go together.
        self.orders.end();
        self.connection.close();
        self.voice.stop();
        self.screen_sound.stop();
        self.lines.take();
    }

    /// Ten times a second: who speaks, and now and then what arrives.
    pub(super) fn tick(self: &Rc<Self>) {
        let is_connected = self.connection.state() == Some(ConnectionState::Connected);
        let heard = self.lines.borrow().as_ref().filter(|_| is_connected).and_then(Lines::heard);
        let mut voice = self.their_voice.get();
        let change = voice.received(heard);
        self.their_voice.set(voice);
        if let Some(is_speaking) = change {
            self.report(CallEvent::Voice(is_speaking));
        }
        self.ticks.set(self.ticks.get().wrapping_add(1));
        if is_connected && self.ticks.get().is_multiple_of(LOOK_EVERY) {
            let call = Rc::clone(self);
            spawn_local(async move { call.look().await });
        }
    }

    async fn look(&self) {
        let is_sending_pictures = self.lines.borrow().as_ref().is_some_and(Lines::is_sending_pictures);
        let Some(look) = self.statistics.look(&self.connection).await else { return };
        self.report(CallEvent::Arrived { sound: look.sound, picture: look.picture });
        if let Some(percent) = look.strained.filter(|_| is_sending_pictures) {
            self.report(CallEvent::Strained(percent));
        }
    }

    fn report(&self, event: CallEvent) {
        if !self.is_closed.get() {
            tell(Input::Media(MediaInput::Call(self.id, event)));
        }
    }

    fn adopt(&self, lines: Lines) {
        self.voice.play(&lines.stream(Line::Microphone));
        self.screen_sound.play(&lines.stream(Line::ScreenSound));
        self.lines.replace(Some(lines));
    }

    fn listen(self: &Rc<Self>) -> Vec<Listener> {
        // Weak: the call owns them.
        let call = Rc::downgrade(self);
        let found = Listener::new(&self.connection, "icecandidate", move |event: Event| {
            let event = event.dyn_into::<RtcPeerConnectionIceEvent>().ok();
            if let Some((call, candidate)) = call.upgrade().zip(event.and_then(|event| candidate(&event))) {
                call.found(candidate);
            }
        });
        let call = Rc::downgrade(self);
        let changed = Listener::new(&self.connection, "connectionstatechange", move |_| {
            let Some(call) = call.upgrade() else { return };
            if let Some(state) = call.connection.state() {
                call.report(CallEvent::State(state));
            }
        });
        vec![found, changed]
    }

    fn found(&self, candidate: Candidate) {
        if let Some(held) = &mut *self.held.borrow_mut() {
            held.push(candidate);
            return;
        }
        self.report(CallEvent::Candidate(candidate));
    }

    async fn perform(&self, command: CallCommand) -> Result<(), JsValue> {
        match command {
            CallCommand::Offer { restart } => {
                if restart {
                    self.connection.restart_ice()?;
                }
                self.describe().await
            }
            CallCommand::AcceptOffer(offer) => {
                self.connection.accept("offer", &offer).await?;
                if self.lines.borrow().is_none() {
                    self.adopt(Lines::take_over(&self.connection).ok_or(JsValue::NULL)?);
                    super::pictures::changed();
                }
                self.report(CallEvent::Accepted);
                self.describe().await?;
                self.share().await
            }
            CallCommand::AcceptAnswer(answer) => {
                self.connection.accept("answer", &answer).await?;
                self.report(CallEvent::Accepted);
                // Some browsers have nothing to set limits on before this.
                self.share().await
            }
            CallCommand::AddCandidate(candidate) => {
                let candidate = js::dictionary(&json!({
                    "candidate": candidate.line.as_str(),
                    "sdpMLineIndex": candidate.media_line,
                }));
                // One that is of no use is one less; the others may do.
                let _ = js::perform(&self.connection, "addIceCandidate", &[&candidate]).await;
                Ok(())
            }
            CallCommand::SetIce(ice) => {
                self.connection.set_ice(&ice);
                Ok(())
            }
            CallCommand::Share(sending) => {
                self.sending.set(sending);
                self.share().await
            }
            CallCommand::Play { volume } => {
                self.voice.set_volume(volume);
                self.screen_sound.set_volume(volume);
                Ok(())
            }
        }
    }

    /// Sets what the connection describes by itself: an answer to an offer, else an offer.
    async fn describe(&self) -> Result<(), JsValue> {
        self.held.borrow_mut().get_or_insert_default();
        self.report(CallEvent::Described(self.connection.describe().await?));
        for candidate in self.held.take().unwrap_or_default() {
            self.report(CallEvent::Candidate(candidate));
        }
        Ok(())
    }

    async fn share(&self) -> Result<(), JsValue> {
        let lines = self.lines.borrow().clone();
        match lines {
            Some(lines) => lines.send(self.sending.get(), &self.capture).await,
            // Remembered until they are there.
            None => Ok(()),
        }
    }
}

impl Servant for Call {
    type Order = Order;

    async fn obey(&self, order: Order) -> Result<(), JsValue> {
        match order {
            Order::Command(command) => self.perform(command).await,
            Order::ShareAgain => self.share().await,
        }
    }

    fn give_up(&self) {
        self.report(CallEvent::Broken);
    }
}

fn candidate(event: &RtcPeerConnectionIceEvent) -> Option<Candidate> {
    let candidate = event.candidate()?;
    let line = CandidateLine::new(&candidate.candidate()).ok()?;
    Some(Candidate { line, media_line: candidate.sdp_m_line_index().unwrap_or(0) })
}
