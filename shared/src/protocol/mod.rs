//! What client and relay say to one another, over a binary WebSocket; and what two pages say to one another ([`link`]).
//!
//! A connection begins with the relay's [`ToClient::Challenge`], answered by [`ToRelay::Hello`] and then
//! [`ToClient::Welcome`] or [`ToClient::Refused`]. From then on each side says what happens on its side. The relay
//! stamps who said it; no message names its own sender. The types cannot hold what is out of range, and decoding goes
//! through the same constructors. The bytes are in `docs/protocol.md` and made by [`codec`].

mod chat;
pub mod close;
pub mod codec;
mod label;
pub mod link;
mod media;
pub mod room;
mod to_client;
mod to_relay;

pub use self::{
    chat::{Direct, Outcome, Remark, Where},
    codec::DecodeError,
    label::{Label, LabelError},
    media::{ByName, IceServer, IceServers, PeerId, Ticket},
    to_client::{Event, MapRef, Notice, Number, NumberedEdge, Participant, Placed, Refusal, ToClient, Welcome},
    to_relay::{Hello, RelayUrl, RelayUrlError, ToRelay},
};

/// The version of all that is in here. Client and relay must have the same; the first bytes of challenge and hello,
/// which say it, never change.
pub const VERSION: u16 = 6;
