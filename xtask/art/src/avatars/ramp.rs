//! Colours of materials: a [`Ramp`] of three tones and an outline, and a [`Paint`] of two of them.

use crate::palette::{Palette, Rgba};

/// Names of the light, mid and dark tone of a material and of its outline.
pub(super) type RampNames = [&'static str; 4];

/// Light, mid, dark and outline of one material.
pub(super) type Ramp = [Rgba; 4];

/// Looks a ramp's colours up.
///
/// # Panics
/// If the palette lacks one of them, see [`Palette::colour`].
pub(super) fn ramp(palette: &Palette, names: RampNames) -> Ramp {
    names.map(|name| palette.colour(name))
}

/// What the letters of a part mean: `l m d o` are the first ramp, `L M D O` the second, and a few letters are
/// colours of their own.
pub(super) struct Paint {
    letters: Vec<(char, Rgba)>,
}

impl Paint {
    /// A paint of one material.
    pub(super) fn one(ramp: Ramp) -> Self {
        Self { letters: "lmdo".chars().zip(ramp).collect() }
    }

    /// A paint of two materials.
    pub(super) fn two(first: Ramp, second: Ramp) -> Self {
        Self::one(first).and("LMDO".chars().zip(second))
    }

    /// The same paint with more letters.
    pub(super) fn and(mut self, letters: impl IntoIterator<Item = (char, Rgba)>) -> Self {
        self.letters.extend(letters);
        self
    }

    /// The colour of a letter.
    ///
    /// # Panics
    /// If the letter means nothing here: the maps and this code are committed together.
    pub(super) fn colour(&self, letter: char) -> Rgba {
        let found = self.letters.iter().find(|(known, _)| *known == letter);
        found.unwrap_or_else(|| panic!("the letter {letter} has no colour here")).1
    }
}

/// Skins `skin-a` to `skin-f`, the blush of their cheeks, and the lower outer corner of their eyes: a warm iris, but
/// white of the eye where that would be lost on the skin.
pub(super) const SKINS: [(RampNames, &str, &str); 6] = [
    (["skin-a1", "skin-a2", "skin-a3", "line-skin-1"], "rose-1", "hair-brown-3"),
    (["skin-b1", "skin-b2", "skin-b3", "line-skin-1"], "brick-1", "hair-brown-3"),
    (["skin-c1", "skin-c2", "skin-c3", "line-skin-2"], "brick-2", "hair-brown-3"),
    (["skin-d1", "skin-d2", "skin-d3", "line-skin-2"], "brick-3", "stone-3"),
    (["skin-e1", "skin-e2", "skin-e3", "line-skin-3"], "brick-4", "stone-3"),
    (["skin-f1", "skin-f2", "skin-f3", "line-skin-3"], "brick-4", "stone-3"),
];

/// Names and colours of hair, each worn with each shape.
pub(super) const HAIR_COLOURS: [(&str, RampNames); 8] = [
    ("black", ["hair-black-1", "hair-black-2", "hair-black-3", "line-black"]),
    ("dark brown", ["hair-dark-1", "hair-dark-2", "hair-dark-3", "line-dark"]),
    ("brown", ["hair-brown-1", "hair-brown-2", "hair-brown-3", "line-brown"]),
    ("blond", ["hair-blond-1", "hair-blond-2", "hair-blond-3", "line-blond"]),
    ("red", ["hair-red-1", "hair-red-2", "hair-red-3", "line-red"]),
    ("grey", ["hair-grey-1", "hair-grey-2", "hair-grey-3", "line-grey"]),
    ("teal", ["teal-1", "teal-2", "teal-3", "line-teal"]),
    ("violet", ["plum-1", "plum-2", "plum-3", "line-violet"]),
];
