//! What panels show of the session: plain data, made and tested without a page.

mod ago;
pub mod chat;
mod connection;
mod look;
pub mod media;
mod order;
mod people;
mod profile;
mod rooms;
mod search;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use self::{
    ago::{Ago, Unit},
    connection::{Standing, Tone},
    look::{Layer, layers, stepped, with_choice},
    order::steady,
    people::{Listed, Row, listed},
    profile::Own,
    rooms::Room,
    search::is_found,
};
use crate::session::{Connection, Session, Time};

/// All that panels show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Whether one has left the lobby.
    pub has_entered: bool,
    /// How things stand with the relay.
    pub standing: Standing,
    /// Oneself.
    pub own: Own,
    /// Everybody else, the nearest first, those who left last.
    pub people: Arc<[Row]>,
    /// How many of them are here.
    pub online: usize,
    /// The rooms of the campus.
    pub rooms: Arc<[Room]>,
    /// Whether one may wave at somebody: not too often.
    pub may_wave: bool,
    /// The conversations.
    pub chat: chat::Chat,
    /// Calls with those who are near.
    pub calls: media::Calls,
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
    /// How far the calendar where one is runs ahead of UTC.
    pub utc_offset_minutes: i32,
}

impl View {
    /// The session as it is at that time.
    pub fn of(session: &Session, now: Time, surroundings: Surroundings) -> Self {
        let people = people::rows(session, now, surroundings.utc_offset_minutes);
        let has_entered = session.own_pose(now).is_some() || session.connection() != Connection::Connecting;
        Self {
            has_entered: has_entered || session.trouble().is_some(),
            standing: connection::standing(session),
            online: people.iter().filter(|row| row.is_online).count(),
            people: people.into(),
            rooms: rooms::rooms(session, now).into(),
            own: profile::own(session, now),
            may_wave: session.may_wave(now),
            chat: chat::Chat::default(),
            calls: media::calls(session),
            surroundings,
        }
    }

    /// The same with what is looked at of the conversations.
    #[must_use]
    pub fn with_chat(self, session: &Session, now: Time, looking: &chat::Looking) -> Self {
        Self { chat: chat::chat(session, now, looking), ..self }
    }
}
