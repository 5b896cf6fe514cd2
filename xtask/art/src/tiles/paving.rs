//! What one walks on outside: slabs of stone for the plaza and the main ways, gravel for the garden paths.

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

use super::{
    corners::{Patch, add_terrain},
    paint::{Paints, dice},
    sheet::Sheet,
};

/// Adds both pavings.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    add_terrain(sheet, ("paving", "#dcd3c4"), 0.0, 6, |patch| paving(paints, patch));
    add_terrain(sheet, ("gravel", "#e6cc8e"), 2.2, 5, |patch| gravel(paints, patch));
}

/// Adds the setts; they come late in the sheet.
pub fn add_setts(sheet: &mut Sheet, paints: &Paints) {
    add_terrain(sheet, ("setts", "#b8aba3"), 0.0, 1, |patch| setts(paints, patch));
}

/// Slabs laid in courses of 8 pixels, every other course shifted by half a slab.
fn paving(paints: &Paints, patch: &Patch) -> Canvas {
    patch.draw(|patch, x, y| {
        let inside = patch.inside(x, y);
        if inside <= -1.5 {
            return CLEAR;
        }
        if inside <= -0.5 {
            return paints.grass[3];
        }
        if inside <= 0.5 {
            return paints.stone[4];
        }
        if inside <= 2.2 {
            return kerb(paints, patch, x, y);
        }
        slab(paints, patch.seed(), x, y)
    })
}

/// The rim of the paving, lit where it faces the light.
fn kerb(paints: &Paints, patch: &Patch, x: i32, y: i32) -> Rgba {
    let towards_light = patch.inside(x - 1, y - 1) < patch.inside(x, y) - 0.3;
    if towards_light { paints.stone[0] } else { paints.stone[2] }
}

fn slab(paints: &Paints, seed: u32, x: i32, y: i32) -> Rgba {
    let course = y / 8;
    let (dx, dy) = ((x + course * 8) % 16, y % 8);
    let [bright, plain, joint, ..] = paints.stone;
    if dy == 7 || dx == 15 {
        return joint;
    }
    // Corners are worn, so that the joints read as gaps between stones and not as a ruled grid.
    if (dx == 0 || dx == 14) && (dy == 0 || dy == 6) {
        return joint;
    }
    if dy == 0 || dx == 0 {
        return bright;
    }
    // Only the slab that lies in this tile alone may differ from tile to tile.
    if course == 0 {
        let roll = dice(0, 0, seed) % 6;
        let crack = roll == 1 && ((dx == 9 && dy < 3) || (dx == 8 && (3..5).contains(&dy)));
        if crack || (roll == 2 && [(4, 4), (5, 4)].contains(&(dx, dy))) {
            return joint;
        }
        return match roll {
            3 | 4 => paints.pale_slab,
            5 => paints.dark_slab,
            _ => plain,
        };
    }
    plain
}

/// Small setts for the middle of the plaza, in arcs of three sizes.
fn setts(paints: &Paints, patch: &Patch) -> Canvas {
    let [_, light, joint, ..] = paints.stone;
    let plain = paints.dark_slab;
    patch.draw(|patch, x, y| {
        let inside = patch.inside(x, y);
        if inside <= -0.5 {
            return CLEAR;
        }
        if inside <= 0.5 {
            return joint;
        }
        if inside <= 2.5 {
            return if patch.inside(x - 1, y - 1) < inside - 0.3 { paints.stone[0] } else { light };
        }
        let course = y / 4;
        let (dx, dy) = ((x + course % 2 * 2) % 4, y % 4);
        let stone = dice((x + course % 2 * 2) % 16 / 4, course, 71) % 4;
        match (dx, dy) {
            (3, _) | (_, 3) => joint,
            (0 | 1, 0) if stone > 1 => light,
            _ => plain,
        }
    })
}

fn gravel(paints: &Paints, patch: &Patch) -> Canvas {
    let [light, plain, shade, dark] = paints.sand;
    patch.draw(|patch, x, y| {
        let fringe = (dice(x, y / 2, 5) % 3) as f32 * 0.5;
        let inside = patch.inside(x, y) - fringe;
        if inside <= -1.0 {
            return CLEAR;
        }
        if inside <= 0.0 {
            return paints.grass[3];
        }
        if inside <= 1.0 {
            let below_land = patch.inside(x, y - 1) < patch.inside(x, y);
            return if below_land { dark } else { shade };
        }
        if inside <= 2.5 {
            return shade;
        }
        // Pebbles: a light pixel with its shade below and to the right.
        let pebble = |px: i32, py: i32| {
            (1..15).contains(&px) && (1..15).contains(&py) && dice(px, py, patch.seed()).is_multiple_of(41)
        };
        if pebble(x, y) || pebble(x - 1, y) {
            return light;
        }
        if pebble(x, y - 1) || pebble(x - 1, y - 1) {
            return shade;
        }
        plain
    })
}
