//! What is in the bubbles, as text pixel maps: sections like `[heart]`, then rows of letters, `.` for clear.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use crate::{canvas::Canvas, palette::Palette};

/// The most letters in a row, and rows in a picture, for which there is room in a bubble.
const MOST: [usize; 2] = [18, 16];

/// What the letters mean, as the source explains.
const LETTERS: [(char, &str); 16] = [
    ('l', "sun-1"),
    ('m', "sun-2"),
    ('d', "sun-3"),
    ('o', "line-blond"),
    ('H', "rose-1"),
    ('h', "rose-2"),
    ('e', "rose-3"),
    ('x', "brick-5"),
    ('c', "sky-1"),
    ('b', "sky-2"),
    ('B', "sky-3"),
    ('n', "line-sky"),
    ('k', "ink"),
    ('w', "white"),
    ('g', "leaf-2"),
    ('p', "plum-2"),
];

/// The pictures of the source, by name.
pub(super) struct Pictures(BTreeMap<String, Vec<String>>);

impl Pictures {
    /// Reads the source.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut pictures: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = None;
        for (index, line) in text.lines().enumerate() {
            let place = || format!("line {}: {line:?}", index + 1);
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                ensure!(!pictures.contains_key(name), "{}: the picture stands twice", place());
                current = Some(pictures.entry(name.to_owned()).or_default());
                continue;
            }
            let Some(rows) = &mut current else { bail!("{}: expected a [name] before the first row", place()) };
            let width = rows.first().map_or(line.len(), String::len);
            ensure!(line.len() == width, "{}: the rows before it have {width} letters", place());
            let [most_letters, most_rows] = MOST;
            ensure!(width <= most_letters && rows.len() < most_rows, "{}: there is no room in a bubble", place());
            let unknown = line.chars().find(|letter| *letter != '.' && colour(*letter).is_none());
            ensure!(unknown.is_none(), "{}: {unknown:?} is no colour", place());
            rows.push(line.to_owned());
        }
        Ok(Self(pictures))
    }

    /// The names of all.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Draws one of them, as large as it is.
    ///
    /// # Errors
    /// If there is none of that name.
    pub(super) fn draw(&self, palette: &Palette, name: &str) -> Result<Canvas> {
        let rows = self.0.get(name).with_context(|| format!("there is no section [{name}]"))?;
        let mut canvas = Canvas::new(rows.first().map_or(0, String::len) as i32, rows.len() as i32);
        for (y, row) in (0..).zip(rows) {
            for (x, letter) in (0..).zip(row.chars()) {
                if let Some(colour) = colour(letter) {
                    canvas.put(x, y, palette.colour(colour));
                }
            }
        }
        Ok(canvas)
    }
}

fn colour(letter: char) -> Option<&'static str> {
    LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, colour)| *colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_row_is_refused_with_its_line() {
        for (text, words) in [
            ("[a]\nll\nl\n", "line 3: \"l\": the rows before it have 2 letters"),
            ("ll\n", "line 1: \"ll\": expected a [name] before the first row"),
            ("[a]\n?\n", "line 2: \"?\": Some('?') is no colour"),
            ("[a]\n[a]\n", "line 2: \"[a]\": the picture stands twice"),
            ("[a]\n...................\n", "line 2: \"...................\": there is no room in a bubble"),
        ] {
            assert_eq!(Pictures::parse(text).err().map(|error| error.to_string()).as_deref(), Some(words));
        }
    }
}
