//! Walls of the building, cut open from above: caps that join like pipes, and faces below those that run across.
//!
//! A cap is 8 pixels wide and runs through the middle of its tile. Below a cap that runs across hangs a face of 36
//! pixels: 4 in the cap's own tile, the same for all walls, then two tiles in the room's own finish, `…-upper` and
//! `…-lower`. The suffix of a face says which part of the tile it fills: `all`, `from` (from the cap to the right
//! edge), `upto` (from the left edge to the cap), `west` (the half left of a cap that runs on southwards), `east`
//! (the half right of it, with that cap drawn in), `post` (below the end of a cap that comes from the north).

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

use super::{
    corners::SIDE,
    hedge::{Arms, all_arms},
    paint::{Paints, outline},
    sheet::Sheet,
};

/// The cap's first pixel and the one after its last, across and along alike.
const CAP: (i32, i32) = (4, 12);

/// Tones of a room's walls.
struct Finish {
    name: &'static str,
    /// Paint: lit, plain.
    paint: [Rgba; 2],
    /// Panelling below: lit, plain, dark.
    panel: [Rgba; 3],
    bricks: bool,
}

/// Adds what was drawn last, so that it comes late in the sheet.
pub fn add_late(sheet: &mut Sheet, paints: &Paints) {
    add_awning(sheet, paints);
}

/// Adds caps, faces and the shades they throw.
pub fn add(sheet: &mut Sheet, paints: &Paints) {
    for (arms, suffix) in all_arms() {
        sheet.add(format!("cap-{suffix}"), cap(paints, arms));
    }
    add_doorway(sheet, paints);
    for finish in finishes(paints) {
        for (row, top) in [("upper", 0), ("lower", 16)] {
            for (part, from, to) in
                [("all", 0, 16), ("from", 4, 16), ("upto", 0, 12), ("west", 0, 8), ("east", 8, 16), ("post", 4, 12)]
            {
                let mut tile = face(paints, &finish, top, from, to);
                if part == "east" {
                    let beside = tile.clone();
                    tile.blit(&cap(paints, [true, false, true, false]), 0, 0);
                    // The face is opaque, so the cap's shade cannot lie on it.
                    tile.blit(&columns(&beside, 12, 16), 0, 0);
                }
                sheet.add(format!("{}-{row}-{part}", finish.name), tile);
            }
        }
    }
    sheet.add("shade-north", shade_north(paints));
}

fn finishes(paints: &Paints) -> Vec<Finish> {
    let Paints { stone, wood, sand, sky, rose, teal, plum, brick, sun, leaf, .. } = paints;
    let inside = |name, paint, panel| Finish { name, paint, panel, bricks: false };
    vec![
        Finish { name: "brick", paint: [brick[0], brick[1]], panel: [stone[1], stone[2], stone[3]], bricks: true },
        inside("hall", [stone[0], stone[1]], [sand[1], sand[2], sand[3]]),
        inside("blue", [stone[0], stone[1]], [sky[0], sky[1], sky[2]]),
        inside("red", [stone[0], stone[1]], [rose[0], rose[1], rose[2]]),
        inside("teal", [stone[0], stone[1]], teal.to_owned()),
        inside("sky", [stone[0], stone[1]], [sky[1], sky[2], sky[3]]),
        inside("plum", [stone[0], stone[1]], plum.to_owned()),
        inside("green", [sand[0], sand[1]], [leaf[1], leaf[2], leaf[3]]),
        inside("sun", [sand[0], sun[0]], [wood[1], wood[2], wood[3]]),
    ]
}

fn in_cap(arms: Arms, x: i32, y: i32) -> bool {
    let [north, east, south, west] = arms;
    let (from, to) = CAP;
    let column = (from..to).contains(&x);
    let row = (from..to).contains(&y);
    (column && row)
        || (column && ((north && y < from) || (south && y >= to)))
        || (row && ((west && x < from) || (east && x >= to)))
}

fn cap(paints: &Paints, arms: Arms) -> Canvas {
    let [north, east, south, west] = arms;
    let mut canvas = Canvas::new(SIDE, SIDE);
    // A pixel beyond the tile belongs to the cap if the arm goes on there.
    let inside = |x: i32, y: i32| in_cap(arms, x, y) && (-8..24).contains(&x) && (-8..24).contains(&y);
    for y in 0..SIDE {
        for x in 0..SIDE {
            if !inside(x, y) {
                continue;
            }
            let up = inside(x, y - 1);
            let left = inside(x - 1, y);
            let down = inside(x, y + 1);
            let right = inside(x + 1, y);
            let rim = !up
                || !left
                || !down
                || !right
                || !inside(x - 1, y - 1)
                || !inside(x + 1, y + 1)
                || !inside(x + 1, y - 1)
                || !inside(x - 1, y + 1);
            let lit = !inside(x, y - 2) || !inside(x - 2, y);
            let dim = !inside(x, y + 2) || !inside(x + 2, y);
            let colour = match (rim, lit, dim) {
                (true, ..) => paints.dusk[0],
                (_, true, _) => paints.stone[0],
                (_, _, true) => paints.stone[2],
                _ => paints.stone[1],
            };
            canvas.put(x, y, colour);
        }
    }
    // Where a wall runs across, the first pixels of its face.
    let (from, to) = CAP;
    for x in 0..SIDE {
        let below_cap = (from..to).contains(&x) && !south || (x < from && west) || (x >= to && east);
        if below_cap {
            canvas.fill(x, 12, 1, 1, paints.dusk[0]);
            canvas.fill(x, 13, 1, 2, paints.dusk[1]);
            canvas.fill(x, 15, 1, 1, paints.stone[4]);
        } else if x >= to && south && !east {
            canvas.fill(x, 12, 1, 4, if x < 15 { paints.shade } else { paints.haze });
        }
        if x >= to && north && !east {
            canvas.fill(x, 0, 1, 12, if x < 15 { paints.shade } else { paints.haze });
        } else if x >= to && north {
            canvas.fill(x, 0, 1, 4, if x < 15 { paints.shade } else { paints.haze });
        } else if x >= to && south && !east {
            canvas.fill(x, 6, 1, 6, if x < 15 { paints.shade } else { paints.haze });
        }
    }
    canvas
}

fn face(paints: &Paints, finish: &Finish, top: i32, from: i32, to: i32) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    for y in 0..SIDE {
        for x in from..to {
            canvas.put(x, y, face_pixel(paints, finish, x, y + top));
        }
    }
    // Outer edges; where a half meets a cap, the cap is the edge.
    if from == 4 {
        canvas.fill(4, 0, 1, SIDE, paints.dusk[0]);
    }
    if to == 12 {
        canvas.fill(11, 0, 1, SIDE, paints.dusk[0]);
    }
    canvas
}

fn face_pixel(paints: &Paints, finish: &Finish, x: i32, y: i32) -> Rgba {
    if y == 31 {
        return paints.dusk[0];
    }
    if finish.bricks {
        return brick_pixel(paints, finish, x, y);
    }
    let [lit, plain, dark] = finish.panel;
    match y {
        0 => paints.stone[3],
        1 | 2 => finish.paint[1],
        3..17 => {
            if x % 8 == 3 && y > 3 {
                finish.paint[1]
            } else {
                finish.paint[0]
            }
        }
        17 | 30 => paints.stone[2],
        18 => lit,
        19 | 28 => dark,
        29 => paints.stone[1],
        _ => match x % 8 {
            0 => dark,
            1 => lit,
            _ => plain,
        },
    }
}

fn brick_pixel(paints: &Paints, finish: &Finish, x: i32, y: i32) -> Rgba {
    let [lit, plain, dark] = finish.panel;
    match y {
        0 => paints.brick[3],
        24 => lit,
        25..29 => {
            if x % 8 == 7 {
                dark
            } else {
                plain
            }
        }
        29 | 30 => dark,
        _ => {
            let course = y / 4;
            let along = (x + course % 2 * 4) % 8;
            let roll = super::paint::dice(x / 8 + (x + 4) % 16 / 8, course, 9) % 6;
            match (along, y % 4) {
                (_, 3) | (7, _) => paints.brick[2],
                (_, 0) if roll < 3 => finish.paint[0],
                _ => finish.paint[1],
            }
        }
    }
}

fn columns(picture: &Canvas, from: i32, to: i32) -> Canvas {
    let mut part = Canvas::new(SIDE, SIDE);
    for y in 0..SIDE {
        for x in from..to {
            part.put(x, y, picture.at(x, y));
        }
    }
    part
}

/// What is drawn above people in a doorway: the cap that runs on over it, a beam of wood, and posts beside it.
fn add_doorway(sheet: &mut Sheet, paints: &Paints) {
    let over = cap(paints, [false, true, false, true]);
    sheet.add("lintel", over);
    let [_, light, plain, dark, line] = paints.wood;
    let mut beam = Canvas::new(SIDE, SIDE);
    for (y, tone) in [(0, light), (1, plain), (2, plain), (3, line)] {
        beam.fill(0, y, SIDE, 1, tone);
    }
    beam.fill(0, 4, SIDE, 3, paints.shade);
    beam.fill(0, 7, SIDE, 2, paints.haze);
    let post = |x: i32, top: i32| {
        let mut post = Canvas::new(SIDE, SIDE);
        for (dx, tone) in [(0, line), (1, light), (2, plain), (3, dark), (4, line)] {
            post.fill(x + dx, top, 1, SIDE - top, tone);
        }
        post
    };
    for (name, x, from, to) in [("upto", 8, 9, 16), ("from", 3, 0, 7)] {
        let mut upper = columns(&beam, from, to);
        upper.blit(&post(x, 4), 0, 0);
        sheet.add(format!("door-upper-{name}"), upper);
        let mut lower = post(x, 0);
        lower.fill(x, 15, 5, 1, line);
        sheet.add(format!("door-lower-{name}"), lower);
    }
    sheet.add("door-beam", beam);
}

/// A striped awning over the main entrance, four tiles wide: drawn over the lintel and the beam.
fn add_awning(sheet: &mut Sheet, paints: &Paints) {
    let mut awning = Canvas::new(64, 32);
    for x in 9..55 {
        let stripe = (x - 9) % 10 < 5;
        let [lit, plain, dim] = if stripe { paints.rose } else { [paints.stone[0], paints.stone[1], paints.stone[2]] };
        // It widens towards the front.
        let top = 9 + i32::from(!(10..54).contains(&x)) + i32::from(!(11..53).contains(&x));
        awning.fill(x, top, 1, 14 - top, lit);
        awning.fill(x, 14, 1, 3, plain);
        awning.fill(x, 17, 1, if (x - 9) % 5 % 4 == 0 { 2 } else { 3 }, dim);
    }
    outline(&mut awning, paints.brick[4]);
    for (row, below) in [("upper", "lintel"), ("lower", "door-beam")] {
        for column in 0..4 {
            let below = match (below, column) {
                ("door-beam", 0) => "door-upper-upto",
                ("door-beam", 3) => "door-upper-from",
                _ => below,
            };
            let mut tile = Canvas::new(SIDE, SIDE);
            for cell in sheet.cells().iter().filter(|cell| cell.name == below) {
                tile.blit(&cell.picture, 0, 0);
            }
            tile.blit(&awning, -column * SIDE, if row == "upper" { 0 } else { -SIDE });
            sheet.add(format!("awning-{row}-{}", column + 1), tile);
        }
    }
}

/// At the foot of a wall that stands to the north.
fn shade_north(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE);
    canvas.fill(0, 0, SIDE, 4, paints.shade);
    canvas.fill(0, 4, SIDE, 2, paints.haze);
    debug_assert!(canvas.at(0, 8) == CLEAR);
    canvas
}
