//! What one person says to another, and the little signs between two: receipts, writing, waving.
//!
//! The relay hands on and keeps nothing. A message waits with its sender until the other side has stored it, so nothing
//! here needs to survive anything; a person who is lost, or not here at all, is simply not here.

use std::time::Duration;

use shared::{
    identity::UserId,
    limits::DIRECT_ARRIVALS,
    protocol::{Direct, Outcome, ToClient},
};

use super::{Connection, ConnectionId, World, bucket::Kind};
use crate::limits::SIGNS_TO_A_PERSON;

impl World {
    /// Hands a message on to the person it is for, and tells its sender what became of it.
    pub(super) fn send_direct(&mut self, now: Duration, connection: ConnectionId, from: UserId, direct: Direct) {
        let id = direct.id;
        if !self.count_text(now, connection, Kind::Direct, id) {
            return;
        }
        let other = self.connection_of_other(from, direct.with);
        let outcome = match other.map(|(to, other)| (to, other.letters.take(now, DIRECT_ARRIVALS, 1))) {
            Some((to, true)) => {
                self.send(to, &ToClient::DirectReceived(Box::new(Direct { with: from, ..direct })));
                Outcome::Sent
            }
            // Not the sender's fault, and bounded by the sender's own rate: it is not held against them.
            Some((_, false)) => Outcome::TooFast,
            None => Outcome::NotHere,
        };
        self.answer(connection, id, outcome);
    }

    /// Hands on a sign from one person to another; if the other is not here, or is given too many, it is left out.
    pub(super) fn send_sign(&mut self, now: Duration, from: UserId, to: UserId, sign: &ToClient) {
        if let Some((to, other)) = self.connection_of_other(from, to)
            && other.signs.take(now, SIGNS_TO_A_PERSON, 1)
        {
            self.send(to, sign);
        }
    }

    /// The connection of somebody who is here. Nobody is somebody else to themselves.
    fn connection_of_other(&mut self, own: UserId, other: UserId) -> Option<(ConnectionId, &mut Connection)> {
        let id = self.participants.get(&other).filter(|_| other != own)?.connection()?;
        self.connections.get_mut(&id).filter(|connection| connection.is_in()).map(|connection| (id, connection))
    }
}
