//! What a client's line carries, if all it says is what it could receive at most (REMB,
//! <https://datatracker.ietf.org/doc/html/draft-alvestrand-rmcat-remb-03>).
//!
//! Receivers never say much more than what just came, however much the line would carry: both libwebrtc and aiortc
//! begin with what comes, and stay below one and a half times that. Taken as a limit, such a number would let nothing
//! new begin. It only falls when packets are held up on their way, so its falls are what is believed: after one, the
//! line carries what was said, and slowly more again.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use str0m::media::Mid;

use super::limits::{BLIND_BITS, REMB_BITS, REMB_DOUBLES_IN, REMB_LEAST_BITS};

/// What was said of a line longer ago than this says nothing of the present: it comes twice a second and with packets.
const RECENT: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Remb {
    /// What was said last of each line of the connection, and when. aiortc speaks of each for itself, libwebrtc of all
    /// together in the name of one.
    lines: HashMap<Mid, (Instant, u64)>,
    /// What was believed after the last fall, in bits a second, and when that was.
    fallen: Option<(Instant, u64)>,
}

impl Remb {
    /// So much can be received on a line, in bits a second.
    pub(super) fn said(&mut self, now: Instant, line: Mid, bits: u64) {
        let before = self.lines.insert(line, (now, bits));
        // What was not used for a while begins anew.
        if before.is_some_and(|(at, before)| bits < before && is_recent(now, at)) {
            let believed = self.sum(now).min(self.bits(now)).max(REMB_LEAST_BITS);
            self.fallen = Some((now, believed));
        }
    }

    /// What the connection's line is believed to carry, in bits a second.
    pub(super) fn bits(&self, now: Instant) -> u64 {
        let most = self.sum(now).clamp(BLIND_BITS, REMB_BITS);
        let Some((since, bits)) = self.fallen else { return most };
        let passed = now.saturating_duration_since(since).as_millis() as u64;
        let grown = bits.saturating_mul(passed) / REMB_DOUBLES_IN.as_millis() as u64;
        bits.saturating_add(grown).min(most)
    }

    /// Lines of which something was said.
    #[cfg(test)]
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    fn sum(&self, now: Instant) -> u64 {
        let recent = self.lines.values().filter(|(at, _)| is_recent(now, *at));
        recent.map(|(_, bits)| *bits).fold(0, u64::saturating_add)
    }
}

fn is_recent(now: Instant, at: Instant) -> bool {
    now.saturating_duration_since(at) < RECENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn a_small_number_that_does_not_fall_limits_nothing() {
        let (start, line) = (Instant::now(), Mid::from("8"));
        let mut remb = Remb::default();
        assert_eq!(remb.bits(start), BLIND_BITS);
        for bits in [90_000, 90_000, 95_000] {
            remb.said(start, line, bits);
            assert_eq!(remb.bits(start), BLIND_BITS);
        }
        remb.said(start, line, 2_000_000);
        assert_eq!(remb.bits(start), 2_000_000);
        assert_eq!(remb.bits(at(start, 2000)), BLIND_BITS, "nothing was said since");
        remb.said(start, line, u64::MAX);
        assert_eq!(remb.bits(start), REMB_BITS);
    }

    #[test]
    fn a_fall_is_believed_at_once_and_then_less_and_less() {
        let start = Instant::now();
        let mut remb = Remb::default();
        remb.said(start, Mid::from("8"), 600_000);
        remb.said(start, Mid::from("9"), 300_000);
        remb.said(at(start, 100), Mid::from("8"), 400_000);
        assert_eq!(remb.bits(at(start, 100)), 700_000, "both together");
        assert_eq!(remb.bits(at(start, 100) + REMB_DOUBLES_IN / 10), 770_000);
        assert_eq!(remb.bits(at(start, 100) + REMB_DOUBLES_IN), BLIND_BITS);
        remb.said(at(start, 200), Mid::from("8"), 1);
        assert_eq!(remb.bits(at(start, 200)), 300_001, "the other one alone");
        remb.said(at(start, 300), Mid::from("9"), 1);
        assert_eq!(remb.bits(at(start, 300)), REMB_LEAST_BITS, "there is always a small picture");
    }

    #[test]
    fn what_was_said_of_a_line_that_is_used_no_more_is_forgotten() {
        let start = Instant::now();
        let mut remb = Remb::default();
        remb.said(start, Mid::from("8"), 900_000);
        remb.said(start, Mid::from("9"), 500_000);
        remb.said(at(start, 2500), Mid::from("9"), 400_000);
        assert_eq!(remb.bits(at(start, 2500)), BLIND_BITS, "it was used no more either, and begins anew");
        remb.said(at(start, 3000), Mid::from("9"), 350_000);
        assert_eq!(remb.bits(at(start, 3000)), 350_000);
    }
}
