//! The lawn: quiet tiles for most of it, tufts and flowers to strew sparsely, and meadow, its taller, darker kind.

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

use super::{
    corners::{Patch, SIDE, add_terrain},
    paint::{Paints, dice, sketch},
    sheet::Sheet,
};

/// Adds the lawn and the meadow.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    for variant in 0..6 {
        sheet.add(format!("grass-{}", variant + 1), lawn(paints, variant));
    }
    for variant in 0..4 {
        sheet.add(format!("grass-tuft-{}", variant + 1), tufts(paints, variant));
    }
    let [petals_white, petals_sun, petals_rose, petals_plum] = [
        [paints.stone[0], paints.sun[1]],
        [paints.sun[1], paints.sun[2]],
        [paints.rose[0], paints.rose[1]],
        [paints.plum[0], paints.plum[1]],
    ];
    for (name, petals, seed) in [
        ("grass-daisies", petals_white, 1),
        ("grass-buttercups", petals_sun, 2),
        ("grass-roses", petals_rose, 3),
        ("grass-violets", petals_plum, 4),
    ] {
        sheet.add(name, flowers(paints, petals, seed));
    }
    sheet.add("grass-pebbles", pebbles(paints));
    sheet.add("grass-clover", clover(paints));
    add_terrain(sheet, ("meadow", "#4c8846"), 5.0, 4, |patch| meadow(paints, patch));
}

/// Short strokes in the neighbouring tones, none of which touches the tile's edge: no seams, no grid.
fn lawn(paints: &Paints, variant: i32) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 0, SIDE, SIDE, paints.grass[1]);
    for stroke in 0..[0, 2, 3, 3, 4, 2][variant as usize % 6] {
        let roll = dice(stroke, variant, 11);
        let (x, y) = (1 + (roll % 13) as i32, 1 + (roll / 16 % 13) as i32);
        blade(&mut canvas, x, y, paints.grass[2], roll & 0x1000 == 0);
    }
    if variant >= 3 {
        let roll = dice(variant, 5, 17);
        canvas.put(2 + (roll % 11) as i32, 3 + (roll / 16 % 10) as i32, paints.grass[0]);
        canvas.put(3 + (roll % 11) as i32, 2 + (roll / 16 % 10) as i32, paints.grass[0]);
    }
    canvas
}

/// A tick like a `v`, the smallest thing that reads as grass.
fn blade(canvas: &mut Canvas, x: i32, y: i32, colour: Rgba, wide: bool) {
    canvas.put(x, y, colour);
    canvas.put(x + 1, y + 1, colour);
    if wide {
        canvas.put(x + 2, y, colour);
    }
}

const TUFT: [&str; 6] = ["..l...d.", "l.m.l.m.", ".mm.mmd.", "..dmmd.d", ".ddddddd", "...ssss."];

fn tufts(paints: &Paints, variant: i32) -> Canvas {
    let mut canvas = lawn(paints, variant % 3);
    let [light, base, mid, dark, _] = paints.grass;
    let tuft = sketch(&TUFT, &[('l', light), ('m', mid), ('d', dark), ('s', mid), ('b', base)]);
    let places: &[(i32, i32)] = match variant {
        0 => &[(3, 5)],
        1 => &[(7, 8)],
        2 => &[(1, 2), (7, 8)],
        _ => &[(6, 3), (0, 9)],
    };
    for (x, y) in places {
        canvas.blit(&tuft, *x, *y);
    }
    canvas
}

fn flowers(paints: &Paints, [petal, heart]: [Rgba; 2], seed: u32) -> Canvas {
    let mut canvas = lawn(paints, 1);
    for (index, (x, y)) in [(3, 4), (10, 3), (6, 9), (12, 11)].into_iter().enumerate() {
        let roll = dice(index as i32, 0, seed);
        let (x, y) = (x + (roll % 3) as i32 - 1, y + (roll / 4 % 3) as i32 - 1);
        canvas.put(x, y + 2, paints.grass[3]);
        canvas.put(x + 1, y + 2, paints.grass[2]);
        if roll & 32 == 0 {
            for (dx, dy) in [(0, -1), (-1, 0), (1, 0), (0, 1)] {
                canvas.put(x + dx, y + dy, petal);
            }
            canvas.put(x, y, heart);
        } else {
            canvas.put(x, y, petal);
            canvas.put(x + 1, y, petal);
            canvas.put(x, y + 1, heart);
        }
    }
    canvas
}

fn pebbles(paints: &Paints) -> Canvas {
    let mut canvas = lawn(paints, 0);
    let stone = sketch(
        &[".aab.", "aabbc", "abbcc", ".sss."],
        &[('a', paints.stone[1]), ('b', paints.stone[2]), ('c', paints.stone[3]), ('s', paints.grass[3])],
    );
    let small = sketch(
        &["ab", "bc", "ss"],
        &[('a', paints.stone[1]), ('b', paints.stone[2]), ('c', paints.stone[3]), ('s', paints.grass[2])],
    );
    canvas.blit(&stone, 4, 6);
    canvas.blit(&small, 10, 10);
    canvas
}

fn clover(paints: &Paints) -> Canvas {
    let mut canvas = lawn(paints, 1);
    let leaf = sketch(&[".m.m", "mdmd", ".md.", "..d."], &[('m', paints.grass[2]), ('d', paints.grass[3])]);
    for (x, y) in [(2, 3), (8, 2), (5, 8), (10, 9)] {
        canvas.blit(&leaf, x, y);
    }
    canvas
}

/// Its border is a fringe of blades: each column and row reaches a little further or less.
fn meadow(paints: &Paints, patch: &Patch) -> Canvas {
    let mut canvas = patch.draw(|patch, x, y| {
        let reach = (dice(x, y / 3, 77) % 4 + dice(x / 3, y, 78) % 3) as f32 * 0.8;
        match patch.inside(x, y) + reach - 2.0 {
            depth if depth <= 0.0 => CLEAR,
            depth if depth <= 2.2 => paints.meadow,
            _ => paints.grass[2],
        }
    });
    for stroke in 0..5 {
        let roll = dice(stroke, 3, patch.seed());
        let (x, y) = (1 + (roll % 13) as i32, 1 + (roll / 16 % 13) as i32);
        if patch.inside(x, y) > 2.5 && patch.inside(x + 2, y) > 2.5 {
            let colour = if roll & 0x2000 == 0 { paints.grass[3] } else { paints.meadow };
            blade(&mut canvas, x, y, colour, roll & 0x1000 == 0);
        }
    }
    canvas
}

/// Adds what trees have dropped, to lie on any ground.
pub fn add_fallen(sheet: &mut Sheet, paints: &Paints) {
    let petals = [paints.rose[0], paints.plum[0]];
    let leaves = [paints.sun[2], paints.brick[1]];
    for (name, [light, dark]) in [("petals", petals), ("leaves", leaves)] {
        for (variant, places) in
            [[(3, 4), (11, 10), (8, 2)], [(5, 11), (12, 5), (2, 7)], [(9, 7), (4, 13), (13, 2)]].iter().enumerate()
        {
            let mut canvas = Canvas::new(SIDE, SIDE);
            for (x, y) in &places[..2 + variant % 2] {
                canvas.put(*x, *y, light);
                canvas.put(x + 1, *y, light);
                canvas.put(x + 1, y + 1, dark);
            }
            sheet.add(format!("{name}-{}", variant + 1), canvas);
        }
    }
}
