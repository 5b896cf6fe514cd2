//! Desks, tables and counters, with what lies on them.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::{Paints, ball, ellipse, in_ellipse, over_shade, round, shade, shade_box, slab},
    sheet::Sheet,
    trees::FOOT,
};

/// Adds tables, 48 by 64.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    for variant in 1..=3 {
        sheet.stand(format!("desk-{variant}"), desk(paints, variant), FOOT);
    }
    sheet.stand("teacher-desk", teacher_desk(paints), FOOT);
    sheet.stand("meeting-table-west", meeting_table(paints, true), FOOT);
    sheet.stand("meeting-table-east", meeting_table(paints, false), FOOT);
    sheet.stand("round-table", round_table(paints), FOOT);
    sheet.stand("reading-desk", reading_desk(paints), FOOT);
    sheet.stand("counter", counter(paints, false), FOOT);
    sheet.stand("counter-coffee", counter(paints, true), FOOT);
    sheet.stand("low-table", low_table(paints), FOOT);
}

/// Adds the lectern, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    sheet.stand("lectern", lectern(paints), 3);
}

fn timber(paints: &Paints) -> [Rgba; 4] {
    let [light, plain, front, edge, _] = paints.wood;
    [light, plain, front, edge]
}

/// Legs, top and front of a table whose top left is at `x`, `y`.
fn table(canvas: &mut Canvas, paints: &Paints, (x, y): (i32, i32), (width, depth): (i32, i32), height: i32) {
    let [_, _, _, dark, _] = paints.wood;
    let bottom = 64 - FOOT;
    for leg in [x + 1, x + width - 3] {
        canvas.fill(leg, y + depth, 2, bottom - y - depth, dark);
        canvas.fill(leg, y + depth, 1, bottom - y - depth, paints.wood[2]);
    }
    let _ = height;
    slab(canvas, (x, y), (width, depth, 3), timber(paints));
}

fn paper(canvas: &mut Canvas, paints: &Paints, x: i32, y: i32) {
    canvas.fill(x, y, 6, 5, paints.stone[0]);
    canvas.fill(x + 1, y + 1, 4, 1, paints.stone[2]);
    canvas.fill(x + 1, y + 3, 3, 1, paints.stone[2]);
    canvas.fill(x, y + 5, 6, 1, paints.wood[2]);
}

fn book(canvas: &mut Canvas, paints: &Paints, x: i32, y: i32, [light, plain, dark]: [Rgba; 3]) {
    canvas.fill(x, y, 6, 4, plain);
    canvas.fill(x, y, 6, 1, light);
    canvas.fill(x, y + 4, 6, 1, paints.stone[1]);
    canvas.fill(x, y + 5, 6, 1, dark);
}

fn laptop(canvas: &mut Canvas, paints: &Paints, x: i32, y: i32) {
    canvas.fill(x, y, 9, 5, paints.stone[3]);
    canvas.fill(x, y, 9, 1, paints.stone[1]);
    canvas.fill(x, y + 5, 9, 1, paints.dusk[0]);
    canvas.put(x + 4, y + 2, paints.stone[0]);
}

fn mug(canvas: &mut Canvas, x: i32, y: i32, [light, plain, dark]: [Rgba; 3]) {
    canvas.fill(x, y, 3, 4, plain);
    canvas.fill(x, y, 3, 1, light);
    canvas.put(x + 2, y + 3, dark);
    canvas.put(x + 3, y + 1, dark);
}

/// A desk for two, 32 pixels wide.
fn desk(paints: &Paints, variant: i32) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 9, 54, 34, 8);
    let mut canvas = Canvas::new(48, 64);
    table(&mut canvas, paints, (8, 41), (32, 10), 8);
    canvas.fill(11, 54, 26, 2, paints.wood[4]);
    match variant {
        1 => {
            paper(&mut canvas, paints, 13, 43);
            book(&mut canvas, paints, 29, 43, [paints.sky[0], paints.sky[1], paints.sky[2]]);
        }
        2 => {
            laptop(&mut canvas, paints, 11, 42);
            paper(&mut canvas, paints, 29, 44);
            canvas.fill(36, 45, 1, 4, paints.sun[1]);
        }
        _ => {
            book(&mut canvas, paints, 12, 43, paints.rose);
            paper(&mut canvas, paints, 20, 44);
            mug(&mut canvas, 33, 42, paints.teal);
        }
    }
    over_shade(below, canvas, paints.wood[4])
}

fn teacher_desk(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 50, 44, 12);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (2, 38), (44, 11, 10), timber(paints));
    let [_, light, _, dark, line] = paints.wood;
    canvas.fill(4, 51, 40, 6, dark);
    canvas.fill(4, 51, 40, 1, line);
    canvas.fill(24, 51, 1, 6, line);
    canvas.fill(13, 54, 3, 1, light);
    canvas.fill(33, 54, 3, 1, light);
    laptop(&mut canvas, paints, 18, 40);
    paper(&mut canvas, paints, 7, 41);
    mug(&mut canvas, 37, 40, paints.rose);
    ball(&mut canvas, 32.0, 42.0, 2.0, 2.0, &paints.rose);
    over_shade(below, canvas, line)
}

/// Half of a long table with rounded ends.
fn meeting_table(paints: &Paints, west: bool) -> Canvas {
    let [light, plain, front, dark, line] = paints.wood;
    let mut whole = Canvas::new(96, 64);
    let mut below = Canvas::new(96, 64);
    shade_box(&mut below, paints, 20, 44, 64, 18);
    whole.fill(28, 52, 6, 7, dark);
    whole.fill(62, 52, 6, 7, dark);
    slab(&mut whole, (16, 32), (64, 20, 4), [light, plain, front, dark]);
    round(&mut whole, 16, 32, 64, 24);
    for (x, y, length) in [(20, 36, 14), (44, 41, 20), (26, 47, 18), (60, 36, 12)] {
        whole.fill(x, y, length, 1, front);
    }
    laptop(&mut whole, paints, 24, 35);
    paper(&mut whole, paints, 40, 44);
    paper(&mut whole, paints, 58, 34);
    mug(&mut whole, 52, 44, [paints.sky[0], paints.sky[1], paints.sky[2]]);
    mug(&mut whole, 71, 37, paints.rose);
    ball(&mut whole, 48.0, 37.0, 4.0, 3.0, &[paints.leaf[0], paints.leaf[1], paints.leaf[2]]);
    whole.fill(46, 39, 5, 2, paints.brick[1]);
    let whole = over_shade(below, whole, line);
    let mut half = Canvas::new(48, 64);
    half.blit(&whole, if west { 0 } else { -48 }, 0);
    half
}

fn round_table(paints: &Paints) -> Canvas {
    let [light, plain, front, dark, line] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade(&mut below, paints, 27.0, 58.0, 14.0, 4.5);
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(22, 48, 4, 10, dark);
    ellipse(&mut canvas, 24.0, 57.0, 7.0, 2.0, dark);
    ellipse(&mut canvas, 24.0, 47.0, 15.0, 8.0, front);
    in_ellipse(24.0, 44.5, 15.0, 8.0, |x, y, u, v| {
        canvas.put(x, y, if u * u + v * v > 0.82 && u + v < 0.0 { light } else { plain });
    });
    mug(&mut canvas, 17, 40, paints.teal);
    ellipse(&mut canvas, 28.0, 45.0, 4.0, 2.4, paints.stone[0]);
    ball(&mut canvas, 28.0, 43.5, 2.4, 2.0, &[paints.brick[0], paints.brick[1], paints.brick[2]]);
    over_shade(below, canvas, line)
}

fn reading_desk(paints: &Paints) -> Canvas {
    let [_, light, plain, dark, line] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 50, 44, 12);
    let mut canvas = Canvas::new(48, 64);
    for x in [4, 41] {
        canvas.fill(x, 50, 3, 9, line);
    }
    slab(&mut canvas, (2, 34), (44, 17, 3), [light, plain, dark, line]);
    // An open book in the light of a lamp with a green shade.
    canvas.fill(8, 38, 6, 7, paints.stone[0]);
    canvas.fill(15, 38, 6, 7, paints.stone[0]);
    canvas.fill(14, 38, 1, 7, paints.stone[3]);
    for y in [40, 42] {
        canvas.fill(9, y, 4, 1, paints.stone[2]);
        canvas.fill(16, y, 4, 1, paints.stone[2]);
    }
    book(&mut canvas, paints, 36, 42, paints.plum);
    book(&mut canvas, paints, 35, 39, paints.rose);
    canvas.fill(28, 33, 2, 9, paints.sun[2]);
    canvas.fill(26, 41, 6, 1, paints.sun[2]);
    canvas.fill(24, 29, 10, 4, paints.leaf[2]);
    canvas.fill(25, 28, 8, 1, paints.leaf[1]);
    canvas.fill(24, 32, 10, 1, paints.sun[0]);
    over_shade(below, canvas, line)
}

/// A stretch of the bar, 48 wide so that several make a long one.
fn counter(paints: &Paints, coffee: bool) -> Canvas {
    let [w1, _, w3, w4, w5] = paints.wood;
    let [s1, s2, s3, s4, _] = paints.stone;
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(0, 60, 48, 2, paints.shade);
    canvas.fill(0, 34, 48, 10, s2);
    canvas.fill(0, 34, 48, 1, s1);
    canvas.fill(0, 33, 48, 1, w5);
    canvas.fill(0, 44, 48, 2, s3);
    canvas.fill(0, 46, 48, 12, w3);
    canvas.fill(0, 46, 48, 1, w5);
    canvas.fill(0, 58, 48, 2, w5);
    for x in (0..48).step_by(12) {
        canvas.fill(x + 1, 48, 10, 8, w4);
        canvas.fill(x + 2, 49, 9, 7, w3);
        canvas.fill(x + 1, 56, 10, 1, w1);
    }
    if coffee {
        // The machine, its lights, and cups.
        canvas.fill(8, 20, 18, 19, s4);
        canvas.fill(8, 20, 18, 3, paints.brick[1]);
        canvas.fill(8, 20, 18, 1, paints.brick[0]);
        canvas.fill(8, 23, 2, 16, s3);
        canvas.fill(11, 29, 12, 7, paints.dusk[0]);
        canvas.fill(13, 29, 2, 2, s2);
        canvas.fill(19, 29, 2, 2, s2);
        mug(&mut canvas, 12, 32, [s1, s1, s3]);
        mug(&mut canvas, 18, 32, [s1, s1, s3]);
        canvas.put(12, 26, paints.leaf[0]);
        canvas.put(14, 26, paints.sun[1]);
        for (x, tones) in [(31, paints.rose), (36, paints.teal), (41, paints.sun)] {
            mug(&mut canvas, x, 36, tones);
        }
        for (x, y) in [(7, 20), (26, 20)] {
            canvas.fill(x, y, 1, 19, w5);
        }
        canvas.fill(8, 19, 18, 1, w5);
    } else {
        // Cake under glass.
        canvas.fill(12, 30, 20, 8, paints.sky[0]);
        canvas.fill(12, 30, 20, 1, s1);
        canvas.fill(15, 33, 6, 4, paints.brick[0]);
        canvas.fill(15, 33, 6, 1, paints.rose[0]);
        canvas.fill(23, 34, 6, 3, paints.wood[2]);
        canvas.fill(23, 34, 6, 1, s1);
        canvas.fill(11, 38, 22, 1, s3);
        ellipse(&mut canvas, 40.0, 39.0, 4.5, 2.5, s1);
        ball(&mut canvas, 39.0, 37.5, 2.0, 1.8, &paints.rose);
        ball(&mut canvas, 42.0, 38.0, 1.8, 1.6, &paints.sun);
    }
    canvas
}

fn low_table(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 9, 52, 34, 10);
    let mut canvas = Canvas::new(48, 64);
    table(&mut canvas, paints, (8, 43), (32, 11), 4);
    book(&mut canvas, paints, 12, 45, paints.plum);
    mug(&mut canvas, 32, 44, paints.sun);
    ball(&mut canvas, 24.0, 45.0, 3.5, 3.0, &paints.leaf[0..3]);
    canvas.fill(22, 47, 5, 3, paints.stone[1]);
    over_shade(below, canvas, paints.wood[4])
}

/// What a teacher stands behind, papers on its slope; a crest on the front.
fn lectern(paints: &Paints) -> Canvas {
    let [light, plain, front, dark, line] = paints.wood;
    let mut below = Canvas::new(16, 32);
    shade_box(&mut below, paints, 3, 25, 12, 6);
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(4, 17, 9, 11, front);
    canvas.fill(4, 17, 2, 11, plain);
    canvas.fill(11, 17, 2, 11, dark);
    canvas.fill(3, 27, 11, 1, dark);
    slab(&mut canvas, (2, 11), (12, 5, 2), [light, plain, front, dark]);
    canvas.fill(5, 11, 6, 4, paints.stone[0]);
    canvas.fill(6, 12, 4, 1, paints.stone[2]);
    canvas.fill(7, 20, 3, 4, paints.sun[1]);
    canvas.put(8, 23, paints.sun[2]);
    over_shade(below, canvas, line)
}
