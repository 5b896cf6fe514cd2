//! Direct messages in virtual time: whatever the network, the relay and the pages do, each arrives once and in order.

use std::time::Duration;

use client::session::{
    Input,
    chat::{
        Key,
        message::{Message, State},
    },
};
use e2e::{Network, campus};
use proptest::prelude::*;
use shared::chat::ChatText;

const NAMES: [&str; 3] = ["Ada", "Bob", "Cem"];

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What a test lets happen.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Somebody writes to somebody else.
    Write {
        from: usize,
        to: usize,
    },
    /// Somebody's page is closed, or opened again.
    Toggle(usize),
    /// Somebody's machine loses power, after so many more things it should have done.
    Crash(usize, usize),
    /// Somebody's connection breaks, noticed or not.
    Drop(usize),
    Cut(usize),
    /// The relay is killed and started again.
    RestartRelay,
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..NAMES.len();
    prop_oneof![
        8 => (who.clone(), 1..NAMES.len()).prop_map(|(from, by)| Deed::Write { from, to: (from + by) % NAMES.len() }),
        1 => who.clone().prop_map(Deed::Toggle),
        1 => (who.clone(), 0..4_usize).prop_map(|(who, wishes)| Deed::Crash(who, wishes)),
        1 => who.clone().prop_map(Deed::Drop),
        1 => who.prop_map(Deed::Cut),
        1 => Just(Deed::RestartRelay),
    ]
}

/// Everything anybody wrote, in order: from whom, to whom, what.
type Written = Vec<(usize, usize, String)>;

fn perform(network: &mut Network, deed: Deed, written: &mut Written) {
    match deed {
        Deed::Write { from, to } if network.clients[from].is_open => {
            let text = format!("message {}", written.len());
            network.write(from, Key::Direct(network.user_id(to)), ChatText::new(&text).expect("a text"));
            written.push((from, to, text));
        }
        Deed::Write { .. } => {}
        Deed::Toggle(who) if network.clients[who].is_open => network.close(who),
        Deed::Toggle(who) => network.open(who, NAMES[who]),
        Deed::Crash(who, wishes) => network.crash_after(who, wishes),
        Deed::Drop(who) => network.drop_connection(who),
        Deed::Cut(who) => network.cut(who),
        Deed::RestartRelay => {
            network.kill_relay();
            network.start_relay();
        }
    }
}

fn conversation(network: &Network, of: usize, with: usize) -> Vec<Message> {
    let chats = network.clients[of].session.chats();
    chats.messages(&Key::Direct(network.user_id(with))).cloned().collect()
}

fn texts<'a>(messages: impl Iterator<Item = &'a Message>) -> Vec<String> {
    messages.map(|message| message.text.as_str().to_owned()).collect()
}

/// Everybody is let in, and has the time that the longest pause between two attempts takes.
fn let_calm_return(network: &mut Network) {
    network.mischief = 0;
    for (who, name) in NAMES.into_iter().enumerate() {
        network.clients[who].is_open.then(|| network.close(who));
        network.open(who, name);
    }
    network.run(seconds(60));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_message_arrives_once_and_in_order(
        deeds in prop::collection::vec((deed(), 0..4000_u64), 1..60),
        seed: u64,
        delay_ms in 0..200_u64,
        mischief in 0..30_u32,
    ) {
        let mut network = Network::new(campus(), seed, delay_ms);
        for name in NAMES {
            network.enter(name);
        }
        // All have met: one cannot write to somebody one never saw.
        network.run(seconds(2));
        network.mischief = mischief;
        let mut written = Written::new();
        for (deed, pause_ms) in deeds {
            perform(&mut network, deed, &mut written);
            network.run(Duration::from_millis(pause_ms));
        }
        let_calm_return(&mut network);
        for from in 0..NAMES.len() {
            for to in (0..NAMES.len()).filter(|to| *to != from) {
                let expected: Vec<_> =
                    written.iter().filter(|(a, b, _)| (*a, *b) == (from, to)).map(|(_, _, text)| text.clone()).collect();
                let (sent, received) = (conversation(&network, from, to), conversation(&network, to, from));
                let own = sent.iter().filter(|message| message.state != State::Received);
                prop_assert_eq!(&texts(own.clone()), &expected, "{} to {}", from, to);
                prop_assert!(own.clone().all(|message| message.state == State::Delivered), "{:?}", sent);
                let arrived = received.iter().filter(|message| message.state == State::Received);
                prop_assert_eq!(&texts(arrived), &expected, "{} from {}", to, from);
            }
        }
    }
}

#[test]
fn what_was_written_to_somebody_away_is_there_when_both_come_back() {
    let mut network = Network::new(campus(), 5, 30);
    let (ada, bob) = (network.enter("Ada"), network.enter("Bob"));
    network.run(seconds(2));
    network.close(bob);
    network.run(seconds(30));
    let key = Key::Direct(network.user_id(bob));
    for text in ["one", "two"] {
        network.write(ada, key.clone(), ChatText::new(text).expect("a text"));
        network.run(seconds(1));
    }
    network.close(ada);
    network.kill_relay();
    network.run(seconds(3600));
    network.start_relay();
    network.open(ada, "Ada");
    network.run(seconds(10));
    assert!(conversation(&network, ada, bob).iter().all(|message| message.state == State::Sending));
    network.open(bob, "Bob");
    network.run(seconds(5));
    assert_eq!(texts(conversation(&network, bob, ada).iter()), ["one", "two"]);
    assert!(conversation(&network, ada, bob).iter().all(|message| message.state == State::Delivered));
    assert_eq!(network.clients[bob].session.chats().all_unread(), 2);
}

#[test]
fn nobody_who_is_near_is_missed_and_nobody_else_hears() {
    let mut network = Network::new(campus(), 6, 30);
    let clients = NAMES.map(|name| network.enter(name));
    let [ada, bob, cem] = clients;
    network.run(seconds(2));
    let lounge = network.map.spawn("lounge").expect("a room");
    network.tell(cem, Input::WalkTo(lounge));
    network.run(seconds(30));
    network.write(ada, Key::Nearby, ChatText::new("psst").expect("a text"));
    network.run(seconds(1));
    let heard = |who: usize| texts(network.clients[who].session.chats().messages(&Key::Nearby));
    assert_eq!((heard(ada), heard(bob), heard(cem)), (vec!["psst".into()], vec!["psst".into()], vec![]));
}
