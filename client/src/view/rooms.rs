//! The rooms of the campus, as a list.

use std::collections::HashMap;

use shared::proximity::is_shared;

use crate::{
    session::{Session, Time},
    words::{fill, room_name, words},
};

/// A room in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its name on the map.
    pub zone: String,
    /// What people call it.
    pub name: String,
    /// How many are in it, oneself included.
    pub people: usize,
    /// Whether oneself is.
    pub is_own: bool,
    /// Whether its call takes nobody else, so that one does not get in.
    pub is_full: bool,
}

impl Room {
    /// Who is in it, in words.
    pub fn detail(&self) -> String {
        let words = words();
        let people = match self.people {
            0 => words.room_empty.to_owned(),
            1 => words.room_one.to_owned(),
            count => fill(words.room_people, "count", &count.to_string()),
        };
        match (self.is_own, self.is_full) {
            (true, _) => format!("{people} · {}", words.room_own),
            (false, true) => format!("{people} · {}", words.room_takes_nobody),
            (false, false) => people,
        }
    }
}

/// All rooms, in the map's order; none before the map is there.
pub(super) fn rooms(session: &Session, now: Time) -> Vec<Room> {
    let Some(map) = session.map() else { return Vec::new() };
    let others = session.roster().people().filter(|person| person.online);
    let others = others.map(|person| person.pose(Some(&map.collision), now));
    let mut people: HashMap<&str, usize> = HashMap::new();
    for pose in others.chain(session.own_pose(now)) {
        if let Some(zone) = map.zone_at(pose.point.nearest_position()) {
            *people.entry(&zone.name).or_default() += 1;
        }
    }
    let own = session.room(now);
    let rooms = map.zones.iter().map(|zone| {
        let people = people.get(zone.name.as_str()).copied().unwrap_or_default();
        let is_own = own == Some(zone.name.as_str());
        Room {
            zone: zone.name.clone(),
            name: room_name(&zone.name),
            people,
            is_own,
            is_full: is_shared(zone) && !is_own && people >= zone.capacity as usize,
        }
    });
    rooms.collect()
}
