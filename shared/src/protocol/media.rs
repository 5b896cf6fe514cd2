//! How two pages are brought together, so that they can talk from machine to machine.
//!
//! A client asks for a [`Ticket`] and opens a signalling connection with it (matchbox's protocol, at `/signal`). From
//! then on the relay introduces it to whoever comes near: here it says who that is, there it hands on what the two
//! machines need to find each other.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    chat::{ChatText, MessageId},
    identity::UserId,
};

/// Lets somebody open one signalling connection, once and soon: 128 random bits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket(pub [u8; 16]);

impl fmt::Display for Ticket {
    /// 32 hexadecimal digits, as in `/signal?ticket=…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Ticket {
    /// Not the bits: whoever reads them in a log could use them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(..)")
    }
}

/// The other side of one introduction: a UUID in signalling. Each introduction has fresh ones, one for each side to
/// call the other by, because a matchbox socket can use a peer's id for one handshake alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PeerId(pub u128);

/// A server that helps two machines to reach one another: STUN tells them their addresses, TURN relays between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IceServer {
    /// Its address, as `stun:host:port` or `turn:host:port?transport=udp` (RFC 7064, RFC 7065).
    pub url: String,
    /// For a server that asks who one is: a name that holds for some time ...
    pub username: String,
    /// ... and its proof. Both are empty for a server that does not ask.
    pub credential: String,
}

/// All such servers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServers {
    /// Perhaps none.
    pub servers: Vec<IceServer>,
    /// How long their credentials hold, in seconds; 0 if there are none.
    pub valid_s: u32,
}

/// Something for people who are near, to whom no link leads. The relay hands it to those of them who hear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByName {
    /// To whom, at most [`crate::limits::TOLD_BY_NAME`].
    pub to: Vec<UserId>,
    /// Made by the sender; the answer names it.
    pub id: MessageId,
    /// What is said.
    pub text: ChatText,
}
