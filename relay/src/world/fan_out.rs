//! Gathers what everybody should hear, and says when to tell it.
//!
//! Everything since the last flush becomes at most two messages, each encoded once: what happened, and who moved. The
//! time between two flushes follows what a flush costs, so a small room hears at once and a full one in batches.

use std::time::Duration;

use shared::{
    identity::UserId,
    protocol::{Event, Number},
};

use crate::limits::{FLUSH_AT_MOST, FLUSH_SHARE};

/// What was gathered, and when it is due.
#[derive(Debug, Default)]
pub(super) struct FanOut {
    events: Vec<Event>,
    moved: Vec<UserId>,
    begun_at: Duration,
    next_at: Duration,
}

impl FanOut {
    /// Gathers an event. A piece of a profile that changes twice is told once, as it is last.
    pub(super) fn happened(&mut self, event: Event) {
        if let Some(key) = piece(&event)
            && let Some(earlier) = self.events.iter_mut().find(|earlier| piece(earlier) == Some(key))
        {
            *earlier = event;
        } else {
            self.events.push(event);
        }
    }

    /// Gathers that somebody moved; the flush asks for their latest edge. Each is named once.
    pub(super) fn moved(&mut self, user_id: UserId) {
        self.moved.push(user_id);
    }

    /// Whether there is something to tell.
    pub(super) fn is_pending(&self) -> bool {
        !self.events.is_empty() || !self.moved.is_empty()
    }

    /// When the next flush may begin.
    pub(super) fn next_at(&self) -> Duration {
        self.next_at
    }

    /// Begins a flush with what was gathered.
    pub(super) fn begin(&mut self, now: Duration) -> (Vec<Event>, Vec<UserId>) {
        self.begun_at = now;
        // Until it is known what it cost.
        self.next_at = now + FLUSH_AT_MOST;
        (std::mem::take(&mut self.events), std::mem::take(&mut self.moved))
    }

    /// Learns what the last flush cost.
    pub(super) fn took(&mut self, duration: Duration) {
        self.next_at = self.begun_at + (duration * FLUSH_SHARE).min(FLUSH_AT_MOST);
    }
}

/// Whose profile and which piece of it an event is about.
fn piece(event: &Event) -> Option<(Number, u8)> {
    match event {
        Event::Joined(_) | Event::Left(_) => None,
        Event::NameChanged(number, _) => Some((*number, 0)),
        Event::StatusChanged(number, _) => Some((*number, 1)),
        Event::AppearanceChanged(number, _) => Some((*number, 2)),
        Event::Emoted(number, _) => Some((*number, 3)),
    }
}

#[cfg(test)]
mod tests {
    use shared::profile::Status;

    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_cheap_flush_is_soon_followed_by_the_next_and_a_dear_one_after_twenty_milliseconds() {
        let mut fan_out = FanOut::default();
        assert_eq!(fan_out.next_at(), Duration::ZERO, "the first one is due at once");
        fan_out.begin(ms(100));
        fan_out.took(Duration::from_micros(200));
        assert_eq!(fan_out.next_at(), ms(101));
        fan_out.begin(ms(200));
        fan_out.took(ms(3));
        assert_eq!(fan_out.next_at(), ms(215));
        fan_out.begin(ms(300));
        fan_out.took(ms(50));
        assert_eq!(fan_out.next_at(), ms(320));
    }

    #[test]
    fn a_piece_of_a_profile_is_told_once_and_as_it_is_last() {
        let mut fan_out = FanOut::default();
        fan_out.happened(Event::StatusChanged(Number(1), Status::Away));
        fan_out.happened(Event::StatusChanged(Number(2), Status::Away));
        fan_out.happened(Event::StatusChanged(Number(1), Status::Busy));
        fan_out.happened(Event::Left(Number(2)));
        let (events, _) = fan_out.begin(ms(0));
        let expected = [
            Event::StatusChanged(Number(1), Status::Busy),
            Event::StatusChanged(Number(2), Status::Away),
            Event::Left(Number(2)),
        ];
        assert_eq!(events, expected);
        assert!(!fan_out.is_pending());
    }
}
