//! Conversations: with one person, with those who are near, with a room, with everyone.
//!
//! What is said to one person waits here until the other side has stored it, through reloads of both and restarts of
//! the relay, and arrives once and in order: [`outbox`] sends it again until it is acknowledged, [`direct`] knows what
//! came already, and [`page`] is how it is kept. What is said to several people is handed on by the relay and kept by
//! nobody for long ([`group`]). [`keys`] names what is in storage.

mod direct;
mod group;
mod keys;
pub mod message;
mod outbox;
mod page;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use shared::{
    chat::{Channel, ChatText, ChatTextError, MessageId},
    identity::UserId,
    limits::{READINGS, RECEIPTS, REMARKS, TYPING, TYPING_EVERY},
    protocol::{self, Label, Outcome, Remark, ToRelay, Where},
    rate::Bucket,
};

pub use self::{direct::Direct, group::Group};
use self::{
    keys::{Kept, kept},
    message::{Message, State},
    outbox::Outbox,
    page::Page,
};
use super::{Time, memory::Entry, random::Random, roster::Roster};

/// Most bytes of all conversations together that are kept: browsers allow some 5 MiB.
const BYTES: usize = 4 * 1024 * 1024;

/// Most rooms whose conversation is remembered after one has left them.
const ROOMS: usize = 16;

/// A relay that did not say what was said in the room one is in is asked again after this.
const ASK_ROOM_AGAIN: Duration = Duration::from_secs(1);

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

    /// Whether that text can be said there now.
    pub(super) fn check(&self, situation: Circumstances, key: &Key, text: &str) -> Result<ChatText, Unsaid> {
        let text = ChatText::new(text).map_err(Unsaid::Text)?;
        match key {
            Key::Direct(with) if situation.roster.is_blocked(*with) => Err(Unsaid::Blocked),
            Key::Direct(with) => {
                let may_wait = self.directs.get(with).is_none_or(|direct| direct.may_wait(text.as_str().len()));
                if may_wait { Ok(text) } else { Err(Unsaid::TooMuchWaits) }
            }
            Key::Room(room) if situation.room != Some(room.as_str()) => Err(Unsaid::NotInRoom),
            _ if !situation.is_online => Err(Unsaid::Offline),
            _ if self.remarks.next_at(REMARKS) > situation.now => Err(Unsaid::TooFast),
            _ => Ok(text),
        }
    }

    /// Says something; what cannot be said comes back.
    pub(super) fn say(&mut self, situation: Circumstances, key: Key, text: ChatText) {
        self.revision += 1;
        let text = match self.check(situation, &key, text.as_str()) {
            Ok(text) => text,
            Err(why) => return self.returned.push_back(Returned { key, text, why }),
        };
        let mut message = Message {
            id: MessageId::from_bits(self.random.next()),
            from: self.own,
            name: None,
            text,
            at_ms: situation.unix_ms,
            stamp_ms: situation.unix_ms,
            state: State::Sending,
        };
        match key {
            Key::Direct(with) => {
                let direct = self.directs.entry(with).or_default();
                message.stamp_ms = message.stamp_ms.max(direct.last_own_stamp() + 1);
                let page = direct.insert(message);
                self.pending.insert(with);
                self.keep_page(with, page);
                self.trim(with);
                self.send_pending(situation);
            }
            key => {
                self.remarks.take(situation.now, REMARKS, 1);
                self.send_remark(&key, &message);
                self.groups.entry(key).or_default().insert(message);
            }
        }
    }

    /// One is writing to that person.
    pub(super) fn write_to(&mut self, situation: Circumstances, to: UserId) {
        let said = self.said_writing.is_some_and(|(whom, at)| whom == to && situation.now < at + TYPING_EVERY);
        if !said && situation.reaches(to) && self.typings.take(situation.now, TYPING, 1) {
            self.said_writing = Some((to, situation.now));
            self.effects.push_back(Effect::Send(ToRelay::Typing(to)));
        }
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

    /// The connection is lost.
    pub(super) fn lost(&mut self, situation: Circumstances) {
        self.lost_at_ms = Some(situation.unix_ms);
    }

    /// One is in: what waits may go, and what was under way goes again. Those who get it twice take it once.
    pub(super) fn came_in(&mut self, situation: Circumstances) {
        self.outbox.clear();
        self.heard_room = None;
        self.ask_room_at = Time::ZERO;
        self.said_writing = None;
        let groups = std::mem::take(&mut self.groups);
        for (key, group) in &groups {
            for message in group.unanswered() {
                self.send_remark(key, message);
            }
        }
        self.groups = groups;
        self.look_into_room(situation);
        self.send_pending(situation);
    }

    /// Somebody is there, perhaps again.
    pub(super) fn saw(&mut self, situation: Circumstances, who: UserId) {
        self.outbox.came(who);
        self.send_pending(situation);
    }

    /// Does what time brings.
    pub(super) fn tick(&mut self, situation: Circumstances) {
        let before = self.writing.len();
        self.writing.retain(|_, until| situation.now < *until);
        self.revision += u64::from(self.writing.len() != before);
        self.look_into_room(situation);
        self.send_pending(situation);
    }

    /// When [`Self::tick`] has something to do at the latest.
    pub(super) fn next_timeout(&self, situation: Circumstances) -> Option<Time> {
        let writing = self.writing.values().min().copied();
        let waits = |with: &UserId| situation.reaches(*with);
        let due = |with: &UserId| {
            let pending = self.directs.get(with)?.pending().take(outbox::WINDOW);
            pending.map(|message| self.outbox.due(situation.now, *with, message.id)).min()
        };
        let sending = self.pending.iter().filter(|with| waits(with)).filter_map(due).min();
        [writing, sending].into_iter().flatten().min()
    }

    /// Asks what was said in the room one came into. On the threshold the relay may still think otherwise and say
    /// nothing, so it is asked until it answers.
    fn look_into_room(&mut self, situation: Circumstances) {
        if !situation.is_online || self.heard_room.as_deref() == situation.room {
            return;
        }
        if situation.room.is_none() {
            self.heard_room = None;
        } else if situation.now >= self.ask_room_at && self.readings.take(situation.now, READINGS, 1) {
            self.ask_room_at = situation.now + ASK_ROOM_AGAIN;
            self.effects.push_back(Effect::Send(ToRelay::ReadRoom));
        }
    }

    fn send_remark(&mut self, key: &Key, message: &Message) {
        let channel = match key {
            Key::Direct(_) => return,
            Key::Nearby => Channel::Nearby,
            Key::Room(_) => Channel::Room,
            Key::Everyone => Channel::Everyone,
        };
        let say = ToRelay::Say { channel, id: message.id, text: message.text.clone() };
        self.effects.push_back(Effect::Send(say));
    }

    fn send_pending(&mut self, situation: Circumstances) {
        for &with in self.pending.iter().filter(|with| situation.reaches(**with)) {
            let Some(direct) = self.directs.get(&with) else { continue };
            for message in direct.pending().take(outbox::WINDOW) {
                if self.outbox.take_off(situation.now, with, message.id) {
                    let Message { id, stamp_ms, ref text, .. } = *message;
                    let direct = protocol::Direct { with, id, sent_at_ms: stamp_ms, text: text.clone() };
                    self.effects.push_back(Effect::Send(ToRelay::SendDirect(Box::new(direct))));
                }
            }
        }
    }

    /// A message from one person. Whether it is new.
    pub(super) fn received(&mut self, situation: Circumstances, direct: protocol::Direct) -> bool {
        let protocol::Direct { with, id, sent_at_ms, text } = direct;
        // To those who are blocked nothing is said, not even that something arrived.
        if situation.roster.is_blocked(with) || with == self.own {
            return false;
        }
        self.writing.remove(&with);
        let known = self.directs.entry(with).or_default();
        let is_new = !known.has(false, id);
        if is_new {
            let at_ms = sent_at_ms.min(situation.unix_ms);
            let page = known.insert(Message {
                id,
                from: with,
                name: None,
                text,
                at_ms,
                stamp_ms: sent_at_ms,
                state: State::Received,
            });
            self.revision += 1;
            self.keep_page(with, page);
            if self.reading != Some(Key::Direct(with)) {
                self.directs.entry(with).or_default().unread += 1;
                self.keep_unread(with);
            }
            self.trim(with);
        }
        // After it is stored. What the relay would not take is asked for again by the sender.
        if self.receipts.take(situation.now, RECEIPTS, 1) {
            self.effects.push_back(Effect::Send(ToRelay::Stored { from: with, id }));
        }
        is_new
    }

    /// The other side stored a message.
    pub(super) fn delivered(&mut self, situation: Circumstances, by: UserId, id: MessageId) {
        self.outbox.land(by, id);
        self.advance(by, id, State::Delivered);
        if self.directs.get(&by).is_none_or(|direct| direct.pending().next().is_none()) {
            self.pending.remove(&by);
        }
        self.send_pending(situation);
    }

    fn advance(&mut self, with: UserId, id: MessageId, state: State) {
        let page = self.directs.get_mut(&with).and_then(|direct| direct.advance(id, state));
        if let Some(page) = page {
            self.revision += 1;
            self.keep_page(with, page);
        }
    }

    /// The relay says what became of something.
    pub(super) fn answered(&mut self, id: MessageId, outcome: Outcome) {
        self.revision += 1;
        let why = match outcome {
            Outcome::Sent => None,
            Outcome::TooFast => Some(Unsaid::TooFast),
            Outcome::NotInRoom => Some(Unsaid::NotInRoom),
            // It waits until they come.
            Outcome::NotHere => return,
        };
        for (key, group) in &mut self.groups {
            match why {
                None if group.sent(self.own, id) => return,
                Some(why) => {
                    if let Some(Message { text, .. }) = group.take_back(self.own, id) {
                        self.returned.push_back(Returned { key: key.clone(), text, why });
                        return;
                    }
                }
                None => {}
            }
        }
        // One that is too fast is sent again later by the outbox.
        if why.is_none()
            && let Some(with) = self.pending.iter().copied().find(|with| self.directs[with].has(true, id))
        {
            self.advance(with, id, State::Sent);
        }
    }

    /// Somebody said something to several people. Whether it is new, and where.
    pub(super) fn said(&mut self, situation: Circumstances, place: Where, remark: Remark) -> Option<Key> {
        let key = key_of(place);
        if !self.take_remark(situation, &key, remark) {
            return None;
        }
        if self.reading.as_ref() != Some(&key) {
            self.groups.entry(key.clone()).or_default().unread += 1;
        }
        Some(key)
    }

    /// What was said before one came. What was said before one was ever there does not count as unread, but what one
    /// missed while the connection was lost.
    pub(super) fn history(&mut self, situation: Circumstances, place: Where, remarks: Vec<Remark>) {
        let key = key_of(place);
        if let Key::Room(room) = &key {
            self.heard_room = Some(room.as_str().to_owned());
        }
        for remark in remarks {
            let said_at_ms = situation.unix_ms.saturating_sub(remark.age_ms.into());
            let is_others = remark.from != self.own;
            let is_missed = self.lost_at_ms.is_some_and(|lost_at_ms| said_at_ms >= lost_at_ms);
            let is_new = self.take_remark(situation, &key, remark);
            if is_new && is_missed && is_others && self.reading.as_ref() != Some(&key) {
                self.groups.entry(key.clone()).or_default().unread += 1;
            }
        }
        self.forget_rooms(situation);
    }

    fn take_remark(&mut self, situation: Circumstances, key: &Key, remark: Remark) -> bool {
        let Remark { from, name, id, text, age_ms } = remark;
        if situation.roster.is_blocked(from) {
            return false;
        }
        self.revision += 1;
        self.writing.remove(&from);
        let at_ms = situation.unix_ms.saturating_sub(age_ms.into());
        let state = if from == self.own { State::Sent } else { State::Received };
        let message = Message { id, from, name: Some(name), text, at_ms, stamp_ms: at_ms, state };
        self.groups.entry(key.clone()).or_default().insert(message)
    }

    /// Whoever walks through many rooms does not carry all of them along.
    fn forget_rooms(&mut self, situation: Circumstances) {
        let rooms = self.groups.iter().filter(|(key, _)| matches!(key, Key::Room(_)));
        let rooms: Vec<_> =
            rooms.map(|(key, group)| (group.messages().next_back().map(|last| last.at_ms), key.clone())).collect();
        if rooms.len() > ROOMS {
            let here = |key: &Key| matches!(key, Key::Room(room) if situation.room == Some(room.as_str()));
            let oldest = rooms.iter().filter(|(_, key)| !here(key)).min_by_key(|(last, _)| *last);
            if let Some((_, key)) = oldest {
                self.groups.remove(key);
            }
        }
    }

    /// Somebody is writing to oneself.
    pub(super) fn is_being_written_to(&mut self, situation: Circumstances, from: UserId) {
        if situation.roster.is_online(from) && !situation.roster.is_blocked(from) {
            self.revision += 1;
            self.writing.insert(from, situation.now + 2 * TYPING_EVERY);
        }
    }

    /// Forgets the conversation with somebody, here and in storage.
    pub(super) fn forget(&mut self, with: UserId) {
        let Some(direct) = self.directs.remove(&with) else { return };
        self.revision += 1;
        self.pending.remove(&with);
        for number in direct.page_numbers() {
            self.effects.push_back(Effect::Keep(Entry::gone(keys::page(with, number))));
        }
        self.effects.push_back(Effect::Keep(Entry::gone(keys::unread(with))));
    }

    /// Takes in what is in storage under one of the keys of conversations; damaged entries are left out.
    pub(super) fn load(&mut self, key: &str, value: &str) {
        match kept(key) {
            Some(Kept::Page(with, number)) => {
                if let Some(page) = Page::read(self.own, with, number, value) {
                    self.merge(with, page);
                }
            }
            Some(Kept::Unread(with)) => {
                self.directs.entry(with).or_default().unread = value.parse().unwrap_or_default();
            }
            None => {}
        }
    }

    /// After everything was loaded: forgets counts of conversations that are gone, and what is too much.
    pub(super) fn loaded(&mut self) {
        let empty = |direct: &Direct| direct.count() == 0;
        let gone: Vec<_> = self.directs.iter().filter(|(_, direct)| empty(direct)).map(|(with, _)| *with).collect();
        for with in gone {
            self.forget(with);
        }
        for with in self.directs.keys().copied().collect::<Vec<_>>() {
            self.trim(with);
        }
    }

    /// Another tab wrote this; what it wrote and what is known here are put together.
    pub(super) fn stored_elsewhere(&mut self, key: &str, value: Option<&str>) {
        let Some(kept) = kept(key) else { return };
        self.revision += 1;
        match (kept, value) {
            (Kept::Page(with, number), Some(value)) => {
                if let Some(page) = Page::read(self.own, with, number, value)
                    && self.merge(with, page)
                {
                    self.keep_page(with, number);
                }
            }
            (Kept::Page(with, number), None) => {
                let direct = self.directs.get_mut(&with);
                let page = direct.as_ref().and_then(|direct| direct.page(number));
                // Nothing that still waits is given up because another tab had no room for it.
                if page.is_some_and(|page| !page.messages.iter().any(Message::is_pending))
                    && let Some(direct) = direct
                {
                    direct.remove(number);
                }
            }
            (Kept::Unread(with), value) => {
                if let Some(direct) = self.directs.get_mut(&with) {
                    direct.unread = value.and_then(|value| value.parse().ok()).unwrap_or_default();
                }
            }
        }
    }

    fn merge(&mut self, with: UserId, page: Page) -> bool {
        let direct = self.directs.entry(with).or_default();
        let has_more = direct.merge(page);
        if direct.pending().next().is_some() {
            self.pending.insert(with);
        } else {
            self.pending.remove(&with);
        }
        has_more
    }

    fn keep_page(&mut self, with: UserId, number: u32) {
        if let Some(page) = self.directs.get(&with).and_then(|direct| direct.page(number)) {
            let value = page.write(self.own);
            self.effects.push_back(Effect::Keep(Entry::text(keys::page(with, number), value)));
        }
    }

    fn keep_unread(&mut self, with: UserId) {
        let unread = self.directs.get(&with).map_or(0, Direct::unread);
        let key = keys::unread(with);
        let entry = if unread > 0 { Entry::text(key, unread.to_string()) } else { Entry::gone(key) };
        self.effects.push_back(Effect::Keep(entry));
    }

    /// Lets the oldest pages go where there are too many.
    fn trim(&mut self, with: UserId) {
        while let Some(direct) = self.directs.get(&with).filter(|direct| direct.is_too_long()) {
            let Some(number) = direct.oldest_that_may_go(false).map(|page| page.number) else { break };
            self.drop_page(with, number);
        }
        let mut bytes: usize = self.directs.values().map(Direct::bytes).sum();
        for by_force in [false, true] {
            while bytes > BYTES {
                let oldest = self.directs.iter().filter_map(|(with, direct)| {
                    let page = direct.oldest_that_may_go(by_force)?;
                    Some((page.messages.first()?.at_ms, *with, page.number, page.bytes()))
                });
                let Some((_, with, number, freed)) = oldest.min() else { break };
                bytes -= freed;
                self.drop_page(with, number);
            }
        }
    }

    fn drop_page(&mut self, with: UserId, number: u32) {
        if let Some(direct) = self.directs.get_mut(&with) {
            direct.remove(number);
            self.effects.push_back(Effect::Keep(Entry::gone(keys::page(with, number))));
        }
    }
}

fn key_of(place: Where) -> Key {
    match place {
        Where::Nearby => Key::Nearby,
        Where::Room(room) => Key::Room(room),
        Where::Everyone => Key::Everyone,
    }
}

#[cfg(test)]
mod tests;
