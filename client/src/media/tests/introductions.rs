//! Whatever is heard of introductions: `fuzz/fuzz_targets/introductions.rs` says the same of more.

use proptest::prelude::*;
use shared::{
    identity::UserId,
    protocol::{PeerId, Ticket, ToRelay},
};

use super::*;
use crate::{
    media::{Effect, MediaOutput},
    session::tests::person,
};

/// What a page may hear, and be told of its links.
#[derive(Clone, Debug)]
enum Heard {
    Introduced(PeerId, UserId),
    Text(String),
    Input(MediaInput),
}

/// Links of a page that are open, and all that ever were.
#[derive(Default)]
struct Links(HashSet<LinkId>, HashSet<LinkId>);

impl Links {
    /// Does what is asked for, as the page would.
    fn perform(&mut self, media: &mut Media, now: Duration) -> Result<(), TestCaseError> {
        let effects: Vec<_> = media.drain().collect();
        for effect in effects {
            match effect {
                Effect::Tell(ToRelay::GetTicket) => media.ticket(now, "ws://relay.example/ws", Ticket([7; 16])),
                Effect::Do(MediaOutput::OpenLink { link, .. }) => {
                    prop_assert!(self.0.insert(link) && self.1.insert(link), "{link:?}");
                }
                Effect::Do(MediaOutput::CloseLink(link)) => prop_assert!(self.0.remove(&link), "{link:?} is not open"),
                Effect::Do(MediaOutput::TellLink(link, _) | MediaOutput::SendOnLink(link, _)) => {
                    // One that was just closed hears nothing.
                    prop_assert!(self.1.contains(&link), "{link:?} never was");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn heard() -> impl Strategy<Value = Heard> {
    let name = |peer: u8| format!("00000000-0000-0000-0000-{peer:012x}");
    let signal = prop_oneof![Just("Offer"), Just("Answer"), Just("IceCandidate")];
    let signal = (0_u8..6, signal, "[a-z =]{0,9}").prop_map(move |(peer, kind, text)| {
        format!(r#"{{"Signal":{{"sender":"{}","data":{{"{kind}":"{text}"}}}}}}"#, name(peer))
    });
    let event = (0_u8..6, prop_oneof![3 => Just("NewPeer"), 1 => Just("PeerLeft")]);
    let event = event.prop_map(move |(peer, kind)| format!(r#"{{"{kind}":"{}"}}"#, name(peer)));
    let link = prop_oneof![
        2 => Just(LinkEvent::Up),
        1 => Just(LinkEvent::Down),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(LinkEvent::Received),
    ];
    prop_oneof![
        4 => (0_u8..6, 2_u8..5)
            .prop_map(|(peer, who)| Heard::Introduced(PeerId(u128::from(peer)), person(who))),
        4 => signal.prop_map(Heard::Text),
        4 => event.prop_map(Heard::Text),
        1 => "\\PC{0,30}".prop_map(Heard::Text),
        2 => (0_u32..8, link).prop_map(|(link, event)| Heard::Input(MediaInput::Link(LinkId(link), event))),
        2 => Just(Heard::Input(MediaInput::SignallingOpened)),
        1 => Just(Heard::Input(MediaInput::SignallingClosed)),
    ]
}

proptest! {
    #[test]
    fn whatever_is_heard_of_introductions_links_are_few_and_each_is_opened_and_closed_once(
        is_by_relay in any::<bool>(),
        steps in prop::collection::vec((0_u64..400, heard()), 0..200),
    ) {
        let server = Calls::ByServer("ws://127.0.0.1:3536/room".to_owned());
        let calls = if is_by_relay { Calls::ByRelay } else { server };
        let mut media = Media::new(person(1), 1, calls, Preferences::default(), Vec::new());
        let (mut now, mut links) = (Duration::from_secs(1000), Links::default());
        media.came_in(now);
        for (wait, heard) in steps {
            now += ms(wait);
            match heard {
                Heard::Introduced(peer, user_id) => media.introduced(now, peer, user_id),
                Heard::Text(text) => media.handle(now, MediaInput::SignallingReceived(text)),
                Heard::Input(input) => media.handle(now, input),
            }
            media.tick(now);
            links.perform(&mut media, now)?;
            // To each of three persons two, and one that is about to be closed.
            prop_assert!(links.0.len() <= 9, "{:?}", links.0);
        }
    }
}
