//! Somebody in the world, as the relay knows them.

use std::time::Duration;

use shared::{
    identity::UserId,
    map::{Collision, Map},
    movement::{self, Edge, Pose},
    profile::Profile,
    protocol::{self, Number, NumberedEdge, Placed},
    proximity::Listener,
    rate::Bucket,
};

use super::ConnectionId;
use crate::limits::{LEAP_TOKENS_PER_TILE, LEAPS, STRANGER_FOR};

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
    /// How far they were followed from their edge ...
    followed: Pose,
    /// ... and until when. Every step of a way is computed once, however often it is asked where they are.
    followed_until: Duration,
    /// How far they were elsewhere than their edges said: a slow line does that, and a little is nothing.
    leaps: Bucket,
    /// Until when they are introduced to nobody, because they leapt too far.
    stranger_until: Duration,
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
    /// Somebody who comes in there by that connection.
    pub(super) fn new(
        number: Number,
        user_id: UserId,
        profile: Profile,
        edge: Edge,
        now: Duration,
        connection: ConnectionId,
    ) -> Self {
        let presence = Presence::Here(connection);
        let (since, followed, followed_until) = (now, edge.into(), now);
        Self {
            number,
            user_id,
            profile,
            edge,
            since,
            presence,
            is_moved: false,
            followed,
            followed_until,
            leaps: Bucket::default(),
            stranger_until: Duration::ZERO,
        }
    }

    /// Takes what they say about where they are.
    pub(super) fn place(&mut self, now: Duration, edge: Edge) {
        (self.edge, self.since) = (edge, now);
        (self.followed, self.followed_until) = (edge.into(), now);
    }

    /// They say that they are there, of their own accord. They are believed; but whoever leaps from one to the other
    /// shall not learn the addresses of all.
    pub(super) fn moved(&mut self, now: Duration, edge: Edge, map: &Collision) {
        let leapt = self.pose(now, map).point.distance_tiles(edge.position.into());
        if !self.leaps.take(now, LEAPS, (leapt * LEAP_TOKENS_PER_TILE) as u32) {
            self.stranger_until = now + STRANGER_FOR;
        }
        self.place(now, edge);
    }

    /// Whether they came to where they are on foot.
    pub(super) fn is_stranger(&self, now: Duration) -> bool {
        now < self.stranger_until
    }

    /// Where they are now.
    pub(super) fn pose(&mut self, now: Duration, map: &Collision) -> Pose {
        // Whole microseconds, as movement counts: else parts of them were lost each time.
        let age = Duration::from_micros(now.saturating_sub(self.followed_until).as_micros() as u64);
        self.followed = movement::advance(map, self.followed, age);
        self.followed_until += age;
        self.followed
    }

    /// As far as hearing goes.
    pub(super) fn listener(&mut self, now: Duration, map: &Map) -> Listener {
        Listener { point: self.pose(now, &map.collision).point, status: self.profile.status }
    }

    /// The connection by which they can be reached.
    pub(super) fn connection(&self) -> Option<ConnectionId> {
        match self.presence {
            Presence::Here(connection) => Some(connection),
            Presence::Lost { .. } => None,
        }
    }

    /// Makes them stand still where they have got to. Says whether they walked before.
    pub(super) fn stop(&mut self, now: Duration, map: &Collision) -> bool {
        let walked = self.edge.is_moving;
        if walked {
            let here = self.pose(now, map).edge();
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
