//! Arrows in eight directions, each lit from the top left.

use super::CELL;
use crate::{
    canvas::Canvas,
    palette::{CLEAR, Palette},
};

/// What an arrow to the right covers ...
const STRAIGHT: [&str; 13] = [
    "......#......",
    "......##.....",
    "......###....",
    "......####...",
    "##########...",
    "###########..",
    "############.",
    "###########..",
    "##########...",
    "......####...",
    "......###....",
    "......##.....",
    "......#......",
];
/// ... and one to the right below.
const DIAGONAL: [&str; 12] = [
    ".##.........",
    "####.......#",
    "#####.....##",
    ".#####...###",
    "..#####.####",
    "...#########",
    "....########",
    ".....#######",
    "....########",
    "...#########",
    "..##########",
    ".###########",
];

/// To the right, right below, below, left below, left, left above, above, right above: clockwise.
pub(super) fn all(palette: &Palette) -> Vec<Canvas> {
    let quarters = (0..4).flat_map(|turns| [(STRAIGHT.as_slice(), turns), (DIAGONAL.as_slice(), turns)]);
    quarters.map(|(shape, turns)| lit(palette, &turned(shape, turns))).collect()
}

/// A cell with the shape in its middle, turned clockwise by so many quarters.
fn turned(shape: &[&str], turns: u32) -> Vec<(i32, i32)> {
    let size = shape.iter().map(|row| row.len()).max().unwrap_or(0).max(shape.len()) as i32;
    let margin = (CELL - size) / 2;
    let covered = (0..)
        .zip(shape)
        .flat_map(|(y, row)| (0..).zip(row.bytes()).filter(|(_, pixel)| *pixel == b'#').map(move |(x, _)| (x, y)));
    let turn = |(x, y): (i32, i32)| (0..turns).fold((x, y), |(x, y), _| (size - 1 - y, x));
    covered.map(turn).map(|(x, y)| (x + margin, y + margin)).collect()
}

fn lit(palette: &Palette, covered: &[(i32, i32)]) -> Canvas {
    let [ink, light, mid, dark] = ["ink", "sun-1", "sun-2", "sun-3"].map(|name| palette.colour(name));
    let mut cell = Canvas::new(CELL, CELL);
    for &(x, y) in covered {
        for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)] {
            if cell.at(x + dx, y + dy) == CLEAR {
                cell.put(x + dx, y + dy, ink);
            }
        }
    }
    let is_covered = |x: i32, y: i32| covered.contains(&(x, y));
    for &(x, y) in covered {
        let colour = if !is_covered(x, y + 1) || !is_covered(x + 1, y) {
            dark
        } else if !is_covered(x, y - 1) || !is_covered(x - 1, y) {
            light
        } else {
            mid
        };
        cell.put(x, y, colour);
    }
    cell
}
