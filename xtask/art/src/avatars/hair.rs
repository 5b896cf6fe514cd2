//! The hair: each shape in each colour.

use anyhow::Result;

use super::{
    CELL_HEIGHT, CELL_WIDTH,
    part::Parts,
    pose::Pose,
    ramp::{HAIR_COLOURS, Paint, RampNames, ramp},
};
use crate::{canvas::Canvas, palette::Palette};

/// Names of the shapes, which are also their names in the source.
pub(super) const HAIR_SHAPES: [&str; 8] =
    ["short", "side part", "bob", "long", "ponytail", "bun", "curls", "headscarf"];

/// The lining of the headscarf: it shows that this is cloth also in the colours of hair.
const LINING: RampNames = ["white", "stone-1", "stone-2", "line-grey"];

/// Draws hair of shape number `shape` and colour number `colour` in a pose.
///
/// # Errors
/// If the source lacks the shape.
pub(super) fn cell(palette: &Palette, hair: &Parts, shape: usize, colour: usize, pose: Pose) -> Result<Canvas> {
    let tie = ('t', palette.colour("rose-2"));
    let paint = Paint::two(ramp(palette, HAIR_COLOURS[colour].1), ramp(palette, LINING)).and([tie]);
    let mut cell = Canvas::new(CELL_WIDTH, CELL_HEIGHT);
    pose.upper(hair, HAIR_SHAPES[shape])?.draw(&mut cell, &paint);
    Ok(cell)
}
