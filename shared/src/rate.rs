//! How fast somebody may do something: a token bucket, kept as one moment in time.
//!
//! The generic cell rate algorithm (ITU-T I.371, annex A): instead of counting tokens, remember when the bucket would
//! be full again. Something fits while that moment is no more than a whole bucket away. The relay refuses what comes
//! faster; clients use the same buckets to wait before they are refused.

use std::time::Duration;

/// How many of a kind may come at once, and how many for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// After a pause.
    pub burst: u32,
    /// From then on, one in so long.
    pub every: Duration,
}

impl Rate {
    /// So many at once, and so many a second for ever.
    ///
    /// # Panics
    /// If there are none a second: rates are constants.
    pub const fn per_second(burst: u32, per_second: u32) -> Self {
        Self { burst, every: Duration::from_nanos(1_000_000_000 / per_second as u64) }
    }

    /// So many at once, and one in so many seconds for ever.
    pub const fn every_seconds(burst: u32, seconds: u64) -> Self {
        Self { burst, every: Duration::from_secs(seconds) }
    }
}

/// When a bucket of some [`Rate`] is full again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bucket {
    full_at: Duration,
}

impl Bucket {
    /// Takes that many tokens, if they are there.
    pub fn take(&mut self, now: Duration, rate: Rate, tokens: u32) -> bool {
        let full_at = self.full_at.max(now) + rate.every * tokens;
        let fits = full_at.saturating_sub(now) <= rate.every * rate.burst;
        if fits {
            self.full_at = full_at;
        }
        fits
    }

    /// When one token will be there.
    pub fn next_at(&self, rate: Rate) -> Duration {
        (self.full_at + rate.every).saturating_sub(rate.every * rate.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::per_second(3, 10);

    #[test]
    fn a_bucket_allows_a_burst_and_then_a_rate() {
        let mut bucket = Bucket::default();
        let mut take = |ms| bucket.take(Duration::from_millis(ms), RATE, 1);
        assert_eq!([0, 0, 0, 0].map(&mut take), [true, true, true, false]);
        assert_eq!([99, 100, 100, 200].map(&mut take), [false, true, false, true]);
        assert_eq!([5000, 5000, 5000, 5000].map(take), [true, true, true, false]);
    }

    #[test]
    fn whoever_waits_as_long_as_told_is_let_through() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.next_at(RATE), Duration::ZERO);
        let mut now = Duration::from_secs(7);
        for _ in 0..20 {
            let at = bucket.next_at(RATE).max(now);
            assert!(
                at == now || !bucket.take(at.saturating_sub(Duration::from_nanos(1)), RATE, 1),
                "not a moment earlier"
            );
            assert!(bucket.take(at, RATE, 1));
            now = at;
        }
    }
}
