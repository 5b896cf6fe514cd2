//! Whether the picture is still right, while none is drawn: what the last frame showed, in few numbers, compared with
//! what the session knows.
//!
//! Bevy cannot be woken without drawing a frame, so this is asked before: most of what a relay says is about people
//! who are out of sight.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
};

use shared::{identity::UserId, position::Position, profile::Profile};

use super::{
    camera::View,
    gaze, place,
    poses::{self, Poses, Seen},
};
use crate::session::{Session, Time};

/// People so near to the view, in pixels, are watched as if in it: their names reach into it, and who walks covers
/// much less between two looks, ten of which are made in a second.
pub(super) const MARGIN: i32 = 48;

/// What a frame showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Watch {
    /// When it was drawn.
    pub(super) drawn_at: Time,
    view: View,
    scene: Scene,
    is_each_drawn: bool,
}

/// What is to be seen in a view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scene {
    /// Whether it is another in the next frame.
    pub(super) moves: bool,
    /// Another number for another picture. Two pictures have the same one with a probability of 2^-64.
    still: u64,
}

impl Watch {
    pub(super) fn new(drawn_at: Time, view: View, scene: Scene, is_each_drawn: bool) -> Self {
        Self { drawn_at, view, scene, is_each_drawn }
    }

    /// Whether that scene is still the one that was shown.
    pub(super) fn shows(&self, scene: Scene) -> bool {
        self.scene.still == scene.still
    }

    /// Whether another frame would show something else.
    pub(super) fn is_outdated(&self, session: &Session, now: Time) -> bool {
        if self.is_each_drawn {
            return false;
        }
        let scene = Scene::of_session(session, now, &self.view);
        scene.moves || !self.shows(scene)
    }
}

impl Scene {
    /// What a frame shows.
    pub(super) fn of_frame(poses: &Poses, view: &View) -> Self {
        let people = poses.people.iter().map(|seen| (*seen, poses.profiles.get(&seen.user_id)));
        Self::of(view, people, &poses.route, poses.finding, poses.now)
    }

    fn of_session(session: &Session, now: Time, view: &View) -> Self {
        let profile = |seen: &Seen| {
            let others = || session.roster().person(seen.user_id).map(|person| &person.profile);
            if seen.is_own { session.profile() } else { others() }
        };
        let people = poses::everybody(session, now).map(|seen| (seen, profile(&seen)));
        Self::of(view, people, &session.route(), session.finding(), now)
    }

    fn of<'a>(
        view: &View,
        people: impl Iterator<Item = (Seen, Option<&'a Profile>)>,
        route: &[Position],
        finding: Option<(UserId, Time)>,
        now: Time,
    ) -> Self {
        let mut moves = false;
        let finding = finding.map(|(whom, since)| (whom, since, gaze::is_elsewhere(since, now)));
        let mut still = number(&(route, finding));
        for (seen, profile) in people {
            let is_found = finding.is_some_and(|(whom, ..)| whom == seen.user_id);
            let is_in_sight = view.contains(place::pixels(seen.pose.point).as_ivec2(), MARGIN);
            moves |= seen.pose.is_moving && (is_in_sight || is_found || seen.is_own);
            if is_in_sight || is_found {
                let look = profile.map(|profile| (profile.name.as_str(), profile.status, profile.appearance));
                let body = (seen.user_id, seen.pose.point, seen.pose.direction);
                // A sum, because people come in no order.
                still = still.wrapping_add(number(&(body, seen.emote, seen.is_speaking, look)));
            }
        }
        Self { moves, still }
    }
}

fn number(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
