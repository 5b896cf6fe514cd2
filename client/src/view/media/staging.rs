//! Who is shown large. A screen that somebody begins to share is, by itself, unless another one is read just now; one
//! that was made small stays so until it is shared anew. In a room whoever steps up to the podium is too, unless somebody
//! is large already.

use std::{collections::HashMap, time::Duration};

use shared::{
    identity::UserId,
    rate::{Bucket, Rate},
};

use super::Tile;

/// How often one person takes the stage by themselves: whoever turns a screen on and off all the time must not make the
/// page flash. One that comes sooner stays small until it is shared anew.
const ENTRANCES: Rate = Rate::every_seconds(3, 4);

/// Who is shown large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Who.
    pub user_id: UserId,
    /// Whether it is their screen, or else their camera's picture, or their face.
    pub is_screen: bool,
}

/// What is on stage if that person is shown large: their screen before anything else.
pub fn staged(tiles: &[Tile], enlarged: Option<UserId>) -> Option<Staged> {
    let tile = tiles.iter().find(|tile| Some(tile.user_id) == enlarged)?;
    Some(Staged { user_id: tile.user_id, is_screen: tile.has_screen })
}

/// A change on stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// This person is shown large.
    Enter(UserId),
    /// Nobody is any more.
    Leave,
}

impl Cue {
    /// Who is shown large from now on.
    pub fn enlarged(self) -> Option<UserId> {
        match self {
            Self::Enter(user_id) => Some(user_id),
            Self::Leave => None,
        }
    }
}

/// Remembers who had a claim to the stage, to know whose is new.
#[derive(Clone, Debug, Default)]
pub struct Staging {
    claims: Vec<Claim>,
    /// How often they took the stage, who ever did.
    entrances: HashMap<UserId, Bucket>,
    /// Who came on stage by themselves.
    brought: Option<UserId>,
}

/// Somebody to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim {
    user_id: UserId,
    /// For their screen, or else for the podium they stand at.
    is_screen: bool,
}

impl Staging {
    /// What is to change at that time, if anything is, when these have tiles and that person is shown large.
    pub fn next(&mut self, now: Duration, tiles: &[Tile], enlarged: Option<UserId>) -> Option<Cue> {
        let claim = |tile: &Tile| Claim { user_id: tile.user_id, is_screen: tile.has_screen };
        let claims: Vec<_> = tiles.iter().filter(|tile| tile.has_screen || tile.is_at_podium).map(claim).collect();
        let before = std::mem::replace(&mut self.claims, claims);
        let begun = |is_screen| {
            let new = |claim: &&Claim| claim.is_screen == is_screen && !before.contains(claim);
            self.claims.iter().find(new).map(|claim| claim.user_id)
        };
        let is_reading = self.claims.iter().any(|claim| claim.is_screen && Some(claim.user_id) == enlarged);
        let has_claim = self.claims.iter().any(|claim| Some(claim.user_id) == enlarged);
        if self.brought.is_some() && enlarged != self.brought {
            // Made small, or somebody else was chosen.
            self.brought = None;
        }
        let screen = begun(true).filter(|_| !is_reading);
        let begun = screen.or_else(|| begun(false).filter(|_| enlarged.is_none()));
        if let Some(begun) = begun.filter(|begun| self.entrances.entry(*begun).or_default().take(now, ENTRANCES, 1)) {
            return Some(self.bring(Some(begun)));
        }
        if self.brought.is_some() && !has_claim {
            // After a screen the one at the podium is looked at again.
            return Some(self.bring(self.claims.first().map(|claim| claim.user_id)));
        }
        None
    }

    fn bring(&mut self, user_id: Option<UserId>) -> Cue {
        self.brought = user_id;
        user_id.map_or(Cue::Leave, Cue::Enter)
    }
}

#[cfg(test)]
mod tests {
    use shared::{profile::Appearance, protocol::link::Shares};

    use super::{
        super::tiles::{self, tests::neighbour},
        *,
    };
    use crate::session::tests::person;

    const START: Duration = Duration::from_secs(1000);

    fn tile(number: u8, has_screen: bool) -> Tile {
        let near = neighbour(number, Shares { screen: has_screen, ..Shares::default() });
        tiles::tile(&near, (String::new(), Appearance::default()), true)
    }

    fn teacher(number: u8, has_screen: bool) -> Tile {
        Tile { is_at_podium: true, ..tile(number, has_screen) }
    }

    #[test]
    fn whoever_steps_up_to_the_podium_takes_the_stage_and_a_screen_takes_it_from_them_for_a_while() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, false), teacher(2, false)], None), Some(Cue::Enter(person(2))));
        assert_eq!(staging.next(START, &[tile(1, false), teacher(2, false)], Some(person(2))), None);
        assert_eq!(
            staging.next(START, &[tile(1, true), teacher(2, false)], Some(person(2))),
            Some(Cue::Enter(person(1)))
        );
        assert_eq!(staging.next(START, &[tile(1, true), teacher(2, false)], Some(person(1))), None);
        assert_eq!(
            staging.next(START, &[tile(1, false), teacher(2, false)], Some(person(1))),
            Some(Cue::Enter(person(2)))
        );
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], Some(person(2))), Some(Cue::Leave));
    }

    #[test]
    fn a_teacher_who_shows_a_screen_and_then_none_keeps_the_stage() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[teacher(2, false)], None), Some(Cue::Enter(person(2))));
        assert_eq!(staging.next(START, &[teacher(2, true)], Some(person(2))), None);
        assert_eq!(staging.next(START, &[teacher(2, false)], Some(person(2))), None);
    }

    #[test]
    fn the_podium_takes_nobody_away_and_stays_small_once_it_was_made_small() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], Some(person(1))), None);
        assert_eq!(staging.next(START, &[tile(1, false), teacher(2, false)], Some(person(1))), None);
        assert_eq!(staging.next(START, &[tile(1, false), teacher(2, false)], None), None);
    }

    #[test]
    fn a_screen_takes_the_stage_and_leaves_it_when_it_is_not_shared_any_more() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], None), None);
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, true)], None), Some(Cue::Enter(person(2))));
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, true)], Some(person(2))), None);
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], Some(person(2))), Some(Cue::Leave));
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], None), None);
    }

    #[test]
    fn a_screen_that_was_made_small_stays_small_until_it_is_shared_anew() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, true)], None), Some(Cue::Enter(person(1))));
        assert_eq!(staging.next(START, &[tile(1, true)], Some(person(1))), None);
        assert_eq!(staging.next(START, &[tile(1, true)], None), None, "made small");
        assert_eq!(staging.next(START, &[tile(1, false)], None), None);
        assert_eq!(staging.next(START, &[tile(1, true)], None), Some(Cue::Enter(person(1))));
    }

    #[test]
    fn a_screen_that_comes_and_goes_all_the_time_takes_the_stage_now_and_then_alone() {
        let mut staging = Staging::default();
        let mut enlarged = None;
        let mut entrances = Vec::new();
        for tenth in 0..200_u32 {
            let now = START + Duration::from_millis(100) * tenth;
            let cue = staging.next(now, &[tile(1, tenth.is_multiple_of(2)), tile(2, false)], enlarged);
            entrances.extend(matches!(cue, Some(Cue::Enter(_))).then_some(tenth));
            enlarged = cue.map_or(enlarged, Cue::enlarged);
        }
        assert_eq!(entrances[..3], [0, 2, 4]);
        assert!(entrances.len() < 9 && entrances[2..].windows(2).all(|two| two[1] - two[0] >= 36), "{entrances:?}");
        let cue = staging.next(START + Duration::from_secs(20), &[tile(1, false), tile(2, true)], None);
        assert_eq!(cue, Some(Cue::Enter(person(2))), "others are not made to wait for it");
    }

    #[test]
    fn a_screen_that_is_read_is_not_taken_away_by_another_one_but_a_face_is() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, true), tile(2, false)], None), Some(Cue::Enter(person(1))));
        assert_eq!(staging.next(START, &[tile(1, true), tile(2, true)], Some(person(1))), None);
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, false)], Some(person(1))), None);
        assert_eq!(staging.next(START, &[tile(1, false), tile(2, true)], Some(person(1))), Some(Cue::Enter(person(2))));
    }

    #[test]
    fn whoever_was_enlarged_by_hand_stays_so_without_a_screen() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(START, &[tile(1, true)], None), Some(Cue::Enter(person(1))));
        // Made small, and then chosen by hand.
        assert_eq!(staging.next(START, &[tile(1, true)], None), None);
        assert_eq!(staging.next(START, &[tile(1, true)], Some(person(1))), None);
        assert_eq!(staging.next(START, &[tile(1, false)], Some(person(1))), None);
    }

    #[test]
    fn the_screen_is_on_stage_before_the_camera_and_nobody_who_is_gone() {
        let tiles = [tile(1, true), tile(2, false)];
        assert_eq!(staged(&tiles, Some(person(1))), Some(Staged { user_id: person(1), is_screen: true }));
        assert_eq!(staged(&tiles, Some(person(2))), Some(Staged { user_id: person(2), is_screen: false }));
        assert_eq!(staged(&tiles, Some(person(3))), None);
        assert_eq!(staged(&tiles, None), None);
    }
}
