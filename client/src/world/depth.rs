//! What is drawn over what: the ground, then people and things from the back to the front, then roofs and leaves.
//!
//! Bevy draws by z, from the least to the greatest.

/// Between two layers of tiles.
const LAYER: f32 = 0.1;
/// The lowest layer of tiles.
const BELOW: f32 = 0.0;
/// Marks on the ground: over what is below everybody, under everybody.
pub(super) const MARKS: f32 = 50.0;
/// Rings around people, over the marks.
pub(super) const RINGS: f32 = 60.0;
/// Where the top of the map stands.
const STANDING: f32 = 100.0;
/// The lowest layer of tiles above everybody: beyond the largest map's bottom.
const ABOVE: f32 = 600.0;
/// What people show over their heads, over leaves and roofs: a little nearer for each pixel further down.
const BUBBLES: f32 = 630.0;
/// How much.
const BUBBLE_PIXEL: f32 = 0.01;
/// What points at somebody.
pub(super) const MARKERS: f32 = 690.0;
/// Labels, where Bevy draws them.
#[cfg(not(target_arch = "wasm32"))]
pub(super) const LABELS: f32 = 700.0;
/// Where the camera is: it sees as far as 1000 before and behind it.
pub(super) const CAMERA: f32 = 0.0;

/// How much nearer one pixel further down is: the largest map has 4096.
const PIXEL: f32 = 0.1;

/// The z of a layer of tiles that lies below everybody.
pub(super) fn below(index: usize) -> f32 {
    BELOW + index as f32 * LAYER
}

/// The z of a layer of tiles that lies above everybody.
pub(super) fn above(index: usize) -> f32 {
    ABOVE + index as f32 * LAYER
}

/// The z of somebody or something that touches the ground so many pixels from the top of the map. Where two are
/// equal, `rank` from 0 to 1 decides, always in the same way, or they would flicker.
pub(super) fn standing(foot: f32, rank: f32) -> f32 {
    STANDING + (foot + rank.clamp(0.0, 1.0) * 0.5) * PIXEL
}

/// The z of what somebody shows over their head who stands so many pixels from the top of the map; `rank` as in
/// [`standing`].
pub(super) fn bubble(foot: f32, rank: f32) -> f32 {
    BUBBLES + (foot + rank.clamp(0.0, 1.0) * 0.5) * BUBBLE_PIXEL
}

#[cfg(test)]
mod tests {
    use shared::{limits::MAP_SIDE_TILES, position::PIXELS_PER_TILE};

    use super::*;

    #[test]
    fn whoever_stands_lower_is_before_and_nobody_leaves_the_space_between_the_layers() {
        let bottom = (MAP_SIDE_TILES * PIXELS_PER_TILE as u32) as f32;
        let order = [
            below(0),
            below(7),
            MARKS,
            RINGS,
            standing(0.0, 0.0),
            standing(0.0, 1.0),
            standing(1.0, 0.0),
            standing(bottom - 1.0, 1.0),
            standing(bottom, 0.0),
            standing(bottom, 1.0),
            above(0),
            above(7),
            bubble(0.0, 0.0),
            bubble(0.0, 1.0),
            bubble(1.0, 0.0),
            bubble(bottom, 1.0),
            MARKERS,
            LABELS,
            CAMERA + 1000.0,
        ];
        assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
    }
}
