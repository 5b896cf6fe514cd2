//! Who does nothing for a while is away, by itself, until they do something again.

use std::time::Duration;

use shared::profile::Status;

use super::Time;

/// After so long without a key, a click or a touch one counts as away.
const AFTER: Duration = Duration::from_mins(5);

/// Since when nothing was done, and whether that made one away.
#[derive(Debug, Default)]
pub(super) struct Idling {
    since: Time,
    is_away: bool,
}

impl Idling {
    /// The person did something. Gives the status to go back to if doing nothing had changed it.
    pub(super) fn stirred(&mut self, now: Time) -> Option<Status> {
        self.since = now;
        std::mem::take(&mut self.is_away).then_some(Status::Available)
    }

    /// Whether it is time to be away; if so one is, until [`Self::stirred`]. `is_present` is whether something else
    /// says that one is there: a call, or a room.
    pub(super) fn nods_off(&mut self, now: Time, status: Status, is_present: bool) -> bool {
        let nods_off = status == Status::Available && !is_present && now >= self.since + AFTER;
        self.is_away |= nods_off;
        nods_off
    }

    /// The person chose a status: it stays until they choose another.
    pub(super) fn chose(&mut self) {
        self.is_away = false;
    }

    /// Whether doing nothing made one away.
    pub(super) fn is_away(&self) -> bool {
        self.is_away
    }

    /// When [`Self::nods_off`] should be asked.
    pub(super) fn next_timeout(&self, status: Status, is_present: bool) -> Option<Time> {
        (status == Status::Available && !is_present).then(|| self.since + AFTER)
    }
}
