//! Clipped hedges and the shade under walls: tiles told apart by which neighbours continue them.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    corners::SIDE,
    paint::{Paints, clump},
    sheet::Sheet,
};

/// Which neighbours continue: north, east, south, west.
pub type Arms = [bool; 4];

/// The sixteen ways of having neighbours, with the suffix that names each: `n`, `es`, `none` …
pub fn all_arms() -> impl Iterator<Item = (Arms, String)> {
    (0..16_u8).map(|mask| {
        let arms = [1, 2, 4, 8].map(|bit| mask & bit != 0);
        let letters: String =
            ['n', 'e', 's', 'w'].into_iter().zip(arms).filter(|(_, on)| *on).map(|(c, _)| c).collect();
        (arms, if letters.is_empty() { "none".to_owned() } else { letters })
    })
}

/// Adds the hedge's tiles, `hedge-ew` and so on.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    for (arms, suffix) in all_arms() {
        sheet.add(format!("hedge-{suffix}"), hedge(paints, arms));
    }
}

/// A leafy top, and below it, where nothing continues southwards, a darker front.
fn hedge(paints: &Paints, [north, east, south, west]: Arms) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    let left = i32::from(!west);
    let right = if east { 16 } else { 15 };
    let top = i32::from(!north);
    let front = if south { 16 } else { 9 };
    let bottom = if south { 16 } else { 15 };
    let [glint, light, plain, dark, line] = paints.leaf;
    for y in top..bottom {
        for x in left..right {
            let rim = (!west && x == left)
                || (!east && x == right - 1)
                || (!north && y == top)
                || (!south && y == bottom - 1);
            let corner = ((!west && x <= left) || (!east && x >= right - 1))
                && ((!north && y <= top) || (!south && y >= bottom - 1));
            if corner {
                continue;
            }
            let colour = if rim { line } else { leaf(x, y, front, south, [glint, light, plain, dark]) };
            canvas.put(x, y, colour);
        }
    }
    if !south {
        canvas.fill(left, 15, right - left, 1, paints.shade);
    }
    canvas
}

/// Leaves in clumps of a few pixels, the same on both sides of a tile's edge.
fn leaf(x: i32, y: i32, front: i32, south: bool, [glint, light, plain, dark]: [Rgba; 4]) -> Rgba {
    let roll = clump(x % 16, y, 5) % 12;
    if y >= front {
        return match roll {
            0 | 1 => plain,
            2 if y < front + 2 => light,
            _ => dark,
        };
    }
    let edge = !south && y >= front - 2;
    match roll {
        _ if edge && roll < 7 => plain,
        0 | 1 => glint,
        2..6 => plain,
        _ => light,
    }
}
