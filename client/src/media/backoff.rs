//! How long to wait before something that failed is tried again.

use std::time::Duration;

/// A wait that doubles with each failure: what fails by chance is tried again soon, what is overrun is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Backoff {
    /// The wait after the first failure ...
    pub(super) at_first: Duration,
    /// ... and the longest.
    pub(super) at_most: Duration,
}

impl Backoff {
    /// The wait, after so many failures before the last one.
    pub(super) fn wait(self, earlier: u32) -> Duration {
        // Far beyond any wait that makes sense, and within what can be counted.
        (self.at_first * 2_u32.pow(earlier.min(16))).min(self.at_most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_bound() {
        let backoff = Backoff { at_first: Duration::from_millis(250), at_most: Duration::from_secs(8) };
        let waits = [0, 1, 2, 4, 5, 6, u32::MAX].map(|earlier| backoff.wait(earlier).as_millis());
        assert_eq!(waits, [250, 500, 1000, 4000, 8000, 8000, 8000]);
    }
}
