//! What hangs on walls: boards, screens, windows, clocks, pictures. It stands on the wall's foot for sorting.

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

use super::{
    paint::{Paints, dice, ellipse, in_ellipse, mirrored, outline},
    sheet::Sheet,
};

/// Adds boards and screens, 48 by 64, drawn at the cell's foot.
pub fn add_large(sheet: &mut Sheet, paints: &Paints) {
    let board = blackboard(paints);
    for (name, from) in [("blackboard-west", 0), ("blackboard-mid", 48), ("blackboard-east", 96)] {
        let mut third = Canvas::new(48, 64);
        third.blit(&board, -from, 0);
        sheet.add(name, third);
    }
    sheet.add("whiteboard", whiteboard(paints));
    sheet.add("screen", screen(paints));
    sheet.add("notices", notices(paints));
    sheet.add("world-map", world_map(paints));
}

/// Adds windows and small hangings, 16 by 32.
pub fn add_small(sheet: &mut Sheet, paints: &Paints) {
    let window = window(paints);
    sheet.add("window-west", window.clone());
    sheet.add("window-east", mirrored_frame(paints));
    sheet.add("clock", clock(paints));
    for (index, tones) in
        [paints.sun, paints.rose, [paints.sky[0], paints.sky[1], paints.sky[2]], paints.teal].into_iter().enumerate()
    {
        sheet.add(format!("picture-{}", index + 1), picture(paints, tones, index as u32));
    }
    for (letter, tones) in [("a", [paints.sky[0], paints.sky[1], paints.sky[2]]), ("b", paints.rose)] {
        sheet.add(format!("sign-{letter}"), sign(paints, letter, tones));
    }
    sheet.add("sconce", sconce(paints));
}

/// 144 pixels wide, in three parts.
fn blackboard(paints: &Paints) -> Canvas {
    let [_, light, plain, dark, line] = paints.wood;
    let mut canvas = Canvas::new(144, 64);
    canvas.fill(4, 38, 136, 22, plain);
    canvas.fill(4, 38, 136, 1, light);
    canvas.fill(6, 40, 132, 17, paints.leaf[3]);
    canvas.fill(6, 40, 132, 1, paints.leaf[4]);
    canvas.fill(6, 40, 1, 17, paints.leaf[4]);
    canvas.fill(48, 40, 1, 17, dark);
    canvas.fill(95, 40, 1, 17, dark);
    // Wiped chalk, then writing.
    for x in 54..90 {
        for y in 43..54 {
            if dice(x / 5, y / 2, 12).is_multiple_of(4) && (x + y) % 3 != 0 {
                canvas.put(x, y, paints.leaf[2]);
            }
        }
    }
    let chalk = paints.stone[0];
    for (x, y, words) in [(10, 43, [6, 4, 8]), (10, 46, [3, 9, 5]), (10, 49, [7, 5, 0]), (10, 52, [5, 8, 3])] {
        let mut at = x;
        for word in words {
            for dx in 0..word {
                if !dice(at + dx, y, 3).is_multiple_of(5) {
                    canvas.put(at + dx, y, chalk);
                }
            }
            at += word + 2;
        }
    }
    // A right triangle with its squares: something to talk about.
    for step in 0..9 {
        canvas.put(62 + step, 52, chalk);
        canvas.put(62, 44 + step, chalk);
        canvas.put(62 + step, 44 + step, paints.sun[0]);
    }
    for (x, y) in [
        (78, 45),
        (79, 45),
        (80, 45),
        (84, 45),
        (85, 44),
        (86, 45),
        (78, 49),
        (79, 50),
        (80, 49),
        (84, 49),
        (85, 49),
        (86, 49),
        (78, 47),
        (86, 47),
    ] {
        canvas.put(x, y, chalk);
    }
    // A curve over axes.
    canvas.fill(104, 53, 28, 1, chalk);
    canvas.fill(104, 42, 1, 12, chalk);
    for x in 0..26 {
        let rise = ((x - 13) * (x - 13)) / 20;
        canvas.put(105 + x, 43 + rise, paints.rose[0]);
    }
    canvas.fill(4, 57, 136, 3, plain);
    canvas.fill(4, 57, 136, 1, light);
    canvas.fill(4, 59, 136, 1, dark);
    for (x, colour) in [(20, chalk), (26, paints.sun[0]), (110, paints.rose[0]), (70, chalk)] {
        canvas.fill(x, 57, 4, 1, colour);
    }
    outline(&mut canvas, line);
    canvas
}

fn whiteboard(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(6, 40, 36, 19, paints.stone[3]);
    canvas.fill(7, 41, 34, 16, paints.stone[0]);
    canvas.fill(7, 41, 34, 1, paints.stone[1]);
    for (x, y, width, colour) in [
        (10, 44, 9, paints.sky[2]),
        (10, 46, 6, paints.sky[2]),
        (10, 50, 8, paints.rose[1]),
        (10, 52, 10, paints.rose[1]),
    ] {
        canvas.fill(x, y, width, 1, colour);
    }
    for (x, y) in [
        (24, 53),
        (25, 52),
        (26, 52),
        (27, 50),
        (28, 49),
        (29, 50),
        (30, 48),
        (31, 47),
        (32, 46),
        (33, 46),
        (34, 44),
        (35, 43),
    ] {
        canvas.fill(x, y, 1, 2, paints.leaf[2]);
    }
    canvas.fill(23, 55, 14, 1, paints.dusk[1]);
    canvas.fill(12, 57, 24, 2, paints.stone[2]);
    canvas.fill(15, 57, 4, 1, paints.rose[1]);
    canvas.fill(21, 57, 4, 1, paints.sky[2]);
    outline(&mut canvas, paints.dusk[0]);
    canvas
}

fn screen(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(7, 39, 34, 20, paints.dusk[0]);
    canvas.fill(9, 41, 30, 15, paints.sky[3]);
    for step in 0..15 {
        canvas.fill(9 + step, 41 + step, 15 - step, 1, paints.sky[2]);
    }
    canvas.fill(12, 44, 10, 2, paints.stone[0]);
    canvas.fill(12, 48, 7, 1, paints.sky[0]);
    canvas.fill(12, 50, 8, 1, paints.sky[0]);
    for (x, height, colour) in [(26, 4, paints.teal[0]), (30, 7, paints.sun[1]), (34, 9, paints.rose[1])] {
        canvas.fill(x, 54 - height, 3, height, colour);
    }
    canvas.put(38, 57, paints.leaf[0]);
    outline(&mut canvas, paints.ink);
    canvas
}

fn notices(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(6, 40, 36, 19, paints.wood[3]);
    canvas.fill(6, 40, 36, 1, paints.wood[2]);
    canvas.fill(8, 42, 32, 15, paints.sand[2]);
    for (x, y, width, height, colour) in [
        (10, 43, 6, 8, paints.stone[0]),
        (18, 44, 8, 5, paints.sky[0]),
        (28, 43, 5, 7, paints.sun[0]),
        (34, 45, 5, 6, paints.stone[0]),
        (18, 51, 6, 5, paints.rose[0]),
        (26, 52, 8, 4, paints.teal[0]),
        (11, 52, 5, 4, paints.sun[1]),
    ] {
        canvas.fill(x + 1, y + 1, width, height, paints.sand[3]);
        canvas.fill(x, y, width, height, colour);
        canvas.put(x + width / 2, y, paints.rose[2]);
        canvas.fill(x + 1, y + 2, width - 2, 1, paints.stone[3]);
    }
    outline(&mut canvas, paints.wood[4]);
    canvas
}

fn world_map(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(48, 64);
    canvas.fill(7, 40, 34, 19, paints.sand[0]);
    canvas.fill(9, 42, 30, 15, paints.water[1]);
    let land: [(i32, i32, i32); 16] = [
        (11, 43, 7),
        (10, 44, 8),
        (12, 45, 6),
        (13, 46, 4),
        (15, 47, 2),
        (16, 49, 4),
        (16, 50, 5),
        (17, 51, 4),
        (17, 52, 3),
        (17, 53, 2),
        (23, 43, 14),
        (22, 44, 15),
        (24, 45, 12),
        (23, 47, 6),
        (24, 48, 5),
        (25, 49, 4),
    ];
    for (x, y, width) in land {
        canvas.fill(x, y, width, 1, if y % 3 == 0 { paints.grass[2] } else { paints.leaf[1] });
    }
    canvas.fill(25, 50, 3, 4, paints.leaf[1]);
    canvas.fill(33, 51, 4, 3, paints.sand[2]);
    canvas.fill(6, 39, 36, 1, paints.wood[3]);
    canvas.fill(6, 59, 36, 1, paints.wood[3]);
    outline(&mut canvas, paints.wood[4]);
    canvas
}

/// The left leaf of a window for a wall 32 pixels high; its foot is 10 above the floor.
fn window(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    let [w1, w2, w3, _, w5] = paints.wood;
    canvas.fill(2, 2, 14, 19, w5);
    canvas.fill(3, 3, 13, 17, w2);
    canvas.fill(3, 3, 13, 1, w1);
    canvas.fill(5, 5, 10, 13, paints.sky[0]);
    canvas.fill(5, 5, 10, 2, paints.sky[1]);
    for step in 0..6 {
        canvas.put(6 + step, 15 - step, paints.stone[0]);
        canvas.put(7 + step, 15 - step, paints.stone[0]);
        canvas.put(10 + step.min(4), 17 - step.min(4), paints.water[0]);
    }
    canvas.fill(5, 11, 10, 1, w2);
    canvas.fill(15, 3, 1, 17, w3);
    canvas.fill(1, 20, 15, 2, paints.stone[1]);
    canvas.fill(1, 20, 15, 1, paints.stone[0]);
    canvas.fill(1, 22, 15, 1, w5);
    canvas
}

/// The right leaf: the frame mirrored, the gleam not.
fn mirrored_frame(paints: &Paints) -> Canvas {
    let left = window(paints);
    let mut canvas = mirrored(&left);
    for y in 5..18 {
        for x in 5..15 {
            canvas.put(x - 4, y, left.at(x, y));
        }
    }
    canvas
}

fn clock(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    ellipse(&mut canvas, 8.0, 9.0, 6.0, 6.0, paints.brick[2]);
    ellipse(&mut canvas, 8.0, 9.0, 4.6, 4.6, paints.stone[0]);
    canvas.fill(8, 6, 1, 4, paints.dusk[0]);
    canvas.fill(8, 9, 3, 1, paints.dusk[0]);
    for (x, y) in [(8, 5), (4, 9), (12, 9), (8, 13)] {
        canvas.put(x, y, paints.stone[3]);
    }
    outline(&mut canvas, paints.brick[4]);
    canvas
}

fn picture(paints: &Paints, [light, plain, dark]: [Rgba; 3], variant: u32) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(2, 3, 12, 14, paints.wood[2]);
    canvas.fill(2, 3, 12, 1, paints.wood[1]);
    canvas.fill(3, 4, 10, 12, paints.sand[0]);
    canvas.fill(4, 5, 8, 10, light);
    if variant.is_multiple_of(2) {
        // Hills under a sun.
        for x in 0..8 {
            let rise = [2, 3, 4, 3, 2, 3, 4, 5][x as usize];
            canvas.fill(4 + x, 15 - rise, 1, rise, dark);
            canvas.put(4 + x, 15 - rise, plain);
        }
        canvas.fill(6, 6, 2, 2, paints.stone[0]);
    } else {
        in_ellipse(8.0, 10.0, 3.0, 3.0, |x, y, u, v| canvas.put(x, y, if u + v < 0.0 { plain } else { dark }));
        canvas.fill(4, 13, 8, 2, paints.wood[3]);
    }
    outline(&mut canvas, paints.wood[4]);
    canvas
}

/// A plate beside a classroom's door.
fn sign(paints: &Paints, letter: &str, [light, plain, dark]: [Rgba; 3]) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(3, 4, 10, 11, plain);
    canvas.fill(3, 4, 10, 1, light);
    canvas.fill(3, 14, 10, 1, dark);
    let rows: [&str; 7] = if letter == "a" {
        [".##.", "#..#", "#..#", "####", "#..#", "#..#", "#..#"]
    } else {
        ["###.", "#..#", "#..#", "###.", "#..#", "#..#", "###."]
    };
    canvas.blit(&super::paint::sketch(&rows, &[('#', paints.stone[0]), ('.', CLEAR)]), 6, 6);
    outline(&mut canvas, paints.dusk[0]);
    canvas
}

fn sconce(paints: &Paints) -> Canvas {
    let mut canvas = Canvas::new(16, 32);
    canvas.fill(6, 12, 4, 5, paints.dusk[1]);
    canvas.fill(5, 6, 6, 6, paints.sun[1]);
    canvas.fill(5, 6, 3, 5, paints.sun[0]);
    canvas.fill(6, 5, 4, 1, paints.stone[0]);
    outline(&mut canvas, paints.dusk[0]);
    canvas
}
