//! With whom one walks through the door of a room: inside everybody hears everybody through the relay, outside people
//! talk from machine to machine, and who walks through together goes on talking. So the call with whom one may be about
//! to walk out is made ready inside, and the one with whom one walked in is kept until it is clear that both stay. It
//! carries nothing meanwhile: what is said on one side of a door does not get to the other.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use shared::{
    identity::UserId,
    limits::CALLS,
    position::Point,
    proximity::{Bystander, Hearing, Neighbours, are_at_one_door, hearing},
};

use super::Scene;

/// Whoever has not moved for so long stays.
const MOVED_WITHIN: Duration = Duration::from_secs(2);

/// So far apart, at most, two walk through a door who walk together.
const TOGETHER_WITHIN: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Companions {
    /// Where everybody at a door was, and when they last moved.
    seen: HashMap<UserId, (Point, Duration)>,
    /// When it was last so that one might walk through with them.
    together_at: HashMap<UserId, Duration>,
}

impl Companions {
    /// Looks who is at a door with one.
    pub(super) fn update(&mut self, now: Duration, scene: &Scene, near: &Neighbours, barred: &HashSet<UserId>) {
        let Scene { map, own, .. } = *scene;
        let is_there = |other: &&Bystander| !barred.contains(&other.user_id);
        let at_door = |other: &&Bystander| are_at_one_door(map, own.listener, other.listener);
        let mut others: Vec<_> = scene.others.iter().filter(is_there).filter(at_door).copied().collect();
        let tiles = |other: &Bystander| own.listener.point.distance_tiles(other.listener.point);
        others.sort_by(|a, b| tiles(a).total_cmp(&tiles(b)).then(a.user_id.cmp(&b.user_id)));
        others.truncate(CALLS);

        self.see(now, others.iter().copied().chain([own]));
        let has_moved = |who: UserId| self.seen.get(&who).is_some_and(|(_, at)| now < *at + MOVED_WITHIN);
        let may_walk_out = |other: &Bystander| {
            let share_a_room = hearing(map, own.listener, other.listener) == Hearing::SameRoom;
            share_a_room && (has_moved(own.user_id) || has_moved(other.user_id))
        };
        let together = others.iter().filter(|other| near.contains(other.user_id) || may_walk_out(other));
        let together: Vec<_> = together.map(|other| other.user_id).collect();
        self.together_at
            .retain(|who, at| now < *at + TOGETHER_WITHIN && others.iter().any(|other| other.user_id == *who));
        self.together_at.extend(together.into_iter().map(|who| (who, now)));
    }

    /// Everybody with whom a call is to stand, talking or not.
    pub(super) fn iter(&self) -> impl Iterator<Item = UserId> {
        self.together_at.keys().copied()
    }

    /// Whether the call with somebody is to stand.
    pub(super) fn contains(&self, user_id: UserId) -> bool {
        self.together_at.contains_key(&user_id)
    }

    /// There is nobody any more.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn see(&mut self, now: Duration, people: impl Iterator<Item = Bystander>) {
        let before = std::mem::take(&mut self.seen);
        for Bystander { user_id, listener } in people {
            let seen = match before.get(&user_id) {
                Some(seen) if seen.0 == listener.point => *seen,
                _ => (listener.point, now),
            };
            self.seen.insert(user_id, seen);
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        position::Position,
        profile::Status,
        proximity::{Acquaintance, Listener},
    };

    use super::*;
    use crate::session::tests::{campus, person};

    /// Two people at the door of *meeting-1*, one seen by the other.
    struct Pair {
        now: Duration,
        near: Neighbours,
        companions: Companions,
    }

    impl Pair {
        fn new() -> Self {
            Self { now: Duration::from_secs(1000), near: Neighbours::default(), companions: Companions::default() }
        }

        /// Both so many pixels below the outline of the room, negative inside; says whether their call is to stand.
        fn look(&mut self, own: i32, other: i32) -> bool {
            let map = campus();
            let zone = map.zones.iter().position(|zone| zone.name == "meeting-1").expect("a room");
            let door = map.doors.iter().find(|door| door.zone == zone).expect("a door").position;
            let at = |below: i32| Point::from(Position::new(door.x, (i32::from(door.y) + below) as u16));
            let bystander = |number, below| Bystander {
                user_id: person(number),
                listener: Listener { point: at(below), status: Status::Available },
            };
            let others = vec![bystander(2, other)];
            let scene = Scene { map: &map, own: bystander(1, own), others, numbers: HashMap::new() };
            self.now += Duration::from_millis(100);
            self.near.update(&map, self.now, scene.own, &scene.others, &Acquaintance::default());
            self.companions.update(self.now, &scene, &self.near, &HashSet::new());
            self.companions.contains(person(2))
        }
    }

    #[test]
    fn who_walks_to_a_door_together_has_a_call_ready_and_who_stands_there_has_none() {
        let mut pair = Pair::new();
        assert!(!pair.look(-80, -80), "five tiles from it");
        assert!(pair.look(-60, -60));
        let looks: Vec<_> = (0..40).map(|_| pair.look(-60, -60)).collect();
        assert!(looks[..19].iter().all(|stands| *stands) && !looks[39]);
        assert!(pair.look(-60, -54), "one of them walks");
    }

    #[test]
    fn a_call_outlives_the_door_for_whoever_walks_in_together_but_not_for_whoever_walks_in_alone() {
        let mut pair = Pair::new();
        assert!(pair.look(24, 24) && pair.near.contains(person(2)));
        assert!(pair.look(-4, 24) && !pair.near.contains(person(2)), "it stands, and carries nothing");
        assert!(pair.look(-10, -4));

        let mut pair = Pair::new();
        assert!(pair.look(24, 24));
        let looks: Vec<_> = (0..20).map(|step| pair.look(-4 - step, 24)).collect();
        assert!(looks[..8].iter().all(|stands| *stands) && !looks[19]);
    }
}
