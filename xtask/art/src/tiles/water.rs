//! The pond: water with its bank, and what floats on it.

use crate::{canvas::Canvas, palette::CLEAR};

use super::{
    corners::{Patch, add_terrain},
    paint::{Paints, dice, sketch},
    sheet::Sheet,
};

/// Adds the water and its lilies.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    add_terrain(sheet, ("water", "#5ab4d1"), 1.4, 4, |patch| water(paints, patch));
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
        let seed = patch.seed();
        for ripple in 0..3 {
            let roll = dice(ripple, 1, seed);
            let (x, y) = (1 + (roll % 9) as i32, 2 + ripple * 5 + (roll / 16 % 3) as i32);
            let colour = if ripple == 1 { deep } else { pale };
            canvas.fill(x + 1, y, 4, 1, colour);
            canvas.put(x, y + 1, colour);
            canvas.put(x + 5, y + 1, colour);
            if roll & 0x100 == 0 && ripple != 1 {
                canvas.put(x + 2, y, foam);
            }
        }
    }
    canvas
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
