//! The call with one person: who begins it, what is told of it, and what becomes of it when it fails.

use std::time::Duration;

use shared::{
    identity::UserId,
    protocol::link::{CallMessage, LinkMessage, Looks, PictureSize, Shares},
};

use super::{AGAIN, Call, FUTILE_AFTER, Peer, Surroundings, Tiding};
use crate::media::{
    limits::{CALLS_BEGUN, HELD_MESSAGES, HOLD_OFFER},
    messages::{CallCommand, CallState, MediaOutput, Sending},
    negotiation::{Action, Event, Negotiation},
};

impl Peer {
    /// Whether this side begins calls: the one with the smaller identifier does, and answers are the other's.
    pub(super) fn offers(&self, own: UserId) -> bool {
        own < self.user_id
    }

    pub(super) fn may_begin(&self) -> bool {
        self.is_wanted() && self.courier.is_acquainted() && self.is_linked()
    }

    pub(super) fn begin_call(&mut self, around: Surroundings) {
        if self.call.is_none() && self.offers(around.own) && self.may_begin() && around.now >= self.again_at {
            if self.begun.take(around.now, CALLS_BEGUN, 1) {
                self.open_call(around, self.last_number.wrapping_add(1));
            } else {
                self.again_at = self.begun.next_at(CALLS_BEGUN);
            }
        }
    }

    pub(super) fn open_call(&mut self, around: Surroundings, number: u32) {
        let id = around.name_call();
        let offers = self.offers(around.own);
        self.last_number = number;
        self.outputs.push_back(MediaOutput::OpenCall { call: id, with: self.user_id, offers, ice: around.ice.clone() });
        self.call = Some(Call {
            id,
            number,
            is_announced: !offers,
            begun_at: around.now,
            negotiation: Negotiation::new(around.now, offers, self.suspects_silence),
            shares: Shares::default(),
            looks: Looks::default(),
            told_shares: None,
            told_looks: None,
            sending: None,
            playing: None,
            is_speaking: false,
            strain_percent: 0,
        });
    }

    /// The other side says something about the call of that number.
    pub(super) fn call_said(&mut self, around: Surroundings, number: u32, message: CallMessage) {
        let current = self.call.as_ref().map(|call| call.number);
        if current == Some(number) {
            match message {
                CallMessage::Bye => self.end_and_retry(around.now, false),
                CallMessage::Shares(shares) => self.change_call(|call| call.shares = shares),
                CallMessage::Looks(looks) => self.change_call(|call| call.looks = looks),
                message => {
                    if let Some(call) = &mut self.call {
                        call.negotiation.handle(around.now, Event::Said(message));
                    }
                }
            }
            return;
        }
        // A newer call than any so far, which only the other side begins; all else is of a call that is over.
        let is_newer = number > self.last_number && !self.offers(around.own);
        let is_held = self.held.back().is_some_and(|(held, _)| *held == number);
        if self.is_wanted() && is_newer && matches!(message, CallMessage::Offer(_)) {
            if !self.begun.take(around.now, CALLS_BEGUN, 1) {
                return self.tell(around.now, number, CallMessage::Bye);
            }
            self.end_call(around.now, false);
            self.open_call(around, number);
            self.call_said(around, number, message);
        } else if !self.is_wanted() && (is_newer && matches!(message, CallMessage::Offer(_)) || is_held) {
            if !is_held {
                self.held.clear();
                self.held_until = around.now + HOLD_OFFER;
            }
            if message == CallMessage::Bye {
                self.held.clear();
            } else if self.held.len() < HELD_MESSAGES {
                self.held.push_back((number, message));
            }
        }
    }

    pub(super) fn change_call(&mut self, change: impl FnOnce(&mut Call)) {
        if let Some(call) = &mut self.call {
            change(call);
        }
    }

    /// Tells the negotiation what to expect, does what it wants, and keeps the connection as it should be.
    pub(super) fn drive_call(&mut self, around: Surroundings) {
        let now = around.now;
        let is_talking = self.is_talking();
        // Before they are near enough nothing goes over a call that is prepared, also of what one has to say about it.
        let shares = if is_talking { around.shares } else { Shares::default() };
        let looks = if is_talking { self.looks } else { Looks::default() };
        let volume = if is_talking { self.volume } else { 0.0 };
        let Some(call) = &mut self.call else { return };
        // A screen may be shared without a word of sound.
        let sound = is_talking && call.shares.microphone;
        // A screen on which nothing moves sends nothing.
        let picture = call.shares.camera && looks.camera != PictureSize::Hidden;
        call.negotiation.handle(now, Event::Expects { sound, picture });
        call.negotiation.handle(now, Event::Tick);
        let mut gives_up = false;
        let mut says = Vec::new();
        while let Some(action) = call.negotiation.poll() {
            match action {
                Action::Say(message) => {
                    call.is_announced |= matches!(message, CallMessage::Offer(_));
                    says.push(message);
                }
                Action::Command(command) => self.outputs.push_back(MediaOutput::Command(call.id, command)),
                Action::GiveUp => gives_up = true,
            }
        }
        if call.is_announced && call.told_shares != Some(shares) {
            call.told_shares = Some(shares);
            says.push(CallMessage::Shares(shares));
        }
        if call.is_announced && call.told_looks != Some(looks) {
            call.told_looks = Some(looks);
            says.push(CallMessage::Looks(looks));
        }
        let sending = Sending {
            microphone: around.sends_microphone && is_talking,
            camera: if shares.camera { call.looks.camera } else { PictureSize::Hidden },
            screen: if shares.screen { call.looks.screen } else { PictureSize::Hidden },
            frame_rate_percent: around.frame_rate_percent,
        };
        if !sending.has_pictures() {
            // What was held back once holds nothing back any more.
            call.strain_percent = 0;
        }
        if call.sending != Some(sending) {
            call.sending = Some(sending);
            self.outputs.push_back(MediaOutput::Command(call.id, CallCommand::Share(sending)));
        }
        if call.playing != Some(volume) {
            call.playing = Some(volume);
            self.outputs.push_back(MediaOutput::Command(call.id, CallCommand::Play { volume }));
        }
        if call.negotiation.state() == CallState::Connected {
            (self.failures, self.futile) = (0, 0);
            if is_talking && !std::mem::replace(&mut self.was_connected, true) {
                self.tidings.push_back(Tiding::Arrived);
            }
        }
        self.suspects_silence |= call.negotiation.has_heard();
        if gives_up && call.negotiation.is_silent_from_the_start() {
            self.suspects_silence = false;
        }
        let number = call.number;
        for message in says {
            self.tell(now, number, message);
        }
        if gives_up {
            self.end_and_retry(now, true);
        }
    }

    pub(super) fn tell(&mut self, now: Duration, number: u32, message: CallMessage) {
        // A pipe so full that a call's own messages find no room leads to nobody who listens.
        if self.courier.send(now, LinkMessage::Call(number, message)).is_err() {
            self.end_call(now, false);
        }
    }

    /// The call failed, or the other side ended it: if one still wants it, it is tried again a little later.
    pub(super) fn end_and_retry(&mut self, now: Duration, tells: bool) {
        let had_its_time = self.call.as_ref().is_some_and(|call| tells || now >= call.begun_at + FUTILE_AFTER);
        self.futile += u32::from(had_its_time);
        self.end_call(now, tells);
        self.again_at = now + AGAIN.wait(self.failures);
        self.failures += 1;
    }

    pub(super) fn end_call(&mut self, now: Duration, tells: bool) {
        let Some(call) = self.call.take() else { return };
        self.outputs.push_back(MediaOutput::CloseCall(call.id));
        if tells {
            self.tell(now, call.number, CallMessage::Bye);
        }
    }
}
