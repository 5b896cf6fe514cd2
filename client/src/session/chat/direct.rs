//! A conversation with one person, in pages.

use std::collections::{BTreeMap, HashSet};

use shared::chat::MessageId;

use super::{
    message::{Message, State},
    page::Page,
};

/// Most messages of a conversation that are kept.
pub(super) const MESSAGES: usize = 1000;

/// Most bytes of a conversation that are kept: as much as a thick book chapter.
pub(super) const BYTES: usize = 256 * 1024;

/// Most bytes of messages that wait for one person.
pub(super) const PENDING_BYTES: usize = 96 * 1024;

/// Most messages that wait for one person.
pub(super) const PENDING: usize = 100;

/// So many of the last messages of the other side are kept whatever they take: as long as a message was not
/// acknowledged its sender sends no more than these after it, so a message that comes again is known.
pub(super) const RECEIVED_KEPT: usize = 2 * super::outbox::WINDOW;

/// A conversation with one person.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    pages: BTreeMap<u32, Page>,
    ids: HashSet<(bool, MessageId)>,
    /// Messages of the other side that were not looked at.
    pub(super) unread: u32,
    bytes: usize,
    count: usize,
}

impl Direct {
    /// All messages, the oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.pages.values().flat_map(|page| &page.messages)
    }

    /// How many messages there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether older messages had to go.
    pub fn is_trimmed(&self) -> bool {
        self.pages.first_key_value().is_some_and(|(number, _)| *number > 0)
    }

    /// Messages of the other side that were not looked at.
    pub fn unread(&self) -> u32 {
        self.unread
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn has(&self, is_own: bool, id: MessageId) -> bool {
        self.ids.contains(&(is_own, id))
    }

    pub(super) fn page(&self, number: u32) -> Option<&Page> {
        self.pages.get(&number)
    }

    pub(super) fn page_numbers(&self) -> Vec<u32> {
        self.pages.keys().copied().collect()
    }

    /// The stamp of one's own last message.
    pub(super) fn last_own_stamp(&self) -> u64 {
        let own = self.messages().rev().find(|message| message.state != State::Received);
        own.map_or(0, |message| message.stamp_ms)
    }

    /// What still has to reach the other side, the oldest first.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Message> {
        self.messages().filter(|message| message.is_pending())
    }

    /// Whether a message of that many bytes may still wait for the other side.
    pub(super) fn may_wait(&self, bytes: usize) -> bool {
        let (count, waiting) =
            self.pending().fold((0, 0), |(count, bytes), message| (count + 1, bytes + message.bytes()));
        count < PENDING && waiting + bytes <= PENDING_BYTES
    }

    /// Adds a message where it belongs: at the end, but before later ones of the same person. Gives the page that is
    /// to be written.
    pub(super) fn insert(&mut self, message: Message) -> u32 {
        let is_own = message.state != State::Received;
        self.ids.insert((is_own, message.id));
        self.count += 1;
        self.bytes += message.bytes();
        let later = |other: &Message| other.from == message.from && other.stamp_ms > message.stamp_ms;
        // Only what was under way at the same time can come in the wrong order.
        let mut behind = None;
        'pages: for (number, page) in self.pages.iter().rev() {
            for (index, other) in page.messages.iter().enumerate().rev() {
                if later(other) {
                    behind = Some((*number, index));
                } else if other.from == message.from {
                    break 'pages;
                }
            }
        }
        if let Some((number, index)) = behind
            && let Some(page) = self.pages.get_mut(&number)
        {
            page.messages.insert(index, message);
            return number;
        }
        let last = self.pages.last_key_value().map(|(number, page)| (*number, page.has_room(&message)));
        let number = match last {
            Some((number, true)) => number,
            Some((number, false)) => number + 1,
            None => 0,
        };
        let page = self.pages.entry(number).or_insert_with(|| Page { number, messages: Vec::new() });
        page.messages.push(message);
        number
    }

    /// Notes how far one's own message has come; never back. Gives the page that is to be written.
    pub(super) fn advance(&mut self, id: MessageId, state: State) -> Option<u32> {
        if !self.has(true, id) {
            return None;
        }
        for (number, page) in self.pages.iter_mut().rev() {
            let own = page.messages.iter_mut().find(|message| message.id == id && message.state != State::Received);
            if let Some(message) = own {
                let has_changed = message.state < state;
                message.state = message.state.max(state);
                return has_changed.then_some(*number);
            }
        }
        None
    }

    /// Takes in a page that was read, or that another tab wrote. What both know is known as far as either knows.
    /// Whether there is more now than in what was read, so that it should be written again.
    pub(super) fn merge(&mut self, page: Page) -> bool {
        let number = page.number;
        let read = page.messages.len();
        for message in page.messages {
            let is_own = message.state != State::Received;
            if !self.has(is_own, message.id) {
                self.ids.insert((is_own, message.id));
                self.count += 1;
                self.bytes += message.bytes();
                let page = self.pages.entry(number).or_insert_with(|| Page { number, messages: Vec::new() });
                page.messages.push(message);
            } else if is_own {
                self.advance(message.id, message.state);
            }
        }
        self.pages.get(&number).is_some_and(|page| page.messages.len() > read)
    }

    /// The oldest page, if it may go: nothing on it waits for the other side, and, unless `by_force`, nothing on it is
    /// among the last that came.
    pub(super) fn oldest_that_may_go(&self, by_force: bool) -> Option<&Page> {
        let (number, page) = self.pages.first_key_value()?;
        let is_last = self.pages.len() == 1;
        let later = self.pages.range(number + 1..).flat_map(|(_, page)| &page.messages);
        let received_later = later.filter(|message| message.state == State::Received).count();
        let is_known_later = by_force || received_later >= RECEIVED_KEPT;
        let may_go = !is_last && is_known_later && !page.messages.iter().any(Message::is_pending);
        may_go.then_some(page)
    }

    /// Forgets a page.
    pub(super) fn remove(&mut self, number: u32) {
        let Some(page) = self.pages.remove(&number) else { return };
        self.count -= page.messages.len();
        self.bytes -= page.bytes();
        for message in page.messages {
            self.ids.remove(&(message.state != State::Received, message.id));
        }
    }

    /// Whether it is longer than a conversation should be.
    pub(super) fn is_too_long(&self) -> bool {
        self.count > MESSAGES || self.bytes > BYTES
    }
}
