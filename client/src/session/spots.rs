//! Where to walk to be with somebody, or in a room.

use shared::{
    identity::UserId,
    map::{
        Map,
        spots::{ELBOW_ROOM_TILES, NAME_ROOM_TILES},
    },
    position::Position,
};

use super::{Session, Time, roster::Person};

impl Session {
    /// A spot beside somebody, where one does not hide them; none as long as there is no map, or nobody of that name.
    pub fn spot_beside(&self, user_id: UserId, now: Time) -> Option<Position> {
        let map = self.map()?;
        let person = place(map, now, self.roster().person(user_id)?);
        Some(map.spot_at(person, &self.taken(map, now), ELBOW_ROOM_TILES).unwrap_or(person))
    }

    /// A spot in the room of that name, with room for a name over one's head if there is any; none if there is no such
    /// room.
    pub fn spot_in(&self, room: &str, now: Time) -> Option<Position> {
        let map = self.map()?;
        let zone = map.zones.iter().find(|zone| zone.name == room)?;
        let place = map.place_in(zone)?;
        let taken = self.taken(map, now);
        let spot = |apart| map.spot_at(place, &taken, apart);
        Some(spot(NAME_ROOM_TILES).or_else(|| spot(ELBOW_ROOM_TILES)).unwrap_or(place))
    }

    /// Where everybody else is.
    fn taken(&self, map: &Map, now: Time) -> Vec<Position> {
        self.roster().people().filter(|person| person.online).map(|person| place(map, now, person)).collect()
    }
}

fn place(map: &Map, now: Time, person: &Person) -> Position {
    person.pose(Some(&map.collision), now).edge().position
}

#[cfg(test)]
mod tests {
    use shared::{
        position::Point,
        protocol::{Event, ToClient},
    };

    use super::*;
    use crate::session::tests::{Client, at, participant, person};

    fn join(client: &mut Client, number: u16, place: Position) {
        let edge = Client::standing(place);
        let joined = Event::Joined(Box::new(participant(number, number as u8, "Bob", edge, 0)));
        client.hear(0, &ToClient::Happened(vec![joined]));
    }

    #[test]
    fn every_room_has_a_spot_inside() {
        let client = Client::online();
        assert!(!client.map.zones.is_empty());
        for zone in &client.map.zones {
            let spot = client.session.spot_in(&zone.name, at(0)).expect("a spot");
            assert!(zone.area.contains(spot) && client.map.collision.is_walkable(spot), "{}", zone.name);
        }
        assert_eq!(client.session.spot_in("cellar", at(0)), None);
    }

    #[test]
    fn in_a_room_one_stands_where_nobody_does() {
        let mut client = Client::online();
        for number in 2..6 {
            let spot = client.session.spot_in("meeting-1", at(0)).expect("a spot");
            let apart =
                |other: &Person| Point::from(place(&client.map, at(0), other)).distance_tiles(Point::from(spot));
            assert!(client.session.roster().people().all(|other| apart(other) >= ELBOW_ROOM_TILES), "{spot:?}");
            join(&mut client, number, spot);
        }
    }

    #[test]
    fn beside_somebody_is_not_where_they_are() {
        let mut client = Client::online();
        let bob = client.map.spawn("lounge").expect("a place");
        join(&mut client, 2, bob);
        let spot = client.session.spot_beside(person(2), at(0)).expect("a spot");
        assert!(Point::from(spot).distance_tiles(Point::from(bob)) >= ELBOW_ROOM_TILES);
        assert_eq!(client.session.spot_beside(person(3), at(0)), None);
    }
}
