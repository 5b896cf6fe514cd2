//! What a session may be given of what comes from its client's addresses, before anybody knows who sent it: it remembers
//! every address that a valid check of the path came from, and every stream that was offered or that a packet came of.

use std::{
    collections::{BTreeSet, HashSet},
    net::SocketAddr,
};

use str0m::rtp::Ssrc;

use super::limits::{PLACES_EACH, STREAMS_EACH};

/// See the module.
pub(super) struct Admission {
    /// The streams that its offers name, and those that packets came of, ours or not.
    streams: HashSet<Ssrc>,
    /// Where its checks of the path came from.
    places: HashSet<SocketAddr>,
}

impl Admission {
    /// For a session that is made from an offer with these streams.
    pub(super) fn new(streams: &BTreeSet<u32>) -> Self {
        Self { streams: streams.iter().copied().map(Ssrc::from).collect(), places: HashSet::new() }
    }

    /// Another offer names these streams. Says whether the session may be given it.
    pub(super) fn take_offer(&mut self, streams: &BTreeSet<u32>) -> bool {
        self.streams.extend(streams.iter().copied().map(Ssrc::from));
        self.streams.len() <= STREAMS_EACH
    }

    /// The session forgot where its client was.
    pub(super) fn forget_places(&mut self) {
        self.places.clear();
    }

    /// Whether the session may be given a datagram. `is_valid` says whether it is a check that is signed for this session:
    /// no others count, or anybody could use up the room.
    pub(super) fn take(&mut self, from: SocketAddr, bytes: &[u8], is_valid: impl FnOnce() -> bool) -> bool {
        match kind(bytes) {
            Kind::Stun if !self.places.contains(&from) => {
                let has_room = self.places.len() < PLACES_EACH && is_valid();
                if has_room {
                    self.places.insert(from);
                }
                has_room
            }
            Kind::Rtp(stream) if !self.streams.contains(&stream) => {
                let has_room = self.streams.len() < STREAMS_EACH;
                if has_room {
                    self.streams.insert(stream);
                }
                has_room
            }
            _ => true,
        }
    }

    /// How many things are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.places.len() + self.streams.len()
    }
}

/// What a datagram is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A check of the path.
    Stun,
    /// A packet of media, of that stream.
    Rtp(Ssrc),
    /// A handshake, or a report.
    Other,
}

/// What a datagram is, by its first bytes (RFC 7983, RFC 5761).
fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [0..=3, ..] => Kind::Stun,
        [128..=191, payload_type, _, _, _, _, _, _, a, b, c, d, ..] if !(64..=95).contains(&(payload_type & 0x7f)) => {
            Kind::Rtp(u32::from_be_bytes([*a, *b, *c, *d]).into())
        }
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(stream: u32) -> Vec<u8> {
        [&[0x80, 111, 0, 1, 0, 0, 0, 0], &stream.to_be_bytes()[..]].concat()
    }

    fn place(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn streams_that_were_offered_are_taken_however_many_others_came() {
        let mut admission = Admission::new(&BTreeSet::from([1, 2]));
        let others = (1000..2000).filter(|stream| admission.take(place(1), &packet(*stream), || false)).count();
        assert_eq!(others, STREAMS_EACH - 2);
        assert!(admission.take(place(1), &packet(2), || false));
        assert!(admission.take(place(1), &[0x80, 200, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9], || false), "a report");
        assert!(admission.take_offer(&BTreeSet::from([1, 2])));
        assert!(!admission.take_offer(&BTreeSet::from([3])));
    }

    #[test]
    fn checks_that_nobody_signed_use_up_no_room() {
        let mut admission = Admission::new(&BTreeSet::new());
        let check = [0, 1, 0, 0];
        assert!((0..1000).all(|port| !admission.take(place(port), &check, || false)));
        assert_eq!((0..1000).filter(|port| admission.take(place(*port), &check, || true)).count(), PLACES_EACH);
        assert!(admission.take(place(0), &check, || false), "the session looks itself whether it is signed");
        assert!(!admission.take(place(1000), &check, || true));
        admission.forget_places();
        assert!(admission.take(place(1000), &check, || true));
    }
}
