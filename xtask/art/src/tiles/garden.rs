//! What stands in the courtyard apart from trees: the fountain, lamps, signs, stones and reeds here, the rest in
//! `terrace` and `flowers`.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    flowers::{bed, flowerpot, rose_arch},
    paint::{Paints, ball, dice, ellipse, in_ellipse, mirrored, over_shade, shade, sketch},
    sheet::Sheet,
    terrace::{bench_north, bench_south, bicycles, notice_stand, parasol, picnic_table},
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
        canvas.put(x, y, if dice(x / 5, y, 4).is_multiple_of(11) { foam } else { tone });
    });
    // Rings where the water falls.
    in_ellipse(48.0, 38.0, 22.0, 8.0, |x, y, u, v| {
        let ring = u * u + v * v;
        if (0.82..1.0).contains(&ring) && !dice(x / 3, y, 8).is_multiple_of(3) {
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

/// A thing in a small cell over its shade.
pub(super) fn small(paints: &Paints, cx: f32, rx: f32, thing: Canvas, line: Rgba) -> Canvas {
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
        if roll.is_multiple_of(3) {
            canvas.fill(x, top - 4, 2, 5, paints.wood[3]);
            canvas.fill(x, top - 4, 1, 5, paints.wood[2]);
        }
    }
    for (x, width) in [(1, 3), (6, 4), (12, 2)] {
        canvas.fill(x, 29, width, 1, paints.water[1]);
    }
    canvas
}

fn stone(paints: &Paints) -> Canvas {
    let [s1, s2, s3, s4, _] = paints.stone;
    let mut canvas = Canvas::new(16, 32);
    ball(&mut canvas, 8.0, 25.0, 5.0, 4.0, &[s1, s2, s3, s4]);
    small(paints, 9.5, 6.0, canvas, paints.dusk[0])
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
