//! Conversations: the list of them, and the one that is read.
//!
//! [`list`] is who and what one can write to, [`lines`] what was said, [`near`] who would hear it; [`link`] and
//! [`length`] look at texts, [`tidings`] tells in passing what happened elsewhere.

pub mod length;
pub mod lines;
pub mod link;
pub mod list;
mod near;
#[cfg(test)]
mod tests;
pub mod tidings;

use std::{ops::Range, sync::Arc};

use shared::{
    chat::MessageId,
    identity::UserId,
    profile::{Appearance, Status},
};

pub use self::{
    lines::{Day, Line},
    list::Entry,
};
use crate::{
    session::{
        Connection, Session, Time,
        chat::{Direct, Group, Key, Unsaid, message::State},
    },
    words::{self, words},
};

/// So many messages are shown at first, and so many more each time somebody asks for earlier ones.
pub const SHOWN: usize = 50;

/// Names a message in its conversation: who wrote it, and its identifier.
pub type MessageKey = (UserId, MessageId);

/// What of the conversations is looked at.
#[derive(Clone, Debug)]
pub struct Looking {
    /// Whether the list is in sight.
    pub at_list: bool,
    /// Which conversation is open.
    pub at: Option<Key>,
    /// So many of its newest messages are shown, if there are so many.
    pub at_least: usize,
    /// The first message that was shown before: it stays, however many come.
    pub from: Option<MessageKey>,
    /// The day around a moment where one is, from midnight to midnight: milliseconds since 1970.
    pub day: fn(u64) -> Range<u64>,
}

impl Default for Looking {
    fn default() -> Self {
        Self { at_list: false, at: None, at_least: SHOWN, from: None, day: utc_day }
    }
}

fn utc_day(ms: u64) -> Range<u64> {
    const DAY: u64 = 24 * 60 * 60 * 1000;
    let start = ms / DAY * DAY;
    start..start + DAY
}

/// What is shown of the conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chat {
    /// Messages that were not looked at, in all conversations.
    pub unread: u32,
    /// Whom one can write to; nobody while the list is out of sight.
    pub entries: Arc<[Entry]>,
    /// The conversation that is open.
    pub open: Option<Arc<Conversation>>,
    /// The number of the last news.
    pub news: u64,
    /// Whether something that was written could not be kept in this browser.
    pub forgets: bool,
}

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Several people.
    Several,
    /// Here, with that status.
    Here(Status),
    /// Not here.
    Gone,
}

/// The conversation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Which.
    pub key: Key,
    /// With whom.
    pub name: String,
    /// How that person looks, if it is one person.
    pub look: Option<Appearance>,
    /// Whether they are there.
    pub presence: Presence,
    /// What is to be known before one writes: who hears it, or when.
    pub about: String,
    /// Why nothing can be written, if so.
    pub barred: Option<&'static str>,
    /// Whether the oldest messages had to go.
    pub is_trimmed: bool,
    /// How many earlier messages there are.
    pub earlier: usize,
    /// Messages that were not looked at.
    pub unread: u32,
    /// The first of them.
    pub first_unread: Option<MessageKey>,
    /// That the other side is writing.
    pub writing: Option<String>,
    /// The messages, the oldest first.
    pub lines: Vec<Arc<Line>>,
}

/// The conversations as they are at that time.
pub(super) fn chat(session: &Session, now: Time, looking: &Looking) -> Chat {
    Chat {
        unread: session.chats().all_unread(),
        entries: if looking.at_list { list::entries(session, now).into() } else { Arc::default() },
        open: looking.at.as_ref().map(|key| Arc::new(conversation(session, now, looking, key))),
        news: session.feed().last(),
        forgets: session.forgets(),
    }
}

fn conversation(session: &Session, now: Time, looking: &Looking, key: &Key) -> Conversation {
    let chats = session.chats();
    let (count, is_trimmed) = match key {
        Key::Direct(with) => {
            chats.direct(*with).map_or((0, false), |direct: &Direct| (direct.count(), direct.is_trimmed()))
        }
        key => (chats.group(key).map_or(0, Group::count), false),
    };
    let lines = lines::lines(session, looking, key);
    let writing = match key {
        Key::Direct(with) if chats.is_writing(*with, now) => {
            Some(words::fill(words().chat_writing, "name", &name(session, key)))
        }
        _ => None,
    };
    Conversation {
        key: key.clone(),
        name: name(session, key),
        look: look(session, key),
        presence: presence(session, key),
        about: about(session, now, key),
        barred: barred(session, now, key),
        is_trimmed,
        earlier: count - lines.len(),
        unread: chats.unread(key),
        first_unread: first_unread(session, key),
        writing,
        lines,
    }
}

/// What a conversation is called.
pub fn name(session: &Session, key: &Key) -> String {
    match key {
        Key::Direct(with) => {
            let person = session.roster().person(*with);
            person.map_or_else(|| words().chat_somebody.to_owned(), |person| person.profile.name.to_string())
        }
        Key::Nearby => words().chat_nearby.to_owned(),
        Key::Room(room) => words::room_name(room.as_str()),
        Key::Everyone => words().chat_everyone.to_owned(),
    }
}

fn look(session: &Session, key: &Key) -> Option<Appearance> {
    let Key::Direct(with) = key else { return None };
    Some(session.roster().person(*with).map(|person| person.profile.appearance).unwrap_or_default())
}

fn presence(session: &Session, key: &Key) -> Presence {
    let Key::Direct(with) = key else { return Presence::Several };
    match session.roster().person(*with).filter(|person| person.online) {
        Some(person) => Presence::Here(person.profile.status),
        None => Presence::Gone,
    }
}

/// What is to be known before one writes there.
fn about(session: &Session, now: Time, key: &Key) -> String {
    match key {
        Key::Direct(_) => match presence(session, key) {
            Presence::Here(status) => words::status(status).to_owned(),
            _ => words().chat_waits.to_owned(),
        },
        Key::Nearby => near::about(session, now),
        Key::Room(room) => match near::in_room(session, now, room.as_str()) {
            0 => words().chat_room_empty.to_owned(),
            count => words::fill(words().people_here, "count", &count.to_string()),
        },
        Key::Everyone => match session.roster().people().filter(|person| person.online).count() {
            0 => words().chat_nobody_here.to_owned(),
            count => words::fill(words().people_here, "count", &count.to_string()),
        },
    }
}

/// Why nothing can be written there for now, whatever it is.
fn barred(session: &Session, now: Time, key: &Key) -> Option<&'static str> {
    match key {
        _ if session.connection() == Connection::Replaced => Some(words().barred_replaced),
        Key::Direct(with) if session.roster().is_blocked(*with) => Some(words().barred_blocked),
        Key::Room(room) if session.room(now) != Some(room.as_str()) => Some(words().barred_not_in_room),
        _ => None,
    }
}

/// The first message that was not looked at.
pub fn first_unread(session: &Session, key: &Key) -> Option<MessageKey> {
    let before = session.chats().unread(key).checked_sub(1)?;
    let received = session.chats().messages(key).rev().filter(|message| message.state == State::Received);
    // Some may be gone by now.
    received.take(before as usize + 1).last().map(|message| (message.from, message.id))
}

/// Where somebody begins who goes to the conversations: where they were, unless something is new elsewhere; at first
/// with those they share a room with, or with everyone. In a room one begins with it rather than with everyone, unless
/// something is new there: what is meant for a class is not for the campus.
pub fn start(session: &Session, now: Time, before: Option<&Key>) -> Key {
    let chats = session.chats();
    if let Some(before) = before.filter(|before| chats.unread(before) > 0) {
        return before.clone();
    }
    let keys = chats.directs().map(|(with, _)| Key::Direct(with)).chain(chats.groups().map(|(key, _)| key.clone()));
    let unread = keys.filter(|key| chats.unread(key) > 0);
    let last = |key: &Key| chats.messages(key).next_back().map(|message| message.at_ms);
    let newest = unread.max_by_key(last);
    let here = here(session, now);
    let before = before.filter(|before| **before != Key::Everyone || here == Key::Everyone);
    newest.or_else(|| before.cloned()).unwrap_or(here)
}

fn here(session: &Session, now: Time) -> Key {
    let room = session.room(now).and_then(|room| shared::protocol::Label::new(room).ok());
    room.map_or(Key::Everyone, Key::Room)
}

/// Why something could not be said, in words.
pub fn explain(why: Unsaid) -> &'static str {
    use shared::chat::ChatTextError;
    let words = words();
    match why {
        Unsaid::Text(ChatTextError::Empty) => words.unsaid_empty,
        Unsaid::Text(ChatTextError::TooLong) => words.unsaid_too_long,
        Unsaid::Text(ChatTextError::Control) => words.unsaid_control,
        Unsaid::Offline => words.unsaid_offline,
        Unsaid::TooFast => words.unsaid_too_fast,
        Unsaid::NotInRoom => words.barred_not_in_room,
        Unsaid::TooMuchWaits => words.unsaid_too_much_waits,
        Unsaid::Blocked => words.barred_blocked,
    }
}
