//! Writes a picture of few colours as a PNG with a colour table: less than half the bytes, and everybody who opens
//! the page downloads the sheet.

use std::{collections::BTreeMap, fs::File, io::BufWriter, path::Path};

use anyhow::{Context, Result};

use crate::{canvas::Canvas, palette::Rgba};

/// Writes the picture, the same bytes for the same pixels.
///
/// # Errors
/// If the picture has more than 256 colours, or the file cannot be written.
pub(crate) fn save(canvas: &Canvas, path: &Path) -> Result<()> {
    let (table, indices) = indexed(canvas).with_context(|| format!("more than 256 colours in {}", path.display()))?;
    let colours: Vec<u8> = table.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    let alphas: Vec<u8> = table.iter().map(|[.., alpha]| *alpha).collect();

    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), canvas.width() as u32, canvas.height() as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(colours);
    encoder.set_trns(alphas);
    encoder.set_compression(png::Compression::High);
    // Neighbouring indices have nothing to do with each other, so the filters' differences only add noise.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(())
}

/// The picture's colours in order, and for each pixel which of them it has; nothing if they are more than 256.
fn indexed(canvas: &Canvas) -> Option<(Vec<Rgba>, Vec<u8>)> {
    let pixels = || (0..canvas.height()).flat_map(|y| (0..canvas.width()).map(move |x| canvas.at(x, y)));
    let mut table: BTreeMap<Rgba, u8> = pixels().map(|colour| (colour, 0)).collect();
    for (index, place) in table.values_mut().enumerate() {
        *place = u8::try_from(index).ok()?;
    }
    let indices = pixels().map(|colour| table[&colour]).collect();
    Some((table.into_keys().collect(), indices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_finds_its_colour_in_the_table() {
        let mut canvas = Canvas::new(3, 1);
        canvas.put(0, 0, [9, 8, 7, 255]);
        canvas.put(2, 0, [1, 2, 3, 255]);
        let table = vec![[0, 0, 0, 0], [1, 2, 3, 255], [9, 8, 7, 255]];
        assert_eq!(indexed(&canvas), Some((table, vec![2, 0, 1])));
    }

    #[test]
    fn too_many_colours_are_refused() {
        let mut canvas = Canvas::new(257, 1);
        for x in 0..257_i32 {
            canvas.put(x, 0, [x as u8, (x >> 8) as u8, 0, 255]);
        }
        assert_eq!(indexed(&canvas), None);
    }
}
