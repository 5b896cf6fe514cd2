//! Composes the rows of the sheet.

use std::path::Path;

use anyhow::{Context, Result};

use super::{
    BOTTOMS, CELL_HEIGHT, CELL_WIDTH, COLUMNS, HAIR_COLOURS, HAIR_SHAPES, SKINS, TOPS, body, bottoms, hair,
    part::Parts, pose::Pose, tops,
};
use crate::{canvas::Canvas, palette::Palette};

/// The text pixel maps that everything is made of.
pub(super) struct Sources {
    figure: Parts,
    hair: Parts,
    tops: Parts,
    skirts: Parts,
}

impl Sources {
    /// Reads them from `art/avatars` in `assets`.
    ///
    /// # Errors
    /// If a file is missing or wrong.
    pub(super) fn read(assets: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = assets.join("art/avatars").join(name);
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Parts::parse(&text).with_context(|| format!("in {}", path.display()))
        };
        Ok(Self {
            figure: read("body.txt")?,
            hair: read("hair.txt")?,
            tops: read("tops.txt")?,
            skirts: read("skirts.txt")?,
        })
    }
}

/// What a row of the sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    Body { skin: usize },
    Hair { shape: usize, colour: usize },
    Top(usize),
    Bottom(usize),
}

impl Layer {
    /// The layers in the order of the sheet's rows.
    pub(super) fn all() -> Vec<Self> {
        let skins = (0..SKINS).map(|skin| Self::Body { skin });
        let hair = (0..HAIR_SHAPES).flat_map(|shape| (0..HAIR_COLOURS).map(move |colour| Self::Hair { shape, colour }));
        skins.chain(hair).chain((0..TOPS).map(Self::Top)).chain((0..BOTTOMS).map(Self::Bottom)).collect()
    }

    /// Draws one cell of the layer's row.
    ///
    /// # Errors
    /// If a source lacks a part.
    pub(super) fn cell(self, palette: &Palette, sources: &Sources, pose: Pose) -> Result<Canvas> {
        let Sources { figure, hair, tops, skirts } = sources;
        match self {
            Self::Body { skin } => body::cell(palette, figure, skin, pose),
            Self::Hair { shape, colour } => hair::cell(palette, hair, shape, colour, pose),
            Self::Top(top) => tops::cell(palette, figure, tops, top, pose),
            Self::Bottom(bottom) => bottoms::cell(palette, figure, skirts, bottom, pose),
        }
        .with_context(|| format!("drawing {self:?} {pose:?}"))
    }
}

/// Draws the whole sheet.
///
/// # Errors
/// If a source lacks a part.
pub(super) fn draw(palette: &Palette, sources: &Sources) -> Result<Canvas> {
    let layers = Layer::all();
    let mut sheet = Canvas::new(CELL_WIDTH * COLUMNS as i32, CELL_HEIGHT * layers.len() as i32);
    for (row, layer) in (0..).zip(layers) {
        for (column, pose) in (0..).zip(Pose::all()) {
            let cell = layer.cell(palette, sources, pose)?;
            sheet.blit(&cell, column * CELL_WIDTH, row * CELL_HEIGHT);
        }
    }
    Ok(sheet)
}
