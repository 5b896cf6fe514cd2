//! What one says: whether it can be said, and when it goes out.

use std::time::Duration;

use shared::{
    chat::{Channel, ChatText, MessageId},
    identity::UserId,
    limits::{READINGS, REMARKS, TYPING, TYPING_EVERY},
    protocol::{self, ToRelay},
};

use super::{
    Chats, Circumstances, Effect, Key, Returned, Unsaid,
    message::{Message, State},
    outbox,
};
use crate::session::Time;

/// A relay that did not say what was said in the room one is in is asked again after this.
const ASK_ROOM_AGAIN: Duration = Duration::from_secs(1);

impl Chats {
    /// Whether that text can be said there now.
    pub(in crate::session) fn check(
        &self,
        situation: Circumstances,
        key: &Key,
        text: &str,
    ) -> Result<ChatText, Unsaid> {
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
    pub(in crate::session) fn say(&mut self, situation: Circumstances, key: Key, text: ChatText) {
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
                // On the other side whoever has written is not writing any more, until they say so again.
                self.said_writing = None;
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
    pub(in crate::session) fn write_to(&mut self, situation: Circumstances, to: UserId) {
        let said = self.said_writing.is_some_and(|(whom, at)| whom == to && situation.now < at + TYPING_EVERY);
        if !said && situation.reaches(to) && self.typings.take(situation.now, TYPING, 1) {
            self.said_writing = Some((to, situation.now));
            self.effects.push_back(Effect::Send(ToRelay::Typing(to)));
        }
    }

    /// One is in: what waits may go, and what was under way goes again. Those who get it twice take it once.
    pub(in crate::session) fn came_in(&mut self, situation: Circumstances) {
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

    /// The connection is lost.
    pub(in crate::session) fn lost(&mut self, situation: Circumstances) {
        self.lost_at_ms = Some(situation.unix_ms);
    }

    /// Somebody is there, perhaps again.
    pub(in crate::session) fn saw(&mut self, situation: Circumstances, who: UserId) {
        self.outbox.came(who);
        self.send_pending(situation);
    }

    /// Does what time brings.
    pub(in crate::session) fn tick(&mut self, situation: Circumstances) {
        let before = self.writing.len();
        self.writing.retain(|_, until| situation.now < *until);
        self.revision += u64::from(self.writing.len() != before);
        self.look_into_room(situation);
        self.send_pending(situation);
    }

    /// When [`Self::tick`] has something to do at the latest.
    pub(in crate::session) fn next_timeout(&self, situation: Circumstances) -> Option<Time> {
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
    pub(super) fn look_into_room(&mut self, situation: Circumstances) {
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

    pub(super) fn send_remark(&mut self, key: &Key, message: &Message) {
        let channel = match key {
            Key::Direct(_) => return,
            Key::Nearby => Channel::Nearby,
            Key::Room(_) => Channel::Room,
            Key::Everyone => Channel::Everyone,
        };
        let say = ToRelay::Say { channel, id: message.id, text: message.text.clone() };
        self.effects.push_back(Effect::Send(say));
    }

    pub(super) fn send_pending(&mut self, situation: Circumstances) {
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
}
