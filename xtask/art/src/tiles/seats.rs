//! Chairs, stools and sofas. The name says which way one looks when sitting.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::{Paints, ellipse, mirrored, outline, over_shade, shade, shade_box, slab},
    sheet::Sheet,
    trees::FOOT,
};

/// Adds chairs, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    for (name, tones) in [
        ("chair", wood(paints)),
        ("chair-blue", blue(paints)),
        ("chair-red", red(paints)),
        ("chair-teal", teal(paints)),
    ] {
        sheet.stand(format!("{name}-north"), chair_north(paints, tones), 3);
        sheet.stand(format!("{name}-south"), chair_south(paints, tones), 3);
        let east = chair_east(tones);
        let west = mirrored(&east);
        sheet.stand(format!("{name}-east"), grounded(paints, east, tones[3]), 3);
        sheet.stand(format!("{name}-west"), grounded(paints, west, tones[3]), 3);
    }
    sheet.stand("stool", stool(paints), 3);
    sheet.stand("pouf", pouf(paints), 3);
}

/// Adds sofas, 48 by 64.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    let [p1, p2, p3] = paints.plum;
    let [t1, t2, t3] = paints.teal;
    for (name, tones) in [("sofa-plum", [p1, p2, p3, paints.dusk[0]]), ("sofa-teal", [t1, t2, t3, paints.leaf[4]])] {
        sheet.stand(format!("{name}-south"), sofa_south(paints, tones), FOOT);
        sheet.stand(format!("{name}-north"), sofa_north(paints, tones), FOOT);
        let side = sofa_side(tones);
        for (way, picture) in [("east", side.clone()), ("west", mirrored(&side))] {
            let mut below = Canvas::new(48, 64);
            shade_box(&mut below, paints, 14, 24, 26, 38);
            sheet.stand(format!("{name}-{way}"), over_shade(below, picture, tones[3]), FOOT);
        }
    }
}

fn wood(paints: &Paints) -> [Rgba; 4] {
    let [light, plain, shade, _, line] = paints.wood;
    [light, plain, shade, line]
}

fn blue(paints: &Paints) -> [Rgba; 4] {
    let [light, plain, shade, line] = paints.sky;
    [light, plain, shade, line]
}

fn red(paints: &Paints) -> [Rgba; 4] {
    let [light, plain, shade] = paints.rose;
    [light, plain, shade, paints.brick[4]]
}

fn teal(paints: &Paints) -> [Rgba; 4] {
    let [light, plain, shade] = paints.teal;
    [light, plain, shade, paints.leaf[4]]
}

fn grounded(paints: &Paints, thing: Canvas, line: Rgba) -> Canvas {
    let mut below = Canvas::new(16, 32);
    shade(&mut below, paints, 9.5, 29.0, 6.0, 2.6);
    over_shade(below, thing, line)
}

fn legs(canvas: &mut Canvas, colour: Rgba, top: i32) {
    canvas.fill(4, top, 1, 29 - top, colour);
    canvas.fill(11, top, 1, 29 - top, colour);
}

/// Seen from behind: the back hides most of the seat.
fn chair_north(paints: &Paints, [light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(3, 17, 10, 4, plain);
    canvas.fill(3, 17, 10, 1, light);
    legs(&mut canvas, paints.dusk[1], 21);
    canvas.fill(3, 19, 10, 6, dark);
    canvas.fill(3, 19, 10, 1, light);
    canvas.fill(3, 20, 10, 1, plain);
    canvas.fill(5, 22, 6, 1, line);
    grounded(paints, canvas, line)
}

fn chair_south(paints: &Paints, [light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    legs(&mut canvas, paints.dusk[1], 24);
    canvas.fill(3, 13, 10, 8, plain);
    canvas.fill(3, 13, 10, 1, light);
    canvas.fill(3, 13, 1, 8, light);
    canvas.fill(5, 16, 6, 1, dark);
    canvas.fill(3, 20, 10, 5, plain);
    canvas.fill(3, 20, 10, 1, line);
    canvas.fill(3, 21, 10, 1, light);
    canvas.fill(3, 24, 10, 1, dark);
    grounded(paints, canvas, line)
}

fn chair_east([light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(3, 24, 1, 4, line);
    canvas.fill(11, 24, 1, 4, line);
    canvas.fill(3, 13, 3, 10, plain);
    canvas.fill(3, 13, 1, 10, light);
    canvas.fill(3, 13, 3, 1, light);
    canvas.fill(6, 19, 7, 4, plain);
    canvas.fill(6, 19, 7, 1, light);
    canvas.fill(3, 23, 10, 2, dark);
    canvas
}

fn stool(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(5, 20, 1, 8, paints.dusk[1]);
    canvas.fill(10, 20, 1, 8, paints.dusk[1]);
    canvas.fill(5, 25, 6, 1, paints.stone[3]);
    ellipse(&mut canvas, 8.0, 20.0, 4.5, 2.8, paints.brick[2]);
    ellipse(&mut canvas, 8.0, 19.0, 4.5, 2.6, paints.brick[1]);
    ellipse(&mut canvas, 7.5, 18.5, 2.5, 1.2, paints.brick[0]);
    grounded(paints, canvas, paints.brick[4])
}

fn pouf(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    ellipse(&mut canvas, 8.0, 24.5, 6.0, 4.0, paints.sun[2]);
    ellipse(&mut canvas, 8.0, 21.5, 6.0, 3.6, paints.sun[1]);
    ellipse(&mut canvas, 7.0, 20.5, 3.5, 1.8, paints.sun[0]);
    grounded(paints, canvas, paints.wood[4])
}

fn sofa_south(paints: &Paints, [light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 50, 43, 12);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (4, 36), (40, 3, 10), [light, plain, plain, dark]);
    for x in [8, 24] {
        slab(&mut canvas, (x, 45), (16, 6, 5), [light, plain, dark, line]);
        canvas.fill(x, 40, 1, 5, dark);
    }
    canvas.fill(24, 40, 1, 11, line);
    for x in [2, 39] {
        slab(&mut canvas, (x, 42), (7, 8, 8), [light, plain, dark, line]);
    }
    canvas.fill(11, 41, 8, 6, paints.sun[1]);
    canvas.fill(11, 41, 8, 1, paints.sun[0]);
    canvas.fill(18, 42, 1, 5, paints.sun[2]);
    over_shade(below, canvas, line)
}

fn sofa_north(paints: &Paints, [light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 50, 43, 12);
    let mut canvas = Canvas::new(48, 64);
    for x in [2, 39] {
        slab(&mut canvas, (x, 38), (7, 8, 11), [light, plain, dark, line]);
    }
    slab(&mut canvas, (8, 39), (32, 6, 2), [light, plain, dark, line]);
    canvas.fill(24, 39, 1, 6, dark);
    slab(&mut canvas, (4, 44), (40, 3, 11), [light, plain, dark, line]);
    canvas.fill(24, 48, 1, 9, line);
    over_shade(below, canvas, line)
}

/// One looks east from it: the back is at the left.
fn sofa_side([light, plain, dark, line]: [Rgba; 4]) -> Canvas {
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (13, 20), (5, 32, 7), [light, plain, dark, line]);
    slab(&mut canvas, (18, 26), (15, 26, 5), [light, plain, dark, line]);
    canvas.fill(18, 39, 15, 1, line);
    canvas.fill(18, 40, 15, 1, light);
    slab(&mut canvas, (15, 21), (17, 5, 4), [light, plain, dark, line]);
    slab(&mut canvas, (15, 49), (17, 4, 6), [light, plain, dark, line]);
    outline(&mut canvas, line);
    canvas
}
