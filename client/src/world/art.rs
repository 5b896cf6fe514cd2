//! Pictures as grids of pixels, read from PNG files that may come from anywhere.

use bevy::{
    asset::RenderAssetUsages,
    image::{CompressedImageFormats, ImageFormat, ImageSampler, ImageType, TextureError},
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat, TextureUsages},
};
use shared::map::drawing::Tileset;

/// Why the world cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ArtError {
    /// A file is not a PNG picture.
    #[error("{file} is not a PNG picture: {source}")]
    NotAPicture {
        /// Which.
        file: String,
        /// What is wrong.
        source: Box<TextureError>,
    },
    /// A picture has not the size that its description says.
    #[error("{file} is {width} by {height} pixels; expected at least {wanted_width} by {wanted_height}")]
    TooSmall {
        /// Which.
        file: String,
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// What is needed from left to right.
        wanted_width: u32,
        /// What is needed from top to bottom.
        wanted_height: u32,
    },
    /// The map has tilesets without a picture.
    #[error("the map has {tilesets} tilesets and came with {pictures} pictures")]
    Missing {
        /// How many the map has.
        tilesets: usize,
        /// How many there are.
        pictures: usize,
    },
}

/// Pixels of red, green, blue and opacity, row by row from the top left.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    pub(super) size: UVec2,
    pub(super) pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// Nothing but air.
    pub(super) fn blank(size: UVec2) -> Self {
        Self { size, pixels: vec![[0; 4]; (size.x * size.y) as usize] }
    }

    /// Reads a PNG file, and cuts off what is beyond the wanted size.
    pub(super) fn read(file: &str, png: &[u8], wanted: UVec2) -> Result<Self, ArtError> {
        let image = Image::from_buffer(
            png,
            ImageType::Format(ImageFormat::Png),
            CompressedImageFormats::NONE,
            true,
            ImageSampler::nearest(),
            RenderAssetUsages::MAIN_WORLD,
        );
        let image =
            image.map_err(|source| ArtError::NotAPicture { file: file.to_owned(), source: Box::new(source) })?;
        let too_small = |size: UVec2| ArtError::TooSmall {
            file: file.to_owned(),
            width: size.x,
            height: size.y,
            wanted_width: wanted.x,
            wanted_height: wanted.y,
        };
        let size = image.size();
        // Other formats have other pixels; ours are made with 8 bits a channel.
        let pixels = image.convert(TextureFormat::Rgba8UnormSrgb).and_then(|image| image.data);
        let whole = Self { size, pixels: pixels.unwrap_or_default().as_chunks().0.to_vec() };
        if size.cmplt(wanted).any() || whole.pixels.len() != (size.x * size.y) as usize {
            return Err(too_small(size));
        }
        let mut picture = Self::blank(wanted);
        picture.lay(UVec2::ZERO, &whole, URect::from_corners(UVec2::ZERO, wanted));
        Ok(picture)
    }

    /// Reads the picture of a tileset.
    pub(super) fn tileset(tileset: &Tileset, png: &[u8]) -> Result<Self, ArtError> {
        let rows = tileset.tiles.div_ceil(tileset.columns.max(1));
        let wanted = UVec2::new(tileset.columns * tileset.tile_width, rows * tileset.tile_height);
        Self::read(&tileset.image, png, wanted)
    }

    /// Lays part of another picture over this one; what is outside of either is left out.
    pub(super) fn lay(&mut self, to: UVec2, from: &Self, area: URect) {
        let size = area.size().min(self.size.saturating_sub(to)).min(from.size.saturating_sub(area.min));
        for row in 0..size.y {
            for column in 0..size.x {
                let source = from.pixels[((area.min.y + row) * from.size.x + area.min.x + column) as usize];
                let target = &mut self.pixels[((to.y + row) * self.size.x + to.x + column) as usize];
                *target = over(source, *target);
            }
        }
    }

    /// Makes it air again there.
    pub(super) fn clear(&mut self, area: URect) {
        for row in area.min.y..area.max.y.min(self.size.y) {
            let start = (row * self.size.x + area.min.x) as usize;
            self.pixels[start..start + area.width() as usize].fill([0; 4]);
        }
    }

    /// Makes it higher, with air below.
    pub(super) fn grow(&mut self, height: u32) {
        self.size.y = height;
        self.pixels.resize((self.size.x * height) as usize, [0; 4]);
    }

    /// The picture as the graphics card takes it.
    pub(super) fn image(&self) -> Image {
        let size = Extent3d { width: self.size.x, height: self.size.y, depth_or_array_layers: 1 };
        let data = self.pixels.as_flattened().to_vec();
        let format = TextureFormat::Rgba8UnormSrgb;
        // Only the graphics card keeps it: the pixels are here.
        let mut image = Image::new(size, TextureDimension::D2, data, format, RenderAssetUsages::RENDER_WORLD);
        image.sampler = ImageSampler::nearest();
        // Tilemaps copy their tiles out of it.
        image.texture_descriptor.usage =
            TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_SRC | TextureUsages::COPY_DST;
        image
    }
}

/// One pixel over another (Porter and Duff, 1984), in the encoding that pictures are painted in.
fn over(source: [u8; 4], target: [u8; 4]) -> [u8; 4] {
    let (above, below) = (u32::from(source[3]), u32::from(target[3]));
    match (above, below) {
        (255, _) => source,
        (0, _) => target,
        _ => {
            let rest = below * (255 - above) / 255;
            let opacity = above + rest;
            let mix = |index: usize| {
                let sum = u32::from(source[index]) * above + u32::from(target[index]) * rest;
                (sum / opacity) as u8
            };
            [mix(0), mix(1), mix(2), opacity as u8]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_an_error() {
        for bytes in [b"".as_slice(), b"\x89PNG\r\n\x1a\n", b"<html>"] {
            assert!(matches!(Picture::read("x.png", bytes, UVec2::ONE), Err(ArtError::NotAPicture { .. })));
        }
        let small = include_bytes!("../../../assets/things.png");
        assert!(matches!(Picture::read("x.png", small, UVec2::splat(4000)), Err(ArtError::TooSmall { .. })));
    }

    #[test]
    fn layers_cover_each_other_where_they_are_opaque() {
        let mut picture = Picture::blank(UVec2::new(2, 1));
        let coat = Picture { size: UVec2::new(2, 1), pixels: vec![[9, 9, 9, 255], [0; 4]] };
        let skin = Picture { size: UVec2::new(2, 1), pixels: vec![[5, 5, 5, 255]; 2] };
        let all = URect::new(0, 0, 2, 1);
        picture.lay(UVec2::ZERO, &skin, all);
        picture.lay(UVec2::ZERO, &coat, all);
        assert_eq!(picture.pixels, [[9, 9, 9, 255], [5, 5, 5, 255]]);
        picture.lay(UVec2::new(1, 0), &coat, all);
        assert_eq!(picture.pixels[1], [9, 9, 9, 255], "what is beyond the edge is left out");
        assert_eq!(over([0, 0, 0, 128], [255, 255, 255, 255])[0], 127);
    }
}
