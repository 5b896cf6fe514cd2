//! What people use in the courtyard: benches, tables, parasols, the notice stand, bicycles.

use crate::{canvas::Canvas, palette::Rgba};

use super::paint::{Paints, ball, ellipse, in_ellipse, over_shade, shade, shade_box, slab};

/// A bench whose back is away from us: one sits looking south.
pub(super) fn bench_south(paints: &Paints) -> Canvas {
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
pub(super) fn bench_north(paints: &Paints) -> Canvas {
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

pub(super) fn picnic_table(paints: &Paints) -> Canvas {
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

/// A garden table under a striped parasol.
pub(super) fn parasol(paints: &Paints, [light, plain, dark]: [Rgba; 3]) -> Canvas {
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

/// A board with papers under a little roof.
pub(super) fn notice_stand(paints: &Paints) -> Canvas {
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

/// Two bicycles in a rack.
pub(super) fn bicycles(paints: &Paints) -> Canvas {
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
