//! Somebody near, as panels show them.

use shared::{
    identity::UserId,
    protocol::{link::Shares, room::Flow},
};

use super::{
    hub::volume,
    messages::{CallState, Loudness},
};

/// How sound and picture come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// From machine to machine.
    Peer,
    /// Through the relay, in the call of a room.
    Sfu,
}

/// Why everybody in a room looks at somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// They show their screen, and it is on stage.
    Screen,
    /// They stand at the podium.
    Podium,
}

/// Somebody one has a call with, or is setting one up.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// Who.
    pub user_id: UserId,
    /// How the call stands.
    pub state: CallState,
    /// How it goes.
    pub transport: Transport,
    /// What they share.
    pub shares: Shares,
    /// What of it comes, or is about to: in a room not everybody is heard and seen at once.
    pub arriving: Shares,
    /// How well their camera's picture comes in a room, if it does.
    pub flow: Option<Flow>,
    /// How well their screen comes there, if it is on stage.
    pub screen_flow: Option<Flow>,
    /// How loud they are by distance, 0 to 1.
    pub gain: f32,
    /// How loud one wants them.
    pub loudness: Loudness,
    /// Whether they speak right now.
    pub is_speaking: bool,
    /// Why the room looks at them, if it does.
    pub claim: Option<Claim>,
}

impl Neighbour {
    /// How loud they are played, 0 to 1.
    pub fn volume(&self) -> f32 {
        volume(self.gain, self.loudness)
    }
}
