//! Calls that stand before they are needed, and who takes up a place among the nearest.

use std::collections::HashSet;

use shared::protocol::link::{PictureSize, Shares};

use super::{
    super::{CallCommand, CallState, Calls, Device, Media, MediaInput, Preferences, Sending},
    ms,
    stage::{Stage, east},
};

/// Somebody with four others near, and a fifth on the other side.
const SURROUNDED: [f32; 6] = [4.5, 5.0, 3.75, 5.5, 3.25, 0.0];
const FIFTH: usize = 5;

/// Makes somebody a bot: they come in, and have no calls.
fn make_bot(stage: &mut Stage, index: usize) {
    let own = stage.user_id(index);
    stage.people[index] = Media::new(own, 1, Calls::Off, Preferences::default(), Vec::new());
    stage.has_signalling[index] = false;
}

fn talks(stage: &Stage, a: usize, b: usize) -> bool {
    let of = |a: usize, b: usize| stage.states(a).contains(&(stage.user_id(b), CallState::Connected));
    of(a, b) && of(b, a)
}

fn is_something(sending: Sending) -> bool {
    sending.microphone || sending.camera != PictureSize::Hidden || sending.screen != PictureSize::Hidden
}

#[test]
fn a_call_stands_before_it_is_needed_and_nothing_goes_over_it() {
    let mut stage = Stage::new(&[0.0, 6.25]);
    for index in 0..2 {
        stage.tell(index, MediaInput::Switch(Device::Camera, true));
        stage.tell(index, MediaInput::Switch(Device::Microphone, true));
    }
    let whom = stage.user_id(1);
    stage.tell(0, MediaInput::Enlarge(Some(whom)));
    stage.run(ms(3000));
    assert_eq!(stage.open(), (2, 2), "a link and a call stand");
    assert!(stage.states(0).is_empty() && stage.states(1).is_empty(), "and nobody shows it");
    assert!(stage.arrivals.is_empty());
    let sends = |stage: &Stage, from: usize| {
        let sends = |(_, command): &(usize, CallCommand)| match command {
            CallCommand::Share(sending) => is_something(*sending),
            CallCommand::Play { volume } => *volume > 0.0,
            _ => false,
        };
        stage.commands[from..].iter().any(sends)
    };
    assert!(!sends(&stage, 0), "nothing is sent nor played");

    let before = stage.commands.len();
    stage.places[1] = east(4.0);
    stage.run(ms(300));
    assert!(stage.is_connected(0, 1));
    assert!(sends(&stage, before));
    let is_setup = |(_, command): &(usize, CallCommand)| {
        matches!(command, CallCommand::Offer { .. } | CallCommand::AcceptOffer(_) | CallCommand::AcceptAnswer(_))
    };
    assert!(!stage.commands[before..].iter().any(is_setup), "nothing is left to be set up");
    assert_eq!(stage.arrivals.len(), 2);

    // And back: what is shared is theirs no more, though the call stands for a moment.
    stage.places[1] = east(6.25);
    stage.run(ms(1500));
    assert_eq!(stage.open(), (2, 2));
    assert!(stage.states(0).is_empty());
    for who in 0..2 {
        let last = stage.commands.iter().rev().find_map(|(by, command)| match command {
            CallCommand::Share(sending) if *by == who => Some(*sending),
            _ => None,
        });
        assert!(!is_something(last.expect("something was sent")), "{who}");
        let peer = stage.people[who].peers.values().next().expect("the other");
        assert_eq!(peer.shares(), Shares::default(), "{who} is not told");
    }
    stage.places[1] = east(4.0);
    stage.run(ms(300));
    assert_eq!(stage.arrivals.len(), 4, "whoever comes back arrives anew");
    assert_eq!(stage.opened_calls, 2);
}

#[test]
fn bots_take_up_nobodys_place() {
    let mut stage = Stage::new(&SURROUNDED);
    (1..FIFTH).for_each(|index| make_bot(&mut stage, index));
    stage.run(ms(1500));
    assert!(stage.is_connected(0, FIFTH), "{:?} {:?}", stage.states(0), stage.states(FIFTH));
}

#[test]
fn who_is_blocked_takes_up_no_place_and_keeps_nobody_from_it() {
    let mut stage = Stage::new(&SURROUNDED);
    stage.run(ms(1500));
    assert!((1..FIFTH).all(|index| talks(&stage, 0, index)) && !talks(&stage, 0, FIFTH));
    let (now, blocked) = (stage.now, stage.user_id(2));
    stage.people[0].bar(now, HashSet::from([blocked]));
    stage.run(ms(1500));
    assert!([1, 3, 4, FIFTH].iter().all(|index| talks(&stage, 0, *index)), "{:?}", stage.states(0));
    assert_eq!(stage.states(0).len(), 4);

    // Who is welcome again has the nearer place.
    let now = stage.now;
    stage.people[0].bar(now, HashSet::new());
    stage.run(ms(10_000));
    assert!((1..FIFTH).all(|index| talks(&stage, 0, index)), "{:?}", stage.states(0));
    assert!(!talks(&stage, 0, FIFTH) && stage.states(0).len() == 4, "{:?}", stage.states(0));
}

#[test]
fn who_has_blocked_one_takes_up_no_place_once_they_do_not_answer() {
    let mut stage = Stage::new(&SURROUNDED);
    let (now, own) = (stage.now, stage.user_id(0));
    stage.people[2].bar(now, HashSet::from([own]));
    stage.run(ms(6000));
    assert!([1, 3, 4, FIFTH].iter().all(|index| talks(&stage, 0, *index)), "{:?}", stage.states(0));
}
