//! Where everybody is, as far as calls need to know.

use std::collections::HashMap;

use shared::{
    identity::UserId,
    map::{Map, Rectangle, Zone},
    position::{PIXELS_PER_TILE, Point},
    profile::Status,
    protocol::Number,
    proximity::{Bystander, Hearing, hearing, is_shared},
};

/// From here on, in tiles from a room, the path for its call is set up: whoever walks straight in takes a second. The
/// relay accepts it from further on.
const NEAR_TILES: f32 = 4.0;

/// Everybody who is here, at one moment.
pub struct Scene<'a> {
    /// The map they are on.
    pub map: &'a Map,
    /// Oneself.
    pub own: Bystander,
    /// Everybody else who is online.
    pub others: Vec<Bystander>,
    /// How the relay calls those who are here.
    pub numbers: HashMap<Number, UserId>,
}

/// Where one is, as far as the calls of rooms go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// In a room of that name, whose people share a call.
    Inside(String),
    /// Outside, and about to walk into one.
    Near,
    /// Elsewhere.
    Away,
    /// Nowhere, or not to be disturbed.
    #[default]
    Apart,
}

impl Scene<'_> {
    /// Where one is.
    pub(super) fn place(&self) -> Place {
        let Bystander { listener, .. } = self.own;
        if listener.status == Status::DoNotDisturb {
            return Place::Apart;
        }
        if let Some(room) = self.room() {
            return Place::Inside(room.name.clone());
        }
        let mut rooms = self.map.zones.iter().filter(|zone| is_shared(zone));
        let is_near = rooms.any(|zone| tiles_to(zone.area, listener.point) <= NEAR_TILES);
        if is_near { Place::Near } else { Place::Away }
    }

    /// The room one is in, if its people share a call.
    fn room(&self) -> Option<&Zone> {
        self.map.zone_at(self.own.listener.point.nearest_position()).filter(|zone| is_shared(zone))
    }

    /// How loud somebody is by distance, 0 to 1, outside of rooms.
    pub fn gain(&self, user_id: UserId) -> f32 {
        let other = self.others.iter().find(|other| other.user_id == user_id);
        let hearing = other.map(|other| hearing(self.map, self.own.listener, other.listener));
        match hearing {
            Some(hearing @ Hearing::Apart(_)) => hearing.gain(),
            // A room has one call for all who are inside.
            Some(Hearing::SameRoom | Hearing::Cut) | None => 0.0,
        }
    }
}

/// How far a place is from a room, in tiles in a straight line; 0 inside.
fn tiles_to(area: Rectangle, point: Point) -> f32 {
    let (x, y) = point.tiles();
    let tiles = |pixels: i32| pixels as f32 / PIXELS_PER_TILE as f32;
    let beyond = |at: f32, from: i32, to: i32| (tiles(from) - at).max(at - tiles(to)).max(0.0);
    beyond(x, area.x, area.right()).hypot(beyond(y, area.y, area.bottom()))
}

#[cfg(test)]
mod tests {
    use shared::position::Position;

    use super::*;

    #[test]
    fn the_distance_to_a_room_is_to_its_nearest_side_or_corner() {
        let area = Rectangle { x: 160, y: 160, width: 160, height: 80 };
        for (x, y, tiles) in [(200, 200, 0.0), (160, 240, 0.0), (96, 200, 4.0), (352, 200, 2.0), (112, 96, 5.0)] {
            let found = tiles_to(area, Position::new(x, y).into());
            assert!((found - tiles).abs() < 1e-5, "{x} {y}: {found}");
        }
    }
}
