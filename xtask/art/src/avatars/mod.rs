//! Draws the avatars.

use std::path::Path;

use anyhow::Result;

use crate::palette::Palette;

/// Draws the avatars into `assets`.
///
/// # Errors
/// If a picture cannot be written.
pub fn generate(_palette: &Palette, _assets: &Path) -> Result<()> {
    Ok(())
}
