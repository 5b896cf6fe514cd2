//! Whether the estimate of what a line carries still follows the line.
//!
//! The session's estimator has states that nothing it sees leads out of for a minute and more: packets that were lost or
//! late once, as when a client's machine was busy for a moment, make it refrain from probes, and without probes it does
//! not see that the line carries more. Nothing but the estimate tells that from outside: one that follows a line moves.

use std::time::{Duration, Instant};

use super::limits::{FIRST_ESTIMATE_BITS, SPARE_PERCENT, STILL_AT_MOST, STILL_AT_MOST_IN_VAIN, USED_PERCENT};

/// An estimate that moves by less than this part of it stands still: one that is measured moves more each second.
const STILL_PART: u64 = 50;

/// It was of use to begin anew if the estimate is more than before by this part of it.
const USEFUL_PART: u64 = 4;

/// What somebody's line should carry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Aim {
    /// What would be sent with the next step towards all that is looked at, in bits a second; 0 if there is none.
    pub(super) next_bits: u64,
    /// What would be sent if the line carried it, in bits a second.
    pub(super) desired_bits: u64,
    /// Whether there is nothing to see of what they look at: only sound is sent.
    pub(super) is_quiet: bool,
    /// Whether the line loses much: then it may well carry no more.
    pub(super) is_lossy: bool,
}

/// Whether it still follows, and what to do if not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standstill {
    bits: u64,
    /// When it moved, or when nothing was known of what arrived, which says nothing.
    moved_at: Instant,
    /// Since when more is desired than what is sent.
    short_since: Option<Instant>,
    quiet_since: Option<Instant>,
    /// What it was before it was doubled last, and how long it has to stand still to be doubled again if that was in
    /// vain.
    doubled: Option<(u64, Duration)>,
}

impl Standstill {
    /// It begins with so many bits a second.
    pub(super) const fn new(now: Instant, bits: u64) -> Self {
        Self { bits, moved_at: now, short_since: None, quiet_since: None, doubled: None }
    }

    /// It is so many bits a second now. `is_heard` is whether the client said lately what arrived.
    pub(super) const fn look(&mut self, now: Instant, bits: u64, is_heard: bool) {
        if !is_heard || bits.abs_diff(self.bits) > self.bits / STILL_PART {
            (self.bits, self.moved_at) = (bits, now);
        }
    }

    /// With how many bits a second the estimator should begin anew, if it does not follow the line.
    ///
    /// After a quiet time, in which estimates fall by themselves, no less is believed of the line than at first. If the
    /// estimate stood still for long while more is desired, twice as much is, as where a client only says what it could
    /// receive; the less often, the more often that was in vain.
    pub(super) fn begins_anew(&mut self, now: Instant, aim: Aim) -> Option<u64> {
        if aim.is_quiet {
            (self.quiet_since, self.short_since) = (Some(self.quiet_since.unwrap_or(now)), None);
            return None;
        }
        let was_quiet = self.quiet_since.take().is_some_and(|since| now >= since + STILL_AT_MOST);
        let short_since = (aim.next_bits > 0).then(|| self.short_since.unwrap_or(now));
        self.short_since = short_since;
        if aim.is_lossy {
            return None;
        }
        let wait = self.wait();
        let stands = short_since.is_some_and(|since| now >= since.max(self.moved_at) + wait);
        let believed = match (was_quiet, stands) {
            (true, _) => FIRST_ESTIMATE_BITS,
            (false, true) => self.bits.saturating_mul(2),
            (false, false) => return None,
        };
        // With more everything that is desired would be sent.
        let bits = believed.min(aim.desired_bits.saturating_mul(SPARE_PERCENT) / USED_PERCENT);
        if bits <= self.bits {
            return None;
        }
        if !was_quiet {
            self.doubled = Some((self.bits, (2 * wait).min(STILL_AT_MOST_IN_VAIN)));
        }
        (self.bits, self.moved_at) = (bits, now);
        Some(bits)
    }

    /// How long it has to stand still.
    fn wait(&self) -> Duration {
        match self.doubled {
            Some((before, wait)) if self.bits <= before + before / USEFUL_PART => wait,
            _ => STILL_AT_MOST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Aim = Aim { next_bits: 400_000, desired_bits: 400_000, is_quiet: false, is_lossy: false };
    const QUIET: Aim = Aim { next_bits: 0, desired_bits: 0, is_quiet: true, is_lossy: false };

    /// A line at its time.
    struct Line {
        still: Standstill,
        now: Instant,
    }

    impl Line {
        fn new(bits: u64) -> Self {
            let now = Instant::now();
            Self { still: Standstill::new(now, bits), now }
        }

        /// So much later the estimate is that, after it was looked at all the while.
        fn after(&mut self, time: Duration, bits: u64, aim: Aim) -> Option<u64> {
            let end = self.now + time;
            let mut last = None;
            while self.now < end {
                self.now += Duration::from_millis(500);
                self.still.look(self.now, bits, true);
                last = self.still.begins_anew(self.now, aim);
                assert!(last.is_none() || self.now == end, "not before");
            }
            last
        }
    }

    const SOON: Duration = Duration::from_millis(500);

    /// Half a second too short.
    const ALMOST: Duration = STILL_AT_MOST.saturating_sub(SOON);

    #[test]
    fn an_estimate_that_stands_still_is_doubled_up_to_what_is_desired() {
        let mut line = Line::new(150_000);
        assert_eq!(line.after(STILL_AT_MOST, 152_000, SHORT), None, "it is looked at first half a second later");
        assert_eq!(line.after(SOON, 151_000, SHORT), Some(300_000));
        assert_eq!(line.after(ALMOST, 300_000, SHORT), None, "it has as long again");
        assert_eq!(line.after(SOON, 300_000, SHORT), Some(400_000 * SPARE_PERCENT / USED_PERCENT));
        assert_eq!(line.after(3 * STILL_AT_MOST, u64::MAX, SHORT), None, "it is enough");
    }

    #[test]
    fn what_moves_or_is_enough_or_suffers_is_left_alone() {
        let mut line = Line::new(100_000);
        for bits in [100_000, 110_000, 100_000, 90_000, 100_000, 110_000, 100_000] {
            assert_eq!(line.after(ALMOST, bits, SHORT), None);
        }
        assert_eq!(line.after(3 * STILL_AT_MOST, 100_000, Aim { next_bits: 0, ..SHORT }), None, "all is sent");
        assert_eq!(line.after(STILL_AT_MOST, 100_000, SHORT), None, "only now it is short");
        assert_eq!(line.after(SOON, 100_000, Aim { is_lossy: true, ..SHORT }), None);
        line.still.look(line.now, 100_000, false);
        assert_eq!(line.after(ALMOST, 100_000, SHORT), None, "nothing was known of it");
        assert_eq!(line.after(SOON, 100_000, SHORT), Some(200_000));
    }

    #[test]
    fn doubling_in_vain_becomes_rare() {
        let mut line = Line::new(100_000);
        assert_eq!(line.after(STILL_AT_MOST + SOON, 100_000, SHORT), Some(200_000));
        for times in [2, 4, 8, 10, 10] {
            let wait = times * STILL_AT_MOST;
            assert_eq!(line.after(wait, 100_000, SHORT), None, "it fell back half a second later");
            assert_eq!(line.after(SOON, 100_000, SHORT), Some(200_000));
        }
        assert_eq!(line.after(SOON, 160_000, SHORT), None);
        assert_eq!(line.after(STILL_AT_MOST, 160_000, SHORT), Some(320_000), "it was of use");
    }

    #[test]
    fn a_low_estimate_from_a_quiet_time_is_not_believed() {
        let mut line = Line::new(FIRST_ESTIMATE_BITS);
        let all = Aim { next_bits: 0, desired_bits: 360_000, ..SHORT };
        assert_eq!(line.after(ALMOST, 90_000, QUIET), None);
        assert_eq!(line.after(SOON, 90_000, all), None, "it was not quiet for long");
        assert_eq!(line.after(STILL_AT_MOST + SOON, 90_000, QUIET), None);
        assert_eq!(line.after(SOON, 90_000, all), Some(360_000 * SPARE_PERCENT / USED_PERCENT), "though it is sent");
        assert_eq!(line.after(SOON, 90_000, all), None, "only once");
        assert_eq!(line.after(STILL_AT_MOST + SOON, 90_000, QUIET), None);
        let much = Aim { desired_bits: 4_000_000, ..SHORT };
        assert_eq!(line.after(SOON, 90_000, much), Some(FIRST_ESTIMATE_BITS), "as much as at first");
        assert_eq!(line.after(STILL_AT_MOST + SOON, 900_000, QUIET), None);
        assert_eq!(line.after(SOON, 900_000, much), None, "more is known");
    }
}
