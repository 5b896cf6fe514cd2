//! Draws the project's art from its sources in `assets/art`: start at [`generate`].
//!
//! `palette` has the colours, `canvas` and `indexed` the pixels, `tiles` draws the tilesets of the campus, `avatars`
//! the layers that avatars are composed of, and `emotes` what they show over their heads. All output is written to `assets/` and committed, so that nobody needs to
//! run this to use it.

pub mod avatars;
pub mod canvas;
pub mod emotes;
mod indexed;
pub mod palette;
pub mod tiles;

use std::path::Path;

use anyhow::{Context, Result};

use crate::palette::Palette;

/// Draws everything anew into `assets` of the project at `root`.
///
/// # Errors
/// If a source is missing or wrong, or a picture cannot be written.
pub fn generate(root: &Path) -> Result<()> {
    let assets = root.join("assets");
    let source = assets.join("art/palette.gpl");
    let text = std::fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let palette = Palette::parse(&text)?;
    tiles::generate(&palette, &assets)?;
    avatars::generate(&palette, &assets)?;
    emotes::generate(&palette, &assets)
}
