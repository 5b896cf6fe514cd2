//! The speech bubble around a picture.

use super::CELL;
use crate::{
    canvas::Canvas,
    palette::{Palette, Rgba},
};

/// Rows of the bubble without its tail.
const HEIGHT: i32 = 21;
/// How many pixels of the rim are missing on each side in the first rows of the bubble, and in its last ones.
const CORNER: [i32; 3] = [3, 1, 1];
/// The tail's rows: where it begins on the left; it is as far from the right.
const TAIL: [i32; 3] = [9, 10, 11];

/// Draws a bubble with that picture in its middle, so many pixels off.
pub(super) fn around(palette: &Palette, picture: &Canvas, right: i32, down: i32) -> Canvas {
    let [ink, white, shade] = ["ink", "white", "stone-2"].map(|name| palette.colour(name));
    let mut cell = Canvas::new(CELL, CELL);
    for y in 0..HEIGHT {
        row(&mut cell, y, inset(y), ink, white);
    }
    // The rim is a pixel thick where the bubble begins and ends.
    for y in [0, HEIGHT - 1] {
        cell.fill(CORNER[0], y, CELL - 2 * CORNER[0], 1, ink);
    }
    for y in [1, HEIGHT - 2] {
        cell.fill(CORNER[1], y, 2, 1, ink);
        cell.fill(CELL - CORNER[1] - 2, y, 2, 1, ink);
    }
    // Light comes from the top left.
    cell.fill(CORNER[0], HEIGHT - 2, CELL - 2 * CORNER[0], 1, shade);
    cell.fill(CELL - 2, CORNER[0], 1, HEIGHT - 2 * CORNER[0], shade);
    cell.put(CELL - 3, HEIGHT - 3, shade);
    for (y, &from) in (HEIGHT..).zip(&TAIL) {
        row(&mut cell, y, from, ink, white);
        cell.put(CELL - 2 - from, y, if from == TAIL[2] { ink } else { shade });
    }
    cell.fill(TAIL[0] + 1, HEIGHT - 2, CELL - 2 * TAIL[0] - 2, 2, white);
    cell.put(CELL - 2 - TAIL[0], HEIGHT - 1, shade);
    let (x, y) = ((CELL - picture.width()) / 2 + right, (HEIGHT - picture.height()) / 2 + down);
    cell.blit(picture, x, y);
    cell
}

/// A row that begins there and ends as far from the right.
fn row(cell: &mut Canvas, y: i32, from: i32, rim: Rgba, inside: Rgba) {
    cell.fill(from, y, CELL - 2 * from, 1, inside);
    cell.put(from, y, rim);
    cell.put(CELL - 1 - from, y, rim);
}

fn inset(y: i32) -> i32 {
    let from_edge = y.min(HEIGHT - 1 - y);
    CORNER.get(from_edge as usize).copied().unwrap_or(0)
}
