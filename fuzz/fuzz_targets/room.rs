//! Whatever comes at the port of media, and whatever clients say on their sockets: the forwarding unit goes on, sends
//! only to where somebody sent from, and remembers little.
//!
//! One person has a connection, made from a real offer; its address is known, so that datagrams get as far as its
//! session. A session may find them strange, and even panic: that ends it, and nothing else.

#![no_main]

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::OnceLock,
    time::{Duration, Instant},
};

use libfuzzer_sys::fuzz_target;
use relay::sfu::{Datagram, Input, Output, ParticipantKey, RoomKey, Sfu};
use shared::protocol::{
    Number, ToRelay, codec,
    link::Description,
    room::{FromSfu, LINES, Line, ToSfu},
};
use str0m::{
    Rtc,
    media::{Direction, MediaKind, Simulcast, SimulcastLayer},
    net::Protocol,
};

const SFU: ([u8; 4], u16) = ([10, 0, 0, 1], 8081);

/// What happens next, to whom or from where, and with what.
type Step<'a> = (u8, u8, &'a [u8]);

fuzz_target!(|steps: Vec<Step<'_>>| {
    static OFFER: OnceLock<String> = OnceLock::new();
    // A panic of a session is caught; any other still ends the program.
    let offer = OFFER.get_or_init(|| {
        std::panic::set_hook(Box::new(|_| {}));
        offer()
    });
    let mut now = Instant::now();
    let to = SocketAddr::from(SFU);
    let mut sfu = Sfu::new(now, vec![(Protocol::Udp, to), (Protocol::Tcp, to)]);
    say(&mut sfu, now, 0, ToSfu::Offer { connection: 1, description: Description::new(offer).expect("short") });
    let mut sent_from = HashSet::new();
    let mut name = String::new();
    drain(&mut sfu, &sent_from, &mut name);
    assert!(!name.is_empty(), "a real offer is answered");
    for (what, who, bytes) in steps {
        let from = SocketAddr::from(([10, 0, 1, who % 16], 5000));
        let protocol = if who % 2 == 0 { Protocol::Udp } else { Protocol::Tcp };
        match what {
            // Somebody's, from then on.
            0..=30 => {
                sent_from.insert(from);
                let bytes = check(&name, bytes);
                sfu.receive(now, Datagram { protocol, from, to, bytes: &bytes });
            }
            31..=150 => {
                sent_from.insert(from);
                sfu.receive(now, Datagram { protocol, from, to, bytes });
            }
            151..=170 => {
                if let Ok(ToRelay::Room(message)) = codec::decode_to_relay(bytes) {
                    say(&mut sfu, now, who % 4, *message);
                }
            }
            171..=180 => {
                let mut text = offer.clone().into_bytes();
                let place = usize::from(who) * text.len() / 256;
                text.splice(place..(place + bytes.len()).min(text.len()), bytes.iter().copied());
                if let Ok(description) = Description::new(&String::from_utf8_lossy(&text)) {
                    say(&mut sfu, now, who % 4, ToSfu::Offer { connection: u32::from(what), description });
                }
            }
            181..=200 => {
                let room = (who >= 64).then(|| RoomKey(u16::from(who % 2)));
                sfu.handle(now, Input::Placed { who: key(who % 4), room, is_podium: what % 2 == 0 });
            }
            201..=205 => sfu.handle(now, Input::Arrived(key(who % 4))),
            206..=210 => sfu.handle(now, Input::Far(key(who % 4))),
            211..=215 => sfu.handle(now, Input::Left(key(who % 4))),
            216..=220 => sfu.hung_up(from),
            _ => {
                now += Duration::from_millis(u64::from(who) * 20);
                sfu.tick(now);
            }
        }
        drain(&mut sfu, &sent_from, &mut name);
    }
    sfu.close_all();
    drain(&mut sfu, &sent_from, &mut name);
});

fn key(number: u8) -> ParticipantKey {
    ParticipantKey { number: Number(number.into()), entry: 0 }
}

fn say(sfu: &mut Sfu, now: Instant, from: u8, message: ToSfu) {
    sfu.handle(now, Input::Said { from: key(from), message: Box::new(message) });
}

fn drain(sfu: &mut Sfu, sent_from: &HashSet<SocketAddr>, name: &mut String) {
    while let Some(output) = sfu.poll() {
        match output {
            Output::Send { to, .. } => assert!(sent_from.contains(&to), "{to} never sent anything"),
            Output::HangUp(from) => assert!(sent_from.contains(&from)),
            Output::Say { message, .. } => {
                if let FromSfu::Answer { description, .. } = *message {
                    let found = description.as_str().lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"));
                    name.clear();
                    name.push_str(found.expect("a name"));
                }
            }
        }
    }
    let counts = sfu.counts();
    assert!(counts.connections <= 4 && counts.members <= 4);
    assert!(counts.packets_out == 0, "nobody's keys are known");
}

/// A check of the path to that name, signed by nobody.
fn check(name: &str, rest: &[u8]) -> Vec<u8> {
    let name = format!("{name}:x");
    let mut bytes = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    bytes.extend([7; 12]);
    bytes.extend([0, 6, 0, name.len() as u8]);
    bytes.extend(name.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes.extend(rest);
    let length = (bytes.len() - 20) as u16;
    bytes[2..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

/// What a browser with layers offers.
fn offer() -> String {
    let mut rtc = Rtc::builder().clear_codecs().enable_opus(true, false).enable_vp8(true).build(Instant::now());
    let mut api = rtc.sdp_api();
    for line in LINES {
        let kind = if line.is_sound() { MediaKind::Audio } else { MediaKind::Video };
        let direction = if line.is_up() { Direction::SendOnly } else { Direction::RecvOnly };
        let layers = (line == Line::Camera).then(|| {
            let mut simulcast = Simulcast::new();
            simulcast.add_send_layer(SimulcastLayer::new("q"));
            simulcast.add_send_layer(SimulcastLayer::new("h"));
            simulcast
        });
        api.add_media(kind, direction, None, None, layers);
    }
    api.apply().expect("an offer").0.to_sdp_string()
}
