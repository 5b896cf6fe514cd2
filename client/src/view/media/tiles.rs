//! Those one has calls with, as tiles.

use shared::{identity::UserId, profile::Appearance, protocol::room::Flow};

use crate::{
    media::{CallState, Claim, Loudness, Neighbour, Transport},
    words::words,
};

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
    /// It never came to be, and is tried on and on.
    Unreachable,
    /// The picture is smaller than it could be: one's own line carries no more.
    Poor,
    /// There is no picture for now, for the same reason.
    Paused,
}

impl Standing {
    /// In words, unless all is well.
    pub fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Connecting => Some(words().call_connecting),
            Self::Up => None,
            Self::Reconnecting => Some(words().call_reconnecting),
            Self::Unreachable => Some(words().call_unreachable),
            Self::Poor => Some(words().call_poor),
            Self::Paused => Some(words().call_paused),
        }
    }

    /// For the style sheet.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Up => "up",
            Self::Reconnecting => "reconnecting",
            Self::Unreachable => "unreachable",
            Self::Poor => "poor",
            Self::Paused => "paused",
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
    /// The same of their screen.
    pub screen_standing: Standing,
    /// Whether they can be heard: their microphone is on.
    pub has_microphone: bool,
    /// Whether there is a picture of their camera.
    pub has_camera: bool,
    /// Whether there is a picture of their screen.
    pub has_screen: bool,
    /// Whether they teach, for everybody to look at.
    pub is_at_podium: bool,
    /// Whether they speak right now.
    pub is_speaking: bool,
    /// How loud one wants them.
    pub loudness: Loudness,
}

/// Somebody's tile; who they are is known to others. Whoever sees no pictures needs no stage for whoever teaches.
pub fn tile(neighbour: &Neighbour, (name, appearance): (String, Appearance), sees_pictures: bool) -> Tile {
    let has_screen = match neighbour.transport {
        Transport::Peer => neighbour.shares.screen,
        // One at a time; it keeps the stage also while it is paused.
        Transport::Sfu => neighbour.claim == Some(Claim::Screen),
    };
    Tile {
        user_id: neighbour.user_id,
        name,
        appearance,
        standing: standing(neighbour.state, neighbour.flow),
        screen_standing: standing(neighbour.state, neighbour.screen_flow),
        has_microphone: neighbour.shares.microphone,
        has_camera: neighbour.arriving.camera,
        has_screen,
        is_at_podium: sees_pictures && neighbour.claim == Some(Claim::Podium),
        is_speaking: neighbour.is_speaking && neighbour.shares.microphone,
        loudness: neighbour.loudness,
    }
}

fn standing(state: CallState, flow: Option<Flow>) -> Standing {
    match (state, flow) {
        (CallState::Connecting, _) => Standing::Connecting,
        (CallState::Reconnecting, _) => Standing::Reconnecting,
        (CallState::Unreachable, _) => Standing::Unreachable,
        (CallState::Connected, Some(Flow::Reduced)) => Standing::Poor,
        (CallState::Connected, Some(Flow::Paused)) => Standing::Paused,
        (CallState::Connected, Some(Flow::Full) | None) => Standing::Up,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use shared::protocol::link::Shares;

    use super::*;
    use crate::{media::Transport, session::tests::person};

    /// Somebody near, as calls know them.
    pub(in super::super) fn neighbour(number: u8, shares: Shares) -> Neighbour {
        Neighbour {
            user_id: person(number),
            state: CallState::Connected,
            transport: Transport::Peer,
            shares,
            arriving: shares,
            flow: None,
            screen_flow: None,
            gain: 1.0,
            loudness: Loudness::default(),
            is_speaking: false,
            claim: None,
        }
    }

    #[test]
    fn a_tile_says_what_somebody_shares_and_how_the_call_stands() {
        let shares = Shares { microphone: true, camera: true, ..Shares::default() };
        let mut near = neighbour(1, shares);
        near.is_speaking = true;
        near.state = CallState::Reconnecting;
        let tile = tile(&near, ("Bob".to_owned(), Appearance::from_number(7)), true);
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
        assert!(!tile(&near, nameless(), true).is_speaking);
    }

    #[test]
    fn in_a_room_only_what_comes_is_shown_and_it_is_said_why_nothing_does() {
        let all = Shares { microphone: true, camera: true, screen: true, screen_sound: true };
        let mut near = Neighbour { transport: Transport::Sfu, arriving: Shares::default(), ..neighbour(1, all) };
        let shown = tile(&near, nameless(), true);
        assert_eq!((shown.has_microphone, shown.has_camera, shown.has_screen), (true, false, false));
        near.arriving.camera = true;
        for (flow, standing) in
            [(Flow::Full, Standing::Up), (Flow::Reduced, Standing::Poor), (Flow::Paused, Standing::Paused)]
        {
            near.flow = Some(flow);
            let shown = tile(&near, nameless(), true);
            assert_eq!((shown.standing, shown.has_camera), (standing, true));
        }
        (near.claim, near.flow, near.screen_flow) = (Some(Claim::Screen), Some(Flow::Full), Some(Flow::Paused));
        let shown = tile(&near, nameless(), true);
        assert!(shown.has_screen, "paused, it keeps the stage");
        assert_eq!((shown.standing, shown.screen_standing), (Standing::Up, Standing::Paused));
        near.state = CallState::Reconnecting;
        assert_eq!(tile(&near, nameless(), true).standing, Standing::Reconnecting, "comes before all else");
    }

    #[test]
    fn whoever_sees_no_pictures_looks_at_nobody_who_teaches() {
        let near = Neighbour { claim: Some(Claim::Podium), ..neighbour(1, Shares::default()) };
        assert!(tile(&near, nameless(), true).is_at_podium);
        assert!(!tile(&near, nameless(), false).is_at_podium);
    }

    fn nameless() -> (String, Appearance) {
        (String::new(), Appearance::default())
    }
}
