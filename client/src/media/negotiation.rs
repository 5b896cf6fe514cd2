//! One attempt at a call between two pages: what is offered, answered and tried again.
//!
//! Perfect negotiation (W3C, *WebRTC 1.0*, section 10.7): either side may offer at any time. When both do at once, the
//! impolite one, which made the call, goes on with its own offer, and the polite one takes back what it offered. The
//! two speak over a [`super::courier`], so nothing is lost or reordered between them; what a browser's connection is
//! told it does one thing after another. [`Health`] says when to restart, and when that is of no use.

use std::{collections::VecDeque, time::Duration};

use shared::{
    limits::CANDIDATES,
    protocol::link::{CallMessage, Candidate, Description},
    rate::Bucket,
};

use super::{
    description::{is_call, path_name},
    health::{Health, Remedy},
    limits::{DESCRIPTIONS, WAITING},
    messages::{CallCommand, CallEvent, CallState},
};

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// The other side says so: an offer, an answer or a candidate.
    Said(CallMessage),
    /// The connection's shell says so.
    Connection(CallEvent),
    /// What should be arriving from now on.
    Expects {
        /// Sound: they share it.
        sound: bool,
        /// Pictures: they share them, and somebody looks.
        picture: bool,
    },
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Tell the other side.
    Say(CallMessage),
    /// Have the connection do this.
    Command(CallCommand),
    /// This attempt is over; another connection is needed.
    GiveUp,
}

/// What the browser is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Busy {
    Offering,
    AcceptingOffer,
    /// The offer is set, its answer is on the way.
    Answering,
    AcceptingAnswer,
}

/// An offer to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    First,
    Restart,
}

/// See the module.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Negotiation {
    is_polite: bool,
    busy: Option<Busy>,
    /// An own offer is set, and waits for its answer.
    has_local_offer: bool,
    wanted: Option<Wanted>,
    /// What the other side's last description calls its path; `None` before there is one.
    remote_path: Option<String>,
    /// What comes from the other side belongs to an offer that was not taken.
    ignores_candidates: bool,
    /// What the other side said while the browser is busy.
    waiting: VecDeque<CallMessage>,
    /// Own candidates that were found before the description they belong to was told.
    early_candidates: Vec<Candidate>,
    descriptions: Bucket,
    /// The other side's candidates since its last description.
    candidates: usize,
    health: Health,
    is_over: bool,
    actions: VecDeque<Action>,
}

impl Negotiation {
    /// An attempt that begins now. Whoever made the call offers; the other waits for that.
    /// Unless it `suspects_silence`, it takes one that stands for sound though nothing ever arrives.
    pub(super) fn new(now: Duration, offers: bool, suspects_silence: bool) -> Self {
        let mut negotiation = Self {
            is_polite: !offers,
            busy: None,
            has_local_offer: false,
            wanted: offers.then_some(Wanted::First),
            remote_path: None,
            ignores_candidates: false,
            waiting: VecDeque::new(),
            early_candidates: Vec::new(),
            descriptions: Bucket::default(),
            candidates: 0,
            health: Health::new(now, !offers, suspects_silence),
            is_over: false,
            actions: VecDeque::new(),
        };
        negotiation.go_on(now);
        negotiation
    }

    /// How the call stands.
    pub(super) fn state(&self) -> CallState {
        self.health.state()
    }

    /// Whether anything arrived on the connection so far.
    pub(super) fn has_heard(&self) -> bool {
        self.health.has_heard()
    }

    /// Whether it stands, something should arrive, and nothing ever did.
    pub(super) fn is_silent_from_the_start(&self) -> bool {
        self.health.is_silent() && !self.health.has_heard()
    }

    /// Takes what happened at that time.
    pub(super) fn handle(&mut self, now: Duration, event: Event) {
        if self.is_over {
            return;
        }
        match event {
            Event::Said(message) => self.said(now, message),
            Event::Connection(event) => self.connection(now, event),
            Event::Expects { sound, picture } => self.health.expect(now, (sound, picture)),
            Event::Tick => {}
        }
        match self.health.remedy(now) {
            Some(Remedy::Restart) => self.wanted = Some(Wanted::Restart),
            Some(Remedy::GiveUp) => self.give_up(),
            None => {}
        }
        self.go_on(now);
    }

    /// The next thing to do.
    pub(super) fn poll(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When [`Event::Tick`] should come at the latest.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        self.health.next_timeout().filter(|_| !self.is_over)
    }

    fn said(&mut self, now: Duration, message: CallMessage) {
        match &message {
            CallMessage::Offer(description) | CallMessage::Answer(description) => {
                // Each description has candidates of its own.
                self.candidates = 0;
                if !is_call(description) || !self.descriptions.take(now, DESCRIPTIONS, 1) {
                    return self.give_up();
                }
            }
            CallMessage::Candidate(_) => {
                self.candidates += 1;
                if self.candidates > CANDIDATES {
                    // A few too many do no harm; a storm is one of whatever it is.
                    if !self.descriptions.take(now, DESCRIPTIONS, 1) {
                        self.give_up();
                    }
                    return;
                }
            }
            CallMessage::Shares(_) | CallMessage::Looks(_) | CallMessage::Bye => return,
        }
        if self.waiting.len() >= WAITING {
            return self.give_up();
        }
        self.waiting.push_back(message);
    }

    fn connection(&mut self, now: Duration, event: CallEvent) {
        match event {
            CallEvent::Described(description) => self.described(description),
            CallEvent::Accepted => match self.busy {
                Some(Busy::AcceptingOffer) => self.busy = Some(Busy::Answering),
                Some(Busy::AcceptingAnswer) => (self.busy, self.has_local_offer) = (None, false),
                Some(Busy::Offering | Busy::Answering) | None => {}
            },
            CallEvent::Broken => self.give_up(),
            CallEvent::Candidate(candidate) => {
                if !matches!(self.busy, Some(Busy::Offering | Busy::Answering)) {
                    self.actions.push_back(Action::Say(CallMessage::Candidate(candidate)));
                } else if self.early_candidates.len() < CANDIDATES {
                    self.early_candidates.push(candidate);
                }
            }
            CallEvent::State(state) => self.health.changed(now, state),
            CallEvent::Arrived { sound, picture } => self.health.arrived(now, [sound, picture]),
            CallEvent::Heard(_) | CallEvent::Voice(_) | CallEvent::Strained(_) => {}
        }
    }

    fn described(&mut self, description: Description) {
        let message = match self.busy {
            Some(Busy::Offering) => {
                self.has_local_offer = true;
                CallMessage::Offer(description)
            }
            Some(Busy::Answering) => CallMessage::Answer(description),
            // Nobody asked for it.
            Some(Busy::AcceptingOffer | Busy::AcceptingAnswer) | None => return,
        };
        self.busy = None;
        self.actions.push_back(Action::Say(message));
        let candidates = self.early_candidates.drain(..).map(CallMessage::Candidate);
        self.actions.extend(candidates.map(Action::Say));
    }

    fn give_up(&mut self) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.waiting.clear();
            self.actions.push_back(Action::GiveUp);
        }
    }

    /// Has the browser do the next thing, if it has done the one before. What the other side said comes first.
    fn go_on(&mut self, now: Duration) {
        while !self.is_over && self.busy.is_none() {
            match self.waiting.pop_front() {
                Some(CallMessage::Offer(_)) if self.has_local_offer && !self.is_polite => {
                    // Both offered: the impolite side's offer holds, and will be answered.
                    self.ignores_candidates = true;
                }
                Some(CallMessage::Offer(offer)) => self.accept_offer(now, offer),
                Some(CallMessage::Answer(answer)) if self.has_local_offer => {
                    self.described_by_other(&answer);
                    self.command(Busy::AcceptingAnswer, CallCommand::AcceptAnswer(answer));
                }
                Some(CallMessage::Candidate(candidate)) => {
                    if self.remote_path.is_some() && !self.ignores_candidates {
                        self.actions.push_back(Action::Command(CallCommand::AddCandidate(candidate)));
                    }
                }
                // An answer to nothing.
                Some(_) => {}
                None if self.has_local_offer => return,
                None => match self.wanted.take() {
                    Some(Wanted::First) => self.command(Busy::Offering, CallCommand::Offer { restart: false }),
                    Some(Wanted::Restart) if self.health.is_lost() => {
                        self.command(Busy::Offering, CallCommand::Offer { restart: true });
                    }
                    // It came back by itself.
                    Some(Wanted::Restart) => {}
                    None => return,
                },
            }
        }
    }

    /// Setting the other side's offer takes an own one back.
    fn accept_offer(&mut self, now: Duration, offer: Description) {
        let is_taken_back = std::mem::replace(&mut self.has_local_offer, false);
        let is_first = self.remote_path.is_none();
        let is_restart = self.described_by_other(&offer) && !is_first;
        if is_restart {
            // What an own restart was for, this one does too.
            self.wanted = None;
            self.health.restarted(now);
        } else if is_taken_back {
            self.wanted = Some(Wanted::Restart);
        }
        self.command(Busy::AcceptingOffer, CallCommand::AcceptOffer(offer));
    }

    /// Notes the other side's description. Whether its path is another than before.
    fn described_by_other(&mut self, description: &Description) -> bool {
        let path = path_name(description).unwrap_or_default().to_owned();
        self.ignores_candidates = false;
        let earlier = self.remote_path.replace(path);
        earlier != self.remote_path
    }

    fn command(&mut self, busy: Busy, command: CallCommand) {
        self.busy = Some(busy);
        self.actions.push_back(Action::Command(command));
    }
}

#[cfg(test)]
mod tests;
