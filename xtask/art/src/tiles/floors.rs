//! Floors of the rooms, each its own kind, and the rugs that lie on them.

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

use super::{
    corners::SIDE,
    paint::{Paints, dice},
    sheet::Sheet,
};

/// Adds all floors and rugs.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    let [w1, w2, w3, w4, w5] = paints.wood;
    for (name, tones) in [("planks", [paints.sand[1], w1, w2]), ("dark-planks", [w3, w4, w5])] {
        for variant in 0..4 {
            sheet.add(format!("{name}-{}", variant + 1), planks(tones, variant));
        }
    }
    for variant in 0..2 {
        sheet.add(
            format!("parquet-{}", variant + 1),
            parquet([paints.sand[0], paints.sand[1], paints.sand[2]], variant),
        );
    }
    let [s1, s2, s3, ..] = paints.stone;
    let [sand1, _, sand3, _] = paints.sand;
    for (name, tones) in [
        ("hall-light", [s1, s1, s1, s3]),
        ("hall-dark", [s1, s2, s2, s3]),
        ("lounge-light", [sand1, sand1, sand1, sand3]),
        ("lounge-dark", [sand1, paints.brick[0], paints.brick[0], sand3]),
    ] {
        sheet.add(name, square(tones));
    }
    for (name, tones) in ["carpet-teal", "carpet-sky", "carpet-plum"].into_iter().zip(paints.felts) {
        for variant in 0..2 {
            sheet.add(format!("{name}-{}", variant + 1), carpet(tones, variant));
        }
    }
    for (name, field, band) in [
        ("rug-rose", paints.rose, paints.sun[1]),
        ("rug-sun", [paints.sun[0], paints.sun[1], paints.sun[2]], paints.brick[2]),
        ("rug-teal", paints.teal, paints.stone[0]),
    ] {
        for (column, across) in ["w", "", "e"].into_iter().enumerate() {
            for (row, along) in ["n", "", "s"].into_iter().enumerate() {
                let suffix = format!("{along}{across}");
                let suffix = if suffix.is_empty() { "mid".to_owned() } else { suffix };
                sheet.add(format!("{name}-{suffix}"), rug(paints, field, band, column, row));
            }
        }
    }
    sheet.add("doormat", doormat(paints));
    sheet.add("threshold", threshold(paints));
    // Beside a cap that runs along, a tile shows the floors of two rooms.
    for name in [
        "planks-1",
        "dark-planks-1",
        "parquet-1",
        "hall-light",
        "hall-dark",
        "lounge-light",
        "lounge-dark",
        "carpet-teal-1",
        "carpet-sky-1",
        "carpet-plum-1",
    ] {
        if let Some(half) = sheet.cells().iter().find(|cell| cell.name == name).map(|cell| west_half(&cell.picture)) {
            sheet.add(format!("{name}-half"), half);
        }
    }
    let mut sill = Canvas::new(SIDE, SIDE);
    for (x, tone) in [(4, w5), (5, w3), (6, w4), (7, w4), (8, w4), (9, w4), (10, w5)] {
        sill.fill(x, 0, 1, SIDE, tone);
    }
    sheet.add("sill", sill);
    // Where a garden path meets a doorway in a wall that runs along, its border lies under the wall's end.
    for (name, above, below) in [
        ("grass", paints.grass[1], paints.grass[1]),
        ("gravel", paints.sand[1], paints.sand[1]),
        ("gravel-from", paints.grass[1], paints.sand[1]),
        ("gravel-upto", paints.sand[1], paints.grass[1]),
    ] {
        let mut whole = Canvas::new(SIDE, SIDE);
        whole.fill(0, 0, SIDE, 8, above);
        whole.fill(0, 8, SIDE, 8, below);
        if above != below {
            whole.fill(0, 7, SIDE, 1, paints.grass[3]);
            whole.fill(0, 8, SIDE, 1, paints.sand[2]);
        }
        sheet.add(format!("{name}-half"), west_half(&whole));
        if above != below {
            sheet.add(name, whole);
        }
    }
}

/// Boards 8 pixels wide that run across; one ends in some of the variants.
fn planks([light, plain, joint]: [Rgba; 3], variant: u32) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 0, SIDE, SIDE, plain);
    for board in 0..2 {
        let top = board * 8;
        canvas.fill(0, top + 7, SIDE, 1, joint);
        let roll = dice(board, variant as i32, 23);
        let x = 2 + (roll % 11) as i32;
        if variant == board as u32 + 2 {
            canvas.fill(x, top, 1, 7, joint);
            canvas.fill(x + 1, top, 1, 7, light);
        } else {
            // The grain: a long stroke, and a short one that runs beside it.
            let y = top + 2 + (roll / 16 % 3) as i32;
            if roll & 0x300 != 0 {
                canvas.fill(x / 2, y, 4, 1, light);
                canvas.fill(x / 2 + 4, y + 1, 3, 1, light);
            }
        }
    }
    canvas
}

/// Short blocks laid crosswise in pairs.
fn parquet([light, plain, joint]: [Rgba; 3], variant: u32) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let upright = (x / 8 + y / 8) % 2 == 0;
            let (along, across) = if upright { (y % 8, x % 8) } else { (x % 8, y % 8) };
            let edge = across % 4 == 3 || along == 7;
            let bright = across % 4 == 0 || (variant == 1 && across / 4 == 1 && along < 5 && upright);
            canvas.put(
                x,
                y,
                if edge {
                    joint
                } else if bright && upright {
                    light
                } else {
                    plain
                },
            );
        }
    }
    canvas
}

/// A square tile with a lit edge and a joint.
fn square([edge, light, plain, joint]: [Rgba; 4]) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 0, SIDE, SIDE, plain);
    canvas.fill(0, 0, 15, 1, edge);
    canvas.fill(0, 0, 1, 15, edge);
    canvas.fill(15, 0, 1, SIDE, joint);
    canvas.fill(0, 15, SIDE, 1, joint);
    for (x, y) in [(3, 4), (4, 3), (5, 2), (10, 11), (11, 10), (12, 9), (9, 12)] {
        canvas.put(x, y, light);
    }
    canvas
}

/// Loops of wool: short stitches, every other row shifted.
fn carpet([light, plain, dark]: [Rgba; 3], variant: u32) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 0, SIDE, SIDE, plain);
    for row in 0..4 {
        for column in 0..2 {
            let (x, y) = (column * 8 + row % 2 * 4 + 1, row * 4 + 1);
            let bright = dice(row, column, 50 + variant).is_multiple_of(3);
            canvas.fill(x, y, 2, 1, if bright { light } else { dark });
        }
    }
    canvas
}

fn rug(paints: &Paints, [light, plain, dark]: [Rgba; 3], band: Rgba, column: usize, row: usize) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let from_side = match column {
                0 => x - 1,
                2 => 14 - x,
                _ => 99,
            };
            let from_end = match row {
                0 => y,
                2 => 14 - y,
                _ => 99,
            };
            let depth = from_side.min(from_end);
            let diamond = ((x + 4) % 8 - 4).abs() + ((y + 4) % 8 - 4).abs();
            let colour = match depth {
                i32::MIN..0 if from_end == -1 && from_side >= 0 => paints.shade,
                // The fringe at both sides.
                -1 if from_end >= 0 => {
                    if y % 2 == 0 {
                        paints.sand[0]
                    } else {
                        CLEAR
                    }
                }
                i32::MIN..0 => CLEAR,
                0 | 4 => dark,
                2 | 3 => band,
                1 => plain,
                _ if diamond == 1 => light,
                _ if diamond == 4 => dark,
                _ => plain,
            };
            canvas.put(x, y, colour);
        }
    }
    canvas
}

fn west_half(picture: &Canvas) -> Canvas {
    let mut half = Canvas::new(SIDE, SIDE);
    for y in 0..SIDE {
        for x in 0..8 {
            half.put(x, y, picture.at(x, y));
        }
    }
    half
}

fn doormat(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 3, 16, 10, paints.wood[4]);
    canvas.fill(0, 4, 16, 8, paints.wood[3]);
    for x in 0..16 {
        for y in 4..12 {
            if (x + y) % 3 == 0 {
                canvas.put(x, y, paints.wood[2]);
            }
        }
    }
    canvas.fill(0, 13, 16, 1, paints.shade);
    canvas
}

/// A worn board in a doorway.
fn threshold(paints: &Paints) -> Canvas {
    let mut canvas = planks([paints.wood[1], paints.wood[2], paints.wood[3]], 1);
    canvas.fill(0, 0, SIDE, 2, paints.wood[4]);
    canvas.fill(0, 15, SIDE, 1, paints.wood[4]);
    canvas
}
