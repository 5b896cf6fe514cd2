//! The order of a frame.

use bevy::prelude::*;

/// What happens in a frame, from the first to the last; Bevy then draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, SystemSet)]
pub(super) enum WorldSystems {
    /// Keys, mouse and fingers are told to the session, so that the same frame shows what they do.
    Listen,
    /// The session is asked where everybody is.
    Copy,
    /// People come, go and change their clothes.
    Gather,
    /// Everybody goes where they are to be seen.
    Place,
    /// The camera looks there.
    Look,
    /// What depends on where people and camera are: labels, marks on the ground.
    Show,
    /// What follows from it for the next frame: when it is made.
    Rest,
}

pub(super) fn plugin(app: &mut App) {
    use WorldSystems::{Copy, Gather, Listen, Look, Place, Rest, Show};
    app.configure_sets(Update, (Listen, Copy, Gather, Place, Look, Show, Rest).chain());
}
