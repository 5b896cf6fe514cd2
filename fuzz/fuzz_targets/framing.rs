//! Whatever comes on a stream of datagrams: it is taken apart in the same way however it is cut, and little of it is
//! held back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relay::sfu::{
    framing::{Foreign, Frames, frame},
    limits::{DATAGRAM_BYTES, SHORTEST_DATAGRAM_BYTES},
};

fuzz_target!(|input: (&[u8], &[u8])| {
    let (stream, cuts) = input;
    let whole = take(stream, &[]);
    let cut = take(stream, cuts);
    assert_eq!(cut, whole);
    // What came out of it, put on a stream again, is what it began with.
    let mut again = Vec::new();
    for datagram in &whole.0 {
        assert!((SHORTEST_DATAGRAM_BYTES..=DATAGRAM_BYTES).contains(&datagram.len()));
        frame(datagram, &mut again);
    }
    assert!(stream.starts_with(&again));
});

/// All datagrams, and whether it ended with one whose length is none of ours.
fn take(stream: &[u8], cuts: &[u8]) -> (Vec<Vec<u8>>, Result<(), Foreign>) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    let (mut rest, mut cuts) = (stream, cuts.iter().cycle());
    while !rest.is_empty() {
        let length = cuts.next().map_or(rest.len(), |cut| 1 + usize::from(*cut));
        let (piece, after) = rest.split_at(length.min(rest.len()));
        frames.push(piece);
        loop {
            match frames.pop() {
                Ok(Some(datagram)) => found.push(datagram.to_vec()),
                Ok(None) => break,
                Err(error) => return (found, Err(error)),
            }
        }
        assert!(frames.waiting() < 2 + DATAGRAM_BYTES, "no more than the beginning of one");
        rest = after;
    }
    (found, Ok(()))
}
