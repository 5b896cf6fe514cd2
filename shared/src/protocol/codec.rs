//! Messages as bytes: the only file that knows how.
//!
//! bincode 2 in its standard configuration (little endian, variable-length integers) encodes all but movements, which
//! are packed by hand because there are so many. The first byte is the number of the message, 0 for movements.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::{Serialize, de::DeserializeOwned};

use super::{Number, NumberedEdge, ToClient, ToRelay, link::Frame};
use crate::{
    limits::{CHAT_MESSAGE_BYTES, CLIENT_MESSAGE_BYTES, LINK_MESSAGE_BYTES, MESSAGE_BYTES, SFU_MESSAGE_BYTES},
    movement::Edge,
    position::{Direction, Position},
};

/// The first byte of a message about movements, in both directions.
const MOVED: u8 = 0;

/// The first bytes of the messages to the relay that carry chat, and may be longer than others.
const SAY: u8 = 6;
const SEND_DIRECT: u8 = 7;
const SAY_BY_NAME: u8 = 16;

/// The first byte of what is said to the SFU: session descriptions are longer than anything else.
const TO_SFU: u8 = 17;

/// Bytes of an edge: `x` and `y` with the lower byte first, then direction (bits 0 and 1) and moving (bit 2).
const EDGE_BYTES: usize = 5;

/// Bytes of a numbered edge: the number with the lower byte first, then the edge.
pub const NUMBERED_EDGE_BYTES: usize = 2 + EDGE_BYTES;

/// The largest number that bincode writes in one byte; larger first bytes say how many follow.
const ONE_BYTE: u8 = 250;

/// What a message may take in memory for each byte it may have. Without a limit, bincode allocates whatever length a
/// message claims before it looks for the bytes.
const ROOM: usize = 4;

/// Bytes that are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than any message.
    #[error("{bytes} bytes are too many; expected at most {limit}")]
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Not a message of the protocol, or a value out of range.
    #[error("not a message: {0}")]
    Invalid(String),
    /// A message, and something after it.
    #[error("{0} bytes follow the message")]
    Trailing(usize),
}

fn invalid(reason: impl ToString) -> DecodeError {
    DecodeError::Invalid(reason.to_string())
}

/// Encodes a message to the relay.
pub fn encode_to_relay(message: &ToRelay) -> Vec<u8> {
    match message {
        ToRelay::Moved(edge) => [&[MOVED][..], &pack(*edge)].concat(),
        message => encode(message),
    }
}

/// Decodes a message to the relay.
///
/// # Errors
/// If the bytes are too many, not a message, or more than one.
pub fn decode_to_relay(bytes: &[u8]) -> Result<ToRelay, DecodeError> {
    let limit = match bytes.first() {
        Some(&(SAY | SEND_DIRECT | SAY_BY_NAME)) => CHAT_MESSAGE_BYTES,
        Some(&TO_SFU) => SFU_MESSAGE_BYTES,
        _ => MESSAGE_BYTES,
    };
    check_length(bytes, limit)?;
    match bytes.split_first() {
        Some((&MOVED, rest)) => Ok(ToRelay::Moved(unpack(rest)?)),
        _ => decode::<ToRelay, { ROOM * SFU_MESSAGE_BYTES }>(bytes),
    }
}

/// Encodes a message to a client.
pub fn encode_to_client(message: &ToClient) -> Vec<u8> {
    match message {
        ToClient::Moved(edges) => {
            let mut bytes = Vec::with_capacity(1 + edges.len() * NUMBERED_EDGE_BYTES);
            bytes.push(MOVED);
            for NumberedEdge { number, edge } in edges {
                bytes.extend(number.0.to_le_bytes());
                bytes.extend(pack(*edge));
            }
            bytes
        }
        message => encode(message),
    }
}

/// Decodes a message to a client.
///
/// # Errors
/// If the bytes are too many, not a message, or more than one.
pub fn decode_to_client(bytes: &[u8]) -> Result<ToClient, DecodeError> {
    check_length(bytes, CLIENT_MESSAGE_BYTES)?;
    let Some((&MOVED, rest)) = bytes.split_first() else {
        return decode::<ToClient, { ROOM * CLIENT_MESSAGE_BYTES }>(bytes);
    };
    let (entries, trailing) = rest.as_chunks::<NUMBERED_EDGE_BYTES>();
    if !trailing.is_empty() {
        return Err(DecodeError::Trailing(trailing.len()));
    }
    let unpack = |entry: &[u8; NUMBERED_EDGE_BYTES]| {
        let [low, high, edge @ ..] = entry;
        Ok(NumberedEdge { number: Number(u16::from_le_bytes([*low, *high])), edge: unpack(edge)? })
    };
    entries.iter().map(unpack).collect::<Result<_, _>>().map(ToClient::Moved)
}

/// Encodes what one page says to another.
pub fn encode_link(frame: &Frame) -> Vec<u8> {
    encode(frame)
}

/// Decodes what one page says to another.
///
/// # Errors
/// If the bytes are too many, not a message, or more than one.
pub fn decode_link(bytes: &[u8]) -> Result<Frame, DecodeError> {
    check_length(bytes, LINK_MESSAGE_BYTES)?;
    decode_all::<Frame, { ROOM * LINK_MESSAGE_BYTES }>(bytes)
}

/// The version that a hello or a challenge says it is, even if the rest of it cannot be read: number of the message
/// and version come first in every version.
pub fn version_of(bytes: &[u8]) -> Option<u16> {
    let (message, version): (u32, u16) = bincode::serde::decode_from_slice(bytes, config::<64>()).ok()?.0;
    (message == 1).then_some(version)
}

fn check_length(bytes: &[u8], limit: usize) -> Result<(), DecodeError> {
    if bytes.len() > limit { Err(DecodeError::TooLong { bytes: bytes.len(), limit }) } else { Ok(()) }
}

fn pack(Edge { position, direction, is_moving }: Edge) -> [u8; EDGE_BYTES] {
    let [x, y] = [position.x, position.y].map(u16::to_le_bytes);
    [x[0], x[1], y[0], y[1], direction as u8 | u8::from(is_moving) << 2]
}

fn unpack(bytes: &[u8]) -> Result<Edge, DecodeError> {
    let &[x0, x1, y0, y1, flags] = bytes else {
        return Err(invalid(format!("an edge has {EDGE_BYTES} bytes, not {}", bytes.len())));
    };
    if flags > 0b111 {
        return Err(invalid("an edge with unknown flags"));
    }
    Ok(Edge {
        position: Position::new(u16::from_le_bytes([x0, x1]), u16::from_le_bytes([y0, y1])),
        direction: Direction::ALL[usize::from(flags & 0b11)],
        is_moving: flags & 0b100 != 0,
    })
}

fn config<const LIMIT: usize>() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    bincode::config::standard().with_limit::<LIMIT>()
}

fn encode(message: &impl Serialize) -> Vec<u8> {
    // Fails only for types that bincode cannot express; the tests encode every message.
    bincode::serde::encode_to_vec(message, bincode::config::standard()).unwrap_or_default()
}

fn decode<T: DeserializeOwned, const LIMIT: usize>(bytes: &[u8]) -> Result<T, DecodeError> {
    // bincode would take the number of the message in more bytes too, and with it movements that are not packed.
    if bytes.first().is_some_and(|first| *first > ONE_BYTE) {
        return Err(invalid("the number of a message has one byte"));
    }
    decode_all::<T, LIMIT>(bytes)
}

fn decode_all<T: DeserializeOwned, const LIMIT: usize>(bytes: &[u8]) -> Result<T, DecodeError> {
    let (message, read) = bincode::serde::decode_from_slice(bytes, config::<LIMIT>()).map_err(invalid)?;
    if read < bytes.len() { Err(DecodeError::Trailing(bytes.len() - read)) } else { Ok(message) }
}

#[cfg(test)]
mod tests;
