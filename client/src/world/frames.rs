//! Counts frames, for others to see.

use std::{cell::Cell, rc::Rc, time::Duration};

use bevy::prelude::*;

use super::{poses::Poses, schedule::WorldSystems};
use crate::session::{Time, snapshot::Frames};

/// How often the rate is worked out.
const WINDOW: Duration = Duration::from_secs(1);

/// Where they are shown, and how many were counted since when.
pub(super) struct Counter {
    pub(super) shown: Rc<Cell<Frames>>,
    pub(super) since: Time,
    pub(super) frames: u32,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, count.in_set(WorldSystems::Rest));
}

fn count(poses: Res<Poses>, mut counter: NonSendMut<Counter>) {
    counter.count(poses.now);
}

impl Counter {
    fn count(&mut self, now: Time) {
        let mut shown = self.shown.get();
        shown.drawn += 1;
        let passed = now.saturating_sub(self.since);
        if passed >= WINDOW {
            shown.per_second = self.frames as f32 / passed.as_secs_f32();
            (self.since, self.frames) = (now, 0);
        }
        self.frames += 1;
        self.shown.set(shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_frames_in_a_second_are_sixty_a_second() {
        let mut counter = Counter { shown: Rc::default(), since: Time::ZERO, frames: 0 };
        for frame in 0..=120 {
            counter.count(Duration::from_micros(16_667) * frame);
        }
        let shown = counter.shown.get();
        assert_eq!(shown.drawn, 121);
        assert!((shown.per_second - 60.0).abs() < 0.5, "{}", shown.per_second);
    }
}
