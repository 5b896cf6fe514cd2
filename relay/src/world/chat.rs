//! What people say to several others: who hears it, and what those read who come later.
//!
//! Remarks go out at once and not with the next flush: whoever waits for an answer counts the milliseconds, and people
//! talk far less often than they walk. What one person says to another is in [`super::direct`].

use std::{sync::Arc, time::Duration};

use shared::{
    chat::{Channel, ChatText, MessageId},
    identity::UserId,
    map::Map,
    protocol::{Label, Outcome, Remark, ToClient, Where},
    proximity,
};

use super::{ConnectionId, FanKind, World, bucket::Kind, participant::Participant};

/// Something somebody wants to say to several people.
pub(super) struct Saying {
    pub(super) channel: Channel,
    pub(super) id: MessageId,
    pub(super) text: ChatText,
}

impl World {
    /// Hands on what somebody says, and tells them what became of it.
    pub(super) fn say(&mut self, now: Duration, connection: ConnectionId, speaker: UserId, saying: Saying) {
        let Saying { channel, id, text } = saying;
        if !self.count_text(now, connection, Kind::Remark, id) {
            return;
        }
        let map = Arc::clone(&self.map);
        let Some(participant) = self.participants.get_mut(&speaker) else { return };
        let room = room(&map, participant, now);
        let name = participant.profile.name.clone();
        let place = match (channel, &room) {
            (Channel::Everyone, _) => Where::Everyone,
            (Channel::Nearby, _) => Where::Nearby,
            (Channel::Room, Some(room)) => Where::Room(room.clone()),
            (Channel::Room, None) => return self.answer(connection, id, Outcome::NotInRoom),
        };
        // In a room whoever is near is everybody inside; outside there is no crowd that all hear one another.
        let crowd = match (&place, room) {
            (Where::Nearby, Some(room)) => Some(Where::Room(room)),
            (Where::Nearby, None) => None,
            _ => Some(place.clone()),
        };
        if let Some(crowd) = crowd {
            self.forget_if_over(now, speaker, &crowd);
            if !self.histories.bears(now, &crowd) {
                return self.answer(connection, id, Outcome::TooFast);
            }
        }
        let to = self.hearers(now, speaker, &place);
        let remark = Remark { from: speaker, name, id, text, age_ms: 0 };
        if place != Where::Nearby {
            self.histories.keep(now, &place, remark.clone());
        }
        self.fan_to(FanKind::Events, to, &ToClient::Said { place, remark: Box::new(remark) });
        self.answer(connection, id, Outcome::Sent);
    }

    /// Tells somebody what was said before in the room they are in. Who is in none is told nothing.
    pub(super) fn read_room(&mut self, now: Duration, connection: ConnectionId, reader: UserId) {
        let map = Arc::clone(&self.map);
        let Some(participant) = self.participants.get_mut(&reader) else { return };
        let Some(room) = room(&map, participant, now) else { return };
        let place = Where::Room(room);
        self.forget_if_over(now, reader, &place);
        let remarks = self.histories.recall(now, &place);
        self.send(connection, &ToClient::History { place, remarks });
    }

    /// Tells newcomers what was said to everybody, if anything was.
    pub(super) fn tell_history(&mut self, now: Duration, newcomers: Vec<ConnectionId>) {
        if newcomers.is_empty() {
            return;
        }
        let remarks = self.histories.recall(now, &Where::Everyone);
        if !remarks.is_empty() {
            self.fan_to(FanKind::Events, newcomers, &ToClient::History { place: Where::Everyone, remarks });
        }
    }

    /// Says what became of a text, if its writer is still connected.
    pub(super) fn answer(&mut self, connection: ConnectionId, id: MessageId, outcome: Outcome) {
        self.send(connection, &ToClient::Answered { id, outcome });
    }

    /// Forgets what was said in a room long ago if nobody but this person is there. Those who are lost for a moment
    /// still are.
    fn forget_if_over(&mut self, now: Duration, visitor: UserId, place: &Where) {
        let Where::Room(name) = place else { return };
        if self.histories.is_stale(now, place) {
            let map = Arc::clone(&self.map);
            let mut others = self.participants.values_mut().filter(|other| other.user_id != visitor);
            if !others.any(|other| room(&map, other, now).as_ref() == Some(name)) {
                self.histories.forget(place);
            }
        }
    }

    /// Who hears at this moment what is said there by that person, who does not hear it again.
    fn hearers(&mut self, now: Duration, speaker: UserId, place: &Where) -> Vec<ConnectionId> {
        let map = Arc::clone(&self.map);
        let Some(own) = self.participants.get_mut(&speaker).map(|own| own.listener(now, &map)) else {
            return Vec::new();
        };
        let connections = &self.connections;
        let others = self.participants.values_mut().filter(|other| other.user_id != speaker);
        let hears = |other: &mut Participant| {
            let id = other.connection().filter(|id| connections.get(id).is_some_and(super::Connection::is_in))?;
            let hears = match place {
                Where::Everyone => true,
                Where::Room(name) => room(&map, other, now).as_ref() == Some(name),
                Where::Nearby => proximity::hearing(&map, own, other.listener(now, &map)).gain() > 0.0,
            };
            hears.then_some(id)
        };
        others.filter_map(hears).collect()
    }
}

/// The room somebody is in now, quiet ones included.
fn room(map: &Map, participant: &mut Participant, now: Duration) -> Option<Label> {
    let position = participant.pose(now, &map.collision).point.nearest_position();
    // Names of rooms are labels: a map with a longer one is not read.
    map.zone_at(position).and_then(|zone| Label::new(&zone.name).ok())
}
