//! Conversations: with one person, with those who are near, with a room, with everyone.
//!
//! What is said to one person waits here until the other side has stored it, through reloads of both and restarts of
//! the relay, and arrives once and in order: [`outbox`] sends it again until it is acknowledged, [`direct`] knows what
//! came already, and [`page`] is how it is kept. What is said to several people is handed on by the relay and kept by
//! nobody for long ([`group`]). Read [`saying`], [`hearing`] and [`keeping`]; [`keys`] names what is in storage.

mod direct;
mod group;
mod hearing;
mod keeping;
mod keys;
pub mod message;
mod outbox;
mod page;
mod saying;

use std::collections::{BTreeSet, HashMap, VecDeque};

use shared::{
    chat::{ChatText, ChatTextError},
    identity::UserId,
    protocol::{Label, ToRelay},
    rate::Bucket,
};

pub use self::{direct::Direct, group::Group};
use self::{message::Message, outbox::Outbox};
use super::{Time, memory::Entry, random::Random, roster::Roster};

/// Names a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// With one person.
    Direct(UserId),
    /// With those who are near.
    Nearby,
    /// With the room of that name.
    Room(Label),
    /// With everyone.
    Everyone,
}

/// Why something cannot be said now. The text is not lost: whoever wrote it still has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// It is no text for a message.
    Text(ChatTextError),
    /// There is nobody to hand it on: the relay is not reached. Only for several people; for one it waits.
    Offline,
    /// Too much in too short a time.
    TooFast,
    /// One is not in that room (any more).
    NotInRoom,
    /// So much waits for that person already that nothing more is taken.
    TooMuchWaits,
    /// One has blocked that person.
    Blocked,
}

/// A text that could not be said after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Where it was said.
    pub key: Key,
    /// The text.
    pub text: ChatText,
    /// Why.
    pub why: Unsaid,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Effect {
    /// Say this to the relay.
    Send(ToRelay),
    /// Keep this, or forget it.
    Keep(Entry),
}

/// The circumstances under which something happens.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    /// The time.
    pub(super) now: Time,
    /// The same in milliseconds since 1970.
    pub(super) unix_ms: u64,
    /// Whether the relay can hear one.
    pub(super) is_online: bool,
    /// Who is there.
    pub(super) roster: &'a Roster,
    /// The room one is in.
    pub(super) room: Option<&'a str>,
}

impl Circumstances<'_> {
    /// Whether something can be sent to that person now, and one wants to.
    fn reaches(&self, who: UserId) -> bool {
        self.is_online && self.roster.is_online(who) && !self.roster.is_blocked(who)
    }
}

/// All conversations.
pub struct Chats {
    own: UserId,
    directs: HashMap<UserId, Direct>,
    groups: HashMap<Key, Group>,
    /// With whom something waits.
    pending: BTreeSet<UserId>,
    outbox: Outbox,
    receipts: Bucket,
    remarks: Bucket,
    readings: Bucket,
    typings: Bucket,
    /// Who is writing to oneself, and until when that is shown.
    writing: HashMap<UserId, Time>,
    /// To whom one said last that one is writing, and when.
    said_writing: Option<(UserId, Time)>,
    /// Which conversation is looked at.
    reading: Option<Key>,
    /// Since when one is not there, after one was: milliseconds since 1970.
    lost_at_ms: Option<u64>,
    /// The room whose conversation the relay told.
    heard_room: Option<String>,
    /// When the relay is asked for that of the room one is in.
    ask_room_at: Time,
    returned: VecDeque<Returned>,
    random: Random,
    effects: VecDeque<Effect>,
    revision: u64,
}

impl Chats {
    pub(super) fn new(own: UserId, seed: u64) -> Self {
        Self {
            own,
            directs: HashMap::new(),
            groups: HashMap::new(),
            pending: BTreeSet::new(),
            outbox: Outbox::default(),
            receipts: Bucket::default(),
            remarks: Bucket::default(),
            readings: Bucket::default(),
            typings: Bucket::default(),
            writing: HashMap::new(),
            said_writing: None,
            reading: None,
            lost_at_ms: None,
            heard_room: None,
            ask_room_at: Time::ZERO,
            returned: VecDeque::new(),
            random: Random::new(seed),
            effects: VecDeque::new(),
            revision: 0,
        }
    }

    /// The conversation with one person, if anything was ever written.
    pub fn direct(&self, with: UserId) -> Option<&Direct> {
        self.directs.get(&with)
    }

    /// All conversations with one person.
    pub fn directs(&self) -> impl Iterator<Item = (UserId, &Direct)> {
        self.directs.iter().map(|(with, direct)| (*with, direct))
    }

    /// A conversation with several people, if anything was said.
    pub fn group(&self, key: &Key) -> Option<&Group> {
        self.groups.get(key)
    }

    /// All conversations with several people in which something was said.
    pub fn groups(&self) -> impl Iterator<Item = (&Key, &Group)> {
        self.groups.iter()
    }

    /// The messages of a conversation, the oldest first.
    pub fn messages<'a>(&'a self, key: &Key) -> Box<dyn DoubleEndedIterator<Item = &'a Message> + 'a> {
        match key {
            Key::Direct(with) => match self.directs.get(with) {
                Some(direct) => Box::new(direct.messages()),
                None => Box::new(std::iter::empty()),
            },
            key => match self.groups.get(key) {
                Some(group) => Box::new(group.messages()),
                None => Box::new(std::iter::empty()),
            },
        }
    }

    /// Messages in it that were not looked at.
    pub fn unread(&self, key: &Key) -> u32 {
        match key {
            Key::Direct(with) => self.directs.get(with).map_or(0, Direct::unread),
            key => self.groups.get(key).map_or(0, Group::unread),
        }
    }

    /// Messages that were not looked at, in all conversations.
    pub fn all_unread(&self) -> u32 {
        let directs = self.directs.values().map(Direct::unread);
        directs.chain(self.groups.values().map(Group::unread)).sum()
    }

    /// Whether that person is writing to oneself.
    pub fn is_writing(&self, who: UserId, now: Time) -> bool {
        self.writing.get(&who).is_some_and(|until| now < *until)
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Effect> {
        self.effects.drain(..)
    }

    /// Texts that could not be said after all, to be shown where they were written.
    pub(super) fn drain_returned(&mut self) -> impl Iterator<Item = Returned> {
        self.returned.drain(..)
    }

    /// A conversation is looked at from now on, or none.
    pub(super) fn read(&mut self, key: Option<Key>) {
        if let Some(key) = &key {
            self.mark_read(key);
        }
        self.reading = key;
    }

    fn mark_read(&mut self, key: &Key) {
        let unread = match key {
            Key::Direct(with) => self.directs.get_mut(with).map(|direct| &mut direct.unread),
            key => self.groups.get_mut(key).map(|group| &mut group.unread),
        };
        let Some(unread) = unread.filter(|unread| **unread > 0) else { return };
        *unread = 0;
        self.revision += 1;
        if let Key::Direct(with) = key {
            self.keep_unread(*with);
        }
    }
}

#[cfg(test)]
mod tests;
