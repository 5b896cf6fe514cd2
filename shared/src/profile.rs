//! Who somebody is to others: name, status, appearance. None of them can be built out of range.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::limits::{NAME_BYTES, NAME_GRAPHEMES};

/// What a person is called: 1 to 32 characters as people count them, of any script.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is left without the spaces around it.
    #[error("the name is empty")]
    Empty,
    /// More characters or bytes than a name has.
    #[error("the name is longer than {NAME_GRAPHEMES} characters")]
    TooLong,
    /// Line breaks, or characters that change the direction of what follows.
    #[error("the name contains control characters")]
    Control,
}

impl Name {
    /// Takes a name without the spaces around it.
    ///
    /// # Errors
    /// If it is empty, too long, or has control characters.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.chars().all(is_invisible) {
            return Err(NameError::Empty);
        }
        if text.chars().any(is_control) {
            return Err(NameError::Control);
        }
        if text.len() > NAME_BYTES || text.graphemes(true).count() > NAME_GRAPHEMES {
            return Err(NameError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that break lines or reorder the text around them (Unicode Annex 9): a name must not change how the
/// sentence about it reads.
fn is_control(character: char) -> bool {
    let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || reorders || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Characters that leave no mark: a name or message of nothing else would be none.
pub(crate) fn is_invisible(character: char) -> bool {
    let blank = matches!(
        character,
        '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}'
    );
    character.is_whitespace() || blank
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        // What travels was trimmed by its sender already, and decoding must not change it.
        let name = Self::new(&text)?;
        if name.0.len() == text.len() { Ok(name) } else { Err(NameError::Control) }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// Whether one wants to be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Here and glad to talk.
    #[default]
    Available,
    /// Not at the keyboard.
    Away,
    /// Here, but occupied.
    Busy,
    /// Hears nobody and is not disturbed.
    DoNotDisturb,
}

/// How an avatar looks: one choice a layer, each an index into the rows of the avatar sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "[u8; 5]", into = "[u8; 5]")]
pub struct Appearance {
    skin: u8,
    hair: u8,
    hair_colour: u8,
    top: u8,
    bottom: u8,
}

/// A choice that the avatar sheet does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {layer} number {choice}; there are {choices}, counted from 0")]
pub struct AppearanceError {
    layer: &'static str,
    choice: u8,
    choices: u8,
}

impl Appearance {
    /// The layers with how many choices each has, in the order of [`Self::choices`].
    pub const LAYERS: [(&str, u8); 5] = [("skin", 6), ("hair", 8), ("hair colour", 8), ("top", 12), ("bottom", 8)];

    /// The appearance with these choices: skin, hair, hair colour, top, bottom.
    ///
    /// # Errors
    /// If the avatar sheet has no such choice.
    pub fn new(choices: [u8; 5]) -> Result<Self, AppearanceError> {
        for (choice, (layer, count)) in choices.into_iter().zip(Self::LAYERS) {
            if choice >= count {
                return Err(AppearanceError { layer, choice, choices: count });
            }
        }
        let [skin, hair, hair_colour, top, bottom] = choices;
        Ok(Self { skin, hair, hair_colour, top, bottom })
    }

    /// An appearance for a number, spread over all combinations: for those who did not choose one.
    pub fn from_number(number: u64) -> Self {
        let mut rest = number;
        let choices = Self::LAYERS.map(|(_, count)| {
            // The multiplier of Knuth's MMIX generator (TAOCP 2, 3.3.4): neighbours look different.
            rest = rest.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((rest >> 33) % u64::from(count)) as u8
        });
        Self::new(choices).unwrap_or_default()
    }

    /// Skin, hair, hair colour, top, bottom.
    pub fn choices(self) -> [u8; 5] {
        [self.skin, self.hair, self.hair_colour, self.top, self.bottom]
    }

    /// The rows of the avatar sheet to lay over one another, the lowest first: skin, bottom, top, hair.
    pub fn rows(self) -> [u32; 4] {
        let [skins, hairs, hair_colours, tops, _] = Self::LAYERS.map(|(_, count)| u32::from(count));
        let [skin, hair, hair_colour, top, bottom] = self.choices().map(u32::from);
        let first_top = skins + hairs * hair_colours;
        [skin, first_top + tops + bottom, first_top + top, skins + hair * hair_colours + hair_colour]
    }
}

impl TryFrom<[u8; 5]> for Appearance {
    type Error = AppearanceError;

    fn try_from(choices: [u8; 5]) -> Result<Self, AppearanceError> {
        Self::new(choices)
    }
}

impl From<Appearance> for [u8; 5] {
    fn from(appearance: Appearance) -> Self {
        appearance.choices()
    }
}

/// All that is said about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What they are called.
    pub name: Name,
    /// Whether they want to be spoken to.
    pub status: Status,
    /// How their avatar looks.
    pub appearance: Appearance,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_any_script_and_bounded() {
        for good in ["Ada", "  Ada  ", "Ольга", "阿達", "محمد", "नमस्ते", "👩‍👩‍👧‍👦🏳️‍🌈", "O'Brien-Łukasz", &"x".repeat(32)]
        {
            assert!(Name::new(good).is_ok(), "{good:?}");
        }
        for (bad, error) in [
            ("", NameError::Empty),
            (" \u{200b}\u{3164} ", NameError::Empty),
            ("a\nb", NameError::Control),
            ("a\u{202e}b", NameError::Control),
            (&"x".repeat(33), NameError::TooLong),
            // 32 families of 25 bytes.
            (&"👩‍👩‍👧‍👦".repeat(32), NameError::TooLong),
        ] {
            assert_eq!(Name::new(bad), Err(error), "{bad:?}");
        }
        assert_eq!(Name::new("  Ada ").map(|name| name.to_string()), Ok("Ada".to_owned()));
    }

    #[test]
    fn every_choice_has_its_own_row() {
        let last = Appearance::new([5, 7, 7, 11, 7]).expect("the last choice of each layer");
        assert_eq!(last.rows(), [5, 6 + 64 + 12 + 7, 6 + 64 + 11, 6 + 63]);
        assert_eq!(Appearance::default().rows(), [0, 6 + 64 + 12, 6 + 64, 6]);
        assert!(Appearance::new([6, 0, 0, 0, 0]).is_err());
        assert!(Appearance::new([0, 0, 0, 12, 0]).is_err());
    }

    #[test]
    fn those_who_did_not_choose_look_different() {
        let looks: std::collections::HashSet<_> = (0..100).map(Appearance::from_number).collect();
        assert!(looks.len() > 90, "{}", looks.len());
    }
}
