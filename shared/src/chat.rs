//! What people say to one another: texts, their identifiers, and little gestures.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    limits::{CHAT_BYTES, CHAT_CHARACTERS},
    profile::is_invisible,
};

/// What somebody wrote: 1 to 2,000 characters (Unicode scalar values) and at most 8 KiB, of any script, with line
/// breaks. Never markup: whoever shows it shows it as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChatText(String);

/// Why a text cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatTextError {
    /// Nothing is left without the spaces around it.
    #[error("the message is empty")]
    Empty,
    /// More characters or bytes than a message has.
    #[error("the message is longer than {CHAT_CHARACTERS} characters or {CHAT_BYTES} bytes")]
    TooLong,
    /// Characters that no keyboard makes and no screen shows.
    #[error("the message contains control characters")]
    Control,
}

impl ChatText {
    /// Takes a text without the spaces and line breaks around it.
    ///
    /// # Errors
    /// If it is empty, too long, or has control characters other than line break and tabulator.
    pub fn new(text: &str) -> Result<Self, ChatTextError> {
        let text = text.trim();
        if text.chars().all(is_invisible) {
            return Err(ChatTextError::Empty);
        }
        if text.len() > CHAT_BYTES || text.chars().count() > CHAT_CHARACTERS {
            return Err(ChatTextError::TooLong);
        }
        if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) {
            return Err(ChatTextError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ChatText {
    type Error = ChatTextError;

    fn try_from(text: String) -> Result<Self, ChatTextError> {
        // What travels was trimmed by its sender already, and decoding must not change it.
        let chat = Self::new(&text)?;
        if chat.0.len() == text.len() { Ok(chat) } else { Err(ChatTextError::Control) }
    }
}

impl From<ChatText> for String {
    fn from(text: ChatText) -> Self {
        text.0
    }
}

/// Names a message among all that its sender ever wrote: random bits, made by the sender, shown as 16 hexadecimal
/// digits. Sender and identifier together name it among all messages; 10,000 random ones of a person collide with a
/// probability of less than 3 in 10^12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageId([u8; 8]);

impl MessageId {
    /// The identifier with these bits, which should be random.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits.to_be_bytes())
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

/// A text that is not 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 16 hexadecimal digits")]
pub struct MessageIdError;

impl FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        // `from_str_radix` would take a sign.
        if text.len() != 16 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(MessageIdError);
        }
        u64::from_str_radix(text, 16).map(Self::from_bits).map_err(|_| MessageIdError)
    }
}

/// To whom something is said that is not for one person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To all with a gain above 0 under [`crate::proximity`].
    Nearby,
    /// To all in the room one is in.
    Room,
    /// To everybody on the campus.
    Everyone,
}

/// A little picture over the avatar's head for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emote {
    /// Key 1: a waving hand.
    Wave,
    /// Key 2: thumbs up.
    ThumbsUp,
    /// Key 3: a heart.
    Heart,
    /// Key 4: laughing.
    Laugh,
    /// Key 5: clapping hands.
    Clap,
    /// Key 6: a question mark.
    Question,
    /// Key 7: surprise.
    Surprise,
    /// Key 8: confetti.
    Party,
}

impl Emote {
    /// All, in the order of their keys.
    pub const ALL: [Self; 8] =
        [Self::Wave, Self::ThumbsUp, Self::Heart, Self::Laugh, Self::Clap, Self::Question, Self::Surprise, Self::Party];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_any_script_and_bounded() {
        let emoji = "😀".repeat(2000);
        let letters = "x".repeat(2000);
        for good in ["hi", "two\nlines\tand a tab", "<b>&amp;", "مرحبا \u{200f}!", "e\u{301}", &emoji, &letters] {
            assert_eq!(ChatText::new(good).map(String::from).as_deref(), Ok(good), "{good:?}");
        }
        for (bad, error) in [
            ("", ChatTextError::Empty),
            (" \n\t\u{200b}", ChatTextError::Empty),
            (&"x".repeat(2001), ChatTextError::TooLong),
            (&"😀".repeat(2001), ChatTextError::TooLong),
            ("bell\u{7}", ChatTextError::Control),
            ("a\r\nb", ChatTextError::Control),
        ] {
            assert_eq!(ChatText::new(bad), Err(error), "{bad:?}");
        }
        assert_eq!(ChatText::new("  hi\n").map(String::from).as_deref(), Ok("hi"));
        assert_eq!(ChatText::try_from(" hi".to_owned()), Err(ChatTextError::Control));
    }

    #[test]
    fn an_identifier_is_read_back() {
        let id = MessageId::from_bits(0x00ab_cdef_0123_4567);
        assert_eq!(id.to_string(), "00abcdef01234567");
        assert_eq!("00abcdef01234567".parse(), Ok(id));
        for bad in ["", "00abcdef0123456", "+0abcdef01234567", "00abcdef0123456g"] {
            assert_eq!(bad.parse::<MessageId>(), Err(MessageIdError), "{bad}");
        }
    }
}
