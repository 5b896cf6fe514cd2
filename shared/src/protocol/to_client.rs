//! What the relay says.

use serde::{Deserialize, Serialize};

use super::{Direct, IceServers, Label, Outcome, PeerId, Remark, Ticket, Where, room::FromSfu};
use crate::{
    chat::{Emote, MessageId},
    identity::{Nonce, UserId},
    map::MapHash,
    movement::Edge,
    profile::{Appearance, Name, Profile, Status},
};

/// A message to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToClient {
    /// People set out, turned or stopped just now. The most frequent message, so it has an encoding of its own:
    /// 7 bytes for each. One's own number may be among them and means nothing.
    Moved(Vec<NumberedEdge>),
    /// The first message of a connection.
    Challenge {
        /// [`super::VERSION`] of the relay.
        version: u16,
        /// What the hello must sign.
        nonce: Nonce,
    },
    /// The connection is about to be closed, for this reason.
    Refused(Refusal),
    /// One is in.
    Welcome(Box<Welcome>),
    /// Who came, left, or changed, in the order in which it happened, and before what follows in [`Self::Moved`].
    Happened(Vec<Event>),
    /// Where everybody is, after some movements could not be sent to this client in time.
    Places(Vec<Placed>),
    /// The sign of life that was asked for.
    Pong,
    /// Something a person should read; the connection stays.
    Notice(Notice),
    /// The relay stops. Come back in so many milliseconds, each client at a time of its own.
    Restarting {
        /// Milliseconds.
        after_ms: u32,
    },
    /// Somebody, perhaps oneself, said something to several people.
    Said {
        /// To whom.
        place: Where,
        /// What.
        remark: Box<Remark>,
    },
    /// What was said before one came, the oldest first.
    History {
        /// To whom.
        place: Where,
        /// At most [`crate::limits::HISTORY_REMARKS`].
        remarks: Vec<Remark>,
    },
    /// What became of what one said.
    Answered {
        /// Which.
        id: MessageId,
        /// Whether it was handed on.
        outcome: Outcome,
    },
    /// A message from one person to oneself.
    DirectReceived(Box<Direct>),
    /// The person a message was for has stored it.
    Delivered {
        /// Who.
        by: UserId,
        /// Which.
        id: MessageId,
    },
    /// Somebody is writing to oneself.
    Typing(UserId),
    /// Somebody waves at oneself.
    Waved(UserId),
    /// Opens one signalling connection, within [`crate::limits::TICKET_HOLDS`].
    Ticket(Ticket),
    /// Who helps to reach others.
    IceServers(Box<IceServers>),
    /// Somebody is near: who it is that signalling will call by that id.
    Introduced {
        /// The id.
        peer: PeerId,
        /// Who.
        user_id: UserId,
    },
    /// About the call of the room one is in, or is about to enter.
    Room(Box<FromSfu>),
}

/// Names a participant for as long as they are in the world: shorter than a `user_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Number(pub u16);

/// What the relay knows of the world when somebody comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// One's own number.
    pub number: Number,
    /// Where one stands.
    pub edge: Edge,
    /// The map everybody is on.
    pub map: MapRef,
    /// Everybody else.
    pub participants: Vec<Participant>,
}

/// Which map it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapRef {
    /// The file below `/map/`.
    pub file: Label,
    /// [`crate::map::hash`] of it and its tilesets.
    pub hash: MapHash,
}

/// Somebody in the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Their number.
    pub number: Number,
    /// Who they are.
    pub user_id: UserId,
    /// What they are called and how they look.
    pub profile: Profile,
    /// Where they last set out, turned or stopped ...
    pub edge: Edge,
    /// ... and how long ago, in milliseconds.
    pub age_ms: u32,
}

/// Where somebody set out, turned or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberedEdge {
    /// Who.
    pub number: Number,
    /// Where, and what they do since.
    pub edge: Edge,
}

/// Where somebody last set out, turned or stopped, some time ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Who, where, and what they do since.
    pub numbered: NumberedEdge,
    /// How long ago, in milliseconds.
    pub age_ms: u32,
}

/// Something that happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody came in, or came back.
    Joined(Box<Participant>),
    /// Somebody is gone.
    Left(Number),
    /// Somebody is called differently.
    NameChanged(Number, Name),
    /// Somebody's status changed.
    StatusChanged(Number, Status),
    /// Somebody looks different.
    AppearanceChanged(Number, Appearance),
    /// Somebody shows something over their head.
    Emoted(Number, Emote),
}

/// Why the relay closes a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Client and relay speak different versions.
    WrongVersion {
        /// The relay's.
        relay: u16,
    },
    /// The hello was not signed by the owner of its key for this relay and this nonce.
    WrongSignature,
    /// The hello was signed for a relay of another name.
    WrongRelay {
        /// What this relay is called: its `--public-url`.
        expected: String,
    },
    /// A message was not one of the protocol.
    Malformed,
    /// A message that does not belong here: a hello in the middle, or anything else before it.
    OutOfOrder,
    /// No hello came in time.
    TooLate,
    /// A place outside of the map or inside of a wall.
    NotWalkable,
    /// Too many messages, in spite of a warning.
    Flood,
    /// The relay has as many participants as it takes.
    Full,
    /// The same person came in by a newer connection.
    Replaced,
    /// The client did not read what it was sent.
    TooSlow,
}

impl Refusal {
    /// Whether trying again by itself makes no sense: a person must do something first.
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::TooLate | Self::Full | Self::TooSlow | Self::Flood)
    }
}

/// What a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Messages come so fast that the connection will be closed.
    SlowDown,
}
