//! Flowers that somebody planted: beds, an arch of roses, pots.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    garden::small,
    paint::{Paints, ball, clump, dice, in_ellipse, over_shade, shade, shade_box, sketch, slab},
};

/// Flowers between kerbs of stone.
pub(super) fn bed(paints: &Paints, [light, plain, dark]: [Rgba; 3]) -> Canvas {
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
    canvas.fill(4, 39, 40, 15, paints.leaf[3]);
    for y in 39..54 {
        for x in 4..44 {
            match clump(x, y, 30) % 5 {
                0 | 1 => canvas.put(x, y, paints.leaf[2]),
                2 => canvas.put(x, y, paints.leaf[1]),
                _ => {}
            }
        }
    }
    let heart = if plain == paints.sun[1] { paints.brick[2] } else { paints.sun[1] };
    let key = [('a', light), ('m', plain), ('d', dark), ('y', heart)];
    let bloom = sketch(&[".am.", "ayym", "mymd", ".md."], &key);
    let bud = sketch(&["am", "md"], &key);
    for row in 0..3 {
        for column in 0..7 {
            let roll = dice(column, row, 31);
            let x = 5 + column * 6 + row % 2 * 2 - (roll % 2) as i32;
            let y = 38 + row * 5 + (roll / 4 % 2) as i32;
            if x < 41 {
                canvas.blit(if roll.is_multiple_of(5) { &bud } else { &bloom }, x, y);
            }
        }
    }
    over_shade(below, canvas, s5)
}

/// An arch that roses climb, to walk through.
pub(super) fn rose_arch(paints: &Paints) -> Canvas {
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

pub(super) fn flowerpot(paints: &Paints) -> Canvas {
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
