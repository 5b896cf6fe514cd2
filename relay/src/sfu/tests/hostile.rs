//! Whatever comes from outside ends nobody but its sender.

use std::net::SocketAddr;

use proptest::prelude::*;
use shared::protocol::{
    link::{Description, PictureSize},
    room::{FromSfu, SfuRefusal, ToSfu},
};
use str0m::net::Protocol;

use super::stage::*;
use crate::sfu::{
    Datagram,
    limits::{ADDRESSES_EACH, PLACES_EACH, SOUND_BYTES, STREAMS_EACH},
    offer::tests::skeleton,
    streams::Stream,
};

const TALKS: Source = Source { voice: Some(-30), camera: false, screen: false };

fn refusal(stage: &Stage, place: usize) -> Option<SfuRefusal> {
    stage.told(place, |told| match told {
        FromSfu::Refused { why, .. } => Some(*why),
        _ => None,
    })
}

#[test]
fn an_offer_of_another_shape_is_refused_and_the_others_go_on() {
    let mut stage = Stage::with(2);
    for place in 0..2 {
        stage.place(place, Some(0));
        stage.share(place, Source { voice: Some(-30), ..Source::default() });
    }
    let third = stage.join(Kind::Browser);
    for (connection, text) in [
        (2, String::new()),
        (3, "v=0\r\n".to_owned()),
        (4, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".repeat(1000)),
        // The right lines, and nothing that a session could be made of.
        (5, skeleton(|_, _| None)),
    ] {
        stage.clients[third].told.clear();
        let description = Description::new(&text).expect("short");
        stage.say(third, ToSfu::Offer { connection, description });
        assert_eq!(refusal(&stage, third), Some(SfuRefusal::BadOffer), "{connection}");
    }
    let since = stage.now;
    stage.run(1000);
    assert!(stage.got(0, since, 1, Stream::Microphone) > 40);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_broken_offer_is_no_panic(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut stage = Stage::new();
        let mut bytes = Fresh::new(stage.now).offer().into_bytes();
        for (place, byte) in cuts {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = parses(&text);
        if let Ok(description) = Description::new(&text) {
            let key = crate::sfu::ParticipantKey { number: shared::protocol::Number(1), entry: 1 };
            let message = Box::new(ToSfu::Offer { connection: 1, description });
            stage.handle(crate::sfu::Input::Said { from: key, message });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn strange_datagrams_from_a_clients_own_address_harm_only_that_client(
        datagrams in prop::collection::vec((0..4_u8, prop::collection::vec(any::<u8>(), 0..200)), 1..200),
    ) {
        let mut stage = Stage::with(3);
        for place in 0..3 {
            stage.place(place, Some(0));
            stage.share(place, Source { voice: Some(-30), camera: true, screen: false });
        }
        stage.look(0, PictureSize::Tile, &[1]);
        stage.run(500);
        let to = SocketAddr::from(([10, 0, 0, 1], 8081));
        for (kind, mut bytes) in datagrams {
            // STUN, DTLS, RTP and RTCP by their first bytes (RFC 7983).
            let start: &[u8] = match kind {
                0 => &[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42],
                1 => &[22, 254, 253],
                2 => &[0x90, 96],
                _ => &[0x80, 200],
            };
            bytes.splice(0..start.len().min(bytes.len()), start.iter().copied());
            let from = SocketAddr::from(([10, 0, 1, 3], 5000));
            stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Udp, from, to, bytes: &bytes });
            let stranger = SocketAddr::from(([10, 9, 9, 9], 9));
            stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Udp, from: stranger, to, bytes: &bytes });
        }
        let since = stage.now;
        stage.run(1000);
        prop_assert!(stage.got(0, since, 1, Stream::Microphone) > 40);
        prop_assert!(stage.got(0, since, 1, Stream::Low) > 15);
        prop_assert!(stage.sfu.counts().strays > 0);
    }
}

/// Three who talk in one room; the third is up to something.
fn three() -> Stage {
    three_with(Kind::Browser)
}

fn three_with(third: Kind) -> Stage {
    let mut stage = Stage::with(2);
    stage.join(third);
    stage.run(1000);
    for place in 0..3 {
        stage.place(place, Some(0));
        stage.share(place, TALKS);
    }
    stage.run(500);
    stage
}

/// A datagram from the third one's own address.
fn inject(stage: &mut Stage, bytes: &[u8]) {
    let (from, to) = (stage.clients[2].address, SocketAddr::from(([10, 0, 0, 1], 8081)));
    stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Udp, from, to, bytes });
}

/// The first two hear one another, and nobody's connection broke.
fn assert_all_is_well(stage: &mut Stage) {
    let since = stage.now;
    stage.run(1000);
    for (place, other) in [(0, 1), (1, 0)] {
        assert!(stage.got(place, since, other, Stream::Microphone) > 45);
        assert_eq!(refusal(stage, place), None);
    }
}

#[test]
fn a_packet_that_sessions_have_no_room_for_ends_nobody() {
    let mut stage = three_with(Kind::Simple);
    let late = stage.join(Kind::Browser);
    stage.run(1000);
    stage.place(late, Some(0));
    // The headers of the unit's own packets are longer than those that came, with what says when each was sent. Not too
    // many at once: that is another reason to leave them out.
    for bytes in (1940..=1972).step_by(4) {
        let (now, ms) = (stage.now, stage.ms(stage.now));
        stage.clients[2].speak(now, ms, -20, vec![7; bytes]);
        stage.clients[2].go_on(now);
        stage.run(100);
    }
    assert_all_is_well(&mut stage);
    assert_eq!((stage.sfu.counts().faults, refusal(&stage, late)), (0, None));
    assert_eq!(stage.sfu.counts().left_out, 9);
    assert!(stage.got(late, stage.start, 0, Stream::Microphone) > 80);
}

#[test]
fn sealed_packets_with_nonsense_in_them_end_nobody() {
    let mut stage = three();
    stage.share(2, Source { camera: true, ..TALKS });
    stage.look(0, PictureSize::Large, &[2]);
    stage.run(1000);
    let odd_before = stage.clients[0].odd;
    for step in 0..256_usize {
        let (now, ms) = (stage.now, stage.ms(stage.now));
        // Descriptors that end too soon, that say what there is not, and bodies of no length.
        let payload: Vec<u8> =
            (0..step % 9).map(|index| (step * (index + 31)) as u8 | [0x90, 0, 0x80][index % 3]).collect();
        stage.clients[2].show_odd(now, ms, payload.clone());
        stage.clients[2].speak(now, ms, [-20, 127, -127, 0][step % 4], payload);
        stage.clients[2].go_on(now);
        stage.run(20);
    }
    assert_all_is_well(&mut stage);
    assert_eq!(stage.sfu.counts().faults, 0);
    assert!(stage.clients[0].odd > odd_before, "such sounds are forwarded as they are");
}

#[test]
fn whoever_floods_a_room_with_sound_is_heard_as_much_as_a_voice_needs() {
    let mut stage = three();
    let (since, before) = (stage.now, stage.sfu.counts());
    for _ in 0..400 {
        let (now, ms) = (stage.now, stage.ms(stage.now));
        for _ in 0..10 {
            stage.clients[2].speak(now, ms, -10, vec![7; 1200]);
        }
        stage.clients[2].go_on(now);
        stage.run(5);
    }
    // 4000 packets in two seconds: 20 Mbit/s.
    let came = stage.clients[0].sent_to.iter().filter(|(at, bytes)| *at >= since && *bytes > 1000).count();
    let allowed = SOUND_BYTES.burst as usize + 2 * (1_000_000_000 / SOUND_BYTES.every.as_nanos() as usize);
    assert!(came <= allowed / 1200 + 10, "{came} packets");
    assert!(came > 10, "it is not cut off either");
    let after = stage.sfu.counts();
    assert!(after.left_out - before.left_out > 3500, "{after:?}");
    assert!(stage.got(0, since, 1, Stream::Microphone) > 90, "the others are heard meanwhile");
    assert_all_is_well(&mut stage);
}

#[test]
fn one_client_does_not_make_the_unit_remember_without_end() {
    let mut stage = three();
    let before = stage.sfu.remembered();
    let to = SocketAddr::from(([10, 0, 0, 1], 8081));
    let check = stage.clients[2].last_check.clone();
    assert!(!check.is_empty());
    for step in 0..5000_u32 {
        // A packet of another stream each time.
        let mut packet = vec![0x80, 111, 0, 1, 0, 0, 0, 0];
        packet.extend(step.to_be_bytes());
        packet.extend([7; 40]);
        inject(&mut stage, &packet);
        // A valid check from another place each time, by both protocols.
        let from = SocketAddr::from(([10, 1, (step >> 8) as u8, step as u8], 5000));
        for protocol in [Protocol::Udp, Protocol::Tcp] {
            stage.sfu.receive(stage.now, Datagram { protocol, from, to, bytes: &check });
        }
        if step % 500 == 0 {
            stage.run(20);
        }
    }
    stage.run(20);
    assert_eq!(refusal(&stage, 2), None, "their connection goes on");
    let more = stage.sfu.remembered() - before;
    assert!(more > STREAMS_EACH + ADDRESSES_EACH, "{more}: their checks are valid");
    assert!(more < 400, "{more} things more");
    assert_all_is_well(&mut stage);
}

#[test]
fn a_connection_of_tcp_that_is_one_too_many_of_its_client_is_hung_up() {
    let mut stage = three();
    let to = SocketAddr::from(([10, 0, 0, 1], 8081));
    let check = stage.clients[2].last_check.clone();
    for port in 0..100 {
        let from = SocketAddr::from(([10, 1, 0, 0], port));
        stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Tcp, from, to, bytes: &check });
    }
    stage.run(20);
    assert!(stage.hung_up >= 100 - ADDRESSES_EACH, "{}", stage.hung_up);
    let stranger =
        Datagram { protocol: Protocol::Tcp, from: SocketAddr::from(([10, 2, 0, 0], 1)), to, bytes: &[0; 20] };
    assert!(!stage.sfu.receive(stage.now, stranger), "nobody's");
    assert_all_is_well(&mut stage);
}

#[test]
fn the_connections_of_tcp_of_whoever_leaves_are_hung_up() {
    let mut stage = three();
    let to = SocketAddr::from(([10, 0, 0, 1], 8081));
    let check = stage.clients[2].last_check.clone();
    for port in 0..3 {
        let from = SocketAddr::from(([10, 1, 0, 0], port));
        stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Tcp, from, to, bytes: &check });
    }
    stage.run(20);
    assert_eq!(stage.hung_up, 0);
    let who = stage.clients[2].key;
    stage.handle(crate::sfu::Input::Left(who));
    assert_eq!(stage.hung_up, 3);
    assert_all_is_well(&mut stage);
}

/// The third one offers their connection again, with these lines on their microphone's.
fn offer_again(stage: &mut Stage, lines: &str) {
    let offer = stage.clients[2].offered.replacen("a=sendonly\r\n", &format!("a=sendonly\r\n{lines}"), 1);
    assert!(offer.contains(lines));
    stage.clients[2].told.clear();
    stage.say(2, ToSfu::Offer { connection: 1, description: Description::new(&offer).expect("short") });
}

fn is_answered(stage: &Stage) -> bool {
    stage.told(2, |told| matches!(told, FromSfu::Answer { .. }).then_some(())).is_some()
}

#[test]
fn whoever_offers_their_connection_again_and_again_with_other_streams_is_refused_in_the_end() {
    let mut stage = three();
    let mut answered = 0_usize;
    for step in 0..100_u32 {
        let streams = (0..4).map(|index| format!("a=ssrc:{} cname:a\r\n", 1_000_000 + 4 * step + index));
        offer_again(&mut stage, &streams.collect::<String>());
        if !is_answered(&stage) {
            break;
        }
        answered += 1;
    }
    assert!((5..=STREAMS_EACH / 4).contains(&answered), "answered {answered} times");
    assert_eq!(refusal(&stage, 2), Some(SfuRefusal::BadOffer));
    assert_all_is_well(&mut stage);
}

#[test]
fn whoever_offers_their_connection_again_unchanged_goes_on() {
    let mut stage = three();
    for _ in 0..100 {
        offer_again(&mut stage, "");
        assert!(is_answered(&stage));
    }
    let since = stage.now;
    stage.run(1000);
    assert!(stage.got(0, since, 2, Stream::Microphone) > 45);
    assert_all_is_well(&mut stage);
}

#[test]
fn an_offer_that_restarts_nothing_does_not_let_its_client_be_in_further_places() {
    let mut stage = three();
    let to = SocketAddr::from(([10, 0, 0, 1], 8081));
    let check = stage.clients[2].last_check.clone();
    let answered_from = |stage: &mut Stage, network: u8| {
        let before = stage.answered_elsewhere;
        for step in 0..=u8::MAX {
            let from = SocketAddr::from(([10, network, 0, step], 5000));
            stage.sfu.receive(stage.now, Datagram { protocol: Protocol::Udp, from, to, bytes: &check });
        }
        stage.run(20);
        stage.answered_elsewhere - before
    };
    let first = answered_from(&mut stage, 1);
    assert!((PLACES_EACH - 1..=PLACES_EACH + 10).contains(&first), "{first}: their checks are valid");
    offer_again(&mut stage, "");
    assert!(is_answered(&stage));
    let second = answered_from(&mut stage, 2);
    assert!(second <= 10, "{second} answered from further places");
    assert_all_is_well(&mut stage);
}

/// Reads an offer as the unit does before it looks at its shape.
fn parses(text: &str) -> bool {
    str0m::change::SdpOffer::from_sdp_string(text).is_ok()
}
