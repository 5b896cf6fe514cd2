//! Where things are: whole pixels of the art on the wire and at rest, exact points in between while walking.

use serde::{Deserialize, Serialize};

/// Pixels of the art, and units of [`Position`], on a side of a tile.
pub const PIXELS_PER_TILE: i32 = 16;

/// Units of [`Point`] on a side of a tile. A walker covers 4 tiles a second, so this makes one unit of way of one
/// microsecond of time, and all arithmetic of movement is exact.
pub const UNITS_PER_TILE: i32 = 250_000;

/// Units of [`Point`] on a side of a pixel.
pub const UNITS_PER_PIXEL: i32 = UNITS_PER_TILE / PIXELS_PER_TILE;

/// A place on the grid of 1/16 tile: where people stand, and where each straight walk begins.
///
/// The origin is the top left of the map, `y` grows downwards, as in the map editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// 1/16 tiles from the left edge.
    pub x: u16,
    /// 1/16 tiles from the top edge.
    pub y: u16,
}

impl Position {
    /// The place so many 1/16 tiles from the left and the top.
    pub const fn new(x: u16, y: u16) -> Self {
        Self { x, y }
    }

    /// The nearest place on the grid to one given in tiles; values off the scale end at its ends.
    pub fn from_tiles(x: f32, y: f32) -> Self {
        // A cast from float saturates, and makes 0 of what is no number.
        let grid = |tiles: f32| (tiles * PIXELS_PER_TILE as f32).round() as u16;
        Self { x: grid(x), y: grid(y) }
    }

    /// Tiles from the left and the top.
    pub fn tiles(self) -> (f32, f32) {
        Point::from(self).tiles()
    }

    /// The tile it is in: column and row.
    pub fn tile(self) -> (u32, u32) {
        let tile = |grid: u16| u32::from(grid) / PIXELS_PER_TILE as u32;
        (tile(self.x), tile(self.y))
    }
}

/// An exact place between the grid's, in 1/250 000 tile (see [`UNITS_PER_TILE`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// Units from the left edge.
    pub x: i32,
    /// Units from the top edge.
    pub y: i32,
}

impl From<Position> for Point {
    fn from(position: Position) -> Self {
        Self { x: i32::from(position.x) * UNITS_PER_PIXEL, y: i32::from(position.y) * UNITS_PER_PIXEL }
    }
}

impl Point {
    /// Tiles from the left and the top.
    pub fn tiles(self) -> (f32, f32) {
        (self.x as f32 / UNITS_PER_TILE as f32, self.y as f32 / UNITS_PER_TILE as f32)
    }

    /// The nearest place on the grid. Off the scale it ends at the scale's ends.
    pub fn nearest_position(self) -> Position {
        let grid = |units: i32| {
            let pixels = (units + UNITS_PER_PIXEL / 2).div_euclid(UNITS_PER_PIXEL);
            pixels.clamp(0, i32::from(u16::MAX)) as u16
        };
        Position { x: grid(self.x), y: grid(self.y) }
    }

    /// Euclidean distance to another point, in tiles.
    pub fn distance_tiles(self, other: Self) -> f32 {
        let ((ax, ay), (bx, by)) = (self.tiles(), other.tiles());
        (ax - bx).hypot(ay - by)
    }
}

/// The four ways to look and to walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Towards the left edge of the map.
    Left,
    /// Towards the right edge.
    Right,
    /// Towards the top edge, away from the beholder.
    Up,
    /// Towards the bottom edge, facing the beholder.
    #[default]
    Down,
}

impl Direction {
    /// All four, in the order of their numbers on the wire.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// One step that way: to the right, and downwards.
    pub const fn step(self) -> (i32, i32) {
        match self {
            Self::Left => (-1, 0),
            Self::Right => (1, 0),
            Self::Up => (0, -1),
            Self::Down => (0, 1),
        }
    }

    /// The directions to either side, always in the same order.
    pub const fn sides(self) -> [Self; 2] {
        match self {
            Self::Left | Self::Right => [Self::Up, Self::Down],
            Self::Up | Self::Down => [Self::Left, Self::Right],
        }
    }

    /// Whether it leads left or right.
    pub const fn is_horizontal(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_between_two_pixels_goes_to_the_nearer() {
        let point = |x| Point { x, y: 0 }.nearest_position().x;
        assert_eq!(point(UNITS_PER_PIXEL * 3 + 7_812), 3);
        assert_eq!(point(UNITS_PER_PIXEL * 3 + 7_813), 4);
        assert_eq!(point(-UNITS_PER_PIXEL * 5), 0);
        assert_eq!(point(i32::MAX - UNITS_PER_PIXEL), u16::MAX);
    }

    #[test]
    fn tiles_are_read_back_as_given() {
        assert_eq!(Position::from_tiles(12.5, 30.0), Position::new(200, 480));
        assert_eq!(Position::new(200, 480).tiles(), (12.5, 30.0));
        assert_eq!(Position::from_tiles(f32::NAN, f32::INFINITY), Position::new(0, u16::MAX));
        assert_eq!(Position::from_tiles(-3.0, 5000.0), Position::new(0, u16::MAX));
    }
}
