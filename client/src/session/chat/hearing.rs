//! What others say, and what becomes of what one said.

use shared::{
    chat::MessageId,
    identity::UserId,
    limits::{RECEIPTS, TYPING_EVERY},
    protocol::{self, Outcome, Remark, ToRelay, Where},
};

use super::{
    Chats, Circumstances, Effect, Key, Returned, Unsaid,
    message::{Message, State},
};

/// Most rooms whose conversation is remembered after one has left them.
const ROOMS: usize = 16;

impl Chats {
    /// A message from one person. Whether it is new.
    pub(in crate::session) fn received(&mut self, situation: Circumstances, direct: protocol::Direct) -> bool {
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
    pub(in crate::session) fn delivered(&mut self, situation: Circumstances, by: UserId, id: MessageId) {
        self.outbox.land(by, id);
        self.advance(by, id, State::Delivered);
        if self.directs.get(&by).is_none_or(|direct| direct.pending().next().is_none()) {
            self.pending.remove(&by);
        }
        self.send_pending(situation);
    }

    pub(super) fn advance(&mut self, with: UserId, id: MessageId, state: State) {
        let page = self.directs.get_mut(&with).and_then(|direct| direct.advance(id, state));
        if let Some(page) = page {
            self.revision += 1;
            self.keep_page(with, page);
        }
    }

    /// The relay says what became of something.
    pub(in crate::session) fn answered(&mut self, id: MessageId, outcome: Outcome) {
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
    pub(in crate::session) fn said(&mut self, situation: Circumstances, place: Where, remark: Remark) -> Option<Key> {
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
    pub(in crate::session) fn history(&mut self, situation: Circumstances, place: Where, remarks: Vec<Remark>) {
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

    pub(super) fn take_remark(&mut self, situation: Circumstances, key: &Key, remark: Remark) -> bool {
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
    pub(super) fn forget_rooms(&mut self, situation: Circumstances) {
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
    pub(in crate::session) fn is_being_written_to(&mut self, situation: Circumstances, from: UserId) {
        if situation.roster.is_online(from) && !situation.roster.is_blocked(from) {
            self.revision += 1;
            self.writing.insert(from, situation.now + 2 * TYPING_EVERY);
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
