//! What stands in the courtyard apart from trees: fountain, benches, beds, lamps, signs.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::{Paints, ball, dice, ellipse, in_ellipse, mirrored, over_shade, shade, shade_box, sketch, slab},
    sheet::Sheet,
    trees::FOOT,
};

/// Adds what needs a large cell, 48 by 64.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    let fountain = fountain(paints);
    for (name, from) in [("fountain-west", 0), ("fountain-east", 48)] {
        let mut half = Canvas::new(48, 64);
        half.blit(&part(&fountain, from), 0, 0);
        sheet.stand(name, half, FOOT);
    }
    sheet.stand("bench-south", bench_south(paints), FOOT);
    sheet.stand("bench-north", bench_north(paints), FOOT);
    sheet.stand("picnic-table", picnic_table(paints), FOOT);
    let beds = [
        ("bed-rose", [paints.rose[0], paints.rose[1], paints.rose[2]]),
        ("bed-sun", paints.sun),
        ("bed-plum", paints.plum),
        ("bed-sky", [paints.stone[0], paints.sky[0], paints.sky[1]]),
    ];
    for (name, petals) in beds {
        sheet.stand(name, bed(paints, petals), FOOT);
    }
    sheet.stand("rock", rock(paints), FOOT);
    sheet.stand("notice-stand", notice_stand(paints), FOOT);
    sheet.stand("parasol-rose", parasol(paints, [paints.rose[0], paints.rose[1], paints.rose[2]]), FOOT);
    sheet.stand("parasol-teal", parasol(paints, paints.teal), FOOT);
    sheet.stand("rose-arch", rose_arch(paints), FOOT);
    sheet.stand("bicycles", bicycles(paints), FOOT);
}

/// Adds what fits a small cell, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    sheet.stand("lamp", lamp(paints), 3);
    sheet.stand("signpost", signpost(paints), 3);
    sheet.stand("reeds-1", reeds(paints, 1), 2);
    sheet.stand("reeds-2", reeds(paints, 2), 2);
    sheet.stand("stone", stone(paints), 3);
    sheet.stand("flowerpot", flowerpot(paints), 3);
    sheet.stand("bin", bin(paints), 3);
    sheet.stand("stump", stump(paints), 3);
    sheet.stand("fence", fence(paints), 3);
}

fn part(picture: &Canvas, from: i32) -> Canvas {
    let mut canvas = Canvas::new(48, picture.height());
    canvas.blit(picture, -from, 0);
    canvas
}

/// A round basin 80 pixels wide with a bowl on a column.
fn fountain(paints: &Paints) -> Canvas {
    let [s1, s2, s3, s4, s5] = paints.stone;
    let [foam, pale, plain, deep, _] = paints.water;
    let mut below = Canvas::new(96, 64);
    shade(&mut below, paints, 51.0, 44.0, 43.0, 18.0);
    let mut canvas = Canvas::new(96, 64);
    // The basin's wall, its rim, and the water in it.
    ellipse(&mut canvas, 48.0, 41.0, 40.0, 17.5, s4);
    in_ellipse(48.0, 41.0, 40.0, 17.5, |x, y, u, _| {
        let tone = if (x + 400) % 9 == 0 {
            s5
        } else if u < -0.3 {
            s3
        } else {
            s4
        };
        canvas.put(x, y, tone);
    });
    in_ellipse(48.0, 36.0, 40.0, 17.0, |x, y, u, v| canvas.put(x, y, if u * 0.6 + v < -0.2 { s1 } else { s2 }));
    ellipse(&mut canvas, 48.0, 36.0, 36.0, 14.5, s4);
    in_ellipse(48.0, 36.5, 35.0, 13.5, |x, y, _, v| {
        let tone = if v < -0.72 {
            deep
        } else if v < -0.2 {
            plain
        } else {
            pale
        };
        canvas.put(x, y, if dice(x / 5, y, 4) % 11 == 0 { foam } else { tone });
    });
    // Rings where the water falls.
    in_ellipse(48.0, 38.0, 22.0, 8.0, |x, y, u, v| {
        let ring = u * u + v * v;
        if (0.82..1.0).contains(&ring) && dice(x / 3, y, 8) % 3 != 0 {
            canvas.put(x, y, foam);
        }
    });
    // The column and its bowl.
    canvas.fill(44, 16, 8, 24, s3);
    canvas.fill(44, 16, 2, 24, s1);
    canvas.fill(50, 16, 2, 24, s4);
    ball(&mut canvas, 48.0, 39.0, 7.0, 3.0, &[s1, s2, s3, s4]);
    in_ellipse(48.0, 18.0, 15.0, 6.5, |x, y, u, v| {
        canvas.put(
            x,
            y,
            if v > 0.2 && u > 0.2 {
                s4
            } else if v > 0.0 {
                s3
            } else {
                s1
            },
        );
    });
    ellipse(&mut canvas, 48.0, 16.0, 13.0, 4.2, s4);
    ellipse(&mut canvas, 48.0, 16.5, 12.0, 3.5, pale);
    canvas.fill(46, 6, 4, 11, pale);
    canvas.fill(46, 5, 2, 12, foam);
    for (x, from, to) in [(35, 19, 33), (60, 19, 33), (41, 23, 37), (54, 23, 37)] {
        for y in from..to {
            canvas.put(x, y, if y % 3 == 0 { foam } else { pale });
        }
    }
    ball(&mut canvas, 48.0, 6.0, 3.0, 3.0, &[foam, foam, pale, plain]);
    over_shade(below, canvas, paints.dusk[0])
}

/// A bench whose back is away from us: one sits looking south.
fn bench_south(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 6, 56, 40, 6);
    let mut canvas = Canvas::new(48, 64);
    for x in [7, 38] {
        canvas.fill(x, 42, 3, 17, paints.dusk[1]);
        canvas.fill(x, 42, 1, 17, paints.stone[3]);
    }
    for y in [41, 45] {
        slab(&mut canvas, (5, y), (38, 2, 1), [w1, w2, w3, w4]);
    }
    slab(&mut canvas, (5, 49), (38, 5, 2), [w1, w2, w3, w5]);
    canvas.fill(5, 51, 38, 1, w3);
    over_shade(below, canvas, w5)
}

/// A bench seen from behind.
fn bench_north(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 6, 56, 40, 6);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (5, 43), (38, 4, 2), [w1, w2, w3, w4]);
    for y in [47, 51] {
        slab(&mut canvas, (5, y), (38, 1, 2), [w2, w2, w3, w4]);
    }
    for x in [7, 38] {
        canvas.fill(x, 46, 3, 13, paints.dusk[1]);
        canvas.fill(x, 46, 1, 13, paints.stone[3]);
    }
    over_shade(below, canvas, w5)
}

fn picnic_table(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 36, 44, 26);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (4, 30), (40, 5, 2), [w1, w2, w3, w4]);
    canvas.fill(8, 37, 3, 20, w4);
    canvas.fill(37, 37, 3, 20, w4);
    slab(&mut canvas, (2, 36), (44, 12, 3), [w1, w2, w3, w4]);
    for y in [40, 44] {
        canvas.fill(2, y, 44, 1, w3);
    }
    slab(&mut canvas, (4, 53), (40, 4, 2), [w1, w2, w3, w4]);
    ellipse(&mut canvas, 18.0, 41.0, 4.0, 2.5, paints.stone[0]);
    ellipse(&mut canvas, 18.0, 41.0, 2.0, 1.2, paints.brick[1]);
    canvas.fill(29, 38, 3, 4, paints.sky[1]);
    canvas.fill(29, 38, 3, 1, paints.sky[0]);
    over_shade(below, canvas, w5)
}

/// Flowers between kerbs of stone.
fn bed(paints: &Paints, [light, plain, dark]: [Rgba; 3]) -> Canvas {
    let [s1, s2, s3, s4, s5] = paints.stone;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 44, 44, 18);
    let mut canvas = Canvas::new(48, 64);
    slab(&mut canvas, (2, 36), (44, 20, 3), [s1, s2, s3, s4]);
    for x in (9..44).step_by(8) {
        canvas.fill(x, 36, 1, 2, s3);
        canvas.fill(x, 54, 1, 5, s4);
    }
    canvas.fill(4, 38, 40, 16, paints.wood[4]);
    canvas.fill(4, 39, 40, 15, paints.leaf[4]);
    let [_, glint, leaf, under, _] = paints.leaf;
    for y in 39..54 {
        for x in 4..44 {
            match dice(x / 2, y / 2, 30) % 5 {
                0 => canvas.put(x, y, leaf),
                1 | 2 => canvas.put(x, y, under),
                _ => {}
            }
        }
    }
    let bloom = sketch(
        &[".a.", "aym", ".m.", ".g."],
        &[('a', light), ('m', plain), ('y', if plain == paints.sun[1] { dark } else { paints.sun[1] }), ('g', leaf)],
    );
    let bud = sketch(&["am", "md", ".g"], &[('a', light), ('m', plain), ('d', dark), ('g', glint)]);
    for row in 0..3 {
        for column in 0..8 {
            let roll = dice(column, row, 31);
            let x = 5 + column * 5 + row % 2 * 2 + (roll % 2) as i32 - 1;
            let y = 37 + row * 5 + (roll / 4 % 3) as i32;
            canvas.blit(if roll % 4 == 0 { &bud } else { &bloom }, x, y);
        }
    }
    over_shade(below, canvas, s5)
}

fn rock(paints: &Paints) -> Canvas {
    let [s1, s2, s3, s4, s5] = paints.stone;
    let mut below = Canvas::new(48, 64);
    shade(&mut below, paints, 26.0, 58.0, 15.0, 4.5);
    let mut canvas = Canvas::new(48, 64);
    ball(&mut canvas, 20.0, 51.0, 9.0, 8.0, &[s1, s2, s3, s4]);
    ball(&mut canvas, 29.0, 54.0, 8.0, 5.5, &[s2, s3, s4, s5]);
    for (x, y) in [(15, 57), (16, 57), (17, 58), (24, 58), (25, 57)] {
        canvas.put(x, y, paints.grass[3]);
    }
    over_shade(below, canvas, paints.dusk[0])
}

/// A board with papers under a little roof.
fn notice_stand(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 8, 56, 38, 6);
    let mut canvas = Canvas::new(48, 64);
    for x in [8, 37] {
        canvas.fill(x, 30, 3, 29, w4);
        canvas.fill(x, 30, 1, 29, w3);
    }
    canvas.fill(11, 32, 26, 18, w2);
    canvas.fill(11, 32, 26, 2, w4);
    for (x, y, width, height, colour) in [
        (13, 35, 6, 8, paints.stone[0]),
        (21, 36, 7, 5, paints.sky[0]),
        (30, 35, 5, 7, paints.sun[0]),
        (22, 43, 5, 5, paints.rose[0]),
        (29, 44, 6, 4, paints.stone[0]),
    ] {
        canvas.fill(x, y, width, height, colour);
        canvas.put(x + width / 2, y, paints.rose[2]);
        canvas.fill(x + 1, y + 2, width - 2, 1, paints.stone[3]);
    }
    slab(&mut canvas, (4, 25), (40, 4, 3), [paints.brick[0], paints.brick[1], paints.brick[2], paints.brick[3]]);
    canvas.fill(11, 50, 26, 1, w1);
    over_shade(below, canvas, w5)
}

/// A garden table under a striped parasol.
fn parasol(paints: &Paints, [light, plain, dark]: [Rgba; 3]) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut below = Canvas::new(48, 64);
    shade(&mut below, paints, 28.0, 57.0, 17.0, 5.5);
    let mut canvas = Canvas::new(48, 64);
    ellipse(&mut canvas, 24.0, 57.5, 6.0, 2.0, paints.stone[3]);
    canvas.fill(23, 50, 3, 7, w4);
    ellipse(&mut canvas, 24.0, 49.0, 14.0, 5.5, w3);
    ellipse(&mut canvas, 24.0, 47.0, 14.0, 5.5, w2);
    in_ellipse(24.0, 47.0, 14.0, 5.5, |x, y, u, v| {
        if u * u + v * v > 0.8 && v < 0.3 {
            canvas.put(x, y, w1);
        }
    });
    canvas.fill(15, 46, 3, 3, paints.sky[1]);
    canvas.fill(15, 46, 3, 1, paints.sky[0]);
    canvas.fill(31, 47, 4, 2, paints.stone[0]);
    canvas.fill(23, 18, 2, 29, paints.stone[2]);
    canvas.fill(24, 18, 1, 29, paints.stone[4]);
    for x in 3..45 {
        // Eight panels; those to the right lie in the shade.
        let u = (x as f32 + 0.5 - 24.0) / 21.0;
        let top = 24.0 - 14.0 * (1.0 - u * u).sqrt();
        let panel = ((u.clamp(-0.999, 0.999).asin() / std::f32::consts::FRAC_PI_2 + 1.0) * 3.5) as i32;
        let [lit, mid, dim] =
            if panel % 2 == 0 { [light, plain, dark] } else { [paints.stone[0], paints.stone[1], paints.stone[2]] };
        let bottom = 30 - (u * u * 4.0) as i32 - i32::from(panel % 2 == 0);
        for y in top as i32..bottom {
            let glow = u * 0.8 + (y - 10) as f32 / 16.0;
            canvas.put(
                x,
                y,
                if glow < 0.15 {
                    lit
                } else if glow < 1.0 {
                    mid
                } else {
                    dim
                },
            );
        }
    }
    ball(&mut canvas, 24.0, 9.0, 2.0, 2.0, &[light, plain, dark]);
    over_shade(below, canvas, w5)
}

/// An arch that roses climb, to walk through.
fn rose_arch(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade(&mut below, paints, 9.0, 59.0, 7.0, 3.0);
    shade(&mut below, paints, 43.0, 59.0, 7.0, 3.0);
    let mut canvas = Canvas::new(48, 64);
    for x in [4, 39] {
        canvas.fill(x, 18, 5, 41, paints.stone[1]);
        canvas.fill(x, 18, 1, 41, paints.stone[0]);
        canvas.fill(x + 4, 18, 1, 41, paints.stone[3]);
        canvas.fill(x + 2, 18, 1, 41, paints.stone[3]);
    }
    in_ellipse(24.0, 22.0, 21.0, 17.0, |x, y, u, v| {
        if y < 24 && u * u + v * v > 0.5 {
            let tone = (dice(x / 2, y / 2, 61) % 3) as usize + usize::from(u + v > 0.2);
            canvas.put(x, y, paints.leaf[tone.min(3)]);
        }
    });
    for y in 20..56 {
        for x in 2..46 {
            let vine = !(11..37).contains(&x) && dice(x / 2, y / 2, 62) % 9 < 5 - (y as u32 / 16);
            if vine {
                canvas.put(x, y, paints.leaf[(dice(x / 2, y / 2, 63) % 3) as usize + 1]);
            }
        }
    }
    let rose = sketch(&["ab.", "bcb", ".b."], &[('a', paints.rose[0]), ('b', paints.rose[1]), ('c', paints.rose[2])]);
    for (x, y) in [
        (4, 14),
        (9, 8),
        (16, 5),
        (24, 7),
        (31, 5),
        (37, 10),
        (42, 16),
        (3, 24),
        (7, 33),
        (41, 27),
        (38, 38),
        (20, 9),
        (3, 43),
    ] {
        canvas.blit(&rose, x, y);
    }
    over_shade(below, canvas, paints.leaf[4])
}

/// Two bicycles in a rack.
fn bicycles(paints: &Paints) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade_box(&mut below, paints, 4, 56, 42, 5);
    let mut canvas = Canvas::new(48, 64);
    let frames = [(4, 45, [paints.rose[0], paints.rose[1]]), (14, 48, [paints.teal[0], paints.teal[1]])];
    for (x, y, [light, plain]) in frames {
        for wheel in [x + 5, x + 22] {
            in_ellipse(wheel as f32, (y + 7) as f32, 5.0, 5.0, |px, py, u, v| {
                let ring = u * u + v * v;
                if ring > 0.55 {
                    canvas.put(px, py, paints.dusk[0]);
                }
            });
            canvas.put(wheel, y + 7, paints.stone[3]);
        }
        for step in 0..8 {
            canvas.put(x + 5 + step, y + 7 - step / 2, plain);
            canvas.put(x + 13 + step / 2, y + 6 - step, plain);
            canvas.put(x + 22 - step / 2, y + 7 - step, light);
        }
        canvas.fill(x + 9, y + 1, 10, 1, light);
        canvas.fill(x + 7, y - 2, 4, 1, paints.wood[4]);
        canvas.fill(x + 9, y - 1, 1, 8, plain);
        canvas.fill(x + 16, y - 3, 5, 1, paints.dusk[0]);
    }
    over_shade(below, canvas, paints.ink)
}

fn small(paints: &Paints, cx: f32, rx: f32, thing: Canvas, line: Rgba) -> Canvas {
    let mut below = Canvas::new(16, 32);
    shade(&mut below, paints, cx, 29.0, rx, 2.8);
    over_shade(below, thing, line)
}

fn lamp(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(7, 10, 2, 18, paints.dusk[1]);
    canvas.fill(7, 10, 1, 18, paints.stone[3]);
    canvas.fill(6, 26, 4, 2, paints.dusk[1]);
    canvas.fill(6, 26, 2, 1, paints.stone[3]);
    let head = sketch(
        &["...dd...", "..dddd..", ".dddddd.", "..lyyo..", "..lyyo..", "..lyyo..", "..dyod..", "...dd..."],
        &[('d', paints.dusk[1]), ('l', paints.stone[0]), ('y', paints.sun[0]), ('o', paints.sun[1])],
    );
    canvas.blit(&head, 4, 2);
    small(paints, 10.0, 5.0, canvas, paints.dusk[0])
}

fn signpost(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(7, 6, 3, 22, w3);
    canvas.fill(7, 6, 1, 22, w2);
    canvas.fill(9, 6, 1, 22, w4);
    let plank = sketch(
        &["llllllllll..", "mmmmmmmmmmm.", "mkkmkkkmkmmm", "mmmmmmmmmmd.", "dddddddddd.."],
        &[('l', w1), ('m', w2), ('d', w3), ('k', w5)],
    );
    canvas.blit(&plank, 3, 8);
    canvas.blit(&mirrored(&plank), 1, 15);
    small(paints, 10.0, 5.0, canvas, w5)
}

fn reeds(paints: &Paints, variant: i32) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    for stalk in 0..6 {
        let roll = dice(stalk, variant, 41);
        let x = 2 + stalk * 2 + (roll % 2) as i32;
        let top = 10 + (roll / 4 % 9) as i32;
        let colour = [paints.leaf[1], paints.leaf[2], paints.leaf[3]][roll as usize / 64 % 3];
        canvas.fill(x, top, 1, 29 - top, colour);
        canvas.put(x - 1 + (stalk % 2) * 2, top - 1, colour);
        if roll % 3 == 0 {
            canvas.fill(x, top - 4, 2, 5, paints.wood[3]);
            canvas.fill(x, top - 4, 1, 5, paints.wood[2]);
        }
    }
    canvas.fill(2, 29, 12, 1, paints.leaf[4]);
    canvas
}

fn stone(paints: &Paints) -> Canvas {
    let [s1, s2, s3, s4, _] = paints.stone;
    let mut canvas = Canvas::new(16, 32);
    ball(&mut canvas, 8.0, 25.0, 5.0, 4.0, &[s1, s2, s3, s4]);
    small(paints, 9.5, 6.0, canvas, paints.dusk[0])
}

fn flowerpot(paints: &Paints) -> Canvas {
    let [b1, b2, b3, b4, b5] = paints.brick;
    let mut canvas = Canvas::new(16, 32);
    ball(&mut canvas, 8.0, 16.0, 6.5, 5.0, &paints.leaf[1..4]);
    for (x, y) in [(4, 14), (8, 12), (11, 15), (6, 17), (9, 18)] {
        canvas.put(x, y, paints.rose[1]);
        canvas.put(x + 1, y, paints.rose[0]);
    }
    slab(&mut canvas, (4, 20), (9, 2, 1), [b1, b1, b2, b3]);
    canvas.fill(5, 23, 7, 5, b3);
    canvas.fill(5, 23, 2, 5, b2);
    canvas.fill(10, 23, 2, 5, b4);
    small(paints, 9.5, 6.0, canvas, b5)
}

fn bin(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(4, 18, 8, 10, paints.teal[2]);
    canvas.fill(4, 18, 2, 10, paints.teal[1]);
    canvas.fill(7, 18, 1, 10, paints.teal[1]);
    ellipse(&mut canvas, 8.0, 18.0, 5.0, 2.5, paints.teal[0]);
    ellipse(&mut canvas, 8.0, 18.0, 3.5, 1.5, paints.dusk[0]);
    small(paints, 9.5, 6.0, canvas, paints.dusk[0])
}

fn stump(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(3, 21, 11, 7, w4);
    canvas.fill(3, 21, 3, 7, w3);
    ellipse(&mut canvas, 8.5, 21.0, 5.5, 3.2, w2);
    ellipse(&mut canvas, 8.5, 21.0, 3.8, 2.0, w1);
    ellipse(&mut canvas, 8.5, 21.0, 2.0, 1.0, w3);
    small(paints, 9.5, 6.5, canvas, w5)
}

fn fence(paints: &Paints) -> Canvas {
    let [w1, w2, w3, w4, w5] = paints.wood;
    let mut canvas = Canvas::new(16, 32);
    for y in [17, 22] {
        canvas.fill(0, y, 16, 1, w1);
        canvas.fill(0, y + 1, 16, 1, w2);
        canvas.fill(0, y + 2, 16, 1, w5);
    }
    canvas.fill(6, 14, 4, 14, w3);
    canvas.fill(6, 14, 1, 14, w2);
    canvas.fill(6, 13, 4, 1, w1);
    canvas.fill(9, 14, 1, 14, w4);
    small(paints, 9.0, 5.0, canvas, w5)
}
