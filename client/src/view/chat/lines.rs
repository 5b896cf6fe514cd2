//! What was said in a conversation, message by message.

use std::sync::Arc;

use shared::profile::Appearance;

use super::{Looking, MessageKey};
use crate::{
    session::{
        Session,
        chat::{
            Key,
            message::{Message, State},
        },
    },
    words::words,
};

/// Messages of one person that follow one another within so many milliseconds belong together.
const TOGETHER_MS: u64 = 5 * 60 * 1000;

/// Of which day a message is, seen from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// The same.
    Same,
    /// A later one, which begins with it.
    Later,
    /// An earlier one: it waited long.
    Earlier,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub key: MessageKey,
    /// Whether one wrote it oneself.
    pub is_own: bool,
    /// What whoever wrote it is called.
    pub speaker: String,
    /// How they look.
    pub look: Appearance,
    /// What it says.
    pub text: String,
    /// When it was written: milliseconds since 1970.
    pub at_ms: u64,
    /// How far it has come.
    pub state: State,
    /// Of which day it is, seen from those before it.
    pub day: Day,
    /// Whether it is the first of several of one person that belong together.
    pub opens_turn: bool,
}

/// The newest messages of a conversation, the oldest first.
pub(super) fn lines(session: &Session, looking: &Looking, key: &Key) -> Vec<Arc<Line>> {
    let newest_first = || session.chats().messages(key).rev();
    let first = looking.from.and_then(|from| newest_first().position(|message| (message.from, message.id) == from));
    let count = looking.at_least.max(first.map_or(0, |first| first + 1));
    let mut messages: Vec<_> = newest_first().take(count).collect();
    messages.reverse();
    let mut day = 0..0;
    let mut before: Option<&Message> = None;
    let mut lines = Vec::with_capacity(messages.len());
    for message in messages {
        let opens_day = message.at_ms >= day.end;
        if opens_day {
            day = (looking.day)(message.at_ms);
        }
        let is_together = before.is_some_and(|before| {
            before.from == message.from && message.at_ms.abs_diff(before.at_ms) < TOGETHER_MS && !opens_day
        });
        let (speaker, look) = speaker(session, message);
        lines.push(Arc::new(Line {
            key: (message.from, message.id),
            is_own: message.state != State::Received,
            speaker,
            look,
            text: message.text.as_str().to_owned(),
            at_ms: message.at_ms,
            state: message.state,
            day: match opens_day {
                true => Day::Later,
                false if message.at_ms < day.start => Day::Earlier,
                false => Day::Same,
            },
            opens_turn: !is_together,
        }));
        before = Some(message);
    }
    lines
}

/// What whoever wrote a message is called now, or was then if they are not known any more; and how they look.
pub(super) fn speaker(session: &Session, message: &Message) -> (String, Appearance) {
    if message.state != State::Received {
        return (words().chat_you.to_owned(), Appearance::default());
    }
    if let Some(person) = session.roster().person(message.from) {
        return (person.profile.name.to_string(), person.profile.appearance);
    }
    let name = message.name.as_ref().map_or_else(|| words().chat_somebody.to_owned(), ToString::to_string);
    (name, Appearance::default())
}
