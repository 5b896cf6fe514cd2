//! How the world introduces people to one another's machines: tickets for signalling, who is near whom, and what comes
//! on signalling connections. What an introduction is, is in [`crate::signalling`].

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use shared::{
    identity::UserId,
    limits::TOLD_BY_NAME,
    protocol::{ByName, Outcome, Remark, Ticket, ToClient, Where, close},
    proximity,
};

use super::{ConnectionId, FanKind, Output, World, bucket::Kind};
use crate::{
    limits::INTRODUCE_EVERY,
    signalling::{Counts, People, Step, Tickets},
};

impl World {
    /// Gives somebody a ticket: nobody else can know it, since it is made of what only their connection was told.
    pub(super) fn give_ticket(&mut self, now: Duration, id: ConnectionId, user_id: UserId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.tickets += 1;
        let mut hash = Sha256::new();
        hash.update(b"ticket");
        hash.update(connection.nonce);
        hash.update(connection.tickets.to_le_bytes());
        let mut ticket = Ticket::default();
        ticket.0.copy_from_slice(&hash.finalize()[..16]);
        self.tickets.give(now, user_id, ticket);
        self.send(id, &ToClient::Ticket(ticket));
    }

    pub(super) fn give_ice_servers(&mut self, id: ConnectionId, user_id: UserId) {
        let servers = self.ice.servers_for(self.unix_s, user_id);
        self.send(id, &ToClient::IceServers(Box::new(servers)));
    }

    /// Takes a ticket: whose it is, if it is one. It is of no use any more.
    pub fn redeem(&mut self, now: Duration, ticket: Ticket) -> Option<UserId> {
        self.tickets.take(now, ticket)
    }

    /// A signalling connection is open, by a ticket of that person. They may have left since.
    pub(super) fn signalling_opened(&mut self, now: Duration, id: ConnectionId, user_id: UserId, ticket: Ticket) {
        let is_here = self.participants.get(&user_id).is_some_and(|person| person.connection().is_some());
        if is_here {
            self.introductions.open(id, user_id, ticket);
            self.stir_introductions(now);
        } else {
            self.close_signalling(id, close::REFUSED, "signalling");
        }
        self.take_steps();
    }

    pub(super) fn signalling_received(&mut self, now: Duration, connection: ConnectionId, text: &str) {
        self.introductions.received(now, connection, text);
        self.take_steps();
    }

    /// A signalling connection ended, or has to.
    pub(super) fn signalling_ended(&mut self, connection: ConnectionId, is_closed: bool) {
        if is_closed {
            self.introductions.closed(connection);
        } else {
            self.introductions.close(connection);
        }
        self.take_steps();
    }

    /// Somebody's connection is lost, or another takes its place: what hangs on it ends. A page that comes back asks for
    /// a new ticket.
    pub(super) fn end_signalling_of(&mut self, user_id: UserId) {
        self.tickets.forget(user_id);
        self.introductions.left(user_id);
        self.take_steps();
    }

    /// The relay stops: ends all of it.
    pub(super) fn end_all_signalling(&mut self) {
        for connection in self.introductions.close_all() {
            self.close_signalling(connection, close::RESTARTING, "restarting");
        }
        self.tickets = Tickets::default();
        self.introduce_at = None;
    }

    /// What was introduced and handed on so far.
    pub fn signalling_counts(&self) -> Counts {
        self.introductions.counts()
    }

    /// Introduces two people anew because one of them asks for it.
    pub(super) fn introduce_anew(&mut self, now: Duration, user_id: UserId, other: UserId) {
        let people = self.people_with_signalling(now);
        let map = Arc::clone(&self.map);
        self.introductions.introduce(&map, user_id, other, &people);
        self.take_steps();
    }

    /// Somebody who can be introduced moved or changed: it is to be looked who is near, soon.
    pub(super) fn stir_introductions(&mut self, now: Duration) {
        if !self.introductions.is_empty() && self.introduce_at.is_none() {
            self.introduce_at = Some(now.max(self.introduced_at + INTRODUCE_EVERY));
        }
    }

    /// Looks who is near whom, and again a little later as long as somebody walks.
    pub(super) fn update_introductions(&mut self, now: Duration) {
        (self.introduced_at, self.introduce_at) = (now, None);
        let people = self.people_with_signalling(now);
        let map = Arc::clone(&self.map);
        self.introductions.update(&map, now, &people);
        let collision = &map.collision;
        let mut walks = |user_id: &UserId| {
            let person = self.participants.get_mut(user_id);
            // Whoever walks against a wall says nothing for hours, and gets nowhere.
            person.is_some_and(|person| person.edge.is_moving && person.pose(now, collision).is_moving)
        };
        let is_settled = people.strangers.is_empty() && !self.introductions.is_unsettled();
        if !is_settled || people.listeners.keys().any(&mut walks) {
            self.introduce_at = Some(now + INTRODUCE_EVERY);
        }
        self.take_steps();
    }

    /// Hands on what somebody says to those who are near and named. Whoever does not hear it is not told.
    pub(super) fn say_by_name(&mut self, now: Duration, connection: ConnectionId, speaker: UserId, saying: ByName) {
        let ByName { to, id, text } = saying;
        if !self.count_text(now, connection, Kind::Remark, id) {
            return;
        }
        let map = Arc::clone(&self.map);
        let Some(participant) = self.participants.get_mut(&speaker) else { return };
        let (own, name) = (participant.listener(now, &map), participant.profile.name.clone());
        let mut hearers = Vec::new();
        for user_id in to.into_iter().take(TOLD_BY_NAME).filter(|user_id| *user_id != speaker) {
            let Some(other) = self.participants.get_mut(&user_id) else { continue };
            let hears = proximity::hearing(&map, own, other.listener(now, &map)).gain() > 0.0;
            let is_in = |id: &ConnectionId| self.connections.get(id).is_some_and(super::Connection::is_in);
            if let Some(hearer) = other.connection().filter(is_in).filter(|_| hears)
                && !hearers.contains(&hearer)
            {
                hearers.push(hearer);
            }
        }
        let remark = Remark { from: speaker, name, id, text, age_ms: 0 };
        self.fan_to(FanKind::Events, hearers, &ToClient::Said { place: Where::Nearby, remark: Box::new(remark) });
        self.answer(connection, id, Outcome::Sent);
    }

    /// Does what the introductions ask for.
    pub(super) fn take_steps(&mut self) {
        while let Some(step) = self.introductions.poll() {
            match step {
                Step::Send(connection, text) => {
                    self.outputs.push_back(Output::SendText { connection, text: text.into() });
                }
                Step::Close(connection) => self.close_signalling(connection, close::REFUSED, "signalling"),
                Step::Introduced { to, peer, user_id } => {
                    let connection = self.participants.get(&to).and_then(super::Participant::connection);
                    if let Some(connection) = connection {
                        self.send(connection, &ToClient::Introduced { peer, user_id });
                    }
                }
            }
        }
    }

    fn close_signalling(&mut self, connection: ConnectionId, code: u16, reason: &'static str) {
        self.outputs.push_back(Output::Close { connection, code, reason, last: Bytes::new() });
    }

    fn people_with_signalling(&mut self, now: Duration) -> People {
        let map = Arc::clone(&self.map);
        let mut people = People::default();
        for user_id in self.introductions.people().collect::<Vec<_>>() {
            let Some(participant) = self.participants.get_mut(&user_id) else { continue };
            if participant.connection().is_none() {
                continue;
            }
            people.listeners.insert(user_id, participant.listener(now, &map));
            if participant.is_stranger(now) {
                people.strangers.insert(user_id);
            }
        }
        people
    }
}
