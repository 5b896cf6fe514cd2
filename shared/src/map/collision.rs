//! Where one can stand: a grid of all pixels, one bit each, made once from the map's shapes.
//!
//! A body is a box of [`BODY_WIDTH`] by [`BODY_HEIGHT`] pixels around the feet. Instead of testing boxes against
//! shapes, each shape is grown by half a body, and a walker is a point among the grown shapes. All sizes are whole
//! pixels, so it is enough to know for each crossing of the pixel grid whether it is free, and a step from one free
//! crossing to the next never enters a shape: a shape that was in between would be thinner than a body.

use crate::position::{PIXELS_PER_TILE, Position};

/// Pixels from left to right that a body takes.
pub const BODY_WIDTH: i32 = 10;

/// Pixels from back to front that a body takes.
pub const BODY_HEIGHT: i32 = 6;

/// A rectangle in pixels of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// Pixels from the left edge of the map to its left side.
    pub x: i32,
    /// Pixels from the top edge of the map to its top side.
    pub y: i32,
    /// Pixels from left to right.
    pub width: i32,
    /// Pixels from top to bottom.
    pub height: i32,
}

impl Rectangle {
    /// The first pixel past the right side.
    pub const fn right(self) -> i32 {
        self.x + self.width
    }

    /// The first pixel past the bottom side.
    pub const fn bottom(self) -> i32 {
        self.y + self.height
    }

    /// Whether the two share any area.
    pub const fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether the place is inside or on the left or top side.
    pub fn contains(self, position: Position) -> bool {
        let (x, y) = (i32::from(position.x), i32::from(position.y));
        (self.x..self.right()).contains(&x) && (self.y..self.bottom()).contains(&y)
    }
}

/// A thing one cannot walk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it covers.
    pub area: Rectangle,
    /// Whether sound ends here too: at walls it does, at benches and trees it does not.
    pub blocks_sound: bool,
}

/// Which places of a map are free to stand on.
#[derive(Clone, Debug)]
pub struct Collision {
    columns: i32,
    rows: i32,
    blocked: Vec<u64>,
}

impl Collision {
    /// The free places of a map of that many tiles with these shapes in it.
    pub fn new(width_tiles: u32, height_tiles: u32, shapes: &[Shape]) -> Self {
        // A crossing more than pixels on each axis: the right and bottom edges count too.
        let columns = width_tiles as i32 * PIXELS_PER_TILE + 1;
        let rows = height_tiles as i32 * PIXELS_PER_TILE + 1;
        let words = (columns as usize * rows as usize).div_ceil(64);
        let mut grid = Self { columns, rows, blocked: vec![0; words] };
        let (half_width, half_height) = (BODY_WIDTH / 2, BODY_HEIGHT / 2);
        // A body reaches neither over the edge of the map ...
        grid.block(0, 0, half_width, rows);
        grid.block(columns - half_width, 0, columns, rows);
        grid.block(0, 0, columns, half_height);
        grid.block(0, rows - half_height, columns, rows);
        // ... nor into a shape; touching is allowed, so the sides of the grown shape stay free.
        for Shape { area, .. } in shapes {
            grid.block(
                area.x - half_width + 1,
                area.y - half_height + 1,
                area.right() + half_width,
                area.bottom() + half_height,
            );
        }
        grid
    }

    /// The largest x and y that are still on the map, in pixels.
    pub fn size(&self) -> (i32, i32) {
        (self.columns - 1, self.rows - 1)
    }

    fn block(&mut self, left: i32, top: i32, right: i32, bottom: i32) {
        for y in top.max(0)..bottom.min(self.rows) {
            for x in left.max(0)..right.min(self.columns) {
                let bit = self.bit(x, y);
                self.blocked[bit / 64] |= 1 << (bit % 64);
            }
        }
    }

    fn bit(&self, x: i32, y: i32) -> usize {
        y as usize * self.columns as usize + x as usize
    }

    /// Whether one can stand on the crossing of the pixel grid at `x`, `y`; nowhere outside of the map.
    pub fn is_free(&self, x: i32, y: i32) -> bool {
        let inside = (0..self.columns).contains(&x) && (0..self.rows).contains(&y);
        inside && {
            let bit = self.bit(x, y);
            self.blocked[bit / 64] >> (bit % 64) & 1 == 0
        }
    }

    /// Whether one can stand there.
    pub fn is_walkable(&self, position: Position) -> bool {
        self.is_free(i32::from(position.x), i32::from(position.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_touches_a_shape_and_does_not_enter_it() {
        let wall = Shape { area: Rectangle { x: 32, y: 32, width: 16, height: 16 }, blocks_sound: true };
        let collision = Collision::new(5, 5, &[wall]);
        assert!(collision.is_free(27, 40), "left of it");
        assert!(!collision.is_free(28, 40));
        assert!(collision.is_free(53, 40), "right of it");
        assert!(!collision.is_free(52, 40));
        assert!(collision.is_free(40, 29), "above it");
        assert!(!collision.is_free(40, 30));
        assert!(collision.is_free(40, 51), "below it");
        assert!(!collision.is_free(40, 50));
    }

    #[test]
    fn a_body_stays_on_the_map() {
        let collision = Collision::new(2, 2, &[]);
        assert!(collision.is_free(5, 3) && collision.is_free(27, 29));
        assert!(!collision.is_free(4, 3) && !collision.is_free(5, 2));
        assert!(!collision.is_free(28, 29) && !collision.is_free(27, 30));
        assert!(!collision.is_free(-1, 16) && !collision.is_free(i32::MAX, i32::MIN));
    }
}
