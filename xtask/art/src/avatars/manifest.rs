//! The sheet's layout for whoever reads it: `assets/avatars.json`.

use super::{
    BOTTOMS, CELL_HEIGHT, CELL_WIDTH, FEET, FRAMES_PER_DIRECTION, HAIR_COLOURS, HAIR_SHAPES, SKINS, TOPS, bottoms,
    hair, ramp, tops,
};

/// The layout as JSON; the names are plain words without anything to escape.
pub(super) fn json() -> String {
    let [feet_x, feet_y] = FEET;
    let hair_shapes = list(hair::HAIR_SHAPES);
    let hair_colours = list(ramp::HAIR_COLOURS.map(|(name, _)| name));
    let tops = list(tops::TOPS.map(|top| top.name));
    let bottoms = list(bottoms::BOTTOMS.map(|bottom| bottom.name));
    format!(
        r#"{{
  "cell": [{CELL_WIDTH}, {CELL_HEIGHT}],
  "feet": [{feet_x}, {feet_y}],
  "frames_per_direction": {FRAMES_PER_DIRECTION},
  "directions": ["down", "left", "right", "up"],
  "skins": {SKINS},
  "hair_shapes": {HAIR_SHAPES},
  "hair_colours": {HAIR_COLOURS},
  "tops": {TOPS},
  "bottoms": {BOTTOMS},
  "names": {{
    "hair_shapes": {hair_shapes},
    "hair_colours": {hair_colours},
    "tops": {tops},
    "bottoms": {bottoms}
  }}
}}
"#
    )
}

fn list<const N: usize>(names: [&str; N]) -> String {
    format!("[{}]", names.map(|name| format!("\"{name}\"")).join(", "))
}
