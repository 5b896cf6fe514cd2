//! The ring on the ground around whoever speaks: an ellipse, since the ground is seen at a slant, lit from above left.

use super::CELL;
use crate::{canvas::Canvas, palette::Palette};

/// Half of the ring's width and height in pixels, to the middle of its line. Feet and shadow fit inside.
const RADII: (f32, f32) = (9.5, 5.5);
/// Half the width of the coloured line, and of the dark one around it, in pixels.
const LINE: f32 = 1.0;
const RIM: f32 = 1.9;

/// A cell with the ring in its middle.
pub(super) fn ring(palette: &Palette) -> Canvas {
    let mut cell = Canvas::new(CELL, CELL);
    let (light, shade, ink) = (palette.colour("sun-1"), palette.colour("sun-2"), palette.colour("ink"));
    for (x, y) in (0..CELL).flat_map(|y| (0..CELL).map(move |x| (x, y))) {
        let (right, down) = (x as f32 + 0.5 - CELL as f32 / 2.0, y as f32 + 0.5 - CELL as f32 / 2.0);
        let off = distance(right, down);
        if off <= LINE {
            // The upper left of it lies in the light.
            cell.put(x, y, if right + 2.0 * down < 0.0 { light } else { shade });
        } else if off <= RIM {
            cell.put(x, y, ink);
        }
    }
    cell
}

/// About how many pixels that is from the ellipse: its equation's value by the length of its gradient.
fn distance(right: f32, down: f32) -> f32 {
    let (width, height) = RADII;
    let value = (right / width).powi(2) + (down / height).powi(2) - 1.0;
    let gradient = 2.0 * (right / width.powi(2)).hypot(down / height.powi(2));
    if gradient > 0.0 { (value / gradient).abs() } else { f32::INFINITY }
}
