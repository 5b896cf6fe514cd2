//! Who would hear what is said nearby, or in a room.

use shared::{
    map::Map,
    profile::Status,
    proximity::{Listener, hearing, is_shared},
};

use crate::{
    session::{Session, Time},
    words::{self, words},
};

/// So many are named; of the rest there is a number.
const NAMED: usize = 3;

/// Who would hear what is said nearby, in words.
pub(super) fn about(session: &Session, now: Time) -> String {
    let words = words();
    let status = session.profile().map_or(Status::Available, |profile| profile.status);
    if status == Status::DoNotDisturb {
        return words.near_not_disturbed.to_owned();
    }
    let names = hearers(session, now);
    let in_quiet = || {
        let position = session.own_pose(now)?.point.nearest_position();
        session.map()?.zone_at(position).map(|zone| !is_shared(zone))
    };
    if names.is_empty() {
        let sentence = if in_quiet() == Some(true) { words.near_quiet } else { words.near_nobody };
        return sentence.to_owned();
    }
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => words::fill(words.near_heard_by, "names", &first),
        1 => words::fill(words.near_heard_by_one_more, "names", &first),
        more => words::fill_all(words.near_heard_by_more, &[("names", &first), ("count", &more.to_string())]),
    }
}

/// The names of those who would hear it, the nearest first.
fn hearers(session: &Session, now: Time) -> Vec<&str> {
    let (Some(map), Some(own), Some(profile)) = (session.map(), session.own_pose(now), session.profile()) else {
        return Vec::new();
    };
    let map: &Map = map;
    let oneself = Listener { point: own.point, status: profile.status };
    let mut heard: Vec<_> = session
        .roster()
        .people()
        .filter(|person| person.online && !person.is_blocked)
        .filter_map(|person| {
            let point = person.pose(Some(&map.collision), now).point;
            let other = Listener { point, status: person.profile.status };
            let is_heard = hearing(map, oneself, other).gain() > 0.0;
            is_heard.then(|| (own.point.distance_tiles(point), person.profile.name.as_str()))
        })
        .collect();
    heard.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    heard.into_iter().map(|(_, name)| name).collect()
}

/// How many others are in that room.
pub(super) fn in_room(session: &Session, now: Time, room: &str) -> usize {
    let Some(map) = session.map() else { return 0 };
    let is_there = |person: &&crate::session::roster::Person| {
        let position = person.pose(Some(&map.collision), now).point.nearest_position();
        person.online && map.zone_at(position).is_some_and(|zone| zone.name == room)
    };
    session.roster().people().filter(is_there).count()
}
