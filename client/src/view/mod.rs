//! What panels show of the session: plain data, made and tested without a page.

mod connection;
mod order;
mod people;
#[cfg(test)]
mod tests;

pub use self::{
    connection::{Standing, Tone},
    order::steady,
    people::Row,
};
use crate::session::{Connection, Session, Time};

/// All that panels show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Whether one has left the lobby.
    pub has_entered: bool,
    /// How things stand with the relay.
    pub standing: Standing,
    /// Everybody else, the nearest first, those who left last.
    pub people: Vec<Row>,
    /// How many of them are here.
    pub online: usize,
    /// What the panels cannot see in the session.
    pub surroundings: Surroundings,
}

/// What happened around the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The world is not drawn any more.
    pub world_died: bool,
    /// The relay has another map than the one that is drawn.
    pub map_changed: bool,
}

impl View {
    /// The session as it is at that time.
    pub fn of(session: &Session, now: Time, surroundings: Surroundings) -> Self {
        let people = people::rows(session, now);
        let has_entered = session.own_pose(now).is_some() || session.connection() != Connection::Connecting;
        Self {
            has_entered: has_entered || session.trouble().is_some(),
            standing: connection::standing(session),
            online: people.iter().filter(|row| row.is_online).count(),
            people,
            surroundings,
        }
    }
}
