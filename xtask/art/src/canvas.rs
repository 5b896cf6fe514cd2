//! A grid of pixels to draw on.

use std::{fs::File, io::BufWriter, path::Path};

use anyhow::{Context, Result};

use crate::palette::{CLEAR, Rgba};

/// A picture, row by row from the top left. Drawing outside of it does nothing.
#[derive(Clone)]
pub struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<Rgba>,
}

impl Canvas {
    /// An empty picture of that many pixels.
    pub fn new(width: i32, height: i32) -> Self {
        Self { width, height, pixels: vec![CLEAR; (width * height) as usize] }
    }

    /// Pixels from left to right.
    pub fn width(&self) -> i32 {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> i32 {
        self.height
    }

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        inside.then(|| (y * self.width + x) as usize)
    }

    /// The pixel there, [`CLEAR`] outside.
    pub fn at(&self, x: i32, y: i32) -> Rgba {
        self.index(x, y).map_or(CLEAR, |index| self.pixels[index])
    }

    /// Sets one pixel.
    pub fn put(&mut self, x: i32, y: i32, colour: Rgba) {
        if let Some(index) = self.index(x, y) {
            self.pixels[index] = colour;
        }
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, x: i32, y: i32, width: i32, height: i32, colour: Rgba) {
        for row in y..y + height {
            for column in x..x + width {
                self.put(column, row, colour);
            }
        }
    }

    /// Draws another picture over this one with its top left at `x`, `y`; clear pixels leave what is below.
    pub fn blit(&mut self, picture: &Self, x: i32, y: i32) {
        for row in 0..picture.height {
            for column in 0..picture.width {
                let colour = picture.at(column, row);
                if colour != CLEAR {
                    self.put(x + column, y + row, colour);
                }
            }
        }
    }

    /// Writes the picture as a PNG file, the same bytes for the same pixels.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels.concat())?;
        writer.finish()?;
        Ok(())
    }
}
