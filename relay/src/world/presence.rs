//! How people come into the world, change in it, get lost and leave.

use std::time::Duration;

use shared::{
    identity::UserId,
    movement::Edge,
    profile::Profile,
    protocol::{Event, Refusal, ToClient, Welcome},
};

use super::{
    ConnectionId, State, World, hello,
    participant::{Participant, Presence},
};

impl World {
    /// Makes a participant of an arrival, or gives back the one they are.
    pub(super) fn admit(&mut self, now: Duration, id: ConnectionId) -> Option<(ConnectionId, UserId)> {
        let State::Arriving(hello) = &self.connections.get(&id)?.state else { return None };
        let hello = hello.clone();
        let user_id = UserId::of(&hello.public_key);
        // Whoever walks is elsewhere in a moment.
        let stands = |other: &&Participant| other.user_id != user_id && !other.edge.is_moving;
        let others: Vec<_> = self.participants.values().filter(stands).map(|other| other.edge.position).collect();
        if let Some(present) = self.participants.get_mut(&user_id) {
            let has_stopped = present.stop(now, &self.map.collision);
            let edge = hello::arrival(&self.map, &hello, Some(present.edge), &others);
            let is_elsewhere = has_stopped || edge != present.edge;
            match std::mem::replace(&mut present.presence, Presence::Here(id)) {
                // Two arrivals of one person in one flush: the later takes over from the earlier.
                Presence::Here(older) => {
                    self.end_signalling_of(user_id);
                    self.refuse(now, older, Refusal::Replaced);
                }
                Presence::Lost { until } => {
                    self.graces_end.remove(&(until, user_id));
                }
            }
            if is_elsewhere {
                self.place(now, user_id, edge);
            }
            self.change_profile(user_id, hello.profile);
        } else {
            let Some(number) = self.numbers.take() else {
                self.refuse(now, id, Refusal::Full);
                return None;
            };
            let edge = hello::arrival(&self.map, &hello, None, &others);
            let newcomer = Participant::new(number, user_id, hello.profile, edge, now, id);
            self.fan_out.happened(Event::Joined(Box::new(newcomer.described(now))));
            self.participants.insert(user_id, newcomer);
        }
        Some((id, user_id))
    }

    /// Welcomes somebody, if the connection is still theirs.
    pub(super) fn welcome(&mut self, now: Duration, id: ConnectionId, user_id: UserId) -> Option<ConnectionId> {
        let connection = self.connections.get_mut(&id)?;
        let own = self.participants.get(&user_id)?;
        connection.state = State::In(user_id);
        let others = self.participants.values().filter(|other| other.user_id != user_id);
        let welcome = Welcome {
            number: own.number,
            edge: own.edge,
            map: self.map_ref.clone(),
            participants: others.map(|other| other.described(now)).collect(),
        };
        self.send(id, &ToClient::Welcome(Box::new(welcome)));
        Some(id)
    }

    pub(super) fn place(&mut self, now: Duration, user_id: UserId, edge: Edge) {
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        participant.moved(now, edge, &self.map.collision);
        if !std::mem::replace(&mut participant.is_moved, true) {
            self.fan_out.moved(user_id);
        }
        self.stir_introductions(now);
        self.stir_rooms(now, user_id);
    }

    pub(super) fn change_profile(&mut self, user_id: UserId, profile: Profile) {
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        let number = participant.number;
        let before = std::mem::replace(&mut participant.profile, profile.clone());
        if before.name != profile.name {
            self.fan_out.happened(Event::NameChanged(number, profile.name));
        }
        if before.status != profile.status {
            self.fan_out.happened(Event::StatusChanged(number, profile.status));
        }
        if before.appearance != profile.appearance {
            self.fan_out.happened(Event::AppearanceChanged(number, profile.appearance));
        }
    }

    /// Forgets a connection. Its participant leaves at once, or, if it was lost, stands still and waits a while.
    pub(super) fn end(&mut self, now: Duration, id: ConnectionId, is_clean: bool) {
        let Some(connection) = self.connections.remove(&id) else { return };
        let user_id = match connection.state {
            State::Challenged { due, .. } => {
                self.hellos_due.remove(&(due, id));
                return;
            }
            State::Arriving(hello) => UserId::of(&hello.public_key),
            State::In(user_id) => user_id,
        };
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        if participant.presence != Presence::Here(id) {
            return;
        }
        let until = now + self.limits.grace;
        participant.presence = Presence::Lost { until };
        self.end_signalling_of(user_id);
        if is_clean {
            self.remove(user_id);
        } else {
            self.graces_end.insert((until, user_id));
            self.to_stop.push(user_id);
        }
    }

    pub(super) fn remove(&mut self, user_id: UserId) {
        if let Some(gone) = self.participants.remove(&user_id) {
            self.numbers.give_back(gone.number);
            self.fan_out.happened(Event::Left(gone.number));
            self.leave_rooms(user_id);
        }
    }

    /// Stops somebody whom nobody steers any more.
    pub(super) fn stop_walker(&mut self, now: Duration, user_id: UserId) {
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        let is_lost = matches!(participant.presence, Presence::Lost { .. });
        if is_lost && participant.stop(now, &self.map.collision) {
            let edge = participant.edge;
            self.place(now, user_id, edge);
        }
    }
}
