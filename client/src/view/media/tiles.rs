//! Those one has calls with, as tiles.

use shared::{identity::UserId, profile::Appearance};

use crate::{
    media::{CallState, Loudness, Neighbour},
    words::words,
};

/// Most tiles at once; more people are a number. As many pictures are asked for.
pub const MOST: usize = 12;

/// How the call of a tile stands, as far as one should know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It is being set up.
    #[default]
    Connecting,
    /// All is well.
    Up,
    /// It was up, and is to be again: the picture stands still.
    Reconnecting,
}

impl Standing {
    /// In words, unless all is well.
    pub fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Connecting => Some(words().call_connecting),
            Self::Up => None,
            Self::Reconnecting => Some(words().call_reconnecting),
        }
    }
}

/// Somebody who is near.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Who.
    pub user_id: UserId,
    /// What they are called.
    pub name: String,
    /// How they look, where there is no picture.
    pub appearance: Appearance,
    /// How the call stands.
    pub standing: Standing,
    /// Whether they can be heard: their microphone is on.
    pub has_microphone: bool,
    /// Whether there is a picture of their camera.
    pub has_camera: bool,
    /// Whether there is a picture of their screen.
    pub has_screen: bool,
    /// Whether they speak right now.
    pub is_speaking: bool,
    /// How loud one wants them.
    pub loudness: Loudness,
}

/// The tiles, and for how many people there is none. They are in the order of the neighbours, which stays: nobody
/// jumps about because somebody else speaks.
pub fn tiles(neighbours: &[Neighbour], who: impl Fn(UserId) -> (String, Appearance)) -> (Vec<Tile>, usize) {
    let tiles = neighbours.iter().take(MOST).map(|neighbour| {
        let (name, appearance) = who(neighbour.user_id);
        Tile {
            user_id: neighbour.user_id,
            name,
            appearance,
            standing: match neighbour.state {
                CallState::Connecting => Standing::Connecting,
                CallState::Connected => Standing::Up,
                CallState::Reconnecting => Standing::Reconnecting,
            },
            has_microphone: neighbour.shares.microphone,
            has_camera: neighbour.shares.camera,
            has_screen: neighbour.shares.screen,
            is_speaking: neighbour.is_speaking && neighbour.shares.microphone,
            loudness: neighbour.loudness,
        }
    });
    (tiles.collect(), neighbours.len().saturating_sub(MOST))
}

#[cfg(test)]
pub(super) mod tests {
    use shared::protocol::link::Shares;

    use super::*;
    use crate::session::tests::person;

    /// Somebody near, as calls know them.
    pub(in super::super) fn neighbour(number: u8, shares: Shares) -> Neighbour {
        Neighbour {
            user_id: person(number),
            state: CallState::Connected,
            shares,
            gain: 1.0,
            loudness: Loudness::default(),
            is_speaking: false,
        }
    }

    fn nameless(_: UserId) -> (String, Appearance) {
        (String::new(), Appearance::default())
    }

    #[test]
    fn tiles_stay_in_the_order_of_the_neighbours_and_beyond_twelve_there_is_a_number() {
        let neighbours: Vec<_> = (1..=15).rev().map(|number| neighbour(number, Shares::default())).collect();
        let (shown, more) = tiles(&neighbours, nameless);
        let expected: Vec<_> = (4..=15).rev().map(person).collect();
        assert_eq!(shown.iter().map(|tile| tile.user_id).collect::<Vec<_>>(), expected);
        assert_eq!(more, 3);
        let (shown, more) = tiles(&neighbours[..12], nameless);
        assert_eq!((shown.len(), more), (12, 0));
    }

    #[test]
    fn a_tile_says_what_somebody_shares_and_how_the_call_stands() {
        let shares = Shares { microphone: true, camera: true, ..Shares::default() };
        let mut near = neighbour(1, shares);
        near.is_speaking = true;
        near.state = CallState::Reconnecting;
        let (shown, _) = tiles(&[near], |_| ("Bob".to_owned(), Appearance::from_number(7)));
        let tile = &shown[0];
        assert_eq!((tile.name.as_str(), tile.appearance), ("Bob", Appearance::from_number(7)));
        assert_eq!((tile.has_microphone, tile.has_camera, tile.has_screen), (true, true, false));
        assert!(tile.is_speaking);
        assert_eq!(tile.standing.sentence(), Some("reconnecting …"));
        assert_eq!(Standing::Up.sentence(), None);
    }

    #[test]
    fn nobody_speaks_whose_microphone_is_off() {
        let mut near = neighbour(1, Shares::default());
        near.is_speaking = true;
        assert!(!tiles(&[near], nameless).0[0].is_speaking);
    }
}
