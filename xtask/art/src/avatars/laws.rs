//! Laws that hold for every avatar.

use std::{
    collections::{HashSet, VecDeque},
    path::Path,
};

use anyhow::{Context, Result};

use super::{
    BOTTOMS, CELL_HEIGHT, CELL_WIDTH, COLUMNS, FEET, HAIR_COLOURS, HAIR_SHAPES, SKINS, TOPS,
    body::SHADOW_ALPHA,
    pose::{Frame, Pose},
    sheet::{self, Layer, Sources},
};
use crate::{
    canvas::Canvas,
    palette::{CLEAR, Palette, Rgba},
};

/// The alpha of what is part of a figure; less is its shadow on the ground.
const SOLID: u8 = 255;

struct Studio {
    palette: Palette,
    colours: HashSet<[u8; 3]>,
    sources: Sources,
}

impl Studio {
    fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("no root")?;
        let assets = root.join("assets");
        let text = std::fs::read_to_string(assets.join("art/palette.gpl"))?;
        let rgb = |line: &str| {
            let channels: Vec<u8> = line.split_whitespace().take(3).map_while(|word| word.parse().ok()).collect();
            <[u8; 3]>::try_from(channels).ok()
        };
        Ok(Self {
            palette: Palette::parse(&text)?,
            colours: text.lines().filter_map(rgb).collect(),
            sources: Sources::read(&assets)?,
        })
    }

    fn cell(&self, layer: Layer, pose: Pose) -> Result<Canvas> {
        layer.cell(&self.palette, &self.sources, pose)
    }

    /// Calls `check` with an avatar of every combination of shapes; skin and hair colours change nothing of what is
    /// covered.
    fn each_avatar(&self, frames: &[Frame], check: impl Fn(&Canvas, &str)) -> Result<()> {
        for pose in Pose::all().filter(|pose| frames.contains(&pose.frame)) {
            let body = self.cell(Layer::Body { skin: 0 }, pose)?;
            for bottom in 0..BOTTOMS {
                let lower = self.cell(Layer::Bottom(bottom), pose)?;
                for top in 0..TOPS {
                    let upper = self.cell(Layer::Top(top), pose)?;
                    for shape in 0..HAIR_SHAPES {
                        let hair = self.cell(Layer::Hair { shape, colour: 0 }, pose)?;
                        let mut avatar = body.clone();
                        for layer in [&lower, &upper, &hair] {
                            avatar.blit(layer, 0, 0);
                        }
                        check(&avatar, &format!("bottom {bottom}, top {top}, hair {shape}, {pose:?}"));
                    }
                }
            }
        }
        Ok(())
    }
}

fn pixels(canvas: &Canvas) -> impl Iterator<Item = (i32, i32, Rgba)> + '_ {
    (0..canvas.height()).flat_map(move |y| (0..canvas.width()).map(move |x| (x, y, canvas.at(x, y))))
}

fn is_solid(canvas: &Canvas, x: i32, y: i32) -> bool {
    canvas.at(x, y)[3] == SOLID
}

/// The pixels that can be reached from outside of the cell without crossing the figure.
fn outside(canvas: &Canvas) -> HashSet<(i32, i32)> {
    let mut seen = HashSet::from([(-1, -1)]);
    let mut queue = VecDeque::from([(-1, -1)]);
    while let Some((x, y)) = queue.pop_front() {
        for next in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)] {
            let within = (-1..=CELL_WIDTH).contains(&next.0) && (-1..=CELL_HEIGHT).contains(&next.1);
            if within && !is_solid(canvas, next.0, next.1) && seen.insert(next) {
                queue.push_back(next);
            }
        }
    }
    seen
}

/// How dark a colour looks, 0 to 255 (luma of ITU-R BT.601).
fn luma([r, g, b, _]: Rgba) -> u32 {
    (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1000
}

#[test]
fn every_pixel_is_a_colour_of_the_palette() -> Result<()> {
    let studio = Studio::open()?;
    for (x, y, colour) in pixels(&sheet::draw(&studio.palette, &studio.sources)?) {
        let [r, g, b, alpha] = colour;
        let known = colour == CLEAR || studio.colours.contains(&[r, g, b]) && [SOLID, SHADOW_ALPHA].contains(&alpha);
        assert!(known, "{colour:?} at {x}, {y}");
    }
    Ok(())
}

#[test]
fn the_sheet_has_a_row_for_every_variant() -> Result<()> {
    let studio = Studio::open()?;
    let sheet = sheet::draw(&studio.palette, &studio.sources)?;
    let rows = SKINS + HAIR_SHAPES * HAIR_COLOURS + TOPS + BOTTOMS;
    assert_eq!((sheet.width(), sheet.height()), (CELL_WIDTH * COLUMNS as i32, CELL_HEIGHT * rows as i32));
    for (row, layer) in (0..).zip(Layer::all()) {
        for column in 0..COLUMNS as i32 {
            let cell = pixels(&sheet).filter(|(x, y, _)| x / CELL_WIDTH == column && y / CELL_HEIGHT == row);
            assert!(cell.into_iter().any(|(_, _, colour)| colour != CLEAR), "{layer:?} is empty in column {column}");
        }
    }
    Ok(())
}

#[test]
fn a_pixel_stays_free_at_both_sides_of_every_cell() -> Result<()> {
    let studio = Studio::open()?;
    for layer in Layer::all() {
        for pose in Pose::all() {
            let cell = studio.cell(layer, pose)?;
            let touches = pixels(&cell).any(|(x, _, colour)| (x == 0 || x == CELL_WIDTH - 1) && colour != CLEAR);
            assert!(!touches, "{layer:?} {pose:?}");
        }
    }
    Ok(())
}

#[test]
fn nobody_who_stands_has_a_hole() -> Result<()> {
    Studio::open()?.each_avatar(&[Frame::Stand], |avatar, who| {
        let outside = outside(avatar);
        let hole = pixels(avatar).find(|&(x, y, _)| !is_solid(avatar, x, y) && !outside.contains(&(x, y)));
        assert!(hole.is_none(), "{hole:?} of {who}");
    })
}

#[test]
fn every_avatar_has_a_closed_dark_outline() -> Result<()> {
    Studio::open()?.each_avatar(&[Frame::Stand, Frame::StepA, Frame::StepB], |avatar, who| {
        let outside = outside(avatar);
        let neighbours = |x, y| [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)];
        for (x, y, colour) in pixels(avatar).filter(|(_, _, colour)| colour[3] == SOLID) {
            let at_edge = neighbours(x, y).iter().any(|place| outside.contains(place));
            assert!(!at_edge || luma(colour) < 100, "{colour:?} at {x}, {y} of {who}");
        }
    })
}

#[test]
fn the_soles_rest_on_the_feet_row() -> Result<()> {
    let [_, soles] = FEET;
    Studio::open()?.each_avatar(&[Frame::Stand, Frame::StepA, Frame::StepB], |avatar, who| {
        let lowest = pixels(avatar).filter(|(_, _, colour)| colour[3] == SOLID).map(|(_, y, _)| y).max();
        assert_eq!(lowest, Some(soles), "{who}");
    })
}

#[test]
fn hair_never_hides_the_eyes() -> Result<()> {
    let studio = Studio::open()?;
    let white = studio.palette.colour("stone-1");
    for pose in Pose::all().filter(|pose| pose.drawn() != "up") {
        let body = studio.cell(Layer::Body { skin: 0 }, pose)?;
        let mut eyes = pixels(&body).filter(|&(_, _, colour)| colour == white).peekable();
        assert!(eyes.peek().is_some(), "{pose:?} has no eyes");
        for (x, y, _) in eyes {
            for shape in 0..HAIR_SHAPES {
                let hair = studio.cell(Layer::Hair { shape, colour: 0 }, pose)?;
                assert_eq!(hair.at(x, y), CLEAR, "hair {shape}, {pose:?}");
            }
        }
    }
    Ok(())
}
