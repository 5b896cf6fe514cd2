//! The page's icon: an avatar's head, cut out.

use std::ops::Range;

use anyhow::Result;

use super::{
    CELL_WIDTH,
    pose::{Direction, Frame, Pose},
    sheet::{Layer, Sources},
};
use crate::{
    canvas::Canvas,
    palette::{CLEAR, Palette},
};

/// Pixels across and down the icon: four times what a tab shows, so that it shrinks without blur.
const SIZE: i32 = 64;
/// Each pixel of the avatar is that many pixels wide in the icon.
const SCALE: i32 = 4;
/// The cell's rows of the hair, and of the head without its neck.
const HAIR_ROWS: Range<i32> = 1..15;
const HEAD_ROWS: Range<i32> = 4..15;

/// Draws the icon: someone with a bun, the shape of head best told from others when small.
///
/// # Errors
/// If a source lacks a part.
pub(super) fn draw(palette: &Palette, sources: &Sources) -> Result<Canvas> {
    let pose = Pose { direction: Direction::Down, frame: Frame::Stand };
    let margins = [CELL_WIDTH, HAIR_ROWS.end - HAIR_ROWS.start].map(|length| (SIZE - length * SCALE) / 2);
    let mut icon = Canvas::new(SIZE, SIZE);
    for (layer, rows) in [(Layer::Body { skin: 1 }, HEAD_ROWS), (Layer::Hair { shape: 5, colour: 7 }, HAIR_ROWS)] {
        let cell = layer.cell(palette, sources, pose)?;
        for y in rows {
            for x in 0..CELL_WIDTH {
                let colour = cell.at(x, y);
                if colour != CLEAR {
                    let [left, top] = margins;
                    icon.fill(left + x * SCALE, top + (y - HAIR_ROWS.start) * SCALE, SCALE, SCALE, colour);
                }
            }
        }
    }
    Ok(icon)
}
