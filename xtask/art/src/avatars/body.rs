//! The bodies: ground shadow, legs, torso, arms, head and face, in each skin.

use anyhow::Result;

use super::{
    CELL_HEIGHT, CELL_WIDTH,
    part::Parts,
    pose::{Direction, Limbs, Pose},
    ramp::{Paint, SKINS, ramp},
};
use crate::{canvas::Canvas, palette::Palette};

/// How much the ground shadow darkens what is below, of 255.
pub(super) const SHADOW_ALPHA: u8 = 72;

/// Rows of the ground shadow: y, first x, width.
const SHADOW: [(i32, i32, i32); 4] = [(23, 5, 10), (24, 4, 12), (25, 3, 14), (26, 4, 12)];

/// Draws the body of skin number `skin` in a pose.
///
/// # Errors
/// If the figure lacks a part.
pub(super) fn cell(palette: &Palette, figure: &Parts, skin: usize, pose: Pose) -> Result<Canvas> {
    let (names, blush, eye) = SKINS[skin];
    let skin = ramp(palette, names);
    let [_, _, dark, _] = skin;
    let features = [
        ('K', palette.colour("ink")),
        ('W', palette.colour("stone-1")),
        ('w', palette.colour(eye)),
        ('b', palette.colour(blush)),
        ('n', dark),
    ];
    let paint = Paint::one(skin).and(features);

    let mut cell = Canvas::new(CELL_WIDTH, CELL_HEIGHT);
    let [r, g, b, _] = palette.colour("ink");
    for (y, x, width) in SHADOW {
        cell.fill(x, y, width, 1, [r, g, b, SHADOW_ALPHA]);
    }
    let limbs = Limbs::of(figure, pose)?;
    for part in limbs.legs.iter().chain(&limbs.far_arms) {
        part.draw(&mut cell, &paint);
    }
    let torso = if pose.direction == Direction::Up { Pose { direction: Direction::Down, ..pose } } else { pose };
    torso.upper(figure, "torso")?.draw(&mut cell, &paint);
    for arm in &limbs.near_arms {
        arm.draw(&mut cell, &paint);
    }
    pose.upper(figure, "head")?.draw(&mut cell, &paint);
    if pose.direction != Direction::Up {
        pose.upper(figure, "face")?.draw(&mut cell, &paint);
    }
    Ok(cell)
}
