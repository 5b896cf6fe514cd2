//! When to send which direct message: at once if the other side is there, again while it is not acknowledged, never
//! faster than the relay takes them, and never far ahead of one that is missing.

use std::{collections::HashMap, time::Duration};

use shared::{chat::MessageId, identity::UserId, limits::DIRECT_MESSAGES, rate::Bucket};

use crate::session::Time;

/// So many messages are on their way to one person at a time.
pub(super) const WINDOW: usize = 16;

/// A message that was not acknowledged is sent again after this, then after twice as long, and so on ...
const AGAIN_AFTER: Duration = Duration::from_secs(3);

/// ... but no later than after this.
const AGAIN_AT_MOST: Duration = Duration::from_secs(30);

/// What was sent and is not acknowledged.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    flights: HashMap<(UserId, MessageId), Flight>,
    bucket: Bucket,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    again_at: Time,
    tries: u32,
}

impl Outbox {
    /// When that message is to be sent; it may be now.
    pub(super) fn due(&self, now: Time, to: UserId, id: MessageId) -> Time {
        let due = self.flights.get(&(to, id)).map_or(now, |flight| flight.again_at);
        due.max(self.bucket.next_at(DIRECT_MESSAGES)).max(now)
    }

    /// Whether that message may be sent now; if so, it is.
    pub(super) fn take_off(&mut self, now: Time, to: UserId, id: MessageId) -> bool {
        if self.due(now, to, id) > now || !self.bucket.take(now, DIRECT_MESSAGES, 1) {
            return false;
        }
        let flight = self.flights.entry((to, id)).or_insert(Flight { again_at: now, tries: 0 });
        let wait = (AGAIN_AFTER * 2_u32.pow(flight.tries.min(8))).min(AGAIN_AT_MOST);
        *flight = Flight { again_at: now + wait, tries: flight.tries + 1 };
        true
    }

    /// It is acknowledged.
    pub(super) fn land(&mut self, to: UserId, id: MessageId) {
        self.flights.remove(&(to, id));
    }

    /// That person is there again: what was sent to them before is lost if it was not acknowledged.
    pub(super) fn came(&mut self, who: UserId) {
        self.flights.retain(|(to, _), _| *to != who);
    }

    /// The connection is lost, and with it whatever was under way.
    pub(super) fn clear(&mut self) {
        self.flights.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{at, person};

    fn id(bits: u64) -> MessageId {
        MessageId::from_bits(bits)
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_and_more_and_more_seldom() {
        let mut outbox = Outbox::default();
        let bob = person(2);
        let sent: Vec<_> = (0..120_000).step_by(500).filter(|ms| outbox.take_off(at(*ms), bob, id(1))).collect();
        assert_eq!(sent, [0, 3000, 9000, 21_000, 45_000, 75_000, 105_000]);
        outbox.came(bob);
        assert!(outbox.take_off(at(120_000), bob, id(1)), "at once when they come back");
    }

    #[test]
    fn many_at_once_are_sent_as_fast_as_the_relay_takes_them() {
        let mut outbox = Outbox::default();
        let sent = (0..100).filter(|bits| outbox.take_off(at(0), person(2), id(*bits))).count();
        assert_eq!(sent, DIRECT_MESSAGES.burst as usize);
        let due = outbox.due(at(0), person(2), id(99));
        assert_eq!(due, at(500));
        assert!(!outbox.take_off(at(499), person(2), id(99)) && outbox.take_off(due, person(2), id(99)));
    }
}
