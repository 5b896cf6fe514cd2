//! Every sentence that is shown, in one table a language.
//!
//! [`english`] is the list of all sentences, and a language is a [`Words`]: the compiler sees to it that none lacks a
//! sentence. `{blank}` in a sentence is filled in with [`fill`]. The static page (`index.html`) shows the same
//! sentences before the module has arrived: tests compare them.

mod english;
mod french;

use std::cell::Cell;

use shared::{chat::Emote, profile::Status};

pub use self::english::Words;

/// Makes the type that holds a language's sentences, and the first of these languages.
macro_rules! words_in {
    ($(#[$attribute:meta])* $language:ident; $($key:ident: $text:expr,)*) => {
        /// The sentences of a language.
        #[allow(missing_docs, reason = "each says what it is")]
        #[derive(Debug)]
        pub struct Words {
            $(pub $key: &'static str,)*
        }

        $(#[$attribute])*
        pub(super) static $language: Words = Words { $($key: $text,)* };

        impl Words {
            /// All sentences by their keys.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key),)*]
            }
        }
    };
}
use words_in;

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its code (BCP 47), as in `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// What those who speak it call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// Its sentences.
    pub const fn words(self) -> &'static Words {
        match self {
            Self::English => &english::ENGLISH,
            Self::French => &french::FRENCH,
        }
    }

    /// The language of a tag such as `fr`, `fr-CA` or `FR_ca`, if it is one of these.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language to begin with: the one that was chosen at an earlier visit, or else the first of those that the
    /// browser asks for that the page speaks, or else English. `client/web/loader.js` does the same.
    pub fn choose(kept: Option<&str>, wanted: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let of_kept = Self::ALL.into_iter().find(|language| kept == Some(language.code()));
        of_kept.or_else(|| wanted.into_iter().find_map(|tag| Self::of_tag(tag.as_ref()))).unwrap_or_default()
    }
}

thread_local! {
    // Sentences are shown by one thread, in the browser as on the desktop.
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::English) };
}

/// The language in use; English until another is set.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// From now on [`words`] is of this language. What has been shown stays as it is: whoever calls this shows it again.
pub fn set_language(language: Language) {
    LANGUAGE.set(language);
}

/// The sentences of the language in use.
pub fn words() -> &'static Words {
    language().words()
}

/// What people call a room of that name on the map: those of the campus in their language, others as they are written.
pub fn room_name(name: &str) -> String {
    let words = words();
    let (kind, which) = name.rsplit_once('-').unwrap_or((name, ""));
    let sentence = match (kind, which) {
        ("classroom", which) if !which.is_empty() => words.room_classroom,
        ("meeting", which) if !which.is_empty() => words.room_meeting,
        ("library", "") => words.room_library,
        ("lounge", "") => words.room_lounge,
        _ => return name.to_owned(),
    };
    fill(sentence, "which", &which.to_uppercase())
}

/// The sentence with one blank filled in.
pub fn fill(sentence: &str, blank: &str, text: &str) -> String {
    sentence.replace(&format!("{{{blank}}}"), text)
}

/// The sentence with several blanks filled in, none of which is looked for in what fills another: people write what
/// they like.
pub fn fill_all(sentence: &str, blanks: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut parts = sentence.split('{');
    filled.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (blank, rest) = part.split_once('}').unwrap_or(("", part));
        let text = blanks.iter().find(|(name, _)| *name == blank).map_or("", |(_, text)| text);
        filled.push_str(text);
        filled.push_str(rest);
    }
    filled
}

/// A status in a word.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Available => words().status_available,
        Status::Away => words().status_away,
        Status::Busy => words().status_busy,
        Status::DoNotDisturb => words().status_do_not_disturb,
    }
}

/// What an emote shows, in a word or two.
pub fn emote(emote: Emote) -> &'static str {
    match emote {
        Emote::Wave => words().emote_wave,
        Emote::ThumbsUp => words().emote_thumbs_up,
        Emote::Heart => words().emote_heart,
        Emote::Laugh => words().emote_laugh,
        Emote::Clap => words().emote_clap,
        Emote::Question => words().emote_question,
        Emote::Surprise => words().emote_surprise,
        Emote::Party => words().emote_party,
    }
}

/// What a status means to others.
pub fn status_meaning(status: Status) -> &'static str {
    match status {
        Status::Available => words().status_available_means,
        Status::Away => words().status_away_means,
        Status::Busy => words().status_busy_means,
        Status::DoNotDisturb => words().status_do_not_disturb_means,
    }
}

#[cfg(test)]
mod tests;
