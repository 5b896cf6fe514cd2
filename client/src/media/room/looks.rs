//! What of a room is looked at, the most important first: the SFU sends that, as far as one's line carries it.

use shared::{
    identity::UserId,
    limits::LOOKED_AT,
    protocol::{
        link::PictureSize,
        room::{CAMERA_SLOTS, Look},
    },
};

use super::slots::Numbers;

/// So few tiles are so large that the small picture would be blurred.
pub(super) const LARGE_TILES: usize = 4;

/// What there is to look at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sights<'a> {
    /// Whether anybody shows a screen.
    pub(super) has_screen: bool,
    /// Who teaches.
    pub(super) teacher: Option<UserId>,
    /// Whose camera is shown large.
    pub(super) large: Option<UserId>,
    /// Whether something is shown large, so that tiles are small.
    pub(super) has_stage: bool,
    /// Who speaks, the loudest first.
    pub(super) speakers: &'a [UserId],
    /// Those who have a tile in view and whose camera is on.
    pub(super) seated: &'a [UserId],
    /// How many tiles there are.
    pub(super) tiles: usize,
}

/// The list for the SFU. Nobody is in it twice, nor without a tile.
pub(super) fn looks(sights: Sights, numbers: &Numbers) -> Vec<Look> {
    let mut cameras: Vec<UserId> = Vec::new();
    let all = sights.teacher.into_iter().chain(sights.large).chain(sights.speakers.iter().copied());
    for user_id in all.chain(sights.seated.iter().copied()) {
        if sights.seated.contains(&user_id) && !cameras.contains(&user_id) {
            cameras.push(user_id);
        }
    }
    let number_of = |user_id: UserId| numbers.iter().find(|(_, of)| **of == user_id).map(|(number, _)| *number);
    let is_large =
        |user_id: UserId| sights.large == Some(user_id) || (!sights.has_stage && sights.tiles <= LARGE_TILES);
    let size = |user_id| if is_large(user_id) { PictureSize::Large } else { PictureSize::Tile };
    let cameras = cameras.into_iter().take(CAMERA_SLOTS);
    let cameras = cameras.filter_map(|user_id| Some(Look::Camera(number_of(user_id)?, size(user_id))));
    let screen = sights.has_screen.then_some(Look::Screen);
    screen.into_iter().chain(cameras).take(LOOKED_AT).collect()
}

#[cfg(test)]
mod tests {
    use shared::protocol::Number;

    use super::*;
    use crate::session::tests::person;

    fn numbers() -> Numbers {
        (1..=20).map(|number: u8| (Number(u16::from(number)), person(number))).collect()
    }

    fn camera(number: u16, size: PictureSize) -> Look {
        Look::Camera(Number(number), size)
    }

    #[test]
    fn the_stage_comes_first_then_teacher_enlarged_speakers_and_the_rest() {
        let seated: Vec<_> = (1..=9).map(person).collect();
        let sights = Sights {
            has_screen: true,
            teacher: Some(person(9)),
            large: Some(person(7)),
            has_stage: true,
            speakers: &[person(5), person(12), person(9)],
            seated: &seated,
            tiles: 9,
        };
        let looks = looks(sights, &numbers());
        let tiles = [9, 5, 1, 2, 3, 4, 6, 8].map(|number| camera(number, PictureSize::Tile));
        assert_eq!(looks[0], Look::Screen);
        assert_eq!(looks[1], tiles[0]);
        assert_eq!(looks[2], camera(7, PictureSize::Large));
        assert_eq!(looks[3..], tiles[1..]);
    }

    #[test]
    fn few_tiles_without_a_stage_are_large() {
        let seated = [person(1), person(2)];
        let sights = Sights { seated: &seated, tiles: 4, ..Sights::default() };
        let expected = [1, 2].map(|number| camera(number, PictureSize::Large));
        assert_eq!(looks(sights, &numbers()), expected);
        let expected = [1, 2].map(|number| camera(number, PictureSize::Tile));
        assert_eq!(looks(Sights { tiles: 5, ..sights }, &numbers()), expected);
        assert_eq!(looks(Sights { has_stage: true, ..sights }, &numbers()), expected);
    }

    #[test]
    fn nobody_is_looked_at_of_whom_there_is_nothing_to_see() {
        let sights = Sights { teacher: Some(person(1)), speakers: &[person(2)], tiles: 9, ..Sights::default() };
        assert_eq!(looks(sights, &numbers()), []);
    }
}
