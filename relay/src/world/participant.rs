//! Somebody in the world, as the relay knows them.

use std::time::Duration;

use shared::{
    identity::UserId,
    map::Collision,
    movement::{self, Edge},
    profile::Profile,
    protocol::{self, Number, NumberedEdge, Placed},
};

use super::ConnectionId;

/// Somebody in the world.
#[derive(Clone, Debug)]
pub(super) struct Participant {
    pub(super) number: Number,
    pub(super) user_id: UserId,
    pub(super) profile: Profile,
    /// What they said last about where they are ...
    pub(super) edge: Edge,
    /// ... and when.
    pub(super) since: Duration,
    pub(super) presence: Presence,
    /// Whether the next flush tells their edge.
    pub(super) is_moved: bool,
}

/// Whether somebody can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// By this connection.
    Here(ConnectionId),
    /// The connection is lost; they leave at that time.
    Lost { until: Duration },
}

impl Participant {
    /// Takes what they say about where they are.
    pub(super) fn place(&mut self, now: Duration, edge: Edge) {
        (self.edge, self.since) = (edge, now);
    }

    /// Makes them stand still where they have got to. Says whether they walked before.
    pub(super) fn stop(&mut self, now: Duration, map: &Collision) -> bool {
        let walked = self.edge.is_moving;
        if walked {
            let here = movement::advance(map, self.edge.into(), now.saturating_sub(self.since)).edge();
            self.place(now, Edge { is_moving: false, ..here });
        }
        walked
    }

    /// As the others are told when they come in.
    pub(super) fn described(&self, now: Duration) -> protocol::Participant {
        let Self { number, user_id, edge, .. } = *self;
        protocol::Participant { number, user_id, profile: self.profile.clone(), edge, age_ms: self.age_ms(now) }
    }

    /// As somebody is told who missed movements.
    pub(super) fn placed(&self, now: Duration) -> Placed {
        Placed { numbered: self.numbered(), age_ms: self.age_ms(now) }
    }

    /// As everybody is told when they set out, turn or stop.
    pub(super) fn numbered(&self) -> NumberedEdge {
        NumberedEdge { number: self.number, edge: self.edge }
    }

    fn age_ms(&self, now: Duration) -> u32 {
        // After 49 days of walking straight on everybody has long reached a wall.
        u32::try_from(now.saturating_sub(self.since).as_millis()).unwrap_or(u32::MAX)
    }
}
