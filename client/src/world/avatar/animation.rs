//! Which cell of its strip an avatar shows.

use bevy::math::{URect, UVec2};
use shared::position::Direction;

use crate::session::Time;

/// Pixels of a cell.
pub(super) const CELL: UVec2 = UVec2::new(20, 28);
/// Where the feet are in a cell, from its top left.
pub(super) const FEET: UVec2 = UVec2::new(10, 25);
/// Cells for each direction: standing, a step with one foot, a step with the other.
const CELLS: u32 = 3;
/// How long a step or the moment between two is shown: at 4 tiles a second a stride of two steps is two tiles.
const BEAT: Time = Time::from_millis(125);
/// A stride, beginning with a step so that setting out is seen at once.
const STRIDE: [u32; 4] = [1, 0, 2, 0];

/// The cell in a strip, for somebody who looks there and walks since that time, or stands.
pub(super) fn cell(direction: Direction, walking_since: Option<Time>, now: Time) -> URect {
    let first = match direction {
        Direction::Down => 0,
        Direction::Left => 1,
        Direction::Right => 2,
        Direction::Up => 3,
    };
    let step = walking_since.map_or(0, |since| {
        let beats = now.saturating_sub(since).as_millis() / BEAT.as_millis();
        STRIDE[(beats % STRIDE.len() as u128) as usize]
    });
    let corner = UVec2::new((first * CELLS + step) * CELL.x, 0);
    URect::from_corners(corner, corner + CELL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::sheet::STRIP;

    #[test]
    fn a_stride_is_step_stand_step_stand() {
        let shown = |millis| cell(Direction::Left, Some(Time::ZERO), Time::from_millis(millis)).min.x / CELL.x - CELLS;
        assert_eq!([0, 124, 125, 250, 375, 500].map(shown), [1, 1, 0, 2, 0, 1]);
        assert_eq!(cell(Direction::Left, None, Time::from_secs(3)).min.x, CELLS * CELL.x);
    }

    #[test]
    fn every_cell_is_in_the_strip() {
        for direction in Direction::ALL {
            for millis in [0, 250] {
                let cell = cell(direction, Some(Time::ZERO), Time::from_millis(millis));
                assert!(cell.max.cmple(STRIP).all(), "{direction:?}: {cell:?}");
            }
        }
    }
}
