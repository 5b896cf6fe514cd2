//! The pond: water with its bank, and what floats on it.

use crate::{canvas::Canvas, palette::CLEAR};

use super::{
    corners::{Patch, add_terrain},
    paint::{Paints, dice, sketch},
    sheet::Sheet,
};

/// Adds the water and its lilies.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    add_terrain(sheet, ("water", "#5ab4d1"), 1.4, 5, |patch| water(paints, patch));
    add_terrain(sheet, ("deep", "#3e88b6"), 3.0, 4, |patch| deep(paints, patch));
    for variant in 1..=3 {
        sheet.add(format!("lily-{variant}"), lilies(paints, variant));
    }
}

/// Pixels of earth that one sees above the water on the far shore.
const BANK: i32 = 4;

fn water(paints: &Paints, patch: &Patch) -> Canvas {
    let [foam, pale, plain, deep, _] = paints.water;
    let mut canvas = patch.draw(|patch, x, y| {
        let inside = patch.inside(x, y);
        if inside <= -2.6 {
            return CLEAR;
        }
        if inside <= -1.6 {
            return paints.grass[3];
        }
        if inside <= -0.4 {
            return paints.sand[1];
        }
        let land = |up: i32| patch.inside(x, y - up) <= 0.0;
        if inside <= 0.6 {
            return paints.sand[2];
        }
        if land(BANK - 1) {
            return paints.sand[3];
        }
        if land(BANK) {
            return paints.wood[3];
        }
        if land(BANK + 1) || land(BANK + 2) {
            return deep;
        }
        if inside <= 1.8 {
            return foam;
        }
        if inside <= 3.4 { pale } else { plain }
    });
    if patch.is_full() {
        ripples(&mut canvas, paints, patch.seed());
    }
    canvas
}

/// One or two little waves, or none, nowhere near the tile's edge, so that no rows of them form.
fn ripples(canvas: &mut Canvas, paints: &Paints, seed: u32) {
    let [foam, pale, _, deep, _] = paints.water;
    let count = [0, 1, 0, 2, 1][seed as usize / 7 % 5];
    for ripple in 0..count {
        let roll = dice(ripple, 1, seed);
        let (x, y) = (1 + (roll % 8) as i32, 2 + ripple * 7 + (roll / 16 % 5) as i32);
        let colour = if roll & 0x200 == 0 { pale } else { deep };
        canvas.fill(x + 1, y, 4, 1, colour);
        canvas.put(x, y + 1, colour);
        canvas.put(x + 5, y + 1, colour);
        if roll & 0x100 == 0 && colour == pale {
            canvas.put(x + 2, y, foam);
        }
    }
}

/// The middle of the pond, where no bottom shines through.
fn deep(paints: &Paints, patch: &Patch) -> Canvas {
    let [_, _, plain, deep, _] = paints.water;
    let mut canvas = patch.draw(|patch, x, y| match patch.inside(x, y) {
        depth if depth <= 0.0 => CLEAR,
        // Streaks of it reach out into the shallows.
        depth if depth <= 4.0 && (y + x / 8 % 2) % 3 != 0 => plain,
        _ => paints.deep,
    });
    if patch.is_full() {
        for wave in 0..patch.seed() as i32 % 3 {
            let roll = dice(wave, 2, patch.seed());
            let (x, y) = (1 + (roll % 8) as i32, 2 + wave * 7 + (roll / 16 % 5) as i32);
            canvas.fill(x, y, 5, 1, if roll & 0x200 == 0 { plain } else { deep });
        }
    }
    canvas
}

/// Adds a jetty two tiles wide: its landing, its length and its head, left and right.
pub fn add_jetty(sheet: &mut Sheet, paints: &Paints) {
    let [light, plain, edge, dark, line] = paints.wood;
    for (name, from, to) in [("landing", 0, 16), ("length", 16, 32), ("head", 32, 48)] {
        let mut whole = Canvas::new(32, 48);
        for y in 0..42 {
            let tone = match y % 5 {
                0 => light,
                4 => dark,
                _ => plain,
            };
            whole.fill(2, y, 28, 1, tone);
            whole.fill(2, y, 1, 1, edge);
            whole.fill(28, y, 2, 1, edge);
            whole.fill(7 + y / 5 * 11 % 18, y, 1, 1, if y % 5 == 4 { line } else { edge });
        }
        for x in [1, 30] {
            whole.fill(x, 0, 1, 42, line);
        }
        whole.fill(2, 41, 28, 1, dark);
        whole.fill(2, 42, 28, 2, edge);
        whole.fill(1, 44, 30, 1, line);
        whole.fill(4, 45, 28, 2, paints.shade);
        whole.fill(31, 3, 1, 44, paints.shade);
        // Mooring posts, two at the head and two halfway.
        for (x, y) in [(0, 16), (28, 16), (0, 36), (28, 36)] {
            whole.fill(x, y, 4, 10, line);
            whole.fill(x + 1, y + 1, 2, 8, dark);
            whole.fill(x + 1, y + 1, 1, 8, edge);
            whole.fill(x, y, 4, 2, line);
            whole.fill(x + 1, y, 2, 2, light);
        }
        for (side, left) in [("west", 0), ("east", 16)] {
            let mut tile = Canvas::new(16, 16);
            for y in from..to {
                for x in 0..16 {
                    tile.put(x, y - from, whole.at(left + x, y));
                }
            }
            sheet.add(format!("jetty-{name}-{side}"), tile);
        }
    }
}

const PAD: [&str; 7] = ["..llll...", ".lmmmmlm.", "lmmmmd...", "lmmmdmmm.", ".mmmmmmmd", "..dmmmdd.", "...ssss.."];
const BUD: [&str; 5] = [".p.p.", "ppwpp", "pwywp", ".pqp.", "..q.."];

fn lilies(paints: &Paints, variant: i32) -> Canvas {
    let mut canvas = Canvas::new(16, 16);
    let pad =
        sketch(&PAD, &[('l', paints.leaf[0]), ('m', paints.leaf[1]), ('d', paints.leaf[2]), ('s', paints.water[3])]);
    let bud =
        sketch(&BUD, &[('p', paints.rose[0]), ('w', paints.stone[0]), ('y', paints.sun[1]), ('q', paints.rose[1])]);
    match variant {
        1 => canvas.blit(&pad, 3, 5),
        2 => {
            canvas.blit(&pad, 0, 1);
            canvas.blit(&super::paint::mirrored(&pad), 6, 8);
        }
        _ => {
            canvas.blit(&pad, 4, 6);
            canvas.blit(&bud, 6, 3);
        }
    }
    canvas
}
