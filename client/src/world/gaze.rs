//! Whom the camera follows: oneself, or for a moment whoever one is shown the way to.

use std::time::Duration;

use bevy::prelude::*;
use shared::identity::UserId;

use super::{
    avatar::{Avatar, Stance},
    controls::Controls,
    idle::Stir,
    map::WorldMap,
    place,
    poses::Poses,
    schedule::WorldSystems,
};
use crate::session::Time;

/// How long the camera is on its way from one to the other.
const GLIDE: Duration = Duration::from_millis(800);
/// How long it then stays with whom one is shown the way to.
const STAY: Duration = Duration::from_millis(2500);

/// Where the camera looks.
#[derive(Debug, Default, Resource)]
pub(super) struct Gaze {
    /// Whom it follows; oneself if nobody.
    whom: Option<UserId>,
    /// Where it looked when it turned to them, and when that was.
    from: Vec2,
    since: Time,
    /// Pixels from the left and the top of the map to the feet it looks at.
    feet: Option<Vec2>,
}

/// Whether the camera is with whom one is shown the way to since then, or on its way there.
pub(super) fn is_elsewhere(since: Time, now: Time) -> bool {
    now < since + GLIDE + STAY
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Gaze>().add_systems(Update, aim.in_set(WorldSystems::Look).before(super::camera::look));
}

fn aim(
    poses: Res<Poses>,
    controls: Res<Controls>,
    map: Res<WorldMap>,
    avatars: Query<(&Avatar, &Stance)>,
    mut gaze: ResMut<Gaze>,
    mut stir: ResMut<Stir>,
) {
    let found = poses.finding.filter(|(_, since)| is_elsewhere(*since, poses.now)).and_then(|(whom, _)| {
        let found = avatars.iter().find(|(avatar, _)| avatar.user_id == whom && !avatar.is_own);
        found.map(|(_, stance)| (whom, stance.feet))
    });
    let own = || avatars.iter().find(|(avatar, _)| avatar.is_own).map(|(_, stance)| stance.feet);
    let (whom, feet) = match found {
        Some((whom, feet)) => (Some(whom), feet),
        None => (None, own().unwrap_or_else(|| place::pixel(map.0.default_spawn()))),
    };
    let glide = if controls.is_calm() { Duration::ZERO } else { GLIDE };
    if gaze.follow(poses.now, whom, feet.as_vec2(), glide) {
        stir.each_frame = true;
    }
}

impl Gaze {
    /// Where it looks: whole pixels, so that nothing trembles.
    pub(super) fn feet(&self) -> IVec2 {
        self.feet.unwrap_or_default().round().as_ivec2()
    }

    /// Looks to those feet, or goes on gliding there; says whether it still glides.
    fn follow(&mut self, now: Time, whom: Option<UserId>, feet: Vec2, glide: Duration) -> bool {
        if whom != self.whom {
            *self = Self { whom, from: self.feet.unwrap_or(feet), since: now, feet: self.feet };
        }
        let passed = now.saturating_sub(self.since);
        let glides = passed < glide;
        self.feet = Some(if glides { self.from.lerp(feet, eased(passed.div_duration_f32(glide))) } else { feet });
        glides
    }
}

/// Slowly out and slowly in again.
fn eased(part: f32) -> f32 {
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{at, person};

    const HERE: Vec2 = Vec2::new(100.0, 100.0);
    const THERE: Vec2 = Vec2::new(900.0, 300.0);

    #[test]
    fn it_glides_there_and_follows_who_walks_meanwhile() {
        let mut gaze = Gaze::default();
        assert!(!gaze.follow(at(0), None, HERE, GLIDE), "it begins where one is");
        let mut before = HERE.x;
        for ms in (0..800).step_by(16) {
            assert!(gaze.follow(at(ms), Some(person(2)), THERE + Vec2::X * ms as f32 * 0.064, GLIDE));
            let now = gaze.feet.expect("it looks somewhere").x;
            assert!(now >= before && now - before < 40.0, "no leap at {ms} ms: {before}, {now}");
            before = now;
        }
        assert!(!gaze.follow(at(816), Some(person(2)), THERE, GLIDE));
        assert_eq!(gaze.feet(), THERE.as_ivec2());
        gaze.follow(at(900), Some(person(2)), THERE + Vec2::X, GLIDE);
        assert_eq!(gaze.feet(), THERE.as_ivec2() + IVec2::X, "it follows");
    }

    #[test]
    fn a_glide_broken_off_begins_where_it_is() {
        let mut gaze = Gaze::default();
        gaze.follow(at(0), None, HERE, GLIDE);
        gaze.follow(at(0), Some(person(2)), THERE, GLIDE);
        gaze.follow(at(400), Some(person(2)), THERE, GLIDE);
        let halfway = gaze.feet();
        assert!(gaze.follow(at(416), None, HERE, GLIDE));
        assert_eq!(gaze.feet(), halfway);
        assert!(!gaze.follow(at(1300), None, HERE, GLIDE));
        assert_eq!(gaze.feet(), HERE.as_ivec2());
    }

    #[test]
    fn without_motion_it_is_there_at_once() {
        let mut gaze = Gaze::default();
        gaze.follow(at(0), None, HERE, Duration::ZERO);
        assert!(!gaze.follow(at(0), Some(person(2)), THERE, Duration::ZERO));
        assert_eq!(gaze.feet(), THERE.as_ivec2());
    }
}
