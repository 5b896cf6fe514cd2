//! With whom one talks: those in reach, for as long as they stay there, and not too many.
//!
//! Everybody computes this for themselves from the same places, so both ends of a pair come to the same result within
//! the time a movement takes to travel. What only one of them knows ([`Acquaintance`]) the other is told: see
//! [`Neighbours::invites`].

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{
    Hearing, LET_GO_AFTER, LET_GO_BEYOND_TILES, Listener, PREPARE_WITHIN_TILES, SILENT_FROM_TILES,
    UNPREPARED_BEYOND_TILES, hearing_within, is_in_the_open,
};
use crate::{identity::UserId, limits::CALLS, map::Map};

/// Somebody who may be near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bystander {
    /// Who.
    pub user_id: UserId,
    /// Where, and whether they want to be spoken to.
    pub listener: Listener,
}

/// What one knows of others that nobody sees by where they stand.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    /// Whom one has blocked: one never talks with them.
    pub barred: HashSet<UserId>,
    /// Those whose machines do not answer, as those of bots never do. They are welcome if they begin to.
    pub mute: HashSet<UserId>,
    /// Those who say that they invite oneself, see [`Neighbours::invites`].
    pub hosts: HashSet<UserId>,
}

/// The people one talks with outside of rooms.
///
/// A pair talks from [`SILENT_FROM_TILES`] on, if each is among the other's nearest [`CALLS`]. It goes on until they
/// are out of reach ([`LET_GO_BEYOND_TILES`], a wall, too many others nearer) for [`LET_GO_AFTER`]. A room's door and
/// *do not disturb* end it at once: whoever chose to be alone is not listened to for another second.
///
/// Whoever is not to be disturbed, is blocked or does not answer takes up none of one's places.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    talking: Kept,
    /// Those talked with, and those about to be: the call with them is prepared.
    prepared: Kept,
    invited: HashSet<UserId>,
}

impl Neighbours {
    /// Looks who is near at that time.
    pub fn update(&mut self, map: &Map, now: Duration, own: Bystander, others: &[Bystander], known: &Acquaintance) {
        let is_barred = |user_id: UserId| known.barred.contains(&user_id);
        // Those about whoever one might talk with: in a crowd few of all who are here.
        let is_around = |other: &&Bystander| {
            own.listener.point.distance_tiles(other.listener.point) <= 2.0 * UNPREPARED_BEYOND_TILES
        };
        let around: Vec<_> = others.iter().filter(is_around).copied().collect();
        let welcome: Vec<_> = around.iter().copied().filter(|other| !is_barred(other.user_id)).collect();
        let answering: Vec<_> = welcome.iter().copied().filter(|other| !known.mute.contains(&other.user_id)).collect();
        // As it looks to everybody else.
        let apparent = nearest(map, own, &around);
        let mut near = nearest(map, own, &answering);
        let is_apparent = |user_id: UserId| apparent.iter().any(|(other, _)| other.user_id == user_id);
        self.invited = near.iter().map(|(other, _)| other.user_id).filter(|user_id| !is_apparent(*user_id)).collect();
        // Those who do not answer are called on all the same, as many as there would be places for.
        near.extend(nearest(map, own, &welcome).into_iter().filter(|(other, _)| known.mute.contains(&other.user_id)));
        let is_mutual = |other: &Bystander| {
            let rest = around.iter().copied().filter(|third| third.user_id != other.user_id);
            let around_them: Vec<_> = rest.chain([own]).collect();
            nearest(map, *other, &around_them).iter().any(|(third, _)| third.user_id == own.user_id)
        };
        let reached = near.into_iter().filter(|(other, _)| known.hosts.contains(&other.user_id) || is_mutual(other));
        let reached: HashMap<_, _> = reached.map(|(other, tiles)| (other.user_id, tiles)).collect();
        let lingers = |user_id: UserId| {
            let other = others.iter().find(|other| other.user_id == user_id);
            !is_barred(user_id) && other.is_some_and(|other| may_linger(map, own.listener, other.listener))
        };
        self.talking.update(now, &reached, lingers, (SILENT_FROM_TILES, LET_GO_BEYOND_TILES));
        self.prepared.update(now, &reached, lingers, (PREPARE_WITHIN_TILES, UNPREPARED_BEYOND_TILES));
    }

    /// Whether one talks with that person.
    pub fn contains(&self, user_id: UserId) -> bool {
        self.talking.contains(user_id)
    }

    /// Whether one talks with that person, or is about to: the call should stand when it is wanted.
    pub fn prepares(&self, user_id: UserId) -> bool {
        self.contains(user_id) || self.prepared.contains(user_id)
    }

    /// Whether one has a place for that person though it does not look so to them: some who are nearer take up none.
    /// They are to be told, and then take oneself for mutual ([`Acquaintance::hosts`]).
    pub fn invites(&self, user_id: UserId) -> bool {
        self.invited.contains(&user_id)
    }

    /// All one talks with, in no order.
    pub fn iter(&self) -> impl Iterator<Item = UserId> {
        self.talking.iter()
    }

    /// All with whom something is to be done: one talks with them, is about to, or invites them. In no order.
    pub fn all(&self) -> HashSet<UserId> {
        self.talking.iter().chain(self.prepared.iter()).chain(self.invited.iter().copied()).collect()
    }

    /// When somebody is let go if nothing changes.
    pub fn next_timeout(&self) -> Option<Duration> {
        [&self.talking, &self.prepared].into_iter().filter_map(Kept::next_timeout).min()
    }

    /// Lets everybody go.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// People who are kept for a moment when they are out of reach.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// Since when each has been out of reach, if they are.
    out_of_reach_since: HashMap<UserId, Option<Duration>>,
}

impl Kept {
    /// Of those who are `reached`, so many tiles away, takes in who comes nearer than the first of the two distances,
    /// and keeps who stays nearer than the second. Of the others those who may linger are kept for a moment.
    fn update(
        &mut self,
        now: Duration,
        reached: &HashMap<UserId, f32>,
        lingers: impl Fn(UserId) -> bool,
        (begin_tiles, end_tiles): (f32, f32),
    ) {
        self.out_of_reach_since.retain(|user_id, since| {
            if reached.get(user_id).is_some_and(|tiles| *tiles <= end_tiles) {
                *since = None;
                return true;
            }
            let since = *since.get_or_insert(now);
            lingers(*user_id) && now < since + LET_GO_AFTER
        });
        for (user_id, _) in reached.iter().filter(|(_, tiles)| **tiles <= begin_tiles) {
            self.out_of_reach_since.entry(*user_id).or_default();
        }
    }

    fn contains(&self, user_id: UserId) -> bool {
        self.out_of_reach_since.contains_key(&user_id)
    }

    fn iter(&self) -> impl Iterator<Item = UserId> {
        self.out_of_reach_since.keys().copied()
    }

    fn next_timeout(&self) -> Option<Duration> {
        self.out_of_reach_since.values().filter_map(|since| Some((*since)? + LET_GO_AFTER)).min()
    }
}

/// The nearest [`CALLS`] in reach, with their distances in tiles, the nearest first.
fn nearest(map: &Map, own: Bystander, others: &[Bystander]) -> Vec<(Bystander, f32)> {
    let distance = |other: &Bystander| own.listener.point.distance_tiles(other.listener.point);
    let mut near: Vec<_> = others.iter().map(|other| (*other, distance(other))).collect();
    near.retain(|(_, tiles)| *tiles <= UNPREPARED_BEYOND_TILES);
    // Of two at the same distance everybody must choose the same.
    near.sort_by(|(a, a_tiles), (b, b_tiles)| a_tiles.total_cmp(b_tiles).then(a.user_id.cmp(&b.user_id)));
    // Rays cost more than distances: they are drawn for the nearest alone.
    let in_reach = |(other, _): &(Bystander, f32)| {
        is_pairwise(hearing_within(map, own.listener, other.listener, UNPREPARED_BEYOND_TILES))
    };
    near.into_iter().filter(in_reach).take(CALLS).collect()
}

/// Whether two people talk with one another alone, and not with a whole room.
const fn is_pairwise(hearing: Hearing) -> bool {
    matches!(hearing, Hearing::Apart(_))
}

/// Whether two who are out of reach may still hear each other for a moment: not if one of them left for a room, or
/// does not want to be disturbed.
fn may_linger(map: &Map, own: Listener, other: Listener) -> bool {
    is_in_the_open(map, own) && is_in_the_open(map, other)
}
