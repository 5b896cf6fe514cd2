//! Whether a connection does what it is for, and what is to be done when it does not: wait, restart, give up.

use std::time::Duration;

use crate::media::messages::{CallState, ConnectionState};

/// A first connection that does not stand after this never will.
pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// A connection may come back by itself for so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// The polite side waits a little longer, so that both rarely begin at once.
pub(super) const POLITENESS: Duration = Duration::from_secs(1);

/// Nothing arrived for so long though something should: the path is dead, whatever the connection says. Someone silent
/// still sends a packet every 400 ms (Opus with DTX).
pub(super) const SILENCE: Duration = Duration::from_secs(3);

/// The same where nothing has arrived yet.
pub(super) const SILENCE_AT_FIRST: Duration = Duration::from_secs(9);

/// A restart that does not help within this never will.
pub(super) const RESTART_WITHIN: Duration = Duration::from_secs(10);

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// To look for another way to the other side.
    Restart,
    /// Another connection.
    GiveUp,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Health {
    begun_at: Duration,
    patience: Duration,
    was_connected: bool,
    connection: ConnectionState,
    /// Since when the connection is not as it should be ...
    lost_since: Option<Duration>,
    /// ... and when one of the two began a restart for that.
    restarted_at: Option<Duration>,
    /// When the other side began a restart while all was well here.
    forewarned_at: Option<Duration>,
    /// Sound and pictures that should be arriving.
    expects: (bool, bool),
    /// What arrived so far, and when it last grew or began to be expected.
    arrived: Option<[u64; 2]>,
    heard_at: Duration,
    is_silent: bool,
    suspects_silence: bool,
}

impl Health {
    /// That of a connection that is about to be made.
    /// Whether it suspects a connection on which nothing ever arrives.
    pub(super) fn new(now: Duration, is_polite: bool, suspects_silence: bool) -> Self {
        Self {
            begun_at: now,
            patience: if is_polite { PATIENCE + POLITENESS } else { PATIENCE },
            was_connected: false,
            connection: ConnectionState::Connecting,
            lost_since: None,
            restarted_at: None,
            forewarned_at: None,
            expects: (false, false),
            arrived: None,
            heard_at: now,
            is_silent: false,
            suspects_silence,
        }
    }

    /// As it is shown.
    pub(super) fn state(&self) -> CallState {
        match (self.was_connected, self.is_well()) {
            (false, _) => CallState::Connecting,
            (true, true) => CallState::Connected,
            (true, false) => CallState::Reconnecting,
        }
    }

    /// Whether a restart would be of use.
    pub(super) fn is_lost(&self) -> bool {
        self.lost_since.is_some()
    }

    /// The connection says so.
    pub(super) fn changed(&mut self, now: Duration, state: ConnectionState) {
        self.connection = state;
        match state {
            ConnectionState::Connected => {
                if !std::mem::replace(&mut self.was_connected, true) {
                    self.heard_at = now;
                }
                self.recover();
            }
            ConnectionState::Disconnected => self.lose(now),
            ConnectionState::Failed => self.lose(now.saturating_sub(PATIENCE)),
            // It was up, and looks for a way again.
            ConnectionState::Connecting if self.was_connected => {
                self.lose(now);
                let is_recent = |at: &Duration| now < *at + RESTART_WITHIN;
                self.restarted_at = self.restarted_at.or(self.forewarned_at.filter(is_recent));
            }
            ConnectionState::Connecting => {}
        }
    }

    /// The other side began a restart.
    pub(super) fn restarted(&mut self, now: Duration) {
        if self.is_lost() {
            self.restarted_at = Some(now);
        } else {
            self.forewarned_at = Some(now);
        }
    }

    /// Sound and pictures should be arriving from now on, or no more.
    pub(super) fn expect(&mut self, now: Duration, expects: (bool, bool)) {
        if expects != self.expects {
            self.expects = expects;
            // Word of it travels faster than the first picture.
            self.heard_at = now;
            self.is_silent = false;
            self.recover();
        }
    }

    /// Whether anything arrived so far.
    pub(super) fn has_heard(&self) -> bool {
        self.arrived.is_some()
    }

    /// Whether nothing arrives though something should.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Packets of sound and pictures were counted. Silence is found only then, because a shell that was asleep counts
    /// nothing. Where nothing arrived before it takes longer to be sure: a device may take its time.
    pub(super) fn arrived(&mut self, now: Duration, counts: [u64; 2]) {
        let earlier = self.arrived.unwrap_or_default();
        if counts != earlier {
            self.arrived = Some(counts);
            self.heard_at = now;
        }
        let expects_something = self.expects.0 || self.expects.1;
        let is_heard = match self.arrived {
            Some(_) => now < self.heard_at + SILENCE,
            None => !self.suspects_silence || now < self.heard_at + SILENCE_AT_FIRST,
        };
        self.is_silent = self.was_connected && expects_something && !is_heard;
        if self.is_silent {
            self.lose(now.saturating_sub(PATIENCE));
        } else {
            self.recover();
        }
    }

    /// What is to be done at that time, if anything is.
    pub(super) fn remedy(&mut self, now: Duration) -> Option<Remedy> {
        let is_due = |at: Option<Duration>| at.is_some_and(|at| now >= at);
        if is_due(self.give_up_at()) {
            return Some(Remedy::GiveUp);
        }
        if is_due(self.restart_at()) {
            self.restarted_at = Some(now);
            return Some(Remedy::Restart);
        }
        None
    }

    /// When to ask for a remedy again.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        [self.give_up_at(), self.restart_at()].into_iter().flatten().min()
    }

    fn restart_at(&self) -> Option<Duration> {
        let since = self.lost_since.filter(|_| self.restarted_at.is_none())?;
        Some(since + self.patience)
    }

    fn give_up_at(&self) -> Option<Duration> {
        let connect = (!self.was_connected).then(|| self.begun_at + CONNECT_WITHIN);
        let restart = self.restarted_at.map(|at| at + RESTART_WITHIN);
        [connect, restart].into_iter().flatten().min()
    }

    fn is_well(&self) -> bool {
        self.connection == ConnectionState::Connected && !self.is_silent
    }

    fn lose(&mut self, since: Duration) {
        self.lost_since = Some(self.lost_since.map_or(since, |earlier| earlier.min(since)));
    }

    fn recover(&mut self) {
        if self.is_well() {
            (self.lost_since, self.restarted_at, self.forewarned_at) = (None, None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1000);

    fn at(ms: u64) -> Duration {
        START + Duration::from_millis(ms)
    }

    /// A connection that stands since the start.
    fn standing(is_polite: bool) -> Health {
        let mut health = Health::new(START, is_polite, true);
        health.changed(START, ConnectionState::Connected);
        health
    }

    /// What is done without anything happening, and after how many milliseconds.
    fn remedies(health: &mut Health) -> Vec<(u64, Remedy)> {
        let mut remedies = Vec::new();
        while let Some(due) = health.next_timeout() {
            assert_eq!(health.remedy(due.saturating_sub(Duration::from_nanos(1))), None, "not earlier");
            let remedy = health.remedy(due).expect("a remedy when it is due");
            remedies.push((due.saturating_sub(START).as_millis() as u64, remedy));
            if remedy == Remedy::GiveUp {
                break;
            }
        }
        remedies
    }

    #[test]
    fn a_first_connection_has_fifteen_seconds() {
        let mut health = Health::new(START, false, true);
        assert_eq!(health.state(), CallState::Connecting);
        assert_eq!(remedies(&mut health), [(15_000, Remedy::GiveUp)]);
        assert_eq!(remedies(&mut standing(false)), []);
    }

    #[test]
    fn a_lost_connection_is_restarted_and_at_last_given_up() {
        for (is_polite, restart) in [(false, 8000), (true, 9000)] {
            let mut health = standing(is_polite);
            health.changed(at(5000), ConnectionState::Disconnected);
            assert_eq!(health.state(), CallState::Reconnecting);
            let wanted = [(restart, Remedy::Restart), (restart + 10_000, Remedy::GiveUp)];
            assert_eq!(remedies(&mut health), wanted);
        }
    }

    #[test]
    fn a_failed_connection_is_restarted_at_once() {
        for (is_polite, restart) in [(false, 5000), (true, 6000)] {
            let mut health = standing(is_polite);
            health.changed(at(4000), ConnectionState::Disconnected);
            health.changed(at(5000), ConnectionState::Failed);
            assert_eq!(remedies(&mut health)[0], (restart, Remedy::Restart));
        }
        let mut health = Health::new(START, false, true);
        health.changed(at(7000), ConnectionState::Failed);
        assert_eq!(remedies(&mut health), [(7000, Remedy::Restart), (15_000, Remedy::GiveUp)], "the first time too");
    }

    #[test]
    fn a_connection_that_comes_back_is_left_alone() {
        let mut health = standing(false);
        health.changed(at(5000), ConnectionState::Disconnected);
        health.changed(at(7999), ConnectionState::Connected);
        assert_eq!(health.state(), CallState::Connected);
        assert_eq!(remedies(&mut health), []);
        health.changed(at(9000), ConnectionState::Disconnected);
        assert_eq!(health.remedy(at(12_000)), Some(Remedy::Restart));
        health.changed(at(21_999), ConnectionState::Connected);
        assert_eq!(remedies(&mut health), []);
    }

    #[test]
    fn the_other_sides_restart_is_waited_for() {
        let mut health = standing(false);
        health.changed(at(5000), ConnectionState::Disconnected);
        health.restarted(at(7000));
        assert_eq!(remedies(&mut health), [(17_000, Remedy::GiveUp)]);

        let mut health = standing(false);
        health.restarted(at(7000));
        assert_eq!(remedies(&mut health), []);
        health.changed(at(7100), ConnectionState::Connecting);
        assert_eq!(remedies(&mut health), [(17_000, Remedy::GiveUp)]);
    }

    #[test]
    fn nobody_else_began_a_restart() {
        let mut health = standing(false);
        health.restarted(at(1000));
        health.changed(at(11_000), ConnectionState::Connecting);
        assert_eq!(remedies(&mut health)[0], (14_000, Remedy::Restart), "that one was long ago");
    }

    #[test]
    fn silence_where_something_should_arrive_is_a_loss() {
        for (is_polite, restart) in [(false, 5000), (true, 6000)] {
            let mut health = standing(is_polite);
            health.expect(at(0), (true, false));
            for second in 1..=5 {
                assert_eq!(health.state(), CallState::Connected);
                // The last packet came before the second second.
                health.arrived(at(1000 * second), [second.min(2), 0]);
            }
            assert_eq!(health.state(), CallState::Reconnecting);
            assert_eq!(remedies(&mut health), [(restart, Remedy::Restart), (restart + 10_000, Remedy::GiveUp)]);
            health.arrived(at(9000), [3, 0]);
            assert_eq!(health.state(), CallState::Connected);
            assert_eq!(remedies(&mut health), []);
        }
    }

    #[test]
    fn a_connection_that_stands_again_is_still_silent() {
        let mut health = standing(false);
        health.expect(at(0), (true, false));
        health.arrived(at(1000), [1, 0]);
        health.arrived(at(4000), [1, 0]);
        assert_eq!(health.remedy(at(4000)), Some(Remedy::Restart));
        health.changed(at(4500), ConnectionState::Connecting);
        health.changed(at(5000), ConnectionState::Connected);
        assert_eq!(remedies(&mut health), [(14_000, Remedy::GiveUp)]);
    }

    #[test]
    fn silence_that_is_no_wonder_is_no_loss() {
        let silent = |expects, heard: [u64; 2], still: [u64; 2]| {
            let mut health = standing(false);
            health.expect(at(0), expects);
            health.arrived(at(1000), heard);
            health.arrived(at(5000), still);
            health.is_lost()
        };
        assert!(silent((true, false), [9, 9], [9, 9]));
        assert!(silent((false, true), [9, 9], [9, 9]));
        assert!(!silent((false, false), [9, 9], [9, 9]), "nothing is expected");
        assert!(!silent((true, true), [9, 9], [9, 10]), "pictures arrive");
        assert!(!silent((true, true), [0, 0], [0, 0]), "nothing arrived yet");
    }

    #[test]
    fn a_connection_that_never_brings_anything_is_suspected_once() {
        for (suspects_silence, lost_after_s) in [(true, Some(9)), (false, None)] {
            let mut health = Health::new(START, false, suspects_silence);
            health.changed(START, ConnectionState::Connected);
            health.expect(at(0), (true, false));
            let lost = (1..60).find(|second| {
                health.arrived(at(1000 * second), [0, 0]);
                health.is_lost()
            });
            assert_eq!(lost, lost_after_s);
            assert!(!health.has_heard());
            health.arrived(at(60_000), [1, 0]);
            assert!(!health.is_lost(), "it came after all");
        }
    }

    #[test]
    fn what_was_just_begun_may_take_its_time() {
        let mut health = standing(false);
        health.arrived(at(1000), [5, 0]);
        health.expect(at(6000), (true, false));
        health.arrived(at(8000), [5, 0]);
        assert!(!health.is_lost());
        health.arrived(at(9000), [5, 0]);
        assert!(health.is_lost());
        health.expect(at(9500), (false, false));
        assert!(!health.is_lost());
    }
}
