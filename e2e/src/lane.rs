//! One direction of a line between a client and the relay.

use std::collections::VecDeque;

use client::session::Time;

/// Something under way, and when it arrives.
struct Parcel<T> {
    arrives: Time,
    content: T,
}

/// What is under way in one direction. It arrives in order, but for what mischief is done to.
pub(crate) struct Lane<T> {
    parcels: VecDeque<Parcel<T>>,
    /// When the last one arrives that keeps its turn.
    pub(crate) last: Time,
}

impl<T> Lane<T> {
    pub(crate) const fn new() -> Self {
        Self { parcels: VecDeque::new(), last: Time::ZERO }
    }

    /// Sends something on its way, in its turn.
    pub(crate) fn send(&mut self, arrives: Time, content: T) {
        self.last = self.last.max(arrives);
        self.slip_in(self.last, content);
    }

    /// Sends something on its way that may overtake and be overtaken.
    pub(crate) fn slip_in(&mut self, arrives: Time, content: T) {
        let at = self.parcels.partition_point(|parcel| parcel.arrives <= arrives);
        self.parcels.insert(at, Parcel { arrives, content });
    }

    /// When the next arrives.
    pub(crate) fn next(&self) -> Option<Time> {
        self.parcels.front().map(|parcel| parcel.arrives)
    }

    /// What has arrived.
    pub(crate) fn receive(&mut self, now: Time) -> Option<T> {
        let has_arrived = self.parcels.front().is_some_and(|parcel| parcel.arrives <= now);
        has_arrived.then(|| self.parcels.pop_front()).flatten().map(|parcel| parcel.content)
    }
}
