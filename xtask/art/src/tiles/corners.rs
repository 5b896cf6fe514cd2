//! Terrain that meets other terrain in the middle of a tile, told apart by which corners of the tile it holds.
//!
//! The border between two terrains is where a field, 1 at the corners inside and 0 at those outside, passes a half.
//! On the edge of a tile the field depends on the two corners there alone, so that neighbours always fit.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::dice,
    sheet::{Brush, Sheet},
};

/// Corners inside the terrain: north-west, north-east, south-east, south-west.
pub type Corners = [bool; 4];

/// Pixels of a tile's side.
pub const SIDE: i32 = 16;

/// One tile of a terrain to be drawn.
pub struct Patch {
    corners: Corners,
    /// Laid by masons: borders are straight and cut corners at 45 degrees.
    straight: bool,
    wobble: f32,
    seed: u32,
}

impl Patch {
    /// How far inside the terrain a pixel is: more than 0 inside, and about 1 more with each pixel inwards.
    pub fn inside(&self, x: i32, y: i32) -> f32 {
        let u = (x as f32 + 0.5) / SIDE as f32;
        let v = (y as f32 + 0.5) / SIDE as f32;
        let [nw, ne, se, sw] = self.corners.map(|inside| if inside { 1.0_f32 } else { 0.0 });
        let north = nw + (ne - nw) * u;
        let south = sw + (se - sw) * u;
        let field = if self.straight { self.flat(u, v) } else { north + (south - north) * v };
        // No wobble on the tile's edge, where it would have to agree with the neighbour's.
        let window = (16.0 * u * (1.0 - u) * v * (1.0 - v)).clamp(0.0, 1.0);
        (field - 0.5) * SIDE as f32 + self.wobble * window * self.noise(x, y)
    }

    /// The field made of two triangles instead of a curved sheet; the same on the tile's edges.
    fn flat(&self, u: f32, v: f32) -> f32 {
        let [nw, ne, se, sw] = self.corners.map(|inside| if inside { 1.0_f32 } else { 0.0 });
        // The fold runs between the two corners next to the odd one out.
        let odd_is_nw_or_se = (ne - sw).abs() < f32::EPSILON;
        if odd_is_nw_or_se {
            if u + v < 1.0 {
                nw + (ne - nw) * u + (sw - nw) * v
            } else {
                se + (sw - se) * (1.0 - u) + (ne - se) * (1.0 - v)
            }
        } else if u > v {
            ne + (nw - ne) * (1.0 - u) + (se - ne) * v
        } else {
            sw + (se - sw) * u + (nw - sw) * (1.0 - v)
        }
    }

    /// Smooth noise from -1 to 1.
    fn noise(&self, x: i32, y: i32) -> f32 {
        let at = |cx: i32, cy: i32| (dice(cx, cy, self.seed) % 1000) as f32 / 500.0 - 1.0;
        let (fx, fy) = (x as f32 / 4.0, y as f32 / 4.0);
        let (cx, cy) = (fx.floor(), fy.floor());
        let (u, v) = (fx - cx, fy - cy);
        let (cx, cy) = (cx as i32, cy as i32);
        let north = at(cx, cy) * (1.0 - u) + at(cx + 1, cy) * u;
        let south = at(cx, cy + 1) * (1.0 - u) + at(cx + 1, cy + 1) * u;
        north * (1.0 - v) + south * v
    }

    /// The seed of this tile's variations.
    pub fn seed(&self) -> u32 {
        self.seed
    }

    /// Whether all of the tile is inside.
    pub fn is_full(&self) -> bool {
        self.corners == [true; 4]
    }

    /// A picture of the tile, pixel by pixel.
    pub fn draw(&self, pixel: impl Fn(&Self, i32, i32) -> Rgba) -> Canvas {
        let mut canvas = Canvas::new(SIDE, SIDE);
        for y in 0..SIDE {
            for x in 0..SIDE {
                canvas.put(x, y, pixel(self, x, y));
            }
        }
        canvas
    }
}

/// Draws all tiles of a terrain: `NAME-1100` and so on by corners, the letters `b`, `c` … for variations.
pub fn add_terrain(
    sheet: &mut Sheet,
    (name, colour): (&'static str, &'static str),
    wobble: f32,
    full_variants: u32,
    draw: impl Fn(&Patch) -> Canvas,
) {
    let mut tiles = Vec::new();
    for mask in 1..16_u32 {
        let corners = [8, 4, 2, 1].map(|bit| mask & bit != 0);
        let variants = if mask == 15 { full_variants } else { 2 };
        for variant in 0..variants {
            let patch = Patch { corners, straight: wobble == 0.0, wobble, seed: mask * 31 + variant * 7 };
            let letter = ["", "b", "c", "d", "e", "f"][variant as usize % 6];
            tiles.push((sheet.add(format!("{name}-{mask:04b}{letter}"), draw(&patch)), corners));
        }
    }
    sheet.brush(Brush { name, colour, tiles });
}

#[cfg(test)]
mod tests {
    use super::{Patch, SIDE};

    /// Two tiles whose facing corners agree show the border at the same place on both sides of their common edge.
    #[test]
    fn neighbours_agree_where_they_touch() {
        for straight in [false, true] {
            let wobble = if straight { 0.0 } else { 5.0 };
            let patch = |mask: u32, seed| {
                let corners = [8, 4, 2, 1].map(|bit| mask & bit != 0);
                Patch { corners, straight, wobble, seed }
            };
            for left in 0..16 {
                for right in 0..16 {
                    let (left, right) = (patch(left, 1), patch(right, 2));
                    let [_, north_east, south_east, _] = left.corners;
                    let [north_west, _, _, south_west] = right.corners;
                    if (north_east, south_east) != (north_west, south_west) {
                        continue;
                    }
                    for y in 0..SIDE {
                        let step = (left.inside(SIDE - 1, y) - right.inside(0, y)).abs();
                        assert!(step < 2.5, "a step of {step} pixels at {y}");
                    }
                }
            }
        }
    }
}
