//! A correction is not a leap: who is elsewhere than was drawn glides there within a moment.

use std::time::Duration;

use bevy::math::Vec2;

use crate::session::Time;

/// Long enough not to be seen as a leap, short enough to be where one is heard.
const DURATION: Duration = Duration::from_millis(150);
/// Farther, and it looks like running through walls: two tiles, in pixels.
const TOO_FAR: f32 = 32.0;

/// How far from the exact place somebody is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Easing {
    from: Vec2,
    since: Time,
}

impl Easing {
    /// Whoever is drawn `difference` pixels away from the exact place at that time glides there from now on.
    pub(super) fn correct(&mut self, now: Time, difference: Vec2) {
        *self = if difference.length() > TOO_FAR { Self::default() } else { Self { from: difference, since: now } };
    }

    /// Pixels from the exact place to where one is drawn.
    pub(super) fn offset(&self, now: Time) -> Vec2 {
        let part = now.saturating_sub(self.since).as_secs_f32() / DURATION.as_secs_f32();
        self.from * (1.0 - part).max(0.0)
    }

    /// Whether there is still a way to glide.
    pub(super) fn is_at_work(&self, now: Time) -> bool {
        self.from != Vec2::ZERO && now.saturating_sub(self.since) < DURATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(9);

    #[test]
    fn a_correction_is_gone_after_a_moment_and_never_grows() {
        let mut easing = Easing::default();
        easing.correct(NOW, Vec2::new(12.0, -6.0));
        let distances: Vec<f32> =
            (0..20).map(|frame| easing.offset(NOW + Duration::from_millis(10 * frame)).length()).collect();
        assert_eq!(easing.offset(NOW), Vec2::new(12.0, -6.0), "nothing leaps");
        assert!(distances.is_sorted_by(|a, b| a >= b), "{distances:?}");
        assert!(distances[7] > 4.0 && distances[15] == 0.0, "{distances:?}");
        assert!(easing.is_at_work(NOW) && !easing.is_at_work(NOW + DURATION));
    }

    #[test]
    fn whoever_is_far_off_is_there_at_once() {
        let mut easing = Easing::default();
        easing.correct(NOW, Vec2::new(33.0, 0.0));
        assert!(easing.offset(NOW) == Vec2::ZERO && !easing.is_at_work(NOW));
    }
}
