//! What becomes of a message of somebody who is in: it is counted, and then done here, or by [`super::presence`],
//! [`super::chat`], [`super::direct`] or [`super::rooms`].

use std::time::Duration;

use shared::{
    chat::MessageId,
    identity::UserId,
    protocol::{Event, Notice, Outcome, Refusal, ToClient, ToRelay},
};

use super::{
    ConnectionId, World,
    bucket::{Kind, Verdict},
    chat::Saying,
};

impl World {
    /// Does what somebody says who is in, unless it is too much.
    pub(super) fn obey(&mut self, now: Duration, id: ConnectionId, user_id: UserId, message: ToRelay) {
        let Some(kind) = Kind::of(&message) else { return self.refuse(now, id, Refusal::OutOfOrder) };
        let message = match message {
            // A text is counted where it can be answered, so that its writer keeps it.
            ToRelay::Say { channel, id: text_id, text } => {
                return self.say(now, id, user_id, Saying { channel, id: text_id, text });
            }
            ToRelay::SendDirect(direct) => return self.send_direct(now, id, user_id, *direct),
            ToRelay::SayByName(saying) => return self.say_by_name(now, id, user_id, *saying),
            message => message,
        };
        if !self.count(now, id, kind) {
            return;
        }
        let Some(participant) = self.participants.get(&user_id) else { return };
        let (number, mut profile) = (participant.number, participant.profile.clone());
        match message {
            ToRelay::Moved(edge) if self.map.collision.is_walkable(edge.position) => {
                return self.place(now, user_id, edge);
            }
            ToRelay::Moved(_) => return self.refuse(now, id, Refusal::NotWalkable),
            ToRelay::SetName(name) => profile.name = name,
            ToRelay::SetStatus(status) => profile.status = status,
            ToRelay::SetAppearance(appearance) => profile.appearance = appearance,
            ToRelay::Ping => return self.send(id, &ToClient::Pong),
            ToRelay::Stored { from, id } => {
                return self.send_sign(now, user_id, from, &ToClient::Delivered { by: user_id, id });
            }
            ToRelay::Typing(to) => return self.send_sign(now, user_id, to, &ToClient::Typing(user_id)),
            ToRelay::Wave(to) => return self.send_sign(now, user_id, to, &ToClient::Waved(user_id)),
            ToRelay::Emote(emote) => return self.fan_out.happened(Event::Emoted(number, emote)),
            ToRelay::ReadRoom => return self.read_room(now, id, user_id),
            ToRelay::GetTicket => return self.give_ticket(now, id, user_id),
            ToRelay::GetIceServers => return self.give_ice_servers(id, user_id),
            ToRelay::Introduce(other) => return self.introduce_anew(now, user_id, other),
            ToRelay::Room(message) => return self.say_to_sfu(now, id, user_id, message),
            // Taken above.
            ToRelay::Hello(_) | ToRelay::Say { .. } | ToRelay::SendDirect(_) | ToRelay::SayByName(_) => return,
        }
        self.change_profile(user_id, profile);
        self.stir_introductions(now);
        self.stir_rooms(now, user_id);
    }

    /// Whether the message may be obeyed; if it is one too many, says so or closes.
    pub(super) fn count(&mut self, now: Duration, id: ConnectionId, kind: Kind) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else { return false };
        match connection.buckets.take(now, kind) {
            Verdict::Fine => true,
            Verdict::Warn => {
                self.send(id, &ToClient::Notice(Notice::SlowDown));
                true
            }
            Verdict::TooMany => {
                self.refuse(now, id, Refusal::Flood);
                false
            }
        }
    }

    /// Whether a text may be handed on. One too many is answered, so that its writer keeps it, and not held against
    /// them, up to a point.
    pub(super) fn count_text(&mut self, now: Duration, id: ConnectionId, kind: Kind, text: MessageId) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else { return false };
        let fits = connection.buckets.fits(now, kind);
        if !fits && self.count(now, id, Kind::TooFast) {
            self.answer(id, text, Outcome::TooFast);
        }
        fits
    }
}
