//! Calls, and how they meet the rest of the session: who is near, what the relay says of introductions, what is said to
//! those near without the relay.

use std::time::Duration;

use shared::{
    chat::{Channel, ChatText, MessageId},
    identity::UserId,
    limits::{GRACE, REMARKS, TOLD_BY_NAME},
    protocol::{ByName, Outcome, Remark, ToRelay, Where},
    proximity::{Bystander, Hearing, LET_GO_BEYOND_TILES, Listener, hearing},
};

use super::{Connection, Output, Session, Time, memory::Entry, news::Chime, roster::Person};
use crate::media::{Effect, MediaInput, Scene};

/// How long somebody with whom one has a call may be missing after one came back to the relay: they dial again within some
/// seconds, and their connections go on meanwhile.
const EXPECTED_FOR: Duration = GRACE;

impl Session {
    pub(super) fn media_input(&mut self, now: Time, input: MediaInput) {
        match &input {
            MediaInput::Prefer(preferences) => self.remember(Entry::calls(preferences)),
            MediaInput::Hear(user_id, loudness) => self.remember(Entry::loudness(*user_id, *loudness)),
            _ => {}
        }
        self.media.handle(now, input);
    }

    /// Looks who is near, now and then, and does what calls ask for.
    pub(super) fn call(&mut self, now: Time) {
        if self.media.is_look_due(now)
            && let Some((own, others)) = self.bystanders(now)
            && let Some(map) = &self.map
        {
            let numbers = self.roster.numbers().clone();
            let scene = Scene { map, own, others, numbers };
            self.media.look(now, &scene);
        }
        self.media.tick(now);
        let effects: Vec<_> = self.media.drain().collect();
        for effect in effects {
            match effect {
                Effect::Do(output) => self.outputs.push_back(Output::Media(output)),
                Effect::Tell(message) => self.line.send_if_online(&message),
                Effect::Arrived(_) if self.media.preferences().silent_arrivals => {}
                Effect::Arrived(_) => self.chime(Chime::Arrival),
                Effect::Said(from, id, text) => {
                    // Whoever parted on the way is still heard; whoever is far away, or in a room, is not.
                    if !self.is_within_earshot(now, from) {
                        continue;
                    }
                    let Some(person) = self.roster.person(from).filter(|person| !person.is_blocked) else { continue };
                    let name = person.profile.name.clone();
                    self.said(now, Where::Nearby, Remark { from, name, id, text, age_ms: 0 });
                }
                Effect::Unsaid(to, id, text) => {
                    let by_name = ByName { to: vec![to], id, text };
                    self.line.send_if_online(&ToRelay::SayByName(Box::new(by_name)));
                }
            }
        }
    }

    /// Whom one blocks has changed.
    pub(super) fn bar(&mut self, now: Time) {
        let blocked = self.roster.people().filter(|person| person.is_blocked);
        let barred = blocked.map(|person| person.user_id).collect();
        self.media.bar(now, barred);
    }

    /// Oneself and everybody else who is here, or nobody while one is not.
    fn bystanders(&self, now: Time) -> Option<(Bystander, Vec<Bystander>)> {
        let map = self.map.as_ref()?;
        let profile = self.profile.as_ref()?;
        let point = self.own_pose(now)?.point;
        let own = Bystander { user_id: self.identity.user_id(), listener: Listener { point, status: profile.status } };
        let bystander = |person: &Person| Bystander {
            user_id: person.user_id,
            listener: Listener { point: person.pose(Some(&map.collision), now).point, status: person.profile.status },
        };
        let others = self.roster.people().filter(|person| person.online || self.is_expected(now, person));
        let others = others.map(bystander).collect();
        Some((own, others))
    }

    /// Whether somebody is about to be back: the relay was away, and one came back to it before a neighbour did. The call
    /// goes on meanwhile.
    fn is_expected(&self, now: Time, person: &Person) -> bool {
        let is_recent = person.missed_since.is_some_and(|since| now < since + EXPECTED_FOR);
        is_recent && self.media.has_call_with(person.user_id)
    }

    /// Whether what somebody says nearby may reach oneself, by the rule of the relay and a little beyond it.
    fn is_within_earshot(&self, now: Time, from: UserId) -> bool {
        let Some(((own, others), map)) = self.bystanders(now).zip(self.map.as_ref()) else { return false };
        let other = others.iter().find(|other| other.user_id == from);
        let hearing = other.map(|other| hearing(map, own.listener, other.listener));
        match hearing {
            Some(Hearing::Apart(tiles)) => tiles <= LET_GO_BEYOND_TILES,
            Some(Hearing::SameRoom) => true,
            Some(Hearing::Cut) | None => false,
        }
    }

    /// The relay is away, or has no place for one any more.
    pub(super) fn calls_lost(&mut self, now: Time) {
        match self.line.connection() {
            // Another tab has the calls from now on.
            Connection::Replaced | Connection::Refused => self.media.end(now),
            _ => self.media.lost(now),
        }
    }

    /// Says something to those near without the relay, as far as links lead to them. Gives what the relay is still to
    /// carry. In a room, and to a crowd, it carries all of it.
    pub(super) fn say_nearby(&mut self, now: Time, id: MessageId, text: &ChatText) -> Option<ToRelay> {
        let say = ToRelay::Say { channel: Channel::Nearby, id, text: text.clone() };
        if self.room(now).is_some() {
            return Some(say);
        }
        let Some(((own, others), map)) = self.bystanders(now).zip(self.map.clone()) else { return Some(say) };
        let hears = |other: &&Bystander| hearing(&map, own.listener, other.listener).gain() > 0.0;
        let hearers: Vec<_> = others.iter().filter(hears).map(|other| other.user_id).collect();
        if hearers.len() > TOLD_BY_NAME {
            return Some(say);
        }
        // The relay, which sees nothing of this, would say the same of what comes too fast.
        if !self.remarks.take(now, REMARKS, 1) {
            self.chats.answered(id, Outcome::TooFast);
            return None;
        }
        let to: Vec<_> = hearers.into_iter().filter(|to| !self.media.say(now, *to, id, text)).collect();
        if to.is_empty() {
            self.chats.answered(id, Outcome::Sent);
            return None;
        }
        Some(ToRelay::SayByName(Box::new(ByName { to, id, text: text.clone() })))
    }
}
