//! What goes into the world and what comes out of it.

use std::{fmt, time::Duration};

use bytes::Bytes;
use shared::{
    identity::{Nonce, UserId},
    protocol::{Refusal, Ticket, ToClient, room::FromSfu},
};

use crate::sfu::{self, ParticipantKey};

/// Names a connection for as long as the relay runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What happened outside.
#[derive(Clone, Debug)]
pub enum Input {
    /// Somebody dialled.
    Connected {
        /// A name that was not used before.
        connection: ConnectionId,
        /// Fresh random bytes for its challenge.
        nonce: Nonce,
    },
    /// A binary message came.
    Received {
        /// From whom.
        connection: ConnectionId,
        /// As it came.
        bytes: Bytes,
    },
    /// Something came that is no binary message of bounded length.
    NotAMessage {
        /// From whom.
        connection: ConnectionId,
    },
    /// A WebSocket ping or pong came; the shell answers, the world only counts.
    ControlFrame {
        /// From whom.
        connection: ConnectionId,
    },
    /// More bytes came than any messages need.
    Flooded {
        /// From whom.
        connection: ConnectionId,
    },
    /// A connection ended.
    Closed {
        /// Which.
        connection: ConnectionId,
        /// Whether its client said so; else it is lost and may come back.
        is_clean: bool,
    },
    /// Movements could not be queued for a client that does not read.
    Missed {
        /// For whom.
        connection: ConnectionId,
    },
    /// A client that missed movements has read all else.
    CaughtUp {
        /// Who.
        connection: ConnectionId,
    },
    /// Something that must arrive could not be queued.
    Overflowed {
        /// For whom.
        connection: ConnectionId,
    },
    /// Everything up to [`Output::FlushDone`] was sent.
    Flushed {
        /// How much of the processor's time that took.
        took: Duration,
    },
    /// The relay stops.
    Stopping {
        /// Any number; the moments at which clients come back are spread by it.
        seed: u64,
    },
    /// Somebody opened a signalling connection.
    SignallingOpened {
        /// A name that was not used before.
        connection: ConnectionId,
        /// Who, by a ticket that was redeemed ...
        user_id: UserId,
        /// ... which was this one.
        ticket: Ticket,
    },
    /// A text came on a signalling connection.
    SignallingReceived {
        /// From whom.
        connection: ConnectionId,
        /// As it came.
        text: String,
    },
    /// The forwarding unit says something to somebody.
    Sfu {
        /// To whom.
        to: ParticipantKey,
        /// What.
        message: Box<FromSfu>,
    },
    /// Time went by.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send a message to one client. It must arrive.
    Send {
        /// To whom.
        connection: ConnectionId,
        /// The message.
        bytes: Bytes,
    },
    /// Send a text on a signalling connection. It must arrive.
    SendText {
        /// To whom.
        connection: ConnectionId,
        /// The text.
        text: Bytes,
    },
    /// Send the same message to many.
    Fan {
        /// What to do with those who do not read.
        kind: FanKind,
        /// To whom.
        to: Vec<ConnectionId>,
        /// The message.
        bytes: Bytes,
    },
    /// Tell the forwarding unit.
    Sfu(sfu::Input),
    /// A flush ends here; say how long it took with [`Input::Flushed`].
    FlushDone,
    /// Close a connection. The world has forgotten it already.
    Close {
        /// Which.
        connection: ConnectionId,
        /// For the closing frame.
        code: u16,
        /// For logs and metrics.
        reason: &'static str,
        /// The message before it, instead of all that waits; none if it is empty.
        last: Bytes,
    },
}

/// What to do with a message to many for those who do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FanKind {
    /// It must arrive.
    Events,
    /// Later ones replace it: leave it out and say [`Input::Missed`].
    Movements,
}

/// A short name of the reason a last message gives.
pub(super) fn reason(last: &ToClient) -> &'static str {
    match last {
        ToClient::Refused(refusal) => match refusal {
            Refusal::WrongVersion { .. } => "wrong_version",
            Refusal::WrongSignature => "wrong_signature",
            Refusal::WrongRelay { .. } => "wrong_relay",
            Refusal::Malformed => "malformed",
            Refusal::OutOfOrder => "out_of_order",
            Refusal::TooLate => "too_late",
            Refusal::NotWalkable => "not_walkable",
            Refusal::Flood => "flood",
            Refusal::Full => "full",
            Refusal::Replaced => "replaced",
            Refusal::TooSlow => "too_slow",
        },
        _ => "restarting",
    }
}
