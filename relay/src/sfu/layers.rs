//! Which layer of which picture somebody gets: as large as they look at it, as far as their line carries it.

use std::time::{Duration, Instant};

use super::limits::{CATCH_UP_WITHIN, CHOKED_PERCENT, MORE_AFTER, MORE_AFTER_AT_MOST, SMOOTHED_OVER, SPARE_PERCENT};

/// A picture somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// What each of its layers that is looked at costs in bits a second, the smallest first; what is first is the
    /// least that is of use.
    pub(super) costs: Vec<u64>,
    /// Which of them is sent already.
    pub(super) sent: Option<usize>,
}

impl Wish {
    /// What it costs at present, in bits a second.
    pub(super) fn sent_bits(&self) -> u64 {
        self.sent.map_or(0, |layer| self.costs[layer])
    }

    /// What a line must carry for its smallest layer to be begun, in bits a second.
    pub(super) fn least_bits(&self) -> u64 {
        self.costs.first().map_or(0, |_| self.price(0))
    }

    /// A layer that is not yet sent must fit with some room to spare.
    fn price(&self, layer: usize) -> u64 {
        let cost = self.costs[layer];
        let is_sent = self.sent.is_some_and(|sent| sent >= layer);
        if is_sent { cost } else { cost * SPARE_PERCENT / 100 }
    }
}

/// Shares a line between pictures, the most important first: first each gets its smallest layer, then each the largest
/// that fits. A layer that is not yet sent must fit with some room to spare. Gives the layer of each.
pub(super) fn share(bits: u64, wishes: &[Wish]) -> Vec<Option<usize>> {
    let mut left = bits;
    let mut shares = vec![None; wishes.len()];
    for (share, wish) in shares.iter_mut().zip(wishes) {
        if !wish.costs.is_empty() && wish.price(0) <= left {
            left -= wish.costs[0].min(left);
            *share = Some(0);
        }
    }
    for (share, wish) in shares.iter_mut().zip(wishes) {
        let Some(smallest) = *share else { continue };
        let room = left + wish.costs[smallest];
        let largest = (smallest + 1..wish.costs.len()).rev().find(|layer| wish.price(*layer) <= room);
        if let Some(layer) = largest {
            left = room.saturating_sub(wish.costs[layer]);
            *share = Some(layer);
        }
    }
    shares
}

/// An estimate below this share of the highest one since the line is used, in percent, is a fall: something is in the way.
const FALL_PERCENT: u64 = 90;

/// What a line is believed to carry: less at once, and more at once too, but for a while after something had to be taken
/// away. Estimates fall by themselves while little is sent, which says nothing of the line, and then take a while to catch
/// up with what is sent: one that has not is not believed yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    bits: u64,
    /// What is sent on it.
    used_bits: u64,
    /// The highest estimate since that is much for it, or else the last one.
    peak_bits: u64,
    /// When that was reached; none if what is sent is little for the estimate.
    risen_at: Option<Instant>,
    /// When it last turned out that it carries less than what was sent.
    proven_at: Option<Instant>,
    hurt_at: Option<Instant>,
    patience: Duration,
    /// When less arrived than was sent, and the last estimate of a moment.
    choked_at: Option<Instant>,
    moment_bits: u64,
    /// What was sent before that moment.
    sent_bits: u64,
    /// Whether at that moment less arrived than was sent.
    was_short: bool,
    /// Whether that was as much as what is sent, since no more is.
    has_kept_up: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Budget {
    /// So much to begin with, in bits a second.
    pub(super) fn new(bits: u64) -> Self {
        let (used_bits, patience) = (0, MORE_AFTER);
        Self {
            bits,
            used_bits,
            peak_bits: bits,
            risen_at: None,
            proven_at: None,
            hurt_at: None,
            patience,
            choked_at: None,
            moment_bits: bits,
            sent_bits: 0,
            was_short: false,
            has_kept_up: false,
        }
    }

    /// At this moment the line is estimated to carry so much, while so much was sent on it lately, in bits a second. The
    /// estimate of a moment is not smoothed, and falls a little below what is sent whenever packets are late by chance;
    /// far below it only if less arrives than is sent. That is believed the second time. Says whether it is something new.
    pub(super) fn look(&mut self, now: Instant, bits: u64, sent_bits: u64) -> bool {
        self.moment_bits = bits;
        self.has_kept_up |= bits >= self.used_bits;
        // Padding and probes come and go: of what is sent that counts which is sent all the while.
        let steady_bits = sent_bits.min(std::mem::replace(&mut self.sent_bits, sent_bits));
        let is_short = self.has_kept_up && bits < self.used_bits && bits * 100 < steady_bits * CHOKED_PERCENT;
        let was_short = std::mem::replace(&mut self.was_short, is_short);
        if !(is_short && was_short) {
            return false;
        }
        (self.choked_at, self.proven_at) = (Some(now), Some(now));
        let is_less = bits < self.bits;
        self.bits = self.bits.min(bits);
        is_less
    }

    /// There is an estimate, smoothed over some seconds, in bits a second.
    pub(super) fn estimate(&mut self, now: Instant, bits: u64) {
        // What is smoothed still has in it what was before the line got worse.
        let is_old = self.choked_at.is_some_and(|at| now < at + SMOOTHED_OVER);
        let bits = if is_old { bits.min(self.moment_bits) } else { bits };
        // As much as was carried before is believed of a line that is not put to the test.
        let is_tested = 2 * self.used_bits >= bits;
        if !is_tested {
            (self.peak_bits, self.risen_at) = (bits, None);
        } else if bits > self.peak_bits || self.risen_at.is_none() {
            (self.peak_bits, self.risen_at) = (bits.max(self.peak_bits), Some(now));
        }
        let falls = self.peak_bits >= self.used_bits && bits * 100 < self.peak_bits * FALL_PERCENT;
        let is_late = self.risen_at.is_some_and(|at| now >= at + CATCH_UP_WITHIN);
        let is_believed = is_tested && (falls || is_late);
        if is_believed && bits < self.used_bits {
            self.proven_at = Some(now);
        }
        if bits < self.bits && !is_believed {
            return;
        }
        let waits = self.hurt_at.is_some_and(|at| now < at + self.patience);
        if bits < self.bits || !waits {
            self.bits = bits;
        }
    }

    /// So much is sent on it from now on, in bits a second.
    pub(super) fn use_for(&mut self, bits: u64) {
        // What a layer costs is measured, and changes a little all the time.
        self.has_kept_up &= bits * 100 <= self.used_bits * SPARE_PERCENT;
        self.used_bits = bits;
    }

    /// Something had to be taken away because it carries no more. The more often, the longer it takes until more is
    /// tried again.
    pub(super) fn hurt(&mut self, now: Instant) {
        let is_again = self.hurt_at.is_some_and(|at| now < at + 4 * self.patience);
        let is_same = self.hurt_at.is_some_and(|at| now < at + MORE_AFTER);
        if !is_same {
            self.patience = if is_again { (2 * self.patience).min(MORE_AFTER_AT_MOST) } else { MORE_AFTER };
        }
        self.hurt_at = Some(now);
    }

    /// Whether what matters most may be tried though the line is believed to carry less: that was not put to the test, or
    /// some time ago. Nothing tells better what a line carries.
    pub(super) fn may_try(&self, now: Instant) -> bool {
        self.proven_at.is_none_or(|at| now >= at + self.patience)
    }

    /// When something had to be taken away last.
    #[cfg(test)]
    pub(super) fn hurt_at(&self) -> Option<Instant> {
        self.hurt_at
    }

    /// What it carries, in bits a second.
    pub(super) fn bits(&self) -> u64 {
        self.bits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish(costs: &[u64], sent: Option<usize>) -> Wish {
        Wish { costs: costs.to_vec(), sent }
    }

    #[test]
    fn everybody_gets_a_small_picture_before_anybody_gets_a_large_one() {
        let wishes = [wish(&[150, 500], None), wish(&[150, 500], None)];
        for (bits, shares) in [
            (2000, [Some(1), Some(1)]),
            (800, [Some(1), Some(0)]),
            (400, [Some(0), Some(0)]),
            (200, [Some(0), None]),
            (100, [None, None]),
        ] {
            assert_eq!(share(bits, &wishes), shares, "{bits}");
        }
    }

    #[test]
    fn a_screen_that_does_not_fit_leaves_the_line_to_cameras() {
        assert_eq!(share(400, &[wish(&[1500], None), wish(&[150, 500], None)]), [None, Some(0)]);
        assert_eq!(share(2000, &[wish(&[1500], None), wish(&[150, 500], None)]), [Some(0), Some(0)]);
    }

    #[test]
    fn what_is_sent_stays_where_it_would_not_be_begun() {
        assert_eq!(share(150, &[wish(&[150], Some(0))]), [Some(0)]);
        assert_eq!(share(150, &[wish(&[150], None)]), [None]);
        assert_eq!(share(510, &[wish(&[150, 500], Some(1))]), [Some(1)]);
        assert_eq!(share(510, &[wish(&[150, 500], Some(0))]), [Some(0)]);
    }

    proptest! {
        #[test]
        fn never_more_is_promised_than_the_line_carries(
            bits in 0..5000_u64,
            wishes in prop::collection::vec((1..800_u64, 0..1500_u64, prop::option::of(0..2_usize)), 0..10),
        ) {
            let wishes: Vec<_> = wishes.into_iter().map(|(low, more, sent)| wish(&[low, low + more], sent)).collect();
            let shares = share(bits, &wishes);
            let sum: u64 = wishes.iter().zip(&shares).filter_map(|(wish, share)| share.map(|layer| wish.costs[layer])).sum();
            prop_assert!(sum <= bits);
        }
    }

    #[test]
    fn an_estimate_that_fell_while_nothing_was_sent_may_catch_up() {
        let start = Instant::now();
        let bits = |budget: &mut Budget, ms, bits| {
            budget.estimate(start + Duration::from_millis(ms), bits);
            budget.bits()
        };
        let idle = |estimates: &[u64]| {
            let mut budget = Budget::new(800);
            for estimate in estimates {
                assert_eq!(bits(&mut budget, 0, *estimate), 800);
            }
            budget.use_for(300);
            budget
        };
        let mut budget = idle(&[400, 200, 90]);
        for (ms, estimate) in [(100, 90), (200, 60), (1000, 120), (2000, 320)] {
            assert_eq!(bits(&mut budget, ms, estimate), 800);
        }
        assert_eq!(bits(&mut budget, 2100, 250), 250, "it caught up, and falls");
        budget.use_for(0);
        assert_eq!(bits(&mut budget, 9000, 100), 250);

        let mut budget = idle(&[90]);
        assert_eq!(bits(&mut budget, 100, 90), 800);
        assert_eq!(bits(&mut budget, 3000, 100), 800, "it rises");
        assert_eq!(bits(&mut budget, 5999, 100), 800);
        assert_eq!(bits(&mut budget, 6000, 100), 100, "it carries no more");
    }

    #[test]
    fn when_less_arrives_than_is_sent_it_is_believed_at_once_and_what_is_smoothed_not_for_a_while() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut budget = Budget::new(800);
        budget.estimate(at(0), 900);
        budget.use_for(600);
        budget.estimate(at(0), 900);
        assert!(!budget.look(at(50), 900, 600));
        assert!(!budget.look(at(100), 510, 600), "some packets were late");
        assert!(!budget.look(at(150), 30, 30), "little is sent");
        assert_eq!(budget.bits(), 900);
        assert!(!budget.look(at(150), 400, 600), "less was sent before");
        assert!(!budget.look(at(170), 400, 600));
        assert!(budget.look(at(200), 400, 600), "twice");
        assert_eq!(budget.bits(), 400);
        for (ms, smoothed, expected) in [(300, 850, 420), (3100, 700, 420), (3200, 700, 700)] {
            assert!(!budget.look(at(ms), 420, 450));
            budget.estimate(at(ms), smoothed);
            assert_eq!(budget.bits(), expected, "after {ms} ms");
        }

        let mut budget = Budget::new(800);
        budget.estimate(at(0), 90);
        budget.use_for(600);
        assert!(!budget.look(at(100), 90, 600), "it has not caught up yet");
    }

    #[test]
    fn what_did_not_get_through_is_tried_again_later_and_later() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut budget = Budget::new(300);
        let tries = |budget: &mut Budget, mut ms: u64| {
            while !budget.may_try(at(ms)) {
                ms += 100;
                budget.estimate(at(ms), 300);
            }
            let begun = ms;
            budget.use_for(600);
            while budget.may_try(at(ms)) {
                ms += 100;
                budget.estimate(at(ms), 300);
            }
            budget.use_for(0);
            budget.hurt(at(ms));
            (begun, ms)
        };
        let mut ms = 0;
        let mut waits = Vec::new();
        for _ in 0..6 {
            let (begun, ended) = tries(&mut budget, ms);
            waits.push(begun - ms);
            assert!((3000..=3200).contains(&(ended - begun)), "{begun} to {ended}");
            ms = ended;
        }
        assert_eq!(waits, [0, 2000, 4000, 8000, 16_000, 30_000]);
    }

    #[test]
    fn a_line_that_gets_worse_is_followed_at_once_and_after_that_with_patience() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let bits = |budget: &mut Budget, ms, bits| {
            budget.estimate(at(ms), bits);
            budget.bits()
        };
        let mut budget = Budget::new(800);
        assert_eq!(bits(&mut budget, 0, 400), 800, "little is sent");
        budget.use_for(700);
        assert_eq!(bits(&mut budget, 10, 1500), 1500);
        assert_eq!(bits(&mut budget, 1000, 300), 300);
        budget.hurt(at(1000));
        assert_eq!(bits(&mut budget, 2999, 1500), 300);
        assert_eq!(bits(&mut budget, 3000, 1500), 1500);
        budget.hurt(at(3100));
        assert_eq!(bits(&mut budget, 3100, 300), 300);
        assert_eq!(bits(&mut budget, 7099, 1500), 300, "twice as long");
        assert_eq!(bits(&mut budget, 7100, 1500), 1500);
        budget.hurt(at(60_000));
        assert_eq!(bits(&mut budget, 60_000, 300), 300);
        assert_eq!(bits(&mut budget, 62_000, 1500), 1500, "long ago is forgotten");
    }
}
