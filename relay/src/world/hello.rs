//! Whether somebody may come in, and where they arrive.

use shared::{
    identity::{self, Nonce},
    map::{
        Map,
        spots::{ELBOW_ROOM_TILES, NAME_ROOM_TILES},
    },
    movement::Edge,
    position::{Direction, Position},
    protocol::{Hello, Refusal, ToRelay, VERSION, codec},
};

use crate::audience::Audience;

/// Reads the first message of a connection, and proves who sent it.
///
/// The version is looked at first: of a message in another version nothing else can be understood, and the reason a
/// person is told should be that one.
pub(super) fn check(bytes: &[u8], nonce: &Nonce, audience: &Audience) -> Result<Hello, Refusal> {
    if codec::version_of(bytes).is_some_and(|version| version != VERSION) {
        return Err(Refusal::WrongVersion { relay: VERSION });
    }
    let hello = match codec::decode_to_relay(bytes) {
        Ok(ToRelay::Hello(hello)) => *hello,
        Ok(_) => return Err(Refusal::OutOfOrder),
        Err(_) => return Err(Refusal::Malformed),
    };
    let relay_url = hello.relay_url.as_str();
    if !audience.accepts(relay_url) {
        return Err(Refusal::WrongRelay { expected: audience.expected().to_owned() });
    }
    if !identity::verify_hello(&hello.public_key, &hello.signature, hello.version, relay_url, nonce) {
        return Err(Refusal::WrongSignature);
    }
    Ok(hello)
}

/// Where somebody arrives: where they were if one can stand there, else at the spawn point they ask for, else where
/// the world still has them, else where everybody arrives. Always standing still, and at a spawn point beside whoever is
/// there, unless it is too full for that: `others` are the places of those who stand about.
pub(super) fn arrival(map: &Map, hello: &Hello, present: Option<Edge>, others: &[Position]) -> Edge {
    let stand = |position: Position, direction: Direction| Edge { position, direction, is_moving: false };
    let before = hello.place.filter(|place| map.collision.is_walkable(place.position));
    let asked = || hello.spawn.as_ref().and_then(|name| map.spawn(name.as_str()));
    let beside = |spawn: Position| {
        let mut distances = [NAME_ROOM_TILES, ELBOW_ROOM_TILES].into_iter();
        let spot = distances.find_map(|apart| map.spot_at(spawn, others, apart));
        stand(spot.unwrap_or(spawn), Direction::default())
    };
    before
        .map(|place| stand(place.position, place.direction))
        .or_else(|| asked().map(beside))
        .or(present)
        .unwrap_or_else(|| beside(map.default_spawn()))
}
