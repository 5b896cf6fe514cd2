//! Draws the avatars: `assets/avatars.png`, its description `assets/avatars.json`, and `assets/favicon.png`.
//!
//! An avatar is four cells of the sheet, one on the other: body, bottom, top, hair. A row of the sheet is one
//! variant of one of these layers; rows are the [`SKINS`] bodies, then hair (each of [`HAIR_SHAPES`] in each of
//! [`HAIR_COLOURS`]), then [`TOPS`], then [`BOTTOMS`]. A row's cells are the directions down, left, right and up,
//! each with the frames stand, step-a and step-b; the walk plays step-a, stand, step-b, stand.
//!
//! Read `part` (text pixel maps), `ramp` (colours), `pose` (where limbs are), then the layers `body`, `bottoms`,
//! `tops` and `hair`, then `sheet` and `favicon`. `laws` tests what holds for every avatar.

mod body;
mod bottoms;
mod favicon;
mod hair;
#[cfg(test)]
mod laws;
mod manifest;
mod part;
mod pose;
mod ramp;
mod sheet;
mod tops;

use std::path::Path;

use anyhow::{Context, Result};

use crate::{indexed, palette::Palette};

/// Pixels across a cell.
pub const CELL_WIDTH: i32 = 20;
/// Pixels down a cell.
pub const CELL_HEIGHT: i32 = 28;
/// Where in a cell the avatar's position on the map is: between the feet, on the soles' row.
pub const FEET: [i32; 2] = [10, 25];
/// Cells of a row: four directions of three frames.
pub const COLUMNS: usize = 4 * FRAMES_PER_DIRECTION;
/// Stand, step-a, step-b.
pub const FRAMES_PER_DIRECTION: usize = 3;
/// Rows of bodies.
pub const SKINS: usize = ramp::SKINS.len();
/// Shapes of hair; their rows are [`HAIR_COLOURS`] each.
pub const HAIR_SHAPES: usize = hair::HAIR_SHAPES.len();
/// Colours of each shape of hair.
pub const HAIR_COLOURS: usize = ramp::HAIR_COLOURS.len();
/// Rows of tops.
pub const TOPS: usize = tops::TOPS.len();
/// Rows of bottoms.
pub const BOTTOMS: usize = bottoms::BOTTOMS.len();

/// Draws the avatars into `assets`, from the palette and the maps in `assets/art/avatars`.
///
/// # Errors
/// If a source is missing or wrong, or a picture cannot be written.
pub fn generate(palette: &Palette, assets: &Path) -> Result<()> {
    let sources = sheet::Sources::read(assets)?;
    indexed::save(&sheet::draw(palette, &sources)?, &assets.join("avatars.png"))?;
    indexed::save(&favicon::draw(palette, &sources)?, &assets.join("favicon.png"))?;
    let manifest = assets.join("avatars.json");
    std::fs::write(&manifest, manifest::json()).with_context(|| format!("cannot write {}", manifest.display()))
}
