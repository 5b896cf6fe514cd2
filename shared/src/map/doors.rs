//! The doors of rooms: where one can walk over the outline of a room. No map says where they are; its walls do.

use super::{Collision, Rectangle, Zone};
use crate::position::Position;

/// So far, in pixels, one must be able to walk straight in from the outline of a room ...
const IN: i32 = 4;

/// ... and straight out: through a wall, which begins a little outside of it.
const OUT: i32 = 24;

/// Where one walks into a room and out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// The place of its room among the map's.
    pub zone: usize,
    /// Its middle, on the outline of the room.
    pub position: Position,
}

/// The doors of all rooms.
pub(super) fn doors(collision: &Collision, zones: &[Zone]) -> Vec<Door> {
    let of = |(zone, area): (usize, Rectangle)| {
        middles(collision, area).into_iter().map(move |position| Door { zone, position })
    };
    zones.iter().map(|zone| zone.area).enumerate().flat_map(of).collect()
}

/// The middle of each gap in the walls around an area.
fn middles(collision: &Collision, area: Rectangle) -> Vec<Position> {
    let Rectangle { x: left, y: top, .. } = area;
    let (right, bottom) = (area.right(), area.bottom());
    let is_open = |(x, y): (i32, i32), (dx, dy): (i32, i32)| {
        (-IN..=OUT).all(|step| collision.is_free(x + dx * step, y + dy * step))
    };
    let mut middles = Vec::new();
    for (y, outwards) in [(top, -1), (bottom, 1)] {
        let gaps = gaps(left..right, |x| is_open((x, y), (0, outwards)));
        middles.extend(gaps.map(|x| (x, y)));
    }
    for (x, outwards) in [(left, -1), (right, 1)] {
        let gaps = gaps(top..bottom, |y| is_open((x, y), (outwards, 0)));
        middles.extend(gaps.map(|y| (x, y)));
    }
    middles.into_iter().map(|(x, y)| Position::new(x as u16, y as u16)).collect()
}

/// The middle of each run of open places.
fn gaps(mut places: std::ops::Range<i32>, is_open: impl Fn(i32) -> bool) -> impl Iterator<Item = i32> {
    let end = places.end;
    std::iter::from_fn(move || {
        let first = places.find(|at| is_open(*at))?;
        let after = places.find(|at| !is_open(*at)).unwrap_or(end);
        Some(i32::midpoint(first, after - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::Shape;

    #[test]
    fn a_door_is_in_the_middle_of_each_gap_in_the_walls() {
        let area = Rectangle { x: 160, y: 160, width: 160, height: 80 };
        let wall = |x, y, width, height| Shape { area: Rectangle { x, y, width, height }, blocks_sound: true };
        let walls = [
            wall(140, 140, 200, 16),
            wall(140, 244, 60, 16),
            // Between them are 40 pixels, of which a body cannot stand on five at each end.
            wall(240, 244, 100, 16),
            wall(140, 140, 16, 120),
            wall(324, 140, 16, 120),
        ];
        let found = middles(&Collision::new(40, 40, &walls), area);
        assert_eq!(found, [Position::new(220, 240)]);
        assert_eq!(middles(&Collision::new(40, 40, &[]), area).len(), 4, "a floor without walls is open on each side");
    }

    #[test]
    fn a_gap_that_nobody_fits_through_is_none() {
        assert_eq!(gaps(0..10, |_| false).count(), 0);
        assert_eq!(gaps(0..10, |at| at == 4 || at >= 6).collect::<Vec<_>>(), [4, 7]);
    }
}
