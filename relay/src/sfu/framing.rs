//! Datagrams on a stream: each with its length before it, in two bytes (RFC 4571). For networks that let no UDP through.

use super::limits::{DATAGRAM_BYTES, SHORTEST_DATAGRAM_BYTES};

/// The length before a datagram.
const LENGTH_BYTES: usize = 2;

/// Takes a stream apart. Holds no more than what was pushed last and the beginning of one datagram, as long as all that
/// is complete is taken out before more is pushed.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// So many of them were given away.
    taken: usize,
}

/// A datagram is larger, or shorter, than any of ours: whoever sent it speaks something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign;

impl Frames {
    /// More of the stream came.
    pub fn push(&mut self, bytes: &[u8]) {
        // Once for each piece, and not for each datagram: a piece may be hundreds of short ones.
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next datagram, if it is complete.
    ///
    /// # Errors
    /// If its length is none of ours; nothing more can be made of the stream then.
    pub fn pop(&mut self) -> Result<Option<&[u8]>, Foreign> {
        let waiting = &self.bytes[self.taken..];
        let Some((length, rest)) = waiting.split_first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*length));
        if !(SHORTEST_DATAGRAM_BYTES..=DATAGRAM_BYTES).contains(&length) {
            return Err(Foreign);
        }
        let Some(datagram) = rest.get(..length) else { return Ok(None) };
        self.taken += LENGTH_BYTES + length;
        Ok(Some(datagram))
    }

    /// Bytes that came and were not given away.
    pub fn waiting(&self) -> usize {
        self.bytes.len() - self.taken
    }
}

/// Puts a datagram on a stream. Larger ones than can be said are left out: there are none.
pub fn frame(datagram: &[u8], stream: &mut Vec<u8>) {
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
            datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), SHORTEST_DATAGRAM_BYTES..300), 0..8),
            cuts in prop::collection::vec(1..400_usize, 1..20),
        ) {
            let mut stream = Vec::new();
            for datagram in &datagrams {
                frame(datagram, &mut stream);
            }
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            let (mut rest, mut cuts) = (&stream[..], cuts.into_iter().cycle());
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(cuts.next().unwrap_or(1).min(rest.len()));
                frames.push(piece);
                while let Some(datagram) = frames.pop().expect("small") {
                    found.push(datagram.to_vec());
                }
                prop_assert!(frames.waiting() < LENGTH_BYTES + DATAGRAM_BYTES);
                prop_assert!(frames.bytes.len() <= piece.len() + LENGTH_BYTES + DATAGRAM_BYTES, "what was taken is let go");
                rest = after;
            }
            prop_assert_eq!(found, datagrams);
        }
    }

    #[test]
    fn another_protocol_is_noticed() {
        let mut frames = Frames::default();
        frames.push(b"GET / HTTP/1.1\r\n");
        assert_eq!(frames.pop(), Err(Foreign));
    }

    #[test]
    fn datagrams_that_are_too_short_to_be_any_are_not_taken() {
        for (length, is_one) in [(0, false), (SHORTEST_DATAGRAM_BYTES - 1, false), (SHORTEST_DATAGRAM_BYTES, true)] {
            let (mut frames, mut stream) = (Frames::default(), Vec::new());
            frame(&vec![128; length], &mut stream);
            frames.push(&stream);
            assert_eq!(frames.pop().is_ok(), is_one, "{length} bytes");
        }
    }
}
