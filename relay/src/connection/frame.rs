//! WebSocket frames as the relay writes them (RFC 6455, section 5.2): whole messages, not masked.
//!
//! A message to many becomes a frame once, and every connection is given the same bytes. Reading is tungstenite's.

use bytes::{BufMut, Bytes, BytesMut};

/// The final frame of a text.
const TEXT: u8 = 0x81;

/// The final frame of a binary message.
const BINARY: u8 = 0x82;

/// A frame that closes the connection.
const CLOSE: u8 = 0x88;

/// A binary message.
pub(crate) fn binary(payload: &[u8]) -> Bytes {
    message(BINARY, payload)
}

/// A text; its bytes must be UTF-8.
pub(crate) fn text(payload: &[u8]) -> Bytes {
    message(TEXT, payload)
}

fn message(kind: u8, payload: &[u8]) -> Bytes {
    // The longest header of a frame without a mask has ten bytes.
    let mut frame = BytesMut::with_capacity(10 + payload.len());
    frame.put_u8(kind);
    match payload.len() {
        length @ 0..=125 => frame.put_u8(length as u8),
        length @ 126..=0xffff => {
            frame.put_u8(126);
            frame.put_u16(length as u16);
        }
        length => {
            frame.put_u8(127);
            frame.put_u64(length as u64);
        }
    }
    frame.put_slice(payload);
    frame.freeze()
}

/// The end of a connection, with a code and no words: those were in the message before it.
pub(crate) fn close(code: u16) -> Bytes {
    let [high, low] = code.to_be_bytes();
    Bytes::copy_from_slice(&[CLOSE, 2, high, low])
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tungstenite::{
        Message,
        protocol::{Role, WebSocketContext},
    };

    use super::*;

    fn read(frames: &[u8]) -> Message {
        WebSocketContext::new(Role::Client, None).read(&mut Cursor::new(frames.to_vec())).expect("a message")
    }

    #[test]
    fn a_client_reads_messages_of_all_lengths() {
        for length in [0, 1, 125, 126, 127, 65535, 65536, 100_000] {
            let payload = vec![7; length];
            assert_eq!(read(&binary(&payload)), Message::Binary(payload.into()), "{length} bytes");
        }
    }

    #[test]
    fn a_client_reads_why_it_was_closed() {
        let Message::Close(Some(frame)) = read(&close(4001)) else { panic!("expected a closing frame") };
        assert_eq!(u16::from(frame.code), 4001);
    }
}
