//! Datagrams on a stream: each with its length before it, in two bytes (RFC 4571). For networks that let no UDP through.

use super::limits::DATAGRAM_BYTES;

/// The length before a datagram.
const LENGTH_BYTES: usize = 2;

/// Takes a stream apart.
#[derive(Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
}

/// A datagram is larger than any of ours: whoever sent it speaks something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Frames {
    /// More of the stream came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next datagram, if it is complete.
    ///
    /// # Errors
    /// If it is too large.
    pub(super) fn pop(&mut self) -> Result<Option<Vec<u8>>, TooLarge> {
        let Some((length, rest)) = self.bytes.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*length));
        if length > DATAGRAM_BYTES {
            return Err(TooLarge);
        }
        let Some(datagram) = rest.get(..length).map(<[u8]>::to_vec) else { return Ok(None) };
        self.bytes.drain(..LENGTH_BYTES + length);
        Ok(Some(datagram))
    }
}

/// Puts a datagram on a stream. Larger ones than can be said are left out: there are none.
pub(super) fn frame(datagram: &[u8], stream: &mut Vec<u8>) {
    if let Ok(length) = u16::try_from(datagram.len()) {
        stream.extend(length.to_be_bytes());
        stream.extend(datagram);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_framed_comes_out_however_it_is_cut(
            datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8),
            cut in 1..50_usize,
        ) {
            let mut stream = Vec::new();
            for datagram in &datagrams {
                frame(datagram, &mut stream);
            }
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            for piece in stream.chunks(cut) {
                frames.push(piece);
                while let Some(datagram) = frames.pop().expect("small") {
                    found.push(datagram);
                }
            }
            prop_assert_eq!(found, datagrams);
        }
    }

    #[test]
    fn another_protocol_is_noticed() {
        let mut frames = Frames::default();
        frames.push(b"GET / HTTP/1.1\r\n");
        assert_eq!(frames.pop(), Err(TooLarge));
    }
}
