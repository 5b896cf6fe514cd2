//! Calls: a connection of our own each, for sound and pictures with one other page.
//!
//! What takes time is done in its turn ([`orders`]); how loud the other side is played, at once.

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
use web_sys::{Event, MediaStream, RtcPeerConnectionIceEvent};

use super::{
    super::listener::Listener,
    capture::Capture,
    js,
    lines::{Line, Lines},
    orders::{self, Obey, Orders},
    pictures::Picture,
    speakers::{Sound, Speaker},
    statistics::Look,
};
use crate::media::{CallCommand, CallEvent, CallId, Ice, Sending, voice::Voice};

/// A call that is open, or being opened.
pub(super) struct Call {
    with: UserId,
    orders: Orders<CallCommand>,
    /// None until the other side has made them.
    lines: RefCell<Option<Lines>>,
    /// What is to be sent by now.
    sending: Cell<Sending>,
    capture: Rc<Capture>,
    voice: Rc<Speaker>,
    screen_sound: Rc<Speaker>,
    /// While a description is being made: the candidates that belong to it, which the other side is to hear of after it.
    held: RefCell<Option<Vec<Candidate>>>,
    their_voice: Cell<Voice>,
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
        let orders = Orders::open(id, ice)?;
        let lines = if offers { Some(Lines::make(&orders.connection)?) } else { None };
        let call = Rc::new(Self {
            with,
            orders,
            lines: RefCell::default(),
            sending: Cell::default(),
            capture: Rc::clone(capture),
            voice: Speaker::new(sound)?,
            screen_sound: Speaker::new(sound)?,
            held: RefCell::default(),
            their_voice: Cell::default(),
        });
        if let Some(lines) = lines {
            call.adopt(lines);
        }
        call.orders.keep(call.listen());
        orders::begin(&call);
        Some(call)
    }

    /// With whom.
    pub(super) fn with(&self) -> UserId {
        self.with
    }

    /// Has it do something.
    pub(super) fn command(&self, command: CallCommand) {
        match command {
            CallCommand::Share(sending) => {
                self.sending.set(sending);
                self.orders.refresh();
            }
            CallCommand::Play { volume } => {
                self.voice.set_volume(volume);
                self.screen_sound.set_volume(volume);
            }
            command => self.orders.command(command),
        }
    }

    /// Others are captured than before.
    pub(super) fn share_again(&self) {
        self.orders.refresh();
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
        if self.orders.close() {
            self.voice.stop();
            self.screen_sound.stop();
            self.lines.take();
        }
    }

    /// Ends what it sends and plays, whatever state it was left in.
    pub(super) fn fall_silent(&self) {
        self.orders.connection.close();
    }

    /// Ten times a second: who speaks, and now and then what arrives.
    pub(super) fn tick(self: &Rc<Self>) {
        let is_connected = self.orders.is_connected();
        let heard = self.lines.borrow().as_ref().filter(|_| is_connected).and_then(Lines::heard);
        let mut voice = self.their_voice.get();
        let change = voice.received(heard);
        self.their_voice.set(voice);
        if let Some(is_speaking) = change {
            self.orders.report(CallEvent::Voice(is_speaking));
        }
        orders::tick(self);
    }

    fn adopt(&self, lines: Lines) {
        self.voice.play(&lines.stream(Line::Microphone));
        self.screen_sound.play(&lines.stream(Line::ScreenSound));
        self.lines.replace(Some(lines));
    }

    fn listen(self: &Rc<Self>) -> Listener {
        // Weak: the call owns it.
        let call = Rc::downgrade(self);
        Listener::new(&self.orders.connection, "icecandidate", move |event: Event| {
            let event = event.dyn_into::<RtcPeerConnectionIceEvent>().ok();
            if let Some((call, candidate)) = call.upgrade().zip(event.and_then(|event| candidate(&event))) {
                call.found(candidate);
            }
        })
    }

    fn found(&self, candidate: Candidate) {
        if let Some(held) = &mut *self.held.borrow_mut() {
            held.push(candidate);
            return;
        }
        self.orders.report(CallEvent::Candidate(candidate));
    }

    /// Sets what the connection describes by itself: an answer to an offer, else an offer.
    async fn describe(&self) -> Result<(), JsValue> {
        self.held.borrow_mut().get_or_insert_default();
        self.orders.report(CallEvent::Described(self.orders.connection.describe().await?));
        for candidate in self.held.take().unwrap_or_default() {
            self.orders.report(CallEvent::Candidate(candidate));
        }
        Ok(())
    }
}

impl Obey for Call {
    type Command = CallCommand;

    fn orders(&self) -> &Orders<CallCommand> {
        &self.orders
    }

    async fn obey(&self, command: CallCommand) -> Result<(), JsValue> {
        let connection = &self.orders.connection;
        match command {
            CallCommand::Offer { restart } => {
                if restart {
                    connection.restart_ice()?;
                }
                self.describe().await
            }
            CallCommand::AcceptOffer(offer) => {
                connection.accept("offer", &offer).await?;
                if self.lines.borrow().is_none() {
                    self.adopt(Lines::take_over(connection).ok_or(JsValue::NULL)?);
                    super::pictures::changed();
                }
                self.orders.report(CallEvent::Accepted);
                self.describe().await?;
                self.refresh().await
            }
            CallCommand::AcceptAnswer(answer) => {
                connection.accept("answer", &answer).await?;
                self.orders.report(CallEvent::Accepted);
                // Some browsers have nothing to set limits on before this.
                self.refresh().await
            }
            CallCommand::AddCandidate(candidate) => {
                let candidate = js::dictionary(&json!({
                    "candidate": candidate.line.as_str(),
                    "sdpMLineIndex": candidate.media_line,
                }));
                // One that is of no use is one less; the others may do.
                let _ = js::perform(connection, "addIceCandidate", &[&candidate]).await;
                Ok(())
            }
            CallCommand::SetIce(ice) => {
                connection.set_ice(&ice);
                Ok(())
            }
            // Done already.
            CallCommand::Share(_) | CallCommand::Play { .. } => Ok(()),
        }
    }

    async fn refresh(&self) -> Result<(), JsValue> {
        let lines = self.lines.borrow().clone();
        match lines {
            Some(lines) => lines.send(self.sending.get(), &self.capture).await,
            // Remembered until they are there.
            None => Ok(()),
        }
    }

    fn is_sending_pictures(&self) -> bool {
        self.lines.borrow().as_ref().is_some_and(Lines::is_sending_pictures)
    }

    fn looked(&self, look: &Look) {
        self.orders.report(CallEvent::Arrived { sound: look.sound, picture: look.picture });
    }
}

fn candidate(event: &RtcPeerConnectionIceEvent) -> Option<Candidate> {
    let candidate = event.candidate()?;
    let line = CandidateLine::new(&candidate.candidate()).ok()?;
    Some(Candidate { line, media_line: candidate.sdp_m_line_index().unwrap_or(0) })
}
