//! Who is shown large. A screen that somebody near begins to share is, by itself, unless another one is read just now;
//! one that was made small stays so until it is shared anew.

use shared::identity::UserId;

use super::Tile;

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

/// Remembers who shares a screen, to know who begins to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staging {
    sharing: Vec<UserId>,
    /// Who came on stage by themselves.
    brought: Option<UserId>,
}

impl Staging {
    /// What is to change, if anything is, when these are near and that person is shown large.
    pub fn next(&mut self, tiles: &[Tile], enlarged: Option<UserId>) -> Option<Cue> {
        let sharing: Vec<_> = tiles.iter().filter(|tile| tile.has_screen).map(|tile| tile.user_id).collect();
        let begun = sharing.iter().find(|user_id| !self.sharing.contains(user_id)).copied();
        self.sharing = sharing;
        let is_reading = enlarged.is_some_and(|enlarged| self.sharing.contains(&enlarged));
        if self.brought.is_some() && enlarged != self.brought {
            // Made small, or somebody else was chosen.
            self.brought = None;
        }
        match begun {
            Some(begun) if !is_reading => {
                self.brought = Some(begun);
                Some(Cue::Enter(begun))
            }
            _ if self.brought.is_some() && !is_reading => {
                self.brought = None;
                Some(Cue::Leave)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{profile::Appearance, protocol::link::Shares};

    use super::{
        super::tiles::{tests::neighbour, tiles},
        *,
    };
    use crate::session::tests::person;

    fn tile(number: u8, has_screen: bool) -> Tile {
        let near = neighbour(number, Shares { screen: has_screen, ..Shares::default() });
        let (mut tiles, _) = tiles(&[near], |_| (String::new(), Appearance::default()));
        tiles.remove(0)
    }

    #[test]
    fn a_screen_takes_the_stage_and_leaves_it_when_it_is_not_shared_any_more() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(&[tile(1, false), tile(2, false)], None), None);
        assert_eq!(staging.next(&[tile(1, false), tile(2, true)], None), Some(Cue::Enter(person(2))));
        assert_eq!(staging.next(&[tile(1, false), tile(2, true)], Some(person(2))), None);
        assert_eq!(staging.next(&[tile(1, false), tile(2, false)], Some(person(2))), Some(Cue::Leave));
        assert_eq!(staging.next(&[tile(1, false), tile(2, false)], None), None);
    }

    #[test]
    fn a_screen_that_was_made_small_stays_small_until_it_is_shared_anew() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(&[tile(1, true)], None), Some(Cue::Enter(person(1))));
        assert_eq!(staging.next(&[tile(1, true)], Some(person(1))), None);
        assert_eq!(staging.next(&[tile(1, true)], None), None, "made small");
        assert_eq!(staging.next(&[tile(1, false)], None), None);
        assert_eq!(staging.next(&[tile(1, true)], None), Some(Cue::Enter(person(1))));
    }

    #[test]
    fn a_screen_that_is_read_is_not_taken_away_by_another_one_but_a_face_is() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(&[tile(1, true), tile(2, false)], None), Some(Cue::Enter(person(1))));
        assert_eq!(staging.next(&[tile(1, true), tile(2, true)], Some(person(1))), None);
        let mut staging = Staging::default();
        assert_eq!(staging.next(&[tile(1, false), tile(2, false)], Some(person(1))), None);
        assert_eq!(staging.next(&[tile(1, false), tile(2, true)], Some(person(1))), Some(Cue::Enter(person(2))));
    }

    #[test]
    fn whoever_was_enlarged_by_hand_stays_so_without_a_screen() {
        let mut staging = Staging::default();
        assert_eq!(staging.next(&[tile(1, true)], None), Some(Cue::Enter(person(1))));
        // Made small, and then chosen by hand.
        assert_eq!(staging.next(&[tile(1, true)], None), None);
        assert_eq!(staging.next(&[tile(1, true)], Some(person(1))), None);
        assert_eq!(staging.next(&[tile(1, false)], Some(person(1))), None);
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
