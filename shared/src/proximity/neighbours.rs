//! With whom one talks: those in reach, for as long as they stay there, and not too many.
//!
//! Everybody computes this for themselves from the same places, so both ends of a pair come to the same result within
//! the time a movement takes to travel.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{Hearing, LET_GO_AFTER, LET_GO_BEYOND_TILES, Listener, SILENT_FROM_TILES, hearing};
use crate::{identity::UserId, limits::CALLS, map::Map};

/// Somebody who may be near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bystander {
    /// Who.
    pub user_id: UserId,
    /// Where, and whether they want to be spoken to.
    pub listener: Listener,
}

/// The people one talks with outside of rooms.
///
/// A pair talks from [`SILENT_FROM_TILES`] on, if each is among the other's nearest [`CALLS`]. It goes on until they
/// are out of reach ([`LET_GO_BEYOND_TILES`], a wall, too many others nearer) for [`LET_GO_AFTER`]. A room's door and
/// *do not disturb* end it at once: whoever chose to be alone is not listened to for another second.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// Since when each has been out of reach, if they are.
    out_of_reach_since: HashMap<UserId, Option<Duration>>,
}

impl Neighbours {
    /// Looks who is near at that time. Those in `barred` never are: people one has blocked.
    pub fn update(&mut self, map: &Map, now: Duration, own: Bystander, others: &[Bystander], barred: &HashSet<UserId>) {
        let near = nearest(map, own, others);
        let is_mutual = |other: &Bystander| {
            let rest = others.iter().copied().filter(|third| third.user_id != other.user_id);
            let around: Vec<_> = rest.chain([own]).collect();
            nearest(map, *other, &around).iter().any(|(third, _)| third.user_id == own.user_id)
        };
        let reached: HashMap<_, _> = near
            .into_iter()
            .filter(|(other, _)| !barred.contains(&other.user_id) && is_mutual(other))
            .map(|(other, tiles)| (other.user_id, tiles))
            .collect();
        let listeners: HashMap<_, _> = others.iter().map(|other| (other.user_id, other.listener)).collect();
        self.out_of_reach_since.retain(|user_id, since| {
            if reached.contains_key(user_id) {
                *since = None;
                return true;
            }
            let since = *since.get_or_insert(now);
            let lingers = listeners.get(user_id).is_some_and(|other| may_linger(map, own.listener, *other));
            lingers && !barred.contains(user_id) && now < since + LET_GO_AFTER
        });
        for (user_id, tiles) in reached {
            if tiles <= SILENT_FROM_TILES {
                self.out_of_reach_since.entry(user_id).or_default();
            }
        }
    }

    /// Whether one talks with that person.
    pub fn contains(&self, user_id: UserId) -> bool {
        self.out_of_reach_since.contains_key(&user_id)
    }

    /// All one talks with, in no order.
    pub fn iter(&self) -> impl Iterator<Item = UserId> {
        self.out_of_reach_since.keys().copied()
    }

    /// When somebody is let go if nothing changes.
    pub fn next_timeout(&self) -> Option<Duration> {
        self.out_of_reach_since.values().filter_map(|since| Some((*since)? + LET_GO_AFTER)).min()
    }

    /// Lets everybody go.
    pub fn clear(&mut self) {
        self.out_of_reach_since.clear();
    }
}

/// The nearest [`CALLS`] in reach, with their distances in tiles, the nearest first.
fn nearest(map: &Map, own: Bystander, others: &[Bystander]) -> Vec<(Bystander, f32)> {
    let distance = |other: &Bystander| own.listener.point.distance_tiles(other.listener.point);
    let mut near: Vec<_> = others.iter().map(|other| (*other, distance(other))).collect();
    near.retain(|(_, tiles)| *tiles <= LET_GO_BEYOND_TILES);
    // Of two at the same distance everybody must choose the same.
    near.sort_by(|(a, a_tiles), (b, b_tiles)| a_tiles.total_cmp(b_tiles).then(a.user_id.cmp(&b.user_id)));
    // Rays cost more than distances: they are drawn for the nearest alone.
    let in_reach = |(other, _): &(Bystander, f32)| is_pairwise(hearing(map, own.listener, other.listener));
    near.into_iter().filter(in_reach).take(CALLS).collect()
}

/// Whether two people talk with one another alone, and not with a whole room.
const fn is_pairwise(hearing: Hearing) -> bool {
    matches!(hearing, Hearing::Apart(_))
}

/// Whether two who are out of reach may still hear each other for a moment: not if one of them left for a room, or
/// does not want to be disturbed.
fn may_linger(map: &Map, own: Listener, other: Listener) -> bool {
    let is_outside = |listener: Listener| map.zone_at(listener.point.nearest_position()).is_none();
    let is_open = |listener: Listener| listener.status != crate::profile::Status::DoNotDisturb;
    [own, other].into_iter().all(|listener| is_outside(listener) && is_open(listener))
}
