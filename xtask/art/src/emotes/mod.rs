//! Draws `assets/emotes.png`: what people show over their heads, and the arrows that show where somebody is.
//!
//! A plain grid of cells of [`CELL`] by [`CELL`] pixels, [`COLUMNS`] to a row:
//!
//! | row | what |
//! |---|---|
//! | 0 | speech bubbles with a tail in the middle of their lower edge: wave, thumbs up, heart, laugh, clap, question, surprise, party (the order of the keys 1 to 8) |
//! | 1 | the same a moment later: played in turns with row 0, they move; row 0 alone is a good still picture |
//! | 2 | arrows that point to the right, right below, below, left below, left, left above, above, right above |
//! | 3 | in the first cell, the ring around whoever speaks |
//!
//! `pictures` reads what is in the bubbles, `bubble` draws them around it, `arrow` draws the arrows, `ring` the ring.

mod arrow;
mod bubble;
mod pictures;
mod ring;

use std::path::Path;

use anyhow::{Context, Result};

use self::pictures::Pictures;
use crate::{canvas::Canvas, indexed, palette::Palette};

/// Pixels across and down a cell.
pub const CELL: i32 = 24;
/// Cells in a row.
pub const COLUMNS: usize = 8;

/// A picture of the source, and how many pixels to the right of and below the middle it is.
type Placed = (&'static str, i32, i32);

/// For each emote what it shows first, and what then.
const EMOTES: [[Placed; 2]; COLUMNS] = [
    [("hand to the left", 0, 0), ("hand to the right", 0, 0)],
    [("thumb", 0, 1), ("thumb", 0, -1)],
    [("heart", 0, 1), ("heart small", 0, 1)],
    [("laugh", 0, 0), ("laugh on", 0, 1)],
    [("clap", 0, 0), ("clap apart", 0, 0)],
    [("question", 0, 0), ("question tilted", 0, 0)],
    [("surprise", 0, 0), ("surprise on", 0, -1)],
    [("party", 0, 0), ("party on", 0, 0)],
];

/// Draws the sheet into `assets`.
///
/// # Errors
/// If the source is missing or wrong, or the picture cannot be written.
pub fn generate(palette: &Palette, assets: &Path) -> Result<()> {
    let source = assets.join("art/emotes.txt");
    let text = std::fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let pictures = Pictures::parse(&text).with_context(|| format!("in {}", source.display()))?;
    indexed::save(&draw(palette, &pictures)?, &assets.join("emotes.png"))
}

fn draw(palette: &Palette, pictures: &Pictures) -> Result<Canvas> {
    let mut sheet = Canvas::new(CELL * COLUMNS as i32, CELL * 4);
    for (column, frames) in (0..).zip(EMOTES) {
        for (row, (name, right, down)) in (0..).zip(frames) {
            let cell = bubble::around(palette, &pictures.draw(palette, name)?, right, down);
            sheet.blit(&cell, column * CELL, row * CELL);
        }
    }
    for (column, arrow) in (0..).zip(arrow::all(palette)) {
        sheet.blit(&arrow, column * CELL, 2 * CELL);
    }
    sheet.blit(&ring::ring(palette), 0, 3 * CELL);
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::CLEAR;

    const PALETTE: &str = include_str!("../../../../assets/art/palette.gpl");
    const SOURCE: &str = include_str!("../../../../assets/art/emotes.txt");

    fn sheet() -> Result<Canvas> {
        draw(&Palette::parse(PALETTE)?, &Pictures::parse(SOURCE)?)
    }

    fn cell(sheet: &Canvas, column: i32, row: i32) -> Vec<[u8; 4]> {
        let pixels = (0..CELL).flat_map(|y| (0..CELL).map(move |x| (x, y)));
        pixels.map(|(x, y)| sheet.at(column * CELL + x, row * CELL + y)).collect()
    }

    #[test]
    fn no_two_cells_are_alike() -> Result<()> {
        let sheet = sheet()?;
        let cells = (0..3).flat_map(|row| (0..COLUMNS as i32).map(move |column| (column, row))).chain([(0, 3)]);
        let mut seen = Vec::new();
        for (column, row) in cells {
            let pixels = cell(&sheet, column, row);
            assert!(pixels.iter().any(|pixel| *pixel != CLEAR), "cell {column}, {row} is empty");
            assert!(!seen.contains(&pixels), "cell {column}, {row} stands twice");
            seen.push(pixels);
        }
        Ok(())
    }

    #[test]
    fn what_is_in_a_bubble_stays_in_it() -> Result<()> {
        let (palette, pictures) = (Palette::parse(PALETTE)?, Pictures::parse(SOURCE)?);
        let empty = bubble::around(&palette, &Canvas::new(1, 1), 0, 0);
        let ink = palette.colour("ink");
        for (name, right, down) in EMOTES.into_iter().flatten() {
            let full = bubble::around(&palette, &pictures.draw(&palette, name)?, right, down);
            for (x, y) in (0..CELL).flat_map(|y| (0..CELL).map(move |x| (x, y))) {
                let is_rim = empty.at(x, y) == CLEAR || empty.at(x, y) == ink;
                assert!(!is_rim || full.at(x, y) == empty.at(x, y), "{name} at {x}, {y}");
            }
        }
        Ok(())
    }

    #[test]
    fn every_picture_is_shown() -> Result<()> {
        for name in Pictures::parse(SOURCE)?.names() {
            assert!(EMOTES.into_iter().flatten().any(|(shown, ..)| shown == name), "{name}");
        }
        Ok(())
    }
}
