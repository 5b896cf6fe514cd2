//! One connection to the SFU: it always offers, the SFU answers, and another one takes its place when it is of no use
//! any more.

use std::time::Duration;

use shared::protocol::link::Description;

use super::super::{
    health::{Health, Remedy},
    messages::{CallEvent, CallId, CallState, RoomCommand},
};

/// A connection that stood for so long was not made in vain: what comes after it is tried at once.
const STANDS_AFTER: Duration = Duration::from_secs(5);

/// How far an offer has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The browser makes it.
    Describing,
    /// It is made, and waits to be sent.
    Waiting(Description),
    /// The SFU has it.
    Asking,
    /// The browser takes the answer.
    Answering,
    /// Nothing is under way.
    Settled,
}

/// What follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Have the browser do this.
    Command(RoomCommand),
    /// It is of no use any more.
    GiveUp,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Connection {
    /// Its name for the browser.
    pub(super) id: CallId,
    /// Its name for the SFU.
    pub(super) number: u32,
    /// Whether the SFU knows of it.
    pub(super) is_announced: bool,
    health: Health,
    step: Step,
    connected_at: Option<Duration>,
}

impl Connection {
    /// A connection of which the browser makes an offer just now.
    pub(super) fn new(now: Duration, id: CallId, number: u32) -> Self {
        let health = Health::new(now, false, false);
        Self { id, number, is_announced: false, health, step: Step::Describing, connected_at: None }
    }

    /// How it stands.
    pub(super) fn state(&self) -> CallState {
        self.health.state()
    }

    /// Whether it was of use for a while.
    pub(super) fn has_stood(&self, now: Duration) -> bool {
        self.connected_at.is_some_and(|at| now >= at + STANDS_AFTER)
    }

    /// The browser says something of it.
    pub(super) fn handle(&mut self, now: Duration, event: CallEvent) -> Option<Action> {
        match event {
            CallEvent::Described(offer) if self.step == Step::Describing => self.step = Step::Waiting(offer),
            CallEvent::Accepted if self.step == Step::Answering => self.step = Step::Settled,
            CallEvent::State(state) => {
                self.health.changed(now, state);
                if self.state() == CallState::Connected {
                    self.connected_at.get_or_insert(now);
                }
            }
            CallEvent::Heard(packets) => self.health.arrived(now, [packets, 0]),
            CallEvent::Broken => return Some(Action::GiveUp),
            // The SFU is at a known address, and finds this side by what it sends; the levels it tells itself.
            _ => {}
        }
        None
    }

    /// Whether something is to come from now on: while sound and pictures do, and while any are sent, of which the SFU
    /// says what arrived. Otherwise browsers may hear nothing for longer than a dead path is waited for.
    pub(super) fn expect(&mut self, now: Duration, is_busy: bool) {
        self.health.expect(now, (is_busy, false));
    }

    /// Whether an offer waits to be sent.
    pub(super) fn has_offer(&self) -> bool {
        matches!(self.step, Step::Waiting(_))
    }

    /// The offer that waits: it is sent.
    pub(super) fn take_offer(&mut self) -> Option<Description> {
        let Step::Waiting(offer) = std::mem::replace(&mut self.step, Step::Asking) else { return None };
        self.is_announced = true;
        Some(offer)
    }

    /// The SFU answers.
    pub(super) fn answered(&mut self, answer: Description) -> Option<Action> {
        if self.step != Step::Asking {
            return None;
        }
        self.step = Step::Answering;
        Some(Action::Command(RoomCommand::AcceptAnswer(answer)))
    }

    /// Does what time brings.
    pub(super) fn tick(&mut self, now: Duration) -> Option<Action> {
        match self.health.remedy(now)? {
            Remedy::GiveUp => Some(Action::GiveUp),
            // What is under way looks for a way too.
            Remedy::Restart if self.step != Step::Settled => None,
            Remedy::Restart => {
                self.step = Step::Describing;
                Some(Action::Command(RoomCommand::Offer { restart: true }))
            }
        }
    }

    /// When [`Self::tick`] should come at the latest.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        self.health.next_timeout()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::messages::ConnectionState;

    fn at(ms: u64) -> Duration {
        Duration::from_secs(1000) + Duration::from_millis(ms)
    }

    fn description() -> Description {
        Description::new("v=0").expect("a description")
    }

    /// A connection that stands since the beginning.
    fn standing() -> Connection {
        let mut connection = Connection::new(at(0), CallId(1), 1);
        assert_eq!(connection.handle(at(0), CallEvent::Described(description())), None);
        assert_eq!(connection.take_offer(), Some(description()));
        let accept = Action::Command(RoomCommand::AcceptAnswer(description()));
        assert_eq!(connection.answered(description()), Some(accept));
        connection.handle(at(0), CallEvent::Accepted);
        connection.handle(at(0), CallEvent::State(ConnectionState::Connected));
        connection
    }

    #[test]
    fn an_answer_nobody_asked_for_is_not_taken() {
        let mut connection = Connection::new(at(0), CallId(1), 1);
        assert_eq!(connection.answered(description()), None);
        assert_eq!(standing().answered(description()), None);
    }

    #[test]
    fn a_lost_connection_is_restarted_once_and_then_given_up() {
        let mut connection = standing();
        connection.handle(at(1000), CallEvent::State(ConnectionState::Disconnected));
        assert_eq!(connection.tick(at(3999)), None);
        assert_eq!(connection.tick(at(4000)), Some(Action::Command(RoomCommand::Offer { restart: true })));
        assert_eq!(connection.tick(at(13_999)), None);
        assert_eq!(connection.tick(at(14_000)), Some(Action::GiveUp));
    }

    #[test]
    fn a_failed_connection_is_restarted_at_once() {
        let mut connection = standing();
        connection.handle(at(1000), CallEvent::State(ConnectionState::Failed));
        assert_eq!(connection.tick(at(1000)), Some(Action::Command(RoomCommand::Offer { restart: true })));
    }

    #[test]
    fn a_connection_on_which_nothing_comes_any_more_is_restarted_if_something_should() {
        for (is_busy, state) in [(true, CallState::Reconnecting), (false, CallState::Connected)] {
            let mut connection = standing();
            connection.expect(at(0), is_busy);
            for second in 1..=5 {
                connection.handle(at(second * 1000), CallEvent::Heard(second.min(2) * 50));
            }
            assert_eq!(connection.state(), state);
            let restart = Action::Command(RoomCommand::Offer { restart: true });
            assert_eq!(connection.tick(at(5000)), is_busy.then_some(restart));
            connection.handle(at(6000), CallEvent::Heard(101));
            assert_eq!(connection.state(), CallState::Connected);
        }
    }

    #[test]
    fn one_that_stood_for_a_while_was_of_use() {
        let connection = standing();
        assert!(!connection.has_stood(at(4999)) && connection.has_stood(at(5000)));
    }
}
