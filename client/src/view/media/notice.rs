//! What one is told of a full room: before its door, or inside.

use crate::{
    session::Session,
    words::{fill, words},
};

/// What there is to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// One stands before the closed door of the room of that name.
    DoorClosed(String),
    /// One is inside, and hears nobody.
    RoomFull,
}

impl Notice {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::DoorClosed(room) => fill(words().room_closed, "room", room),
            Self::RoomFull => words().room_full.to_owned(),
        }
    }
}

/// What there is to know now.
pub(super) fn notice(session: &Session) -> Option<Notice> {
    let door = session.closed_door().map(|room| Notice::DoorClosed(room.to_owned()));
    door.or_else(|| session.media().is_room_full().then_some(Notice::RoomFull))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_door_is_told_with_the_name_of_the_room() {
        let sentence = Notice::DoorClosed("meeting-1".to_owned()).sentence();
        assert!(sentence.contains("meeting-1") && sentence.contains("full"), "{sentence}");
        assert!(Notice::RoomFull.sentence().contains("full"));
    }
}
