//! What goes into the forwarding unit and what comes out of it.

use std::net::SocketAddr;

use shared::protocol::{
    Number,
    room::{FromSfu, ToSfu},
};
use str0m::net::Protocol;

/// Names somebody for as long as the relay runs: numbers are given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantKey {
    /// What the others call them.
    pub number: Number,
    /// Counts who came into the world.
    pub entry: u64,
}

impl ParticipantKey {
    /// Comes before all others.
    pub(super) const FIRST: Self = Self { number: Number(0), entry: 0 };
}

/// Names a room with a call: its place among the zones of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomKey(pub u16);

/// What happened outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A client said something, and may.
    Said {
        /// Who.
        from: ParticipantKey,
        /// What.
        message: Box<ToSfu>,
    },
    /// Somebody is in a room, or not any more. What they may hear and see follows from this alone.
    Placed {
        /// Who.
        who: ParticipantKey,
        /// Where.
        room: Option<RoomKey>,
        /// Whether they stand at its podium.
        is_podium: bool,
    },
    /// Somebody has another connection to the relay, and perhaps another page: it knows nothing of what was said, and
    /// numbers its connections anew.
    Arrived(ParticipantKey),
    /// Somebody is not near any room: a connection is of no use to them.
    Far(ParticipantKey),
    /// Somebody left the world.
    Left(ParticipantKey),
}

/// Something came on the network.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// By which protocol.
    pub protocol: Protocol,
    /// From where.
    pub from: SocketAddr,
    /// To which of our candidates.
    pub to: SocketAddr,
    /// As it came.
    pub bytes: &'a [u8],
}

/// What is to be done.
#[derive(Debug)]
pub enum Output {
    /// Send a datagram.
    Send {
        /// By which protocol.
        protocol: Protocol,
        /// Where to.
        to: SocketAddr,
        /// What.
        bytes: Vec<u8>,
    },
    /// Close a connection of TCP: nobody's datagrams are expected on it any more.
    HangUp(SocketAddr),
    /// Tell a client something.
    Say {
        /// Whom.
        to: ParticipantKey,
        /// What.
        message: Box<FromSfu>,
    },
}

/// What was forwarded since the relay began, and how it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets of media that came.
    pub packets_in: u64,
    /// Their bytes, without headers.
    pub bytes_in: u64,
    /// Those of them that were not forwarded: too large, or too many.
    pub left_out: u64,
    /// Packets of media that were sent, to everybody together.
    pub packets_out: u64,
    /// Their bytes, without headers.
    pub bytes_out: u64,
    /// Packets that receivers reported as lost.
    pub lost: u64,
    /// Packets that were sent once more because a receiver asked for them.
    pub sent_again: u64,
    /// Requests of receivers to send something again.
    pub nacks_in: u64,
    /// Our requests to publishers to do so.
    pub nacks_out: u64,
    /// Key frames asked of publishers.
    pub keyframe_requests: u64,
    /// Connections now.
    pub connections: u64,
    /// People in rooms now.
    pub members: u64,
    /// The lowest bandwidth estimate of all who are in rooms now, in bits a second; 0 without any.
    pub estimate_lowest: u64,
    /// The mean of them.
    pub estimate_mean: u64,
    /// Connections that ended because of a fault inside of them.
    pub faults: u64,
    /// Datagrams that belonged to no connection.
    pub strays: u64,
}
