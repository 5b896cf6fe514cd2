//! Whatever comes from outside ends nobody but its sender.

use std::net::SocketAddr;

use proptest::prelude::*;
use shared::protocol::{
    link::{Description, PictureSize},
    room::{FromSfu, SfuRefusal, ToSfu},
};
use str0m::net::Protocol;

use super::stage::*;
use crate::sfu::{Datagram, offer::tests::skeleton, streams::Stream};

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

/// Reads an offer as the unit does before it looks at its shape.
fn parses(text: &str) -> bool {
    str0m::change::SdpOffer::from_sdp_string(text).is_ok()
}
