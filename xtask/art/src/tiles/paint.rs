//! What all tiles are drawn with: ramps of colours, dice that always fall the same, and simple lit shapes.
//!
//! Light comes from the top left. Ramps are indexed from light to dark, like their names in the palette less one.

use crate::{
    canvas::Canvas,
    palette::{CLEAR, Palette, Rgba},
};

/// The palette's ramps, fetched once.
pub struct Paints {
    pub(crate) ink: Rgba,
    pub(crate) dusk: [Rgba; 2],
    pub(crate) stone: [Rgba; 5],
    pub(crate) grass: [Rgba; 5],
    pub(crate) leaf: [Rgba; 5],
    pub(crate) wood: [Rgba; 5],
    pub(crate) brick: [Rgba; 5],
    pub(crate) water: [Rgba; 5],
    pub(crate) sand: [Rgba; 4],
    pub(crate) sun: [Rgba; 3],
    pub(crate) rose: [Rgba; 3],
    pub(crate) plum: [Rgba; 3],
    pub(crate) sky: [Rgba; 4],
    pub(crate) teal: [Rgba; 3],
    pub(crate) meadow: Rgba,
    pub(crate) pale_slab: Rgba,
    pub(crate) dark_slab: Rgba,
    pub(crate) deep: Rgba,
    pub(crate) felts: [[Rgba; 3]; 3],
    /// Ink one can see through: the shade that things throw on the ground.
    pub(crate) shade: Rgba,
    /// The paler rim of a shade.
    pub(crate) haze: Rgba,
}

impl Paints {
    /// Looks all ramps up.
    pub fn new(palette: &Palette) -> Self {
        let ink = palette.colour("ink");
        let [r, g, b, _] = ink;
        Self {
            ink,
            dusk: ramp(palette, "dusk"),
            stone: ramp(palette, "stone"),
            grass: ramp(palette, "grass"),
            leaf: ramp(palette, "leaf"),
            wood: ramp(palette, "wood"),
            brick: ramp(palette, "brick"),
            water: ramp(palette, "water"),
            sand: ramp(palette, "sand"),
            sun: ramp(palette, "sun"),
            rose: ramp(palette, "rose"),
            plum: ramp(palette, "plum"),
            sky: ramp(palette, "sky"),
            teal: ramp(palette, "teal"),
            meadow: palette.colour("meadow-1"),
            pale_slab: palette.colour("slab-1"),
            dark_slab: palette.colour("slab-2"),
            deep: palette.colour("deep-1"),
            felts: ["felt-teal", "felt-sky", "felt-plum"].map(|name| ramp(palette, name)),
            shade: [r, g, b, 72],
            haze: [r, g, b, 40],
        }
    }
}

fn ramp<const N: usize>(palette: &Palette, name: &str) -> [Rgba; N] {
    std::array::from_fn(|index| palette.colour(&format!("{name}-{}", index + 1)))
}

/// A number that looks random and is always the same for the same place and seed.
pub fn dice(x: i32, y: i32, seed: u32) -> u32 {
    let mut h =
        (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// The same number for each clump of 2 by 2 pixels; every other row of clumps is shifted, so that they mesh.
pub fn clump(x: i32, y: i32, seed: u32) -> u32 {
    let row = y >> 1;
    dice((x + (row & 1)) >> 1, row, seed)
}

/// A picture from rows of text; each letter stands for a colour of `key`, anything else for no pixel.
pub fn sketch(rows: &[&str], key: &[(char, Rgba)]) -> Canvas {
    let width = rows.iter().map(|row| row.chars().count()).max().unwrap_or(0);
    let mut canvas = Canvas::new(width as i32, rows.len() as i32);
    for (y, row) in rows.iter().enumerate() {
        for (x, letter) in row.chars().enumerate() {
            if let Some((_, colour)) = key.iter().find(|(known, _)| *known == letter) {
                canvas.put(x as i32, y as i32, *colour);
            }
        }
    }
    canvas
}

/// The same picture seen in a mirror.
pub fn mirrored(picture: &Canvas) -> Canvas {
    let mut canvas = Canvas::new(picture.width(), picture.height());
    for y in 0..picture.height() {
        for x in 0..picture.width() {
            canvas.put(picture.width() - 1 - x, y, picture.at(x, y));
        }
    }
    canvas
}

/// Calls `each` with every pixel inside an ellipse, and with its place in it from -1 to 1.
pub fn in_ellipse(cx: f32, cy: f32, rx: f32, ry: f32, mut each: impl FnMut(i32, i32, f32, f32)) {
    for y in (cy - ry).floor() as i32..=(cy + ry).ceil() as i32 {
        for x in (cx - rx).floor() as i32..=(cx + rx).ceil() as i32 {
            let (u, v) = ((x as f32 + 0.5 - cx) / rx, (y as f32 + 0.5 - cy) / ry);
            if u * u + v * v <= 1.0 {
                each(x, y, u, v);
            }
        }
    }
}

/// Fills an ellipse with one colour.
pub fn ellipse(canvas: &mut Canvas, cx: f32, cy: f32, rx: f32, ry: f32, colour: Rgba) {
    in_ellipse(cx, cy, rx, ry, |x, y, _, _| canvas.put(x, y, colour));
}

/// A round thing lit from the top left, shaded in the tones of `ramp` from light to dark.
pub fn ball(canvas: &mut Canvas, cx: f32, cy: f32, rx: f32, ry: f32, ramp: &[Rgba]) {
    let last = ramp.len() - 1;
    in_ellipse(cx, cy, rx, ry, |x, y, u, v| {
        let shade = (u * 0.55 + v * 0.85 + 1.0) / 2.0;
        let tone = (shade * ramp.len() as f32).max(0.0) as usize;
        canvas.put(x, y, ramp[tone.min(last)]);
    });
}

/// A soft shade on the ground, darker within.
pub fn shade(canvas: &mut Canvas, paints: &Paints, cx: f32, cy: f32, rx: f32, ry: f32) {
    ellipse(canvas, cx, cy, rx, ry, paints.haze);
    ellipse(canvas, cx, cy, rx - 1.5, ry - 1.0, paints.shade);
}

/// A straight-edged shade with its corners taken off.
pub fn shade_box(canvas: &mut Canvas, paints: &Paints, x: i32, y: i32, width: i32, height: i32) {
    canvas.fill(x + 1, y, width - 2, height, paints.shade);
    canvas.fill(x, y + 1, width, height - 2, paints.shade);
}

/// Gives every opaque shape an outline one pixel wide on the outside.
pub fn outline(canvas: &mut Canvas, colour: Rgba) {
    let before = canvas.clone();
    let solid = |x, y| before.at(x, y)[3] == 255;
    for y in 0..canvas.height() {
        for x in 0..canvas.width() {
            let beside = solid(x - 1, y) || solid(x + 1, y) || solid(x, y - 1) || solid(x, y + 1);
            if !solid(x, y) && beside {
                canvas.put(x, y, colour);
            }
        }
    }
}

/// A box seen from above at an angle: a lit top `depth` pixels deep and a front `drop` pixels high below it.
/// `ramp` has four tones: edge light, top, front, dark edge.
pub fn slab(canvas: &mut Canvas, (x, y): (i32, i32), (width, depth, drop): (i32, i32, i32), ramp: [Rgba; 4]) {
    canvas.fill(x, y, width, depth, ramp[1]);
    canvas.fill(x, y, width, 1, ramp[0]);
    canvas.fill(x, y, 1, depth, ramp[0]);
    canvas.fill(x, y + depth, width, drop, ramp[2]);
    canvas.fill(x, y + depth + drop - 1, width, 1, ramp[3]);
    canvas.fill(x + width - 1, y + depth, 1, drop, ramp[3]);
}

/// Takes the outermost pixel off each corner of a rectangle.
pub fn round(canvas: &mut Canvas, x: i32, y: i32, width: i32, height: i32) {
    for (cx, cy) in [(x, y), (x + width - 1, y), (x, y + height - 1), (x + width - 1, y + height - 1)] {
        canvas.put(cx, cy, CLEAR);
    }
}

/// Puts a thing with an outline of `line` over a ground shade drawn before it.
pub fn over_shade(mut shade: Canvas, mut thing: Canvas, line: Rgba) -> Canvas {
    outline(&mut thing, line);
    shade.blit(&thing, 0, 0);
    shade
}
