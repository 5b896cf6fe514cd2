//! Whatever comes at the port of media: it is somebody's who named themselves there, or nobody's, and little is
//! remembered.

#![no_main]

use std::collections::{HashMap, HashSet};

use libfuzzer_sys::fuzz_target;
use relay::sfu::{
    ParticipantKey,
    demux::{Demux, PeerId, name_in},
    limits::ADDRESSES_EACH,
};
use shared::protocol::Number;
use str0m::net::Protocol;

const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

fuzz_target!(|datagrams: Vec<(u8, u8, &[u8])>| {
    let mut demux = Demux::default();
    let mut peers = HashMap::new();
    for (index, name) in NAMES.into_iter().enumerate() {
        let who = ParticipantKey { number: Number(index as u16), entry: 0 };
        let peer = PeerId { who, connection: 1 };
        demux.named(name, peer);
        peers.insert(name.to_owned(), peer);
    }
    // Who named themselves where.
    let mut named = HashSet::new();
    for (port, kind, bytes) in datagrams {
        let protocol = if port % 2 == 0 { Protocol::Udp } else { Protocol::Tcp };
        let from = ([127, 0, 0, 1], u16::from(port)).into();
        let bytes = match kind {
            0 => {
                demux.gone(protocol, from);
                continue;
            }
            1 => {
                let gone = peers.remove(NAMES[usize::from(port) % NAMES.len()]);
                if let Some(peer) = gone {
                    demux.forget(peer);
                    assert_eq!(demux.whose(protocol, from, &[128]).filter(|found| *found == peer), None);
                }
                continue;
            }
            2..=127 => bytes.to_vec(),
            _ => check(NAMES[usize::from(kind) % NAMES.len()], bytes),
        };
        let name = name_in(&bytes);
        if let Some(name) = name {
            assert!(bytes.windows(name.len()).any(|part| part == name.as_bytes()));
            assert!(!name.contains(':'));
        }
        let whose = demux.whose(protocol, from, &bytes);
        if let Some(peer) = name.and_then(|name| peers.get(name)) {
            assert_eq!(whose, Some(*peer));
            named.insert((protocol, from, *peer));
        } else if let Some(peer) = whose {
            assert!(named.contains(&(protocol, from, peer)), "nobody is believed to be where they never were");
            assert!(peers.values().any(|known| *known == peer), "whoever is gone is forgotten");
        }
        assert!(demux.known() <= peers.len() * (1 + ADDRESSES_EACH));
        assert!(demux.left().all(|left| left.ip().is_loopback()));
    }
});

/// A check of the path to that name, with what else there is before and after it.
fn check(name: &str, rest: &[u8]) -> Vec<u8> {
    let (before, after) = rest.split_at(rest.len() / 2);
    let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    bytes.extend([7; 12]);
    for (kind, value) in [(0x8022_u16, before), (6, format!("{name}:x").as_bytes())] {
        bytes.extend(kind.to_be_bytes());
        bytes.extend((value.len() as u16).to_be_bytes());
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes.extend(after);
    bytes
}
