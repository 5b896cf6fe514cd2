//! Whom one can write to: everyone, who is near, the room one is in, and everybody one ever wrote with, the latest
//! first.

use shared::{profile::Appearance, protocol::Label};

use super::{Presence, lines, look, name, presence};
use crate::{
    session::{
        Session, Time,
        chat::{
            Key,
            message::{Message, State},
        },
    },
    words::{self, words},
};

/// So many characters of the last message are enough for a line.
const SHOWN: usize = 100;

/// A conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub key: Key,
    /// With whom.
    pub name: String,
    /// How that person looks, if it is one person.
    pub look: Option<Appearance>,
    /// Whether they are there.
    pub presence: Presence,
    /// What was said last, or what could be said.
    pub last: String,
    /// When: milliseconds since 1970.
    pub at_ms: Option<u64>,
    /// Messages that were not looked at.
    pub unread: u32,
    /// Whether they are writing.
    pub is_writing: bool,
}

/// The list.
pub(super) fn entries(session: &Session, now: Time) -> Vec<Entry> {
    let chats = session.chats();
    let mut entries = vec![entry(session, now, Key::Everyone), entry(session, now, Key::Nearby)];
    let here = session.room(now).and_then(|room| Label::new(room).ok()).map(Key::Room);
    entries.extend(here.clone().map(|here| entry(session, now, here)));
    let rooms =
        chats.groups().map(|(key, _)| key).filter(|key| matches!(key, Key::Room(_)) && Some(*key) != here.as_ref());
    let people = chats.directs().filter(|(_, direct)| direct.count() > 0).map(|(with, _)| Key::Direct(with));
    let mut others: Vec<_> = rooms.cloned().chain(people).map(|key| entry(session, now, key)).collect();
    others.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.name.cmp(&b.name)));
    entries.extend(others);
    entries
}

fn entry(session: &Session, now: Time, key: Key) -> Entry {
    let chats = session.chats();
    let last = chats.messages(&key).next_back();
    Entry {
        name: name(session, &key),
        look: look(session, &key),
        presence: presence(session, &key),
        last: last.map_or_else(|| super::about(session, now, &key), |last| said(session, &key, last)),
        at_ms: last.map(|last| last.at_ms),
        unread: chats.unread(&key),
        is_writing: matches!(key, Key::Direct(with) if chats.is_writing(with, now)),
        key,
    }
}

/// A message in a line: who said it, unless that is clear, and how it begins.
fn said(session: &Session, key: &Key, message: &Message) -> String {
    let text = shorten(message.text.as_str(), SHOWN);
    if matches!(key, Key::Direct(_)) && message.state == State::Received {
        return text;
    }
    let (speaker, _) = lines::speaker(session, message);
    words::fill_all(words().chat_said, &[("name", &speaker), ("text", &text)])
}

/// How a text begins, in one line and at most so many characters.
pub(super) fn shorten(text: &str, characters: usize) -> String {
    let mut words = text.split_whitespace();
    let mut line = String::new();
    let mut left = characters;
    while let Some(word) = words.next() {
        if !line.is_empty() {
            line.push(' ');
        }
        if let Some((end, _)) = word.char_indices().nth(left) {
            line.push_str(&word[..end]);
            line.push('…');
            return line;
        }
        line.push_str(word);
        left = left.saturating_sub(word.chars().count() + 1);
        if left == 0 && words.clone().next().is_some() {
            line.push('…');
            return line;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_in_one_line_by_how_it_begins() {
        for (text, line) in [
            ("hi", "hi"),
            ("two\nlines  and\tmore", "two lines…"),
            ("abcdefghijklmnop", "abcdefghij…"),
            ("abcdefghij", "abcdefghij"),
            ("abc 😀😀😀😀😀😀😀", "abc 😀😀😀😀😀😀…"),
            ("", ""),
        ] {
            assert_eq!(shorten(text, 10), line, "{text:?}");
        }
    }
}
