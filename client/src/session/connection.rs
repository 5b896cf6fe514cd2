//! The line to the relay: dialling, the hello, signs of life, and coming back by itself.

use std::{collections::VecDeque, time::Duration};

use shared::{
    identity::{Identity, Nonce},
    limits::{ANSWER_WITHIN, ASK_AFTER, RECONNECT_AT_MOST},
    movement::Edge,
    profile::Profile,
    protocol::{Hello, Label, Notice, Refusal, RelayUrl, ToRelay, VERSION, close, codec},
};

use super::{Output, Time, random::Random};

/// How long a dialled relay may take until the welcome. Slow networks need seconds for TLS alone.
const ENTER_WITHIN: Duration = Duration::from_secs(10);

/// The wait before the first new attempt; each further one waits twice as long, up to [`RECONNECT_AT_MOST`].
const RECONNECT_AT_FIRST: Duration = Duration::from_millis(250);

/// Attempts without an answer until the person is told that there is none: one may fail by chance.
const TROUBLE_AFTER: u32 = 2;

/// How long one is told to go slower: then whatever was too much is over.
const SLOW_FOR: Duration = Duration::from_secs(10);

/// How things stand with the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Connection {
    /// In the lobby, or on the way in for the first time.
    Connecting,
    /// In.
    Online,
    /// Was in, and tries to be again.
    Reconnecting,
    /// Another tab of the same person took over.
    Replaced,
    /// The relay does not want this client; trying again makes no sense.
    Refused,
}

/// What keeps one from being in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answers at the relay's address.
    NoAnswer,
    /// The relay's map could not be had or read.
    NoMap,
    /// The relay says why.
    Refused(Refusal),
    /// The relay says things that this client does not understand.
    NotUnderstood,
    /// One sends so much that the relay is about to hang up.
    SlowDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nobody asked to be in.
    Idle,
    /// Dialled, then since when.
    Entering { since: Time },
    /// In. `asked` is when a sign of life was asked for, if the relay was silent since.
    Online { heard: Time, asked: Option<Time> },
    /// Dials again then.
    Waiting { until: Time },
    /// Only a person can go on from here.
    Over,
}

/// The line to the relay.
pub(super) struct Line {
    url: String,
    state: State,
    was_online: bool,
    attempts: u32,
    trouble: Option<Trouble>,
    /// When one need not go slower any more.
    slow_until: Option<Time>,
    is_replaced: bool,
    was_lost: bool,
    random: Random,
    outputs: VecDeque<Output>,
    revision: u64,
}

impl Line {
    pub(super) fn new(url: String, seed: u64) -> Self {
        Self {
            url,
            state: State::Idle,
            was_online: false,
            attempts: 0,
            trouble: None,
            slow_until: None,
            is_replaced: false,
            was_lost: false,
            random: Random::new(seed),
            outputs: VecDeque::new(),
            revision: 0,
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn connection(&self) -> Connection {
        match self.state {
            State::Online { .. } => Connection::Online,
            State::Over if self.is_replaced => Connection::Replaced,
            State::Over => Connection::Refused,
            _ if self.was_online => Connection::Reconnecting,
            _ => Connection::Connecting,
        }
    }

    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the connection was lost since this was last asked.
    pub(super) fn is_lost(&mut self) -> bool {
        std::mem::take(&mut self.was_lost)
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Output> {
        self.outputs.drain(..)
    }

    pub(super) fn enter(&mut self, now: Time) {
        if matches!(self.state, State::Idle | State::Over) {
            self.dial(now);
        }
    }

    pub(super) fn come_back(&mut self, now: Time) {
        match self.state {
            State::Over | State::Waiting { .. } => {
                self.is_replaced = false;
                self.trouble = None;
                self.attempts = 0;
                self.dial(now);
            }
            _ => {}
        }
    }

    /// Asks for a sign of life at once, or dials at once.
    pub(super) fn look_around(&mut self, now: Time) {
        match &mut self.state {
            State::Online { asked: asked @ None, .. } => {
                *asked = Some(now);
                self.send_if_online(&ToRelay::Ping);
            }
            State::Waiting { until } => *until = now,
            _ => {}
        }
    }

    pub(super) fn heard(&mut self, now: Time) {
        if let State::Online { heard, asked } = &mut self.state {
            (*heard, *asked) = (now, None);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "all that a hello is made of")]
    pub(super) fn challenged(
        &mut self,
        now: Time,
        identity: &Identity,
        version: u16,
        nonce: &Nonce,
        profile: Profile,
        place: Option<Edge>,
        spawn: Option<Label>,
    ) {
        if !matches!(self.state, State::Entering { .. }) {
            return;
        }
        if version != VERSION {
            return self.refused(now, Refusal::WrongVersion { relay: version });
        }
        let Ok(relay_url) = RelayUrl::new(&self.url) else {
            return self.refused(now, Refusal::WrongRelay { expected: String::new() });
        };
        let hello = Hello {
            version: VERSION,
            public_key: identity.public_key(),
            signature: identity.sign_hello(VERSION, &self.url, nonce),
            relay_url,
            profile,
            place,
            spawn,
        };
        self.push(&ToRelay::Hello(Box::new(hello)));
    }

    pub(super) fn welcomed(&mut self, now: Time) {
        self.state = State::Online { heard: now, asked: None };
        self.was_online = true;
        self.attempts = 0;
        self.trouble = None;
        self.revision += 1;
    }

    pub(super) fn not_understood(&mut self, now: Time, version: Option<u16>) {
        match version {
            Some(relay) if relay != VERSION => self.refused(now, Refusal::WrongVersion { relay }),
            _ => {
                self.trouble = Some(Trouble::NotUnderstood);
                self.hang_up();
                self.wait(now, None);
            }
        }
    }

    pub(super) fn refused(&mut self, now: Time, refusal: Refusal) {
        self.revision += 1;
        if refusal == Refusal::Replaced {
            self.is_replaced = true;
            self.end();
        } else if refusal.is_final() {
            self.trouble = Some(Trouble::Refused(refusal));
            self.end();
        } else {
            self.trouble = Some(Trouble::Refused(refusal));
            self.hang_up();
            self.wait(now, None);
        }
    }

    pub(super) fn noticed(&mut self, now: Time, notice: Notice) {
        match notice {
            Notice::SlowDown => (self.trouble, self.slow_until) = (Some(Trouble::SlowDown), Some(now + SLOW_FOR)),
        }
        self.revision += 1;
    }

    pub(super) fn restarting(&mut self, now: Time, after_ms: u32) {
        self.hang_up();
        // A relay cannot keep anybody away for longer than the usual wait.
        self.wait(now, Some(Duration::from_millis(after_ms.into()).min(RECONNECT_AT_MOST)));
    }

    pub(super) fn map_failed(&mut self, now: Time) {
        self.hang_up();
        self.wait(now, None);
        self.trouble = Some(Trouble::NoMap);
    }

    pub(super) fn closed(&mut self, now: Time, code: Option<u16>) {
        match self.state {
            State::Entering { .. } | State::Online { .. } if code == Some(close::REPLACED) => {
                self.is_replaced = true;
                self.end();
            }
            State::Entering { .. } | State::Online { .. } => self.wait(now, None),
            State::Idle | State::Waiting { .. } | State::Over => {}
        }
    }

    pub(super) fn tick(&mut self, now: Time) {
        if self.slow_until.take_if(|until| now >= *until).is_some() && self.trouble == Some(Trouble::SlowDown) {
            self.trouble = None;
            self.revision += 1;
        }
        match self.state {
            State::Entering { since } if now >= since + ENTER_WITHIN => {
                self.hang_up();
                self.wait(now, None);
            }
            State::Online { asked: Some(asked), .. } if now >= asked + ANSWER_WITHIN => {
                self.hang_up();
                self.wait(now, Some(Duration::ZERO));
            }
            State::Online { heard, asked: None } if now >= heard + ASK_AFTER => self.look_around(now),
            State::Waiting { until } if now >= until => self.dial(now),
            _ => {}
        }
    }

    pub(super) fn next_timeout(&self) -> Option<Time> {
        let line = match self.state {
            State::Idle | State::Over => None,
            State::Entering { since } => Some(since + ENTER_WITHIN),
            State::Online { asked: Some(asked), .. } => Some(asked + ANSWER_WITHIN),
            State::Online { heard, asked: None } => Some(heard + ASK_AFTER),
            State::Waiting { until } => Some(until),
        };
        line.into_iter().chain(self.slow_until).min()
    }

    /// Says something if the relay can hear it. What it missed it is told in the next hello.
    pub(super) fn send_if_online(&mut self, message: &ToRelay) {
        if matches!(self.state, State::Online { .. }) {
            self.push(message);
        }
    }

    fn push(&mut self, message: &ToRelay) {
        self.outputs.push_back(Output::Send(codec::encode_to_relay(message)));
    }

    fn dial(&mut self, now: Time) {
        self.revision += 1;
        self.attempts += 1;
        self.state = State::Entering { since: now };
        self.outputs.push_back(Output::Dial(self.url.clone()));
    }

    fn hang_up(&mut self) {
        self.outputs.push_back(Output::HangUp);
    }

    fn end(&mut self) {
        self.was_lost = true;
        self.state = State::Over;
        self.hang_up();
    }

    /// Waits before the next attempt: for so long, or the longer the more attempts failed, each client for a time of
    /// its own, or a relay that starts again would meet all of them at once.
    fn wait(&mut self, now: Time, time: Option<Duration>) {
        self.revision += 1;
        self.was_lost = true;
        if self.attempts >= TROUBLE_AFTER && self.trouble.is_none() {
            self.trouble = Some(Trouble::NoAnswer);
        }
        let doubled = RECONNECT_AT_FIRST * 2_u32.pow(self.attempts.min(4));
        let longest = doubled.min(RECONNECT_AT_MOST);
        let jittered = longest.mul_f64(0.5 + 0.5 * self.random.fraction());
        self.state = State::Waiting { until: now + time.unwrap_or(jittered) };
    }
}
