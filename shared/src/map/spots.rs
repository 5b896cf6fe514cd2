//! Where to stand beside others, so that nobody hides anybody.

use super::Map;
use crate::position::{PIXELS_PER_TILE, Point, Position};

/// Nearer than this to somebody, in tiles, one would hide them.
pub const ELBOW_ROOM_TILES: f32 = 0.75;

/// So far apart, in tiles, the names over two heads seldom touch.
pub const NAME_ROOM_TILES: f32 = 1.5;

/// How far from the place itself, in tiles to each side.
const REACH_TILES: i32 = 3;

impl Map {
    /// The spot nearest to `place` that is so many tiles `apart` from everybody who stands at `taken`, in the same room and
    /// a straight walk away; none if there is none within a few tiles. Those to the sides come before those above and
    /// below: avatars are higher than wide.
    pub fn spot_at(&self, place: Position, taken: &[Position], apart: f32) -> Option<Position> {
        let is_free = |spot: &Position| {
            let tiles = |other: &Position| Point::from(*other).distance_tiles(Point::from(*spot));
            taken.iter().all(|other| tiles(other) >= apart)
        };
        let mut steps: Vec<_> =
            (-REACH_TILES..=REACH_TILES).flat_map(|y| (-REACH_TILES..=REACH_TILES).map(move |x| (x, y))).collect();
        steps.sort_by_key(|(x, y)| (x * x + y * y, y.abs(), -x, -y));
        let spots = steps.into_iter().filter_map(|(x, y)| moved(place, x * PIXELS_PER_TILE, y * PIXELS_PER_TILE));
        let mut spots = spots.filter(|spot| self.is_a_straight_walk(place, *spot));
        spots.find(is_free)
    }

    /// Whether one can stand everywhere on the straight way, and stays in the same room.
    fn is_a_straight_walk(&self, from: Position, to: Position) -> bool {
        let zone = |position| self.zone_at(position).map(|zone| zone.name.as_str());
        let (x, y) = (i32::from(to.x) - i32::from(from.x), i32::from(to.y) - i32::from(from.y));
        let pixels = x.abs().max(y.abs()).max(1);
        let mut on_the_way = (0..=pixels).filter_map(|pixel| moved(from, x * pixel / pixels, y * pixel / pixels));
        zone(from) == zone(to) && on_the_way.all(|position| self.collision.is_walkable(position))
    }
}

fn moved(from: Position, x: i32, y: i32) -> Option<Position> {
    let coordinate = |at: u16, by: i32| u16::try_from(i32::from(at) + by).ok();
    Some(Position::new(coordinate(from.x, x)?, coordinate(from.y, y)?))
}
