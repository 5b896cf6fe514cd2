//! What one is told of a full room, before its door or inside, of a stage that is taken, and of what one shares with
//! nobody; and what is read out of the call of a room.

use crate::{
    session::Session,
    words::{fill, fill_all, room_name, words},
};

/// What there is to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// One stands before the closed door of the room of that name.
    DoorClosed(String),
    /// One is inside, and hears nobody.
    RoomFull,
    /// One is inside, and there is no call to take part in.
    NoCall,
    /// One shares something, and does not want to be disturbed.
    SharingAlone,
    /// One shares one's screen, and that of whoever has that name is on stage.
    ScreenWaits(String),
}

impl Notice {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::DoorClosed(room) => fill(words().room_closed, "room", &room_name(room)),
            Self::RoomFull => words().room_full.to_owned(),
            Self::NoCall => words().room_without_call.to_owned(),
            Self::SharingAlone => words().sharing_alone.to_owned(),
            Self::ScreenWaits(name) => fill(words().room_screen_waits, "name", name),
        }
    }
}

/// In whose call one is, with how many people, oneself included.
pub(super) fn room(session: &Session) -> Option<String> {
    let media = session.media();
    let room = room_name(media.room()?);
    let call = match media.neighbours().len() {
        0 => fill(words().room_alone, "room", &room),
        others => fill_all(words().room_call, &[("room", &room), ("count", &(others + 1).to_string())]),
    };
    let teaching = if media.is_heard() { words().room_teaching_heard } else { words().room_teaching };
    Some(if media.is_teaching() { format!("{call} · {teaching}") } else { call })
}

/// What is read out to those who do not see the tiles: in whose call one is, and who takes the stage.
pub(super) fn spoken(session: &Session) -> Option<String> {
    let room = fill(words().room_joined, "room", &room_name(session.media().room()?));
    let on_stage = session.media().on_stage().and_then(|user_id| session.roster().person(user_id));
    let on_stage = on_stage.map(|person| fill(words().room_on_stage, "name", person.profile.name.as_str()));
    Some(on_stage.map_or_else(|| room.clone(), |on_stage| format!("{room} {on_stage}")))
}

/// What there is to know now.
pub(super) fn notice(session: &Session) -> Option<Notice> {
    let door = session.closed_door().map(|room| Notice::DoorClosed(room.to_owned()));
    let media = session.media();
    let inside = match (media.is_room_full(), media.is_room_refused()) {
        (true, _) => Some(Notice::RoomFull),
        (false, true) => Some(Notice::NoCall),
        (false, false) => None,
    };
    let waiting = || {
        let ahead = session.roster().person(media.ahead_on_stage()?)?;
        Some(Notice::ScreenWaits(ahead.profile.name.as_str().to_owned()))
    };
    let alone = media.is_sharing_alone().then_some(Notice::SharingAlone);
    door.or(inside).or(alone).or_else(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_door_is_told_with_the_name_of_the_room() {
        let sentence = Notice::DoorClosed("meeting-1".to_owned()).sentence();
        assert!(sentence.contains("Meeting room 1") && sentence.contains("full"), "{sentence}");
        assert!(Notice::RoomFull.sentence().contains("full"));
        assert!(Notice::NoCall.sentence().contains("no call"));
    }

    #[test]
    fn whoever_shares_a_screen_that_waits_is_told_whose_is_on_stage() {
        let sentence = Notice::ScreenWaits("Zoé".to_owned()).sentence();
        assert!(sentence.contains("Zoé's screen is on stage"), "{sentence}");
    }
}
