//! Whatever a page hears on its signalling connection, from the relay or from a stock matchbox server: links are opened
//! for those who were introduced, each once, and there are never many.

#![no_main]

use std::{collections::HashSet, time::Duration};

use client::media::{Calls, Effect, LinkEvent, LinkId, Media, MediaInput, MediaOutput, Preferences};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use shared::{
    identity::UserId,
    protocol::{PeerId, Ticket, ToRelay},
};

const RELAY: &str = "ws://relay.example/ws";

/// The relay speaks of three persons; to each there are two links at most, and one that is about to be closed.
const LINKS: usize = 3 * 3;

fuzz_target!(|input: (bool, Vec<(u8, u8, &str)>)| {
    let (is_by_relay, steps) = input;
    let own = UserId::of(&[0; 32]);
    let calls = if is_by_relay { Calls::ByRelay } else { Calls::ByServer("ws://127.0.0.1:3536/room".to_owned()) };
    let mut media = Media::new(own, 1, calls, Preferences::default(), Vec::new());
    let mut now = Duration::from_secs(1000);
    let (mut open, mut ever) = (HashSet::new(), HashSet::new());
    media.came_in(now);
    for (what, who, text) in steps {
        now += Duration::from_millis(u64::from(who));
        let peer = PeerId(u128::from(who % 8));
        let name = format!("00000000-0000-0000-0000-{:012x}", peer.0);
        let signal = |data: Value| json!({ "Signal": { "sender": name, "data": data } });
        match what % 16 {
            0 | 1 => media.introduced(now, peer, UserId::of(&[1 + who % 3; 32])),
            2 => hear(&mut media, now, &json!({ "NewPeer": name })),
            3 => hear(&mut media, now, &json!({ "PeerLeft": name })),
            4 => hear(&mut media, now, &signal(json!({ "Offer": text }))),
            5 => hear(&mut media, now, &signal(json!({ "Answer": text }))),
            6 => hear(&mut media, now, &signal(json!({ "IceCandidate": text }))),
            7 => media.handle(now, MediaInput::SignallingOpened),
            8 => media.handle(now, MediaInput::SignallingClosed),
            9 => media.tick(now),
            10 => media.handle(now, MediaInput::Link(LinkId(u32::from(who % 8)), LinkEvent::Up)),
            11 => media.handle(now, MediaInput::Link(LinkId(u32::from(who % 8)), LinkEvent::Down)),
            12 => {
                let bytes = text.as_bytes().to_vec();
                media.handle(now, MediaInput::Link(LinkId(u32::from(who % 8)), LinkEvent::Received(bytes)));
            }
            _ => media.handle(now, MediaInput::SignallingReceived(text.to_owned())),
        }
        perform(&mut media, now, &mut open, &mut ever);
        assert!(open.len() <= LINKS || !is_by_relay, "{open:?}");
    }
});

fn hear(media: &mut Media, now: Duration, event: &Value) {
    media.handle(now, MediaInput::SignallingReceived(event.to_string()));
}

/// Does what is asked for, as the page would.
fn perform(media: &mut Media, now: Duration, open: &mut HashSet<LinkId>, ever: &mut HashSet<LinkId>) {
    let effects: Vec<_> = media.drain().collect();
    for effect in effects {
        match effect {
            Effect::Tell(ToRelay::GetTicket) => media.ticket(now, RELAY, Ticket([7; 16])),
            Effect::Do(MediaOutput::OpenLink { link, .. }) => {
                assert!(open.insert(link) && ever.insert(link), "{link:?} is a new one");
            }
            Effect::Do(MediaOutput::TellLink(link, _) | MediaOutput::SendOnLink(link, _)) => {
                // One that was just closed hears nothing.
                assert!(ever.contains(&link), "{link:?} was opened");
            }
            Effect::Do(MediaOutput::CloseLink(link)) => assert!(open.remove(&link), "{link:?} is open"),
            _ => {}
        }
    }
}
