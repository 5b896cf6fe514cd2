//! The tops: a torso drawn per cut, and sleeves that follow the arms.

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

/// Which stretch of the arm is covered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sleeves {
    /// Down to the elbow, in the first colour.
    Short,
    /// Down to the wrist, in the first colour.
    Long,
    /// Down to the wrist, in the second colour.
    LongSecond,
    /// Down to the wrist, in the first colour with cuffs in the second.
    Cuffed,
    /// Down to the wrist, in stripes of both colours.
    Striped,
}

/// How a top is made.
pub(super) struct Top {
    /// Its name for people who choose.
    pub(super) name: &'static str,
    cut: &'static str,
    sleeves: Sleeves,
    first: RampNames,
    second: RampNames,
}

const WHITE: RampNames = ["white", "stone-2", "stone-3", "line-grey"];
const CREAM: RampNames = ["stone-1", "sand-2", "sand-3", "line-brown"];
const CORAL: RampNames = ["brick-1", "rose-2", "rose-3", "line-red"];
const NAVY: RampNames = ["sky-3", "sky-4", "dusk-1", "ink"];
const GREEN: RampNames = ["leaf-2", "leaf-3", "leaf-4", "line-leaf"];
const MUSTARD: RampNames = ["sun-2", "sun-3", "wood-3", "line-blond"];
const SKY: RampNames = ["sky-1", "sky-2", "sky-3", "line-sky"];
const PLUM: RampNames = ["plum-2", "plum-3", "line-violet", "line-plum"];
const TEAL: RampNames = ["teal-2", "teal-3", "line-teal", "leaf-5"];
const DUSK: RampNames = ["dusk-2", "dusk-1", "ink", "ink"];
const LILAC: RampNames = ["lilac-1", "lilac-2", "dusk-2", "dusk-1"];
const BRICK: RampNames = ["brick-2", "brick-3", "brick-4", "brick-5"];
const ROSE: RampNames = ["rose-1", "rose-2", "rose-3", "line-red"];

/// The tops in the order of the sheet.
pub(super) const TOPS: [Top; 12] = [
    Top { name: "coral T-shirt", cut: "tee", sleeves: Sleeves::Short, first: CORAL, second: WHITE },
    Top { name: "striped jersey", cut: "striped", sleeves: Sleeves::Striped, first: WHITE, second: NAVY },
    Top { name: "green hoodie", cut: "hoodie", sleeves: Sleeves::Long, first: GREEN, second: WHITE },
    Top { name: "mustard cardigan", cut: "cardigan", sleeves: Sleeves::Long, first: MUSTARD, second: WHITE },
    Top { name: "blue shirt", cut: "shirt", sleeves: Sleeves::Cuffed, first: SKY, second: WHITE },
    Top { name: "plum vest", cut: "vest", sleeves: Sleeves::LongSecond, first: PLUM, second: WHITE },
    Top { name: "teal tunic", cut: "tunic", sleeves: Sleeves::Cuffed, first: TEAL, second: MUSTARD },
    Top { name: "dark jacket", cut: "jacket", sleeves: Sleeves::Long, first: DUSK, second: CREAM },
    Top { name: "white T-shirt with a sun", cut: "print", sleeves: Sleeves::Short, first: WHITE, second: MUSTARD },
    Top { name: "lilac hoodie", cut: "hoodie", sleeves: Sleeves::Long, first: LILAC, second: WHITE },
    Top { name: "brick turtleneck", cut: "turtleneck", sleeves: Sleeves::Long, first: BRICK, second: BRICK },
    Top { name: "rose dress", cut: "tunic", sleeves: Sleeves::Short, first: ROSE, second: CREAM },
];

/// Draws top number `top` in a pose.
///
/// # Errors
/// If the figure or the source of the tops lacks a part.
pub(super) fn cell(palette: &Palette, figure: &Parts, tops: &Parts, top: usize, pose: Pose) -> Result<Canvas> {
    let Top { cut, sleeves, first, second, .. } = TOPS[top];
    let (first, second) = (ramp(palette, first), ramp(palette, second));
    let mut cell = Canvas::new(CELL_WIDTH, CELL_HEIGHT);
    let limbs = Limbs::of(figure, pose)?;
    let sleeve = |mark: &Mark| sleeves.colour(mark, first, second, pose);
    for arm in &limbs.far_arms {
        arm.draw_with(&mut cell, sleeve);
    }
    pose.upper(tops, cut)?.draw(&mut cell, &Paint::two(first, second));
    // What a near arm has bare is cut out of the torso, so that the skin of the body shows there.
    for arm in &limbs.near_arms {
        arm.draw_with(&mut cell, sleeve);
    }
    Ok(cell)
}

impl Sleeves {
    /// The colour of the sleeve at a pixel of an arm, [`CLEAR`] where the arm is bare.
    fn colour(self, mark: &Mark, first: Ramp, second: Ramp, pose: Pose) -> Rgba {
        let row = mark.y + i32::from(pose.is_step());
        let ramp = match (self, mark.zone) {
            (_, 'h') | (Self::Short, 'f') => return CLEAR,
            (Self::LongSecond, _) | (Self::Cuffed, 'f') => second,
            (Self::Striped, _) if row % 2 == 0 => second,
            _ => first,
        };
        Paint::one(ramp).colour(mark.tone)
    }
}
