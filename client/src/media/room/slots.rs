//! Who is in the call, and what of them comes in which line, as the SFU says it.
//!
//! The SFU calls people by numbers, which mean nothing any more once the relay is away; who they are stays known until
//! it says something else.

use std::collections::HashMap;

use shared::{
    identity::UserId,
    protocol::{
        Number,
        link::Shares,
        room::{AUDIO_SLOTS, CAMERA_SLOTS, Flow, Picture, Slots, Teacher},
    },
};

/// Who has which number.
pub(in crate::media) type Numbers = HashMap<Number, UserId>;

/// Somebody's picture, and how it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Whose.
    pub(super) of: UserId,
    /// How.
    pub(super) flow: Flow,
}

/// Who teaches in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Teaching {
    Oneself,
    Other(UserId),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Present {
    said: Said,
    /// Everybody else in the call, and what they share.
    pub(super) members: Vec<(UserId, Shares)>,
    /// Whose voice comes in which line.
    pub(super) voices: [Option<UserId>; AUDIO_SLOTS],
    /// Whose camera comes in which line.
    pub(super) pictures: [Option<Shown>; CAMERA_SLOTS],
    /// Whose screen is on stage.
    pub(super) stage: Option<Shown>,
    /// Who speaks, the loudest first.
    pub(super) speakers: Vec<UserId>,
    teaching: Option<Teaching>,
}

/// What was said by numbers that still mean something.
#[derive(Debug, Default)]
struct Said {
    members: Option<Vec<(Number, Shares)>>,
    slots: Option<Slots>,
    speakers: Option<Vec<Number>>,
}

impl Present {
    /// Everybody in the call.
    pub(super) fn members(&mut self, numbers: &Numbers, members: Vec<(Number, Shares)>) {
        self.said.members = Some(members);
        self.resolve(numbers);
    }

    /// Who is in which line.
    pub(super) fn slots(&mut self, numbers: &Numbers, slots: Slots) {
        self.said.slots = Some(slots);
        self.resolve(numbers);
    }

    /// Who speaks.
    pub(super) fn speakers(&mut self, numbers: &Numbers, speakers: Vec<Number>) {
        self.said.speakers = Some(speakers);
        self.resolve(numbers);
    }

    /// Finds out who is meant: it may be said of somebody before it is said who that is.
    pub(super) fn resolve(&mut self, numbers: &Numbers) {
        let who = |number: Number| numbers.get(&number).copied();
        let shown = |picture: Picture| who(picture.of).map(|of| Shown { of, flow: picture.flow });
        if let Some(members) = &self.said.members {
            self.members = members.iter().filter_map(|(number, shares)| Some((who(*number)?, *shares))).collect();
        }
        if let Some(slots) = &self.said.slots {
            self.voices = slots.voices.map(|voice| voice.and_then(who));
            self.pictures = slots.pictures.map(|picture| picture.and_then(shown));
            self.stage = slots.stage.and_then(shown);
            self.teaching = match slots.teacher {
                Teacher::Nobody => None,
                Teacher::Oneself => Some(Teaching::Oneself),
                Teacher::Other(number) => who(number).map(Teaching::Other),
            };
        }
        if let Some(speakers) = &self.said.speakers {
            self.speakers = speakers.iter().copied().filter_map(who).collect();
        }
    }

    /// The relay is away: its numbers mean nothing any more, and nobody says who speaks.
    pub(super) fn freeze(&mut self) {
        self.said = Said::default();
        self.speakers.clear();
    }

    /// Who teaches; `own` is who one is oneself.
    pub(super) fn teacher(&self, own: UserId) -> Option<UserId> {
        self.teaching.map(|teaching| match teaching {
            Teaching::Oneself => own,
            Teaching::Other(user_id) => user_id,
        })
    }

    /// Whether one teaches oneself.
    pub(super) fn teaches(&self) -> bool {
        self.teaching == Some(Teaching::Oneself)
    }

    /// Whether somebody else does, and it is that person.
    pub(super) fn is_teacher(&self, user_id: UserId) -> bool {
        self.teaching == Some(Teaching::Other(user_id))
    }

    /// Whether a picture comes of anybody.
    pub(super) fn shows(&self) -> bool {
        self.pictures.iter().chain([&self.stage]).flatten().any(|shown| shown.flow != Flow::Paused)
    }

    /// How the camera of somebody comes, if it is in a slot.
    pub(super) fn camera(&self, user_id: UserId) -> Option<Flow> {
        self.pictures.iter().flatten().find(|shown| shown.of == user_id).map(|shown| shown.flow)
    }

    /// How their screen comes, if it is on stage.
    pub(super) fn screen(&self, user_id: UserId) -> Option<Flow> {
        self.stage.filter(|shown| shown.of == user_id).map(|shown| shown.flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    fn numbers(known: &[u8]) -> Numbers {
        known.iter().map(|number| (Number(u16::from(*number)), person(*number))).collect()
    }

    fn slots() -> Slots {
        let mut slots = Slots::default();
        slots.voices[2] = Some(Number(1));
        slots.pictures[5] = Some(Picture { of: Number(2), flow: Flow::Reduced });
        slots.stage = Some(Picture { of: Number(1), flow: Flow::Paused });
        slots.teacher = Teacher::Other(Number(2));
        slots
    }

    #[test]
    fn numbers_become_people_line_by_line() {
        let mut present = Present::default();
        present.slots(&numbers(&[1, 2]), slots());
        assert_eq!(present.voices, [None, None, Some(person(1)), None]);
        assert_eq!(present.camera(person(2)), Some(Flow::Reduced));
        assert_eq!((present.camera(person(1)), present.screen(person(1))), (None, Some(Flow::Paused)));
        assert_eq!(present.teacher(person(3)), Some(person(2)));
        present.slots(&numbers(&[1, 2]), Slots { teacher: Teacher::Oneself, ..slots() });
        assert_eq!(present.teacher(person(3)), Some(person(3)));
    }

    #[test]
    fn somebody_who_is_named_before_they_came_is_found_once_they_did() {
        let mut present = Present::default();
        present.members(&numbers(&[1]), vec![(Number(1), Shares::default()), (Number(2), Shares::default())]);
        assert_eq!(present.members.len(), 1);
        present.resolve(&numbers(&[1, 2]));
        assert_eq!(present.members[1].0, person(2));
    }

    #[test]
    fn without_the_relay_people_stay_and_numbers_do_not() {
        let mut present = Present::default();
        present.slots(&numbers(&[1, 2]), slots());
        present.speakers(&numbers(&[1, 2]), vec![Number(1)]);
        present.freeze();
        // After a restart others have these numbers.
        present.resolve(&[(Number(1), person(8)), (Number(2), person(9))].into());
        assert_eq!((present.voices[2], present.teacher(person(3))), (Some(person(1)), Some(person(2))));
        assert!(present.speakers.is_empty());
    }
}
