//! What the lounge has for idle hours: an arcade machine, an aquarium, table tennis.

use crate::canvas::Canvas;

use super::{
    paint::{Paints, ellipse, over_shade, shade_box, sketch, slab},
    sheet::Sheet,
    trees::FOOT,
};

/// Adds the arcade machine, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    sheet.stand("arcade", arcade(paints), 3);
}

/// Adds the rest, 48 by 64.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    sheet.stand("aquarium", aquarium(paints), FOOT);
    sheet.stand("table-tennis", table_tennis(paints), FOOT);
}

fn arcade(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(16, 32);
    shade_box(&mut below, paints, 3, 24, 13, 7);
    let [light, plain, dark] = paints.plum;
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(2, 3, 12, 25, plain);
    canvas.fill(2, 3, 1, 25, light);
    canvas.fill(12, 3, 2, 25, dark);
    canvas.fill(3, 4, 9, 3, paints.sun[1]);
    canvas.fill(4, 5, 7, 1, paints.rose[2]);
    canvas.fill(3, 8, 9, 8, paints.dusk[0]);
    let picture = sketch(
        &["..g.g..", "..ggg..", ".g.g.g.", ".......", "r..y..r", "...w..."],
        &[('g', paints.leaf[0]), ('r', paints.rose[1]), ('y', paints.sun[1]), ('w', paints.stone[0])],
    );
    canvas.blit(&picture, 4, 9);
    canvas.fill(2, 16, 12, 3, paints.stone[3]);
    canvas.fill(2, 16, 12, 1, paints.stone[1]);
    canvas.fill(4, 16, 1, 2, paints.rose[1]);
    canvas.put(8, 17, paints.sun[1]);
    canvas.put(10, 17, paints.sky[1]);
    canvas.fill(5, 22, 5, 4, dark);
    canvas.fill(6, 23, 1, 2, paints.sun[1]);
    over_shade(below, canvas, paints.dusk[0])
}

fn aquarium(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let [foam, pale, plain, deep, _] = paints.water;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 6, 52, 40, 10);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (4, 43), (40, 3, 13), [w1, w2, w3, w4]);
    canvas.fill(24, 48, 1, 9, w4);
    canvas.fill(21, 51, 2, 1, w1);
    canvas.fill(26, 51, 2, 1, w1);
    canvas.fill(6, 24, 36, 20, plain);
    canvas.fill(6, 24, 36, 2, foam);
    canvas.fill(6, 26, 36, 4, pale);
    canvas.fill(6, 38, 36, 3, deep);
    canvas.fill(6, 41, 36, 3, paints.sand[1]);
    for (x, y) in [(9, 42), (15, 41), (22, 43), (30, 42), (37, 41)] {
        canvas.fill(x, y, 2, 1, paints.sand[2]);
    }
    for (x, top) in [(10, 33), (12, 36), (34, 31), (36, 35), (38, 37)] {
        for y in top..42 {
            canvas.put(x + y / 2 % 2, y, if y % 3 == 0 { paints.leaf[0] } else { paints.leaf[1] });
        }
    }
    let fish =
        |tones: [_; 2]| sketch(&["a.aa.", "aaaak", "b.bb."], &[('a', tones[0]), ('b', tones[1]), ('k', paints.ink)]);
    canvas.blit(&fish([paints.sun[1], paints.sun[2]]), 16, 30);
    canvas.blit(&fish([paints.rose[0], paints.rose[1]]), 26, 35);
    canvas.blit(&fish([paints.brick[0], paints.brick[1]]), 22, 27);
    for (x, y) in [(31, 33), (31, 30), (32, 28), (14, 34)] {
        canvas.put(x, y, foam);
    }
    for step in 0..5 {
        canvas.put(8 + step, 33 - step, foam);
    }
    canvas.fill(5, 22, 38, 2, paints.dusk[1]);
    canvas.fill(5, 22, 38, 1, paints.stone[3]);
    over_shade(below, canvas, w5)
}

fn table_tennis(paints: &Paints) -> Canvas {
    let [light, plain, dark] = paints.teal;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 46, 44, 16);
    let mut canvas = Canvas::new(48, 64);
    for x in [5, 41] {
        canvas.fill(x, 54, 2, 5, paints.dusk[1]);
    }
    slab(&mut canvas, (2, 34), (44, 18, 3), [light, plain, dark, paints.leaf[4]]);
    for (x, y, width, height) in [(2, 34, 44, 1), (2, 51, 44, 1), (2, 34, 1, 18), (45, 34, 1, 18), (2, 42, 44, 1)] {
        canvas.fill(x, y, width, height, paints.stone[0]);
    }
    canvas.fill(23, 29, 2, 26, paints.stone[1]);
    canvas.fill(24, 29, 1, 26, paints.stone[3]);
    canvas.fill(23, 29, 2, 1, paints.dusk[0]);
    ellipse(&mut canvas, 11.0, 47.0, 2.5, 2.0, paints.rose[1]);
    canvas.fill(13, 48, 2, 1, paints.wood[1]);
    ellipse(&mut canvas, 37.0, 38.0, 2.5, 2.0, paints.sky[2]);
    canvas.fill(34, 39, 2, 1, paints.wood[1]);
    canvas.fill(30, 44, 2, 2, paints.stone[0]);
    over_shade(below, canvas, paints.leaf[4])
}
