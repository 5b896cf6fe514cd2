//! How long a text is that somebody writes.

use shared::limits::CHAT_CHARACTERS;

/// From so many characters on the count is shown.
const TOLD_FROM: usize = CHAT_CHARACTERS - 200;

/// How many characters (Unicode scalar values) a text has as it would be sent, if that is worth saying: it is near the
/// most a message can have, or over it. Bytes need no count of their own: no text of so many characters has too many.
pub fn told(text: &str) -> Option<usize> {
    let text = text.trim();
    // A short text is the usual case, and every character has a byte at least.
    if text.len() < TOLD_FROM {
        return None;
    }
    let count = text.chars().count();
    (count >= TOLD_FROM).then_some(count)
}

/// Whether that are too many.
pub const fn is_too_long(characters: usize) -> bool {
    characters > CHAT_CHARACTERS
}

#[cfg(test)]
mod tests {
    use shared::limits::CHAT_BYTES;

    use super::*;

    #[test]
    fn the_count_is_told_near_the_limit_in_characters_of_any_script() {
        for letter in ["x", "é", "日", "😀"] {
            assert_eq!(told(&letter.repeat(1799)), None, "{letter}");
            assert_eq!(told(&letter.repeat(1800)), Some(1800), "{letter}");
            assert_eq!(told(&format!(" {}\n", letter.repeat(2001))), Some(2001), "{letter}");
        }
        assert!(!is_too_long(2000) && is_too_long(2001));
    }

    #[test]
    fn no_text_has_too_many_bytes_alone() {
        assert!("😀".repeat(CHAT_CHARACTERS).len() <= CHAT_BYTES);
    }
}
