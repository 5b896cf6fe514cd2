//! Directions and frames of the walk, and where the limbs are in each.

use anyhow::Result;

use super::part::{Part, Parts};

/// Where an avatar looks, in the order of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Down,
    Left,
    Right,
    Up,
}

/// A frame of the walk, in the order of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Stand,
    StepA,
    StepB,
}

/// What one cell of a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pose {
    pub(super) direction: Direction,
    pub(super) frame: Frame,
}

impl Pose {
    /// The poses of a row's cells from left to right.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let directions = [Direction::Down, Direction::Left, Direction::Right, Direction::Up];
        let frames = [Frame::Stand, Frame::StepA, Frame::StepB];
        directions.into_iter().flat_map(move |direction| frames.map(|frame| Self { direction, frame }))
    }

    /// Whether a foot is off the ground, which lifts head and torso by a pixel.
    pub(super) fn is_step(self) -> bool {
        self.frame != Frame::Stand
    }

    /// A part of head or torso as drawn for `down`, `left` or `up`, turned and lifted as this pose has it.
    ///
    /// # Errors
    /// If the source lacks it.
    pub(super) fn upper(self, parts: &Parts, name: &str) -> Result<Part> {
        Ok(self.turned(parts.named(&format!("{name} {}", self.drawn()))?).moved(0, -i32::from(self.is_step())))
    }

    /// The direction whose drawing shows this pose.
    pub(super) fn drawn(self) -> &'static str {
        match self.direction {
            Direction::Down => "down",
            Direction::Left | Direction::Right => "left",
            Direction::Up => "up",
        }
    }

    /// A drawing for `left`, mirrored if this pose looks right.
    pub(super) fn turned(self, part: &Part) -> Part {
        if self.direction == Direction::Right { part.mirrored() } else { part.clone() }
    }
}

/// Arms and legs of a pose.
pub(super) struct Limbs {
    /// The arm behind the torso, if there is one.
    pub(super) far_arms: Vec<Part>,
    /// The arms beside or before the torso.
    pub(super) near_arms: Vec<Part>,
    /// Both legs, what is behind first.
    pub(super) legs: Vec<Part>,
}

impl Limbs {
    /// Arms and legs of a pose; an arm swings against the leg of its side.
    ///
    /// # Errors
    /// If the source of the figure lacks one of them.
    pub(super) fn of(figure: &Parts, pose: Pose) -> Result<Self> {
        match pose.direction {
            Direction::Down | Direction::Up => Self::lengthwise(figure, pose),
            Direction::Left | Direction::Right => Self::sideways(figure, pose),
        }
    }

    fn lengthwise(figure: &Parts, pose: Pose) -> Result<Self> {
        let lift = -i32::from(pose.is_step());
        let leg = |name: &str| figure.named(&format!("leg down {name}"));
        let arm = |name: &str| Ok::<_, anyhow::Error>(figure.named(&format!("arm down {name}"))?.moved(0, lift));
        let ([left_leg, right_leg], [left_arm, right_arm]) = match pose.frame {
            Frame::Stand => (["stand", "stand"], ["stand", "stand"]),
            Frame::StepA => (["planted", "lifted"], ["back", "forward"]),
            Frame::StepB => (["lifted", "planted"], ["forward", "back"]),
        };
        Ok(Self {
            far_arms: Vec::new(),
            near_arms: vec![arm(left_arm)?, arm(right_arm)?.mirrored()],
            legs: vec![leg(left_leg)?.clone(), leg(right_leg)?.mirrored()],
        })
    }

    fn sideways(figure: &Parts, pose: Pose) -> Result<Self> {
        let lift = -i32::from(pose.is_step());
        let leg = |name: &str| Ok::<_, anyhow::Error>(pose.turned(figure.named(&format!("leg left {name}"))?));
        let arm =
            |name: &str| Ok::<_, anyhow::Error>(pose.turned(figure.named(&format!("arm left {name}"))?).moved(0, lift));
        let ([far_leg, near_leg], [far_arm, near_arm]) = match pose.frame {
            Frame::Stand => (["stand", "stand"], ["stand", "stand"]),
            Frame::StepA => (["back", "forward"], ["forward", "back"]),
            Frame::StepB => (["forward", "back"], ["back", "forward"]),
        };
        Ok(Self {
            far_arms: vec![arm(far_arm)?.shaded()],
            near_arms: vec![arm(near_arm)?],
            legs: vec![leg(far_leg)?.shaded(), leg(near_leg)?],
        })
    }
}
