//! The one palette of all art, read from `assets/art/palette.gpl`.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

/// Red, green, blue and alpha of a pixel, 0 to 255 each.
pub type Rgba = [u8; 4];

/// No pixel at all.
pub const CLEAR: Rgba = [0, 0, 0, 0];

/// Named colours, read from a GIMP palette.
pub struct Palette {
    colours: HashMap<String, Rgba>,
}

impl Palette {
    /// Reads a GIMP palette (`.gpl`): a header, then `R G B name` a line.
    ///
    /// # Errors
    /// Names the line that is not a colour, or whose name stands twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut colours = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let header = line.starts_with("GIMP Palette") || line.contains(':');
            if header || line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let number = index + 1;
            let mut words = line.split_whitespace();
            let mut channel = || -> Result<u8> {
                let word = words.next().context("a colour needs red, green and blue")?;
                word.parse().with_context(|| format!("{word:?} is not a number from 0 to 255"))
            };
            let rgb = [channel(), channel(), channel()];
            let [r, g, b] = rgb.map(|c| c.with_context(|| format!("line {number} of the palette")));
            let (r, g, b) = (r?, g?, b?);
            let Some(name) = words.next() else { bail!("line {number} of the palette: the colour has no name") };
            let before = colours.insert(name.to_owned(), [r, g, b, 255]);
            ensure!(before.is_none(), "line {number} of the palette: {name} stands twice");
        }
        Ok(Self { colours })
    }

    /// The colour of that name.
    ///
    /// # Panics
    /// If the palette has no such colour: the art's sources and its palette are committed together.
    pub fn colour(&self, name: &str) -> Rgba {
        *self.colours.get(name).unwrap_or_else(|| panic!("the palette has no colour {name}"))
    }
}
