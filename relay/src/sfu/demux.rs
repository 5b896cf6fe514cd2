//! Whose a datagram is: by the address it came from, or, as long as that is not known, by the name that a client's
//! connectivity checks carry (RFC 8445, 7.2.2).

use std::{collections::HashMap, net::SocketAddr};

use str0m::net::Protocol;

use super::{ParticipantKey, limits::ADDRESSES_EACH};

/// Names one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeerId {
    /// Whose.
    pub who: ParticipantKey,
    /// Which of theirs.
    pub connection: u32,
}

/// All names and addresses.
#[derive(Debug, Default)]
pub struct Demux {
    by_name: HashMap<String, PeerId>,
    by_address: HashMap<(Protocol, SocketAddr), Known>,
    left: Vec<SocketAddr>,
    /// Datagrams that were somebody's so far: a clock for which address was used last.
    uses: u64,
}

/// Who is at an address.
#[derive(Clone, Copy, Debug)]
struct Known {
    peer: PeerId,
    used: u64,
}

impl Demux {
    /// A connection has that name (its local `ice-ufrag`), and no other any more.
    pub fn named(&mut self, name: &str, peer: PeerId) {
        self.by_name.retain(|_, known| *known != peer);
        self.by_name.insert(name.to_owned(), peer);
    }

    /// Whose a datagram is. An address that is somebody's stays theirs, so that nobody takes it by a forged check.
    pub fn whose(&mut self, protocol: Protocol, from: SocketAddr, bytes: &[u8]) -> Option<PeerId> {
        self.uses += 1;
        let named = name_in(bytes).and_then(|name| self.by_name.get(name)).copied();
        match (self.by_address.get_mut(&(protocol, from)), named) {
            (Some(known), None) => {
                known.used = self.uses;
                Some(known.peer)
            }
            (Some(known), Some(peer)) => {
                if known.peer == peer {
                    known.used = self.uses;
                }
                named
            }
            (None, Some(peer)) => {
                self.learn(protocol, from, peer);
                named
            }
            (None, None) => None,
        }
    }

    /// Somebody who has been in many places is not known any more at the one that was not used for longest; if that is
    /// where they are, their next check says so.
    fn learn(&mut self, protocol: Protocol, from: SocketAddr, peer: PeerId) {
        let theirs = || self.by_address.iter().filter(|(_, known)| known.peer == peer);
        if theirs().count() >= ADDRESSES_EACH
            && let Some(address) = theirs().min_by_key(|(_, known)| known.used).map(|(address, _)| *address)
        {
            self.by_address.remove(&address);
            if let (Protocol::Tcp, from) = address {
                self.left.push(from);
            }
        }
        self.by_address.insert((protocol, from), Known { peer, used: self.uses });
    }

    /// The connections of TCP that are of no use any more, because whose they were is gone, or known at too many others.
    pub fn left(&mut self) -> impl Iterator<Item = SocketAddr> + use<'_> {
        self.left.drain(..)
    }

    /// Addresses and names that are remembered.
    pub fn known(&self) -> usize {
        self.by_address.len() + self.by_name.len()
    }

    /// A connection of TCP is closed.
    pub fn gone(&mut self, protocol: Protocol, address: SocketAddr) {
        self.by_address.remove(&(protocol, address));
    }

    /// A connection ended.
    pub fn forget(&mut self, peer: PeerId) {
        self.by_name.retain(|_, known| *known != peer);
        let left = self.by_address.extract_if(|_, known| known.peer == peer);
        self.left.extend(left.filter_map(|((protocol, from), _)| (protocol == Protocol::Tcp).then_some(from)));
    }
}

/// STUN's fixed header (RFC 8489, 5).
const HEADER_BYTES: usize = 20;

/// What every STUN message has at its fifth byte.
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// A request for a binding, which is what a connectivity check is.
const BINDING_REQUEST: [u8; 2] = [0, 1];

/// The attribute with the names of both sides, `ours:theirs`.
const USERNAME: u16 = 6;

/// The receiver's name in a connectivity check.
pub fn name_in(bytes: &[u8]) -> Option<&str> {
    let header = bytes.get(..HEADER_BYTES)?;
    if header[..2] != BINDING_REQUEST || header[4..8] != COOKIE {
        return None;
    }
    let mut rest = &bytes[HEADER_BYTES..];
    while let [kind_high, kind_low, length_high, length_low, after @ ..] = rest {
        let kind = u16::from_be_bytes([*kind_high, *kind_low]);
        let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
        let value = after.get(..length)?;
        if kind == USERNAME {
            return std::str::from_utf8(value).ok()?.split(':').next();
        }
        // Attributes are padded to four bytes.
        rest = after.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::protocol::Number;

    use super::*;

    fn check(name: &str) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        bytes.extend([7; 12]);
        bytes.extend([0x80, 0x22, 0, 3, 1, 2, 3, 0]);
        bytes.extend([0, 6, 0, name.len() as u8]);
        bytes.extend(name.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn peer(number: u16) -> PeerId {
        PeerId { who: ParticipantKey { number: Number(number), entry: 0 }, connection: 1 }
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn an_address_is_learned_from_a_check_and_cannot_be_taken_by_another() {
        let mut demux = Demux::default();
        demux.named("alpha", peer(1));
        demux.named("beta", peer(2));
        assert_eq!(demux.whose(Protocol::Udp, address(9), &[128, 0]), None);
        assert_eq!(demux.whose(Protocol::Udp, address(9), &check("alpha:x")), Some(peer(1)));
        assert_eq!(demux.whose(Protocol::Udp, address(9), &[128, 0]), Some(peer(1)));
        assert_eq!(demux.whose(Protocol::Udp, address(9), &check("beta:x")), Some(peer(2)), "its own check");
        assert_eq!(demux.whose(Protocol::Udp, address(9), &[128, 0]), Some(peer(1)), "but nothing else");
        assert_eq!(demux.whose(Protocol::Tcp, address(9), &[128, 0]), None);
        assert_eq!(demux.whose(Protocol::Udp, address(8), &check("gamma:x")), None);
        demux.forget(peer(1));
        assert_eq!(demux.whose(Protocol::Udp, address(9), &[128, 0]), None);
    }

    #[test]
    fn one_connection_does_not_fill_the_table() {
        let mut demux = Demux::default();
        demux.named("alpha", peer(1));
        for port in 0..1000 {
            demux.whose(Protocol::Udp, address(port), &check("alpha:x"));
        }
        assert_eq!(demux.by_address.len(), ADDRESSES_EACH);
    }

    #[test]
    fn whoever_has_been_in_many_places_is_still_known_where_they_are() {
        // The order of a table is another one each time.
        for _ in 0..20 {
            let mut demux = Demux::default();
            demux.named("alpha", peer(1));
            for port in 0..100 {
                demux.whose(Protocol::Udp, address(port), &check("alpha:x"));
                assert_eq!(demux.whose(Protocol::Udp, address(0), &[128, 0]), Some(peer(1)), "after {port} others");
            }
            assert_eq!(demux.whose(Protocol::Udp, address(1), &[128, 0]), None);
            assert_eq!(demux.by_address.len(), ADDRESSES_EACH);
        }
    }

    #[test]
    fn the_connections_of_tcp_of_whoever_is_gone_are_of_no_use() {
        let mut demux = Demux::default();
        for (number, name) in [(1, "alpha:x"), (2, "beta:x")] {
            demux.named(&name[..name.len() - 2], peer(number));
            demux.whose(Protocol::Udp, address(10 + number), &check(name));
            demux.whose(Protocol::Tcp, address(20 + number), &check(name));
        }
        demux.forget(peer(1));
        assert_eq!(demux.left().collect::<Vec<_>>(), [address(21)]);
        assert_eq!(demux.left().count(), 0, "that is said once");
        assert_eq!(demux.known(), 3);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..80), is_stun: bool) {
            let mut bytes = bytes;
            if is_stun && bytes.len() >= HEADER_BYTES {
                bytes[..2].copy_from_slice(&BINDING_REQUEST);
                bytes[4..8].copy_from_slice(&COOKIE);
            }
            name_in(&bytes);
        }
    }
}
