//! What stands against walls: bookcases, lockers, plants, and the library's globe.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::{Paints, ball, dice, ellipse, in_ellipse, over_shade, shade, shade_box, slab},
    sheet::Sheet,
    trees::FOOT,
};

/// Adds bookcases and lockers, 48 by 64.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    for variant in 1..=3 {
        sheet.stand(format!("bookcase-{variant}"), bookcase(paints, variant), FOOT);
    }
    sheet.stand("bookcase-low", bookcase_low(paints), FOOT);
    sheet.stand("lockers", lockers(paints), FOOT);
}

/// Adds plants and the like, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    sheet.stand("plant-palm", palm(paints), 3);
    sheet.stand("plant-ficus", ficus(paints), 3);
    sheet.stand("plant-cactus", cactus(paints), 3);
    sheet.stand("globe", globe(paints), 3);
    sheet.stand("cooler", cooler(paints), 3);
}

fn books(canvas: &mut Canvas, paints: &Paints, (x, y): (i32, i32), (width, height): (i32, i32), seed: u32) {
    let spines = [
        [paints.rose[1], paints.rose[2]],
        [paints.sky[1], paints.sky[2]],
        [paints.leaf[1], paints.leaf[3]],
        [paints.sun[1], paints.sun[2]],
        [paints.plum[1], paints.plum[2]],
        [paints.brick[1], paints.brick[3]],
        [paints.stone[1], paints.stone[3]],
        [paints.teal[1], paints.teal[2]],
    ];
    let mut at = 0;
    while at < width {
        let roll = dice(x + at, y, seed);
        let thick = (2 + (roll % 2) as i32).min(width - at);
        if roll.is_multiple_of(13) {
            at += thick;
            continue;
        }
        let tall = height - 1 - (roll / 16 % 3) as i32;
        let [light, dark] = spines[roll as usize / 64 % spines.len()];
        canvas.fill(x + at, y + height - tall, thick, tall, light);
        canvas.fill(x + at + thick - 1, y + height - tall, 1, tall, dark);
        if thick == 3 && (roll / 512).is_multiple_of(2) {
            canvas.fill(x + at, y + height - tall + 2, 2, 1, paints.sand[0]);
        }
        at += thick;
    }
}

fn bookcase(paints: &Paints, variant: u32) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 3, 52, 44, 10);
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(1, 14, 46, 45, w3);
    slab(&mut canvas, (1, 12), (46, 4, 2), [w1, w2, w3, w4]);
    canvas.fill(1, 18, 2, 41, w2);
    canvas.fill(45, 18, 2, 41, w4);
    for shelf in 0..3 {
        let top = 19 + shelf * 13;
        canvas.fill(3, top, 42, 11, w5);
        books(&mut canvas, paints, (4, top), (40, 11), variant * 10 + shelf as u32);
        canvas.fill(3, top + 11, 42, 1, w2);
        canvas.fill(3, top + 12, 42, 1, w4);
    }
    canvas.fill(23, 19, 2, 38, w3);
    over_shade(below, canvas, w5)
}

fn bookcase_low(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 3, 52, 44, 10);
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(1, 40, 46, 19, w3);
    slab(&mut canvas, (1, 37), (46, 6, 2), [w1, w2, w3, w4]);
    canvas.fill(3, 46, 42, 11, w5);
    books(&mut canvas, paints, (4, 46), (40, 11), 77);
    canvas.fill(23, 46, 2, 11, w3);
    ball(&mut canvas, 12.0, 36.0, 4.0, 3.5, &paints.leaf[0..3]);
    canvas.fill(10, 38, 5, 3, paints.brick[1]);
    books(&mut canvas, paints, (28, 31), (12, 9), 5);
    over_shade(below, canvas, w5)
}

fn lockers(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 3, 52, 44, 10);
    let mut canvas = Canvas::new(48, 64);
    let doors: [[Rgba; 3]; 4] = [paints.teal, [paints.sky[0], paints.sky[1], paints.sky[2]], paints.teal, paints.sun];
    canvas.fill(1, 20, 46, 39, paints.stone[3]);
    canvas.fill(1, 18, 46, 4, paints.stone[1]);
    canvas.fill(1, 18, 46, 1, paints.stone[0]);
    for (index, [light, plain, dark]) in doors.into_iter().enumerate() {
        let x = 2 + index as i32 * 11;
        canvas.fill(x, 23, 10, 34, plain);
        canvas.fill(x, 23, 10, 1, light);
        canvas.fill(x, 23, 1, 34, light);
        canvas.fill(x + 10, 23, 1, 34, dark);
        for y in [26, 28, 30] {
            canvas.fill(x + 3, y, 5, 1, dark);
        }
        canvas.fill(x + 7, 39, 1, 4, paints.stone[0]);
    }
    over_shade(below, canvas, paints.dusk[0])
}

fn pot(canvas: &mut Canvas, [light, plain, dark]: [Rgba; 3]) {
    canvas.fill(4, 22, 8, 6, plain);
    canvas.fill(4, 22, 2, 6, light);
    canvas.fill(10, 22, 2, 6, dark);
    canvas.fill(3, 21, 10, 2, plain);
    canvas.fill(3, 21, 9, 1, light);
}

fn potted(paints: &Paints, thing: Canvas, line: Rgba) -> Canvas {
    let mut below = Canvas::new(16, 32);
    shade(&mut below, paints, 9.5, 29.0, 6.0, 2.6);
    over_shade(below, thing, line)
}

fn palm(paints: &Paints) -> Canvas {
    let [glint, light, plain, dark, line] = paints.leaf;
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(7, 12, 2, 10, paints.wood[3]);
    // Fronds arch to both sides, lit on top.
    let fronds: [&[(i32, i32)]; 5] = [
        &[(7, 11), (6, 10), (5, 9), (4, 9), (3, 10), (2, 11), (2, 12)],
        &[(8, 11), (9, 10), (10, 9), (11, 9), (12, 10), (13, 11), (13, 12)],
        &[(7, 10), (6, 8), (5, 6), (4, 5), (3, 5), (2, 6)],
        &[(8, 10), (9, 8), (10, 6), (11, 5), (12, 5), (13, 6)],
        &[(8, 9), (8, 8), (8, 7), (8, 5), (8, 4), (7, 3)],
    ];
    for (index, frond) in fronds.into_iter().enumerate() {
        for (x, y) in frond {
            canvas.put(*x, *y, if index % 2 == 0 { glint } else { light });
            canvas.put(*x, *y + 1, plain);
            canvas.put(*x, *y + 2, dark);
        }
    }
    pot(&mut canvas, [paints.stone[0], paints.stone[1], paints.stone[2]]);
    potted(paints, canvas, line)
}

fn ficus(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(7, 14, 2, 8, paints.wood[3]);
    for (x, y, r) in [(8.0, 6.5, 4.5), (5.0, 11.0, 4.0), (11.0, 11.0, 4.0), (8.0, 13.5, 4.5)] {
        in_ellipse(x, y, r, r, |px, py, u, v| {
            let jitter = (dice(px / 2, py / 2, 9) % 10) as f32 / 14.0 - 0.35;
            let tone = ((u * 0.5 + v * 0.8 + jitter + 1.0) * 2.0).clamp(0.0, 3.0) as usize;
            canvas.put(px, py, paints.leaf[tone]);
        });
    }
    pot(&mut canvas, [paints.brick[0], paints.brick[1], paints.brick[2]]);
    potted(paints, canvas, paints.leaf[4])
}

fn cactus(paints: &Paints) -> Canvas {
    let [_, light, plain, dark, line] = paints.leaf;
    let mut canvas = Canvas::new(16, 32);
    for (x, y, width, height) in [(6, 9, 5, 13), (3, 12, 2, 5), (3, 15, 4, 2), (12, 10, 2, 5), (10, 13, 4, 2)] {
        canvas.fill(x, y, width, height, plain);
        canvas.fill(x, y, 1, height, light);
        canvas.fill(x + width - 1, y, 1, height, dark);
    }
    canvas.put(8, 8, paints.rose[0]);
    canvas.put(9, 8, paints.rose[1]);
    pot(&mut canvas, [paints.sky[0], paints.sky[1], paints.sky[2]]);
    potted(paints, canvas, line)
}

fn globe(paints: &Paints) -> Canvas {
    let [_, w2, w3, w4, w5] = paints.wood;
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(7, 21, 2, 6, w3);
    canvas.fill(4, 26, 8, 2, w4);
    canvas.fill(4, 26, 8, 1, w2);
    ellipse(&mut canvas, 8.0, 15.0, 7.0, 7.0, w3);
    ball(&mut canvas, 8.0, 15.0, 5.8, 5.8, &[paints.water[0], paints.water[1], paints.water[2], paints.water[3]]);
    for (x, y, width) in
        [(5, 11, 4), (4, 12, 4), (5, 13, 3), (6, 14, 2), (9, 15, 4), (9, 16, 3), (10, 17, 2), (5, 18, 2)]
    {
        canvas.fill(x, y, width, 1, if y < 14 { paints.grass[1] } else { paints.leaf[1] });
    }
    potted(paints, canvas, w5)
}

fn cooler(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(4, 15, 8, 13, paints.stone[1]);
    canvas.fill(4, 15, 2, 13, paints.stone[0]);
    canvas.fill(11, 15, 1, 13, paints.stone[3]);
    canvas.fill(6, 18, 4, 4, paints.stone[3]);
    canvas.put(7, 18, paints.sky[2]);
    canvas.put(9, 18, paints.rose[1]);
    canvas.fill(5, 5, 6, 9, paints.water[1]);
    canvas.fill(5, 5, 2, 9, paints.water[0]);
    canvas.fill(10, 6, 1, 8, paints.water[2]);
    canvas.fill(6, 14, 4, 1, paints.water[2]);
    potted(paints, canvas, paints.dusk[0])
}
