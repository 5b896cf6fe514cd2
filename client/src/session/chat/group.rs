//! What was said to several people. It is not kept between visits: the relay tells newcomers what was said last.

use std::collections::VecDeque;

use shared::{chat::MessageId, identity::UserId};

use super::message::{Message, State};

/// Most remarks of a conversation that are kept.
const REMARKS: usize = 200;

/// A conversation with several people.
#[derive(Clone, Debug, Default)]
pub struct Group {
    messages: VecDeque<Message>,
    pub(super) unread: u32,
}

impl Group {
    /// All remarks, the oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// How many remarks there are.
    pub fn count(&self) -> usize {
        self.messages.len()
    }

    /// Remarks of others that were not looked at.
    pub fn unread(&self) -> u32 {
        self.unread
    }

    /// Adds a remark where its time belongs, unless it is there already. Whether it was new.
    pub(super) fn insert(&mut self, message: Message) -> bool {
        if let Some(known) = self.find(message.from, message.id) {
            known.state = known.state.max(message.state);
            return false;
        }
        let later = self.messages.iter().rev().take_while(|other| other.at_ms > message.at_ms).count();
        self.messages.insert(self.messages.len() - later, message);
        while self.messages.len() > REMARKS {
            self.messages.pop_front();
        }
        true
    }

    /// Notes that one's own remark was handed on. Whether it is one of this conversation.
    pub(super) fn sent(&mut self, own: UserId, id: MessageId) -> bool {
        let found = self.find(own, id);
        let is_here = found.is_some();
        if let Some(message) = found {
            message.state = State::Sent;
        }
        is_here
    }

    /// Takes back one's own remark that was not handed on.
    pub(super) fn take_back(&mut self, own: UserId, id: MessageId) -> Option<Message> {
        let index = self.messages.iter().position(|message| message.from == own && message.id == id)?;
        self.messages.remove(index)
    }

    /// One's own remarks of which it is not known whether they were handed on.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.state == State::Sending)
    }

    fn find(&mut self, from: UserId, id: MessageId) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|message| message.from == from && message.id == id)
    }
}
