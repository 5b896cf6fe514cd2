//! The bottoms: trousers that follow the legs, skirts, and shoes.

use anyhow::Result;

use super::{
    CELL_HEIGHT, CELL_WIDTH,
    part::{Mark, Parts},
    pose::{Limbs, Pose},
    ramp::{Paint, Ramp, RampNames, ramp},
};
use crate::{
    canvas::Canvas,
    palette::{CLEAR, Palette, Rgba},
};

/// How a bottom is made.
pub(super) struct Bottom {
    /// Its name for people who choose.
    pub(super) name: &'static str,
    /// The skirt over the legs, by its name in the source.
    skirt: Option<&'static str>,
    /// What covers thigh, shin, ankle and foot; `None` is bare.
    legs: [Option<RampNames>; 4],
    skirt_ramps: [RampNames; 2],
}

const JEANS: RampNames = ["sky-2", "sky-3", "sky-4", "line-sky"];
const DENIM: RampNames = ["sky-1", "denim", "sky-2", "line-sky"];
const DARK: RampNames = ["dusk-2", "dusk-1", "hair-black-3", "ink"];
const CHINO: RampNames = ["sand-2", "sand-3", "sand-4", "line-brown"];
const JOGGERS: RampNames = ["stone-3", "stone-4", "stone-5", "line-grey"];
const OLIVE: RampNames = ["grass-4", "grass-5", "leaf-5", "line-leaf"];
const PLUM: RampNames = ["plum-2", "plum-3", "line-violet", "line-plum"];
const BRICK: RampNames = ["brick-2", "brick-3", "brick-4", "brick-5"];
const WHITE: RampNames = ["white", "stone-2", "stone-3", "line-grey"];
const LEATHER: RampNames = ["wood-3", "wood-4", "wood-5", "line-dark"];
const RED: RampNames = ["rose-2", "rose-3", "brick-5", "line-red"];
const TEAL: RampNames = ["teal-1", "teal-2", "teal-3", "line-teal"];

/// The bottoms in the order of the sheet.
pub(super) const BOTTOMS: [Bottom; 8] = [
    trousers("jeans", JEANS, WHITE),
    trousers("dark trousers", DARK, LEATHER),
    trousers("chinos", CHINO, LEATHER),
    trousers("joggers", JOGGERS, RED),
    Bottom {
        name: "shorts",
        skirt: None,
        legs: [Some(OLIVE), None, Some(WHITE), Some(TEAL)],
        skirt_ramps: [OLIVE, OLIVE],
    },
    Bottom {
        name: "skirt and tights",
        skirt: Some("skirt"),
        legs: [Some(DARK), Some(DARK), Some(DARK), Some(LEATHER)],
        skirt_ramps: [PLUM, WHITE],
    },
    Bottom {
        name: "long skirt",
        skirt: Some("long skirt"),
        legs: [Some(BRICK), None, Some(LEATHER), Some(LEATHER)],
        skirt_ramps: [BRICK, CHINO],
    },
    Bottom {
        name: "rolled-up jeans",
        skirt: None,
        legs: [Some(DENIM), Some(DENIM), Some(WHITE), Some(RED)],
        skirt_ramps: [DENIM, WHITE],
    },
];

const fn trousers(name: &'static str, cloth: RampNames, shoes: RampNames) -> Bottom {
    Bottom {
        name,
        skirt: None,
        legs: [Some(cloth), Some(cloth), Some(cloth), Some(shoes)],
        skirt_ramps: [cloth, shoes],
    }
}

/// Draws bottom number `bottom` in a pose.
///
/// # Errors
/// If the figure or the source of the skirts lacks a part.
pub(super) fn cell(palette: &Palette, figure: &Parts, skirts: &Parts, bottom: usize, pose: Pose) -> Result<Canvas> {
    let Bottom { skirt, legs, skirt_ramps, .. } = BOTTOMS[bottom];
    let legs = legs.map(|names| names.map(|names| ramp(palette, names)));
    let mut cell = Canvas::new(CELL_WIDTH, CELL_HEIGHT);
    let limbs = Limbs::of(figure, pose)?;
    for leg in &limbs.legs {
        leg.draw_with(&mut cell, |mark| colour(mark, legs));
    }
    if let Some(name) = skirt {
        let [first, second] = skirt_ramps.map(|names| ramp(palette, names));
        pose.upper(skirts, name)?.draw(&mut cell, &Paint::two(first, second));
    }
    // Hands hang before the hips.
    for arm in &limbs.near_arms {
        arm.cut(&mut cell);
    }
    Ok(cell)
}

/// The colour of trousers, socks and shoes at a pixel of a leg, [`CLEAR`] where it is bare.
fn colour(mark: &Mark, [thigh, shin, ankle, foot]: [Option<Ramp>; 4]) -> Rgba {
    let ramp = match mark.zone {
        't' => thigh,
        'k' => shin,
        'a' => ankle,
        _ => foot,
    };
    ramp.map_or(CLEAR, |ramp| Paint::one(ramp).colour(mark.tone))
}
