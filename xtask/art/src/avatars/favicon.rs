//! The page's icon: an avatar's head, cut out.

use anyhow::Result;

use super::{
    CELL_WIDTH,
    pose::{Direction, Frame, Pose},
    sheet::{Layer, Sources},
};
use crate::{canvas::Canvas, palette::Palette};

/// Pixels across and down the icon.
const SIZE: i32 = 32;
/// Each pixel of the avatar is that many pixels wide in the icon.
const SCALE: i32 = 2;
/// The rows of the cell that are shown: down to the shoulders.
const ROWS: std::ops::Range<i32> = 2..18;

/// Draws the icon.
///
/// # Errors
/// If a source lacks a part.
pub(super) fn draw(palette: &Palette, sources: &Sources) -> Result<Canvas> {
    let pose = Pose { direction: Direction::Down, frame: Frame::Stand };
    let mut icon = Canvas::new(SIZE, SIZE);
    for layer in [Layer::Body { skin: 1 }, Layer::Top(2), Layer::Hair { shape: 2, colour: 4 }] {
        let cell = layer.cell(palette, sources, pose)?;
        for y in ROWS {
            for x in 0..CELL_WIDTH {
                let colour = cell.at(x, y);
                let left = (x * SCALE) + (SIZE - CELL_WIDTH * SCALE) / 2;
                if colour != crate::palette::CLEAR {
                    icon.fill(left, (y - ROWS.start) * SCALE, SCALE, SCALE, colour);
                }
            }
        }
    }
    Ok(icon)
}
