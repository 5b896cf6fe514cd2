//! Parts of an avatar as text pixel maps: reading them, and moving, mirroring and painting them.
//!
//! A source has sections like `[arm left stand @15]`: a name and the cell's row of the first line. Each line is one
//! row of a cell, [`CELL_WIDTH`] letters that a [`Paint`] knows the colours of, `.` for clear. A line may have a
//! second grid before it that says which zone of a limb each pixel belongs to.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::{CELL_WIDTH, ramp::Paint};
use crate::{
    canvas::Canvas,
    palette::{CLEAR, Rgba},
};

/// The zone of parts that have no zones.
pub(super) const WHOLE: char = ' ';

/// One pixel of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) x: i32,
    pub(super) y: i32,
    /// Of a limb: which stretch of it this is.
    pub(super) zone: char,
    /// Which colour of a [`Paint`].
    pub(super) tone: char,
}

/// A drawing within a cell, not coloured yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part(Vec<Mark>);

impl Part {
    /// The same part elsewhere.
    pub(super) fn moved(&self, right: i32, down: i32) -> Self {
        Self(self.0.iter().map(|mark| Mark { x: mark.x + right, y: mark.y + down, ..*mark }).collect())
    }

    /// The part as seen in a mirror, but still lit from the left: within each unbroken run of light, mid and dark
    /// in a row, the tones keep their order from left to right.
    pub(super) fn mirrored(&self) -> Self {
        let mut marks = Vec::with_capacity(self.0.len());
        let mut rest = self.0.as_slice();
        while let Some(first) = rest.first() {
            let same_run = |pair: &[Mark]| {
                let [left, right] = pair else { return false };
                left.y == right.y
                    && left.x + 1 == right.x
                    && family(left.tone).is_some_and(|f| family(right.tone) == Some(f))
            };
            let length = 1 + rest.windows(2).take_while(|pair| same_run(pair)).count();
            let (run, after) = rest.split_at(length);
            let tones = run.iter().map(|mark| mark.tone);
            let mirrored = run.iter().rev().zip(tones);
            marks.extend(mirrored.map(|(mark, tone)| Mark { x: CELL_WIDTH - 1 - mark.x, tone, ..*mark }));
            debug_assert_eq!(first.y, run[length - 1].y);
            rest = after;
        }
        marks.sort_by_key(|mark| (mark.y, mark.x));
        Self(marks)
    }

    /// The part a tone darker, as it lies in the shade of the body.
    pub(super) fn shaded(&self) -> Self {
        let darker = |tone| match tone {
            'l' => 'm',
            'm' => 'd',
            other => other,
        };
        Self(self.0.iter().map(|mark| Mark { tone: darker(mark.tone), ..*mark }).collect())
    }

    /// Paints the part onto a cell.
    pub(super) fn draw(&self, cell: &mut Canvas, paint: &Paint) {
        self.draw_with(cell, |mark| paint.colour(mark.tone));
    }

    /// Paints the part onto a cell in the colours that `colour` says; [`CLEAR`] erases.
    pub(super) fn draw_with(&self, cell: &mut Canvas, colour: impl Fn(&Mark) -> Rgba) {
        for mark in &self.0 {
            cell.put(mark.x, mark.y, colour(mark));
        }
    }

    /// Erases what the part covers.
    pub(super) fn cut(&self, cell: &mut Canvas) {
        self.draw_with(cell, |_| CLEAR);
    }
}

/// Tones of one material, among which light is kept when mirroring; outlines belong to none.
fn family(tone: char) -> Option<u8> {
    match tone {
        'l' | 'm' | 'd' => Some(1),
        'L' | 'M' | 'D' => Some(2),
        _ => None,
    }
}

/// The parts of one source, by name.
pub(super) struct Parts(BTreeMap<String, Part>);

impl Parts {
    /// Reads a source.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut parts = BTreeMap::new();
        let mut section: Option<(String, i32, Part)> = None;
        for (index, line) in text.lines().enumerate() {
            let place = || format!("line {}: {line:?}", index + 1);
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                if let Some((name, _, part)) = section.take() {
                    ensure!(parts.insert(name, part).is_none(), "{}: the section before it stands twice", place());
                }
                let header = header.strip_suffix(']').and_then(|header| header.split_once(" @"));
                let (name, top) = header.with_context(|| format!("{}: expected [name @row]", place()))?;
                section = Some((name.to_owned(), top.parse().with_context(place)?, Part::default()));
            } else if let Some((_, y, part)) = &mut section {
                part.0.extend(read_row(line, *y).with_context(place)?);
                *y += 1;
            } else {
                bail!("{}: expected a [name @row] before the first row", place());
            }
        }
        parts.extend(section.map(|(name, _, part)| (name, part)));
        Ok(Self(parts))
    }

    /// The part of that name.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn named(&self, name: &str) -> Result<&Part> {
        self.0.get(name).with_context(|| format!("there is no section [{name} @…]"))
    }
}

fn read_row(line: &str, y: i32) -> Result<Vec<Mark>> {
    let grids: Vec<&str> = line.split_whitespace().collect();
    for grid in &grids {
        let width = grid.chars().count();
        ensure!(width == CELL_WIDTH as usize, "a row has {CELL_WIDTH} letters, this one {width}");
    }
    let (zones, tones) = match grids[..] {
        [tones] => (None, tones),
        [zones, tones] => (Some(zones), tones),
        _ => bail!("expected one grid, or zones and tones"),
    };
    let mut zones = zones.into_iter().flat_map(str::chars);
    let mut marks = Vec::new();
    for (x, tone) in (0..).zip(tones.chars()) {
        let zone = zones.next().unwrap_or(WHOLE);
        ensure!(zone == WHOLE || (zone == '.') == (tone == '.'), "zones and tones differ in column {x}");
        if tone != '.' {
            marks.push(Mark { x, y, zone, tone });
        }
    }
    Ok(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tones(part: &Part) -> String {
        part.0.iter().map(|mark| mark.tone).collect()
    }

    #[test]
    fn a_mirrored_part_keeps_its_light_on_the_left() -> Result<()> {
        let parts = Parts::parse("[lock @3]\n..olmdoml...........\n")?;
        let mirrored = parts.named("lock")?.mirrored();
        assert_eq!(tones(&mirrored), "mlolmdo");
        assert_eq!(mirrored.0.first().map(|mark| (mark.x, mark.y)), Some((11, 3)));
        Ok(())
    }

    #[test]
    fn a_row_of_the_wrong_width_is_refused_with_its_line() {
        let error = Parts::parse("[lock @3]\n..o\n").err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("line 2: \"..o\""));
    }

    #[test]
    fn zones_must_cover_what_the_tones_cover() {
        assert!(Parts::parse("[arm @3]\nuu.................. lll.................\n").is_err());
    }
}
