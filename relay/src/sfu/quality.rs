//! How well a client is reached: whether its signs of life come, what of what is sent to it gets lost or is sent again,
//! and whether a publisher's large layer comes at all.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use str0m::media::Mid;

use super::limits::{
    LARGE_AGAIN_AFTER, LARGE_WITHIN, POOR_LOSS_PERCENT, SIGNS_AT_MOST, SILENT_MISSED_AFTER, WELL_LOSS_PERCENT,
};

/// How long the distance between two signs of life is remembered, once or twice.
const WINDOW: Duration = Duration::from_secs(10);

/// How far apart a client's packets of any kind are: whoever sends nothing still reports what came, and checks the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    /// The longest distance in the last window and in this one.
    longest: [Duration; 2],
    since: Instant,
}

impl Signs {
    /// There was none yet.
    pub(super) const fn new(now: Instant) -> Self {
        Self { longest: [Duration::ZERO; 2], since: now }
    }

    /// One came, so long after the last.
    pub(super) fn came(&mut self, now: Instant, after: Duration) {
        if now >= self.since + WINDOW {
            (self.longest, self.since) = ([self.longest[1], Duration::ZERO], now);
        }
        // More is a path that was dead, not a habit.
        if after <= SIGNS_AT_MOST {
            self.longest[1] = self.longest[1].max(after);
        }
    }

    /// After how long without one a client is missed.
    pub(super) fn missed_after(&self) -> Duration {
        SILENT_MISSED_AFTER.max(2 * self.longest[0].max(self.longest[1]))
    }
}

/// What is sent on the lines to a client.
#[derive(Debug, Default)]
pub(super) struct Sent {
    lines: HashMap<Mid, Tally>,
    packets: u64,
    lost: u64,
    /// All bytes, and when they were counted.
    bytes: Option<(Instant, u64)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    written: u64,
    packets: u64,
    again: u64,
}

impl Sent {
    /// A packet was written on a line.
    pub(super) fn wrote(&mut self, line: Mid) {
        self.lines.entry(line).or_default().written += 1;
    }

    /// A line's session counts so many packets in all, padding left out, and its receiver so many more that were lost.
    /// Gives how many were sent again since the last time.
    pub(super) fn counted(&mut self, line: Mid, packets: u64, lost: u64) -> u64 {
        let tally = self.lines.entry(line).or_default();
        self.packets += packets.saturating_sub(tally.packets);
        self.lost += lost;
        tally.packets = packets;
        // What was written may still wait.
        let again = packets.saturating_sub(tally.written).max(tally.again);
        again - std::mem::replace(&mut tally.again, again)
    }

    /// So many bytes were sent in all, until then. Gives how many bits a second that is since the last time.
    pub(super) fn took(&mut self, now: Instant, bytes: u64) -> Option<u64> {
        let (since, before) = self.bytes.replace((now, bytes))?;
        let ms = now.saturating_duration_since(since).as_millis() as u64;
        (ms > 0).then(|| bytes.saturating_sub(before) * 8 * 1000 / ms)
    }

    /// How much of what was sent since the last time was lost, if anything was sent; 1 is all of it.
    pub(super) fn take_loss(&mut self) -> Option<f32> {
        let (packets, lost) = (std::mem::take(&mut self.packets), std::mem::take(&mut self.lost));
        (packets > 0).then(|| lost as f32 / packets as f32)
    }
}

/// The share of a report of half a second in the smoothed loss: one bad moment is no bad line.
const SHARE: f32 = 0.16;

/// How much of what is sent to a client gets lost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loss {
    percent: f32,
    is_high: bool,
}

impl Loss {
    /// So much of what was sent lately did not arrive: 1 is all of it.
    pub(super) fn reported(&mut self, share: f32) {
        // What a client says may be anything.
        let percent = if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
        self.percent += (percent - self.percent) * SHARE;
        let bound = if self.is_high { WELL_LOSS_PERCENT } else { POOR_LOSS_PERCENT };
        self.is_high = self.percent >= bound;
    }

    /// Whether it is so much that one notices.
    pub(super) const fn is_high(self) -> bool {
        self.is_high
    }
}

/// Whether a publisher's large layer comes when somebody wants it. Browsers leave it out when they cannot encode or send
/// it; what is kept free for it would then be missed by other pictures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LargeLayer {
    /// Since when it is wanted and does not come.
    awaited_since: Option<Instant>,
    /// When it was last found that it does not.
    missing_at: Option<Instant>,
}

impl LargeLayer {
    /// Whether it is wanted, and whether it comes.
    pub(super) fn update(&mut self, now: Instant, is_wanted: bool, comes: bool) {
        if comes {
            *self = Self::default();
        } else if !is_wanted {
            self.awaited_since = None;
        } else if now >= *self.awaited_since.get_or_insert(now) + LARGE_WITHIN {
            (self.awaited_since, self.missing_at) = (None, Some(now));
        }
    }

    /// Whether it did not come when it was wanted.
    pub(super) const fn is_missing(&self) -> bool {
        self.missing_at.is_some()
    }

    /// Whether to ask for it again, though nothing is kept free for it.
    pub(super) fn is_tried(&self, now: Instant) -> bool {
        self.missing_at.is_some_and(|at| now >= at + LARGE_AGAIN_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_missed_after_twice_its_usual_silence() {
        let start = Instant::now();
        let mut signs = Signs::new(start);
        let mut at = start;
        let mut come = |signs: &mut Signs, times: u32, every: Duration| {
            for _ in 0..times {
                at += every;
                signs.came(at, every);
            }
            signs.missed_after()
        };
        let seconds = Duration::from_secs;
        assert_eq!(come(&mut signs, 100, Duration::from_millis(250)), SILENT_MISSED_AFTER);
        assert_eq!(come(&mut signs, 1, seconds(5)), seconds(10), "only checks of the path");
        assert_eq!(come(&mut signs, 3, seconds(5)), seconds(10));
        assert_eq!(come(&mut signs, 1, seconds(15)), seconds(10), "a path that was dead is no habit");
        assert_eq!(come(&mut signs, 100, Duration::from_millis(250)), SILENT_MISSED_AFTER);
    }

    #[test]
    fn what_was_sent_again_is_what_was_sent_more_often_than_written() {
        let (line, other) = (Mid::from("8"), Mid::from("9"));
        let mut sent = Sent::default();
        for _ in 0..100 {
            sent.wrote(line);
        }
        assert_eq!(sent.counted(line, 98, 1), 0, "two wait");
        assert_eq!(sent.counted(line, 105, 4), 5);
        sent.wrote(line);
        assert_eq!(sent.counted(line, 105, 0), 0);
        assert_eq!(sent.counted(line, 108, 0), 2);
        assert_eq!(sent.counted(other, 2, 0), 2);
        assert_eq!(sent.take_loss(), Some(5.0 / 110.0));
        assert_eq!(sent.take_loss(), None);
        let start = Instant::now();
        assert_eq!(sent.took(start, 1000), None);
        assert_eq!(sent.took(start + Duration::from_millis(500), 11_000), Some(160_000));
    }

    #[test]
    fn loss_is_high_once_it_lasts_and_until_it_is_clearly_gone() {
        let mut loss = Loss::default();
        let mut told = |share: f32| {
            loss.reported(share);
            loss.is_high()
        };
        let mut lasts = |share: f32, reports: usize| (0..reports).map(|_| told(share)).collect::<Vec<_>>();
        assert_eq!(lasts(0.05, 20), [false; 20], "that much is repaired");
        assert_eq!(lasts(0.5, 1), [true], "a moment without anything");
        assert_eq!(lasts(0.06, 20), [true; 20], "not yet clearly less");
        assert_eq!(lasts(0.0, 10).last(), Some(&false));
        assert_eq!([f32::NAN, f32::INFINITY, -1.0].map(|share| lasts(share, 1)[0]), [false; 3]);
        assert_eq!(lasts(30.0, 1), [true], "no more than everything");
    }

    #[test]
    fn a_large_layer_that_does_not_come_is_given_up_and_tried_again_now_and_then() {
        let start = Instant::now();
        let mut large = LargeLayer::default();
        let mut at = start;
        let mut states = Vec::new();
        while at < start + 3 * (LARGE_WITHIN + LARGE_AGAIN_AFTER) {
            let is_wanted = !large.is_missing() || large.is_tried(at);
            large.update(at, is_wanted, false);
            let state = (large.is_missing(), large.is_tried(at));
            if states.last().is_none_or(|(_, last)| *last != state) {
                states.push((at - start, state));
            }
            at += Duration::from_millis(100);
        }
        let round = LARGE_WITHIN + LARGE_AGAIN_AFTER;
        let expected = [
            (Duration::ZERO, (false, false)),
            (LARGE_WITHIN, (true, false)),
            (round, (true, true)),
            (round + LARGE_WITHIN, (true, false)),
            (2 * round, (true, true)),
            (2 * round + LARGE_WITHIN, (true, false)),
        ];
        let is_close =
            |(a, b): (&(Duration, _), &(Duration, _))| a.0.abs_diff(b.0) <= Duration::from_millis(300) && a.1 == b.1;
        assert!(states.len() == expected.len() && states.iter().zip(&expected).all(is_close), "{states:?}");
        large.update(at, true, true);
        assert!(!large.is_missing());
        large.update(at, false, false);
        assert!(!large.is_missing(), "nobody wants it");
    }
}
