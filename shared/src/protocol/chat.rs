//! How what people say travels.

use serde::{Deserialize, Serialize};

use super::Label;
use crate::{
    chat::{ChatText, MessageId},
    identity::UserId,
    profile::Name,
};

/// A message from one person to another. It waits with its sender until the other side has stored it: the relay hands
/// it on and keeps nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direct {
    /// To whom, on the way to the relay; from whom, on the way to a client.
    pub with: UserId,
    /// Made by the sender. Whoever receives it twice takes it once.
    pub id: MessageId,
    /// When it was written, by the sender's clock: milliseconds since 1970 (Unix time). Grows from message to message
    /// of a sender, so that it orders them.
    pub sent_at_ms: u64,
    /// What it says.
    pub text: ChatText,
}

/// What became of something one said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was handed on to everybody who should get it.
    Sent,
    /// The person it is for is not here.
    NotHere,
    /// One says too much in too short a time; it was not handed on and may be said again later.
    TooFast,
    /// One is in no room.
    NotInRoom,
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Where {
    /// Near the speaker.
    Nearby,
    /// In the room of that name.
    Room(Label),
    /// To everybody on the campus.
    Everyone,
}

/// Something somebody said to several people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Who.
    pub from: UserId,
    /// What they were called: they may have left since.
    pub name: Name,
    /// Made by them.
    pub id: MessageId,
    /// What they said.
    pub text: ChatText,
    /// How long ago, in milliseconds.
    pub age_ms: u32,
}
