//! Trees and bushes: crowns heaped up from lit puffs of leaves over a trunk.

use crate::{canvas::Canvas, palette::Rgba};

use super::{
    paint::{Paints, clump, dice, in_ellipse, shade},
    sheet::Sheet,
};

/// Rows below a large thing's foot, room for its shade.
pub const FOOT: i32 = 5;

/// Adds the trees, 48 by 64.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    let [glint, light, plain, dark, line] = paints.leaf;
    let summer = [glint, light, plain, dark, line];
    let warm = [paints.grass[0], paints.grass[1], paints.grass[2], paints.grass[3], paints.grass[4]];
    let autumn = [paints.sun[1], paints.sun[2], paints.brick[1], paints.brick[2], paints.brick[4]];
    let blossom = [paints.stone[0], paints.rose[0], paints.plum[0], paints.plum[1], paints.plum[2]];
    for (name, tones, seed) in [("oak", summer, 1), ("linden", warm, 2), ("maple", autumn, 3), ("cherry", blossom, 4)] {
        let tree = broadleaf(paints, tones, seed);
        sheet.stand(format!("{name}-1"), tree, FOOT);
        sheet.stand(format!("{name}-2"), broadleaf_tall(paints, tones, seed + 10), FOOT);
    }
    sheet.stand("fir-1", fir(paints, 0), FOOT);
    sheet.stand("fir-2", fir(paints, 1), FOOT);
    sheet.stand("birch", birch(paints), FOOT);
    sheet.stand("bush", bush(paints, summer, 6), FOOT);
    sheet.stand("bush-blossom", bush(paints, blossom, 7), FOOT);
}

/// Heaps puffs of leaves, the rear ones first, each lit like a ball.
fn crown(canvas: &mut Canvas, tones: [Rgba; 5], puffs: &[(f32, f32, f32)], seed: u32) {
    for (cx, cy, r) in puffs {
        in_ellipse(*cx, *cy, *r, *r * 0.94, |x, y, u, v| {
            let towards_us = (1.0 - u * u - v * v).max(0.0).sqrt();
            let ball = towards_us * 0.55 - u * 0.42 - v * 0.66;
            // Leaves catch the light in little clumps; the whole crown is lit from the top left as well.
            let leaf = (clump(x, y, seed) % 100) as f32 / 100.0 - 0.5;
            let height = (y as f32 - 28.0) / 90.0 + (x as f32 - 24.0) / 130.0;
            let tone = match ball - height + leaf * 0.38 {
                light if light > 0.92 => 0,
                light if light > 0.52 => 1,
                light if light > 0.0 => 2,
                _ => 3,
            };
            canvas.put(x, y, tones[tone]);
        });
    }
}

fn trunk(canvas: &mut Canvas, paints: &Paints, x: i32, top: i32, width: i32) {
    let bottom = 64 - FOOT;
    for y in top..bottom {
        let flare = i32::from(y >= bottom - 2) + i32::from(y == bottom - 1);
        for dx in -flare..width + flare {
            let colour = match dx {
                d if d <= 0 => paints.wood[2],
                d if d >= width - 2 => paints.wood[4],
                _ => paints.wood[3],
            };
            canvas.put(x + dx, y, colour);
        }
    }
    // The crown's own shade.
    canvas.fill(x, top, width, 4, paints.wood[4]);
}

fn finish(paints: &Paints, thing: Canvas, line: Rgba, (cx, rx): (f32, f32)) -> Canvas {
    let mut below = Canvas::new(48, 64);
    shade(&mut below, paints, cx + 3.0, 59.5, rx, 4.0);
    super::paint::over_shade(below, thing, line)
}

fn broadleaf(paints: &Paints, tones: [Rgba; 5], seed: u32) -> Canvas {
    let mut tree = Canvas::new(48, 64);
    trunk(&mut tree, paints, 21, 44, 7);
    crown(
        &mut tree,
        tones,
        &[
            (25.0, 12.5, 9.5),
            (15.0, 17.5, 8.5),
            (33.5, 18.5, 8.5),
            (10.0, 27.0, 8.0),
            (38.5, 28.5, 7.5),
            (24.0, 23.0, 9.5),
            (12.5, 36.0, 7.5),
            (35.5, 37.0, 7.5),
            (18.0, 31.0, 8.0),
            (30.5, 31.5, 8.0),
            (24.0, 40.5, 8.0),
        ],
        seed,
    );
    finish(paints, tree, tones[4], (24.0, 15.0))
}

fn broadleaf_tall(paints: &Paints, tones: [Rgba; 5], seed: u32) -> Canvas {
    let mut tree = Canvas::new(48, 64);
    trunk(&mut tree, paints, 22, 42, 5);
    crown(
        &mut tree,
        tones,
        &[
            (25.0, 10.0, 8.5),
            (18.0, 17.0, 8.5),
            (31.0, 17.5, 8.5),
            (14.5, 26.5, 8.0),
            (34.0, 27.0, 8.0),
            (24.0, 25.0, 10.5),
            (19.0, 36.0, 8.5),
            (29.5, 37.0, 8.5),
        ],
        seed,
    );
    finish(paints, tree, tones[4], (24.0, 13.0))
}

/// Tiers of boughs, each a fan lit from the left, its lower edge in points.
fn fir(paints: &Paints, variant: i32) -> Canvas {
    let mut tree = Canvas::new(48, 64);
    trunk(&mut tree, paints, 22, 50, 4);
    let [_, glint, light, plain, line] = paints.leaf;
    let tiers = [(3, 20, 9), (11, 30, 13), (20, 41, 16), (30, 53, 18 + variant)];
    for (tier, (top, bottom, half)) in tiers.into_iter().enumerate().rev() {
        for y in top..=bottom {
            let reach = f64::from(half) * f64::from(y - top + 2) / f64::from(bottom - top + 2);
            let reach = reach as i32;
            for dx in -reach..=reach {
                // The points of the boughs hang in a zigzag.
                let sag = (dx + variant * 2).rem_euclid(5).min(3) + dx.abs() / 5;
                if y > bottom - sag {
                    continue;
                }
                let clump = dice((dx + y) >> 1, y >> 1, tier as u32 + 5) % 9;
                let lit = dx * 3 + (y - top) - half;
                let colour = match lit {
                    _ if y > bottom - sag - 2 => line,
                    l if l < -half - 2 && clump > 2 => glint,
                    l if l < half / 2 => {
                        if clump == 0 {
                            plain
                        } else {
                            light
                        }
                    }
                    _ => {
                        if clump == 1 {
                            light
                        } else {
                            plain
                        }
                    }
                };
                tree.put(24 + dx, y, colour);
            }
        }
    }
    finish(paints, tree, line, (24.0, 13.0))
}

fn birch(paints: &Paints) -> Canvas {
    let mut tree = Canvas::new(48, 64);
    let bottom = 64 - FOOT;
    tree.fill(22, 30, 4, bottom - 30, paints.stone[0]);
    tree.fill(25, 30, 1, bottom - 30, paints.stone[2]);
    for y in (32..bottom).step_by(4) {
        tree.fill(22 + y / 4 % 2 * 2, y, 2, 1, paints.dusk[0]);
    }
    let tones = [paints.grass[0], paints.grass[1], paints.leaf[1], paints.leaf[2], paints.leaf[4]];
    crown(
        &mut tree,
        tones,
        &[
            (24.0, 9.0, 7.5),
            (19.0, 16.0, 7.5),
            (30.0, 18.0, 7.5),
            (17.0, 26.0, 7.0),
            (30.0, 28.0, 7.5),
            (23.5, 24.0, 8.0),
            (22.0, 34.0, 7.0),
        ],
        21,
    );
    finish(paints, tree, tones[4], (24.0, 11.0))
}

fn bush(paints: &Paints, tones: [Rgba; 5], seed: u32) -> Canvas {
    let mut low = Canvas::new(48, 64);
    crown(&mut low, tones, &[(24.0, 46.0, 8.0), (17.0, 50.0, 7.5), (31.0, 50.5, 7.5), (24.0, 52.5, 7.0)], seed);
    // The puffs are shaded as parts of a tall crown; a bush starts further up in the light.
    let mut canvas = Canvas::new(48, 64);
    for y in 0..60 {
        for x in 0..48 {
            let tone = tones.iter().position(|tone| *tone == low.at(x, y));
            if let Some(tone) = tone {
                canvas.put(x, y, tones[tone.saturating_sub(usize::from(y < 56))]);
            }
        }
    }
    finish(paints, canvas, tones[4], (24.0, 15.0))
}
