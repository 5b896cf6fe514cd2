//! The doors of full rooms are closed: whoever walked in would hear nobody.
//!
//! Where others are is known from their poses, so a door closes and opens as one sees people go in and out. When two go
//! in at the same moment, the relay lets the first take part; see [`crate::media::Media::is_room_full`].

use shared::{map::Map, position::Position, proximity::is_shared};

use super::{Session, Time, walking::ClosedRoom};

impl Session {
    /// The name of the full room one would walk into, and stands before.
    pub fn closed_door(&self) -> Option<&str> {
        self.walker.as_ref()?.at_door()
    }

    /// Closes the doors of full rooms for one who walks, or is about to.
    pub(super) fn look_at_doors(&mut self, now: Time) {
        let (Some(walker), Some(map)) = (&mut self.walker, &self.map) else { return };
        let was_at_door = walker.at_door().is_some();
        let online = self.roster.people().filter(|person| person.online);
        let places = online.map(|person| person.pose(Some(&map.collision), now).point.nearest_position());
        walker.close(map, now, full_rooms(map, &places.collect::<Vec<_>>()));
        if walker.at_door().is_some() != was_at_door {
            self.revision += 1;
        }
    }
}

/// The rooms with as many people as their calls take, when others are at these places.
fn full_rooms(map: &Map, places: &[Position]) -> Vec<ClosedRoom> {
    let rooms = map.zones.iter().filter(|zone| is_shared(zone));
    let full = rooms.filter(|zone| {
        let inside = places.iter().filter(|place| zone.area.contains(**place)).count();
        inside >= zone.capacity as usize
    });
    full.map(|zone| ClosedRoom { name: zone.name.clone(), area: zone.area }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::campus;

    #[test]
    fn a_room_is_full_when_as_many_others_are_in_it_as_it_takes() {
        let map = campus();
        let inside = map.spawn("meeting-1").expect("a place inside");
        let full = |people: usize| full_rooms(&map, &vec![inside; people]);
        assert_eq!(full(7), []);
        let names: Vec<_> = full(8).into_iter().map(|room| room.name).collect();
        assert_eq!(names, ["meeting-1"]);
    }

    #[test]
    fn where_it_is_quiet_there_is_no_call_to_be_full() {
        let map = campus();
        let library = map.spawn("library").expect("a place inside");
        assert_eq!(full_rooms(&map, &[library; 200]), []);
    }
}
