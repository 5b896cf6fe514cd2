//! Several people's calls in virtual time.

mod doors;
mod introductions;
mod lid;
mod nearness;
mod room;
mod stage;

use std::{collections::HashSet, time::Duration};

use shared::{
    chat::{ChatText, MessageId},
    profile::Status,
    protocol::{
        codec,
        link::{Frame, PictureSize},
    },
};

use self::stage::{Stage, east};
use super::{
    CallCommand, CallEvent, CallId, CallState, Calls, ConnectionState, Device, LinkEvent, LinkId, Media, MediaInput,
    Preferences,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn two_who_come_near_call_and_two_who_part_hang_up() {
    let mut stage = Stage::new(&[0.0, 12.0]);
    stage.run(ms(2000));
    assert_eq!(stage.open(), (0, 0), "too far for anything");
    assert_eq!(stage.dials[0], format!("ws://relay.example/signal?ticket={}", "07".repeat(16)));

    stage.places[1] = east(7.0);
    stage.run(ms(1000));
    assert_eq!(stage.open(), (2, 0), "a link stands before it is used");
    stage.places[1] = east(4.0);
    stage.run(ms(1000));
    assert!(stage.is_connected(0, 1), "{:?} {:?}", stage.states(0), stage.states(1));
    assert_eq!(stage.arrivals.len(), 2);

    stage.places[1] = east(7.0);
    stage.run(ms(900));
    assert_eq!(stage.open().1, 2, "not at once");
    stage.run(ms(400));
    assert_eq!(stage.open(), (2, 0));
    assert!(stage.states(0).is_empty());
    stage.run(ms(61_000));
    assert_eq!(stage.open(), (0, 0), "a link unused for a minute is closed");
    stage.places[1] = east(4.0);
    stage.run(ms(5000));
    assert!(stage.is_connected(0, 1), "and made anew when it is needed: {:?}", stage.states(0));
}

#[test]
fn who_stands_between_two_talks_with_both() {
    let mut stage = Stage::new(&[0.0, 4.0, 8.0]);
    stage.run(ms(2000));
    assert_eq!([0, 1, 2].map(|index| stage.states(index).len()), [1, 2, 1]);
    assert!([0, 1, 2].iter().all(|index| stage.states(*index).iter().all(|(_, state)| *state == CallState::Connected)));
}

#[test]
fn what_is_shared_is_told_and_sent_and_only_as_far_as_somebody_looks() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    stage.tell(0, MediaInput::Switch(Device::Camera, true));
    stage.tell(0, MediaInput::Switch(Device::Microphone, true));
    stage.run(ms(500));
    let shares = stage.people[1].neighbours()[0].shares;
    assert_eq!((shares.camera, shares.microphone, shares.screen), (true, true, false));
    let last = |stage: &Stage| {
        let sending = |(who, command): &(usize, CallCommand)| match command {
            CallCommand::Share(sending) if *who == 0 => Some(*sending),
            _ => None,
        };
        stage.commands.iter().rev().find_map(sending).expect("something is sent")
    };
    assert_eq!((last(&stage).camera, last(&stage).microphone), (PictureSize::Tile, true));
    stage.tell(1, MediaInput::InSight(false));
    stage.run(ms(500));
    assert_eq!(last(&stage).camera, PictureSize::Hidden, "nobody looks");
    stage.tell(1, MediaInput::InSight(true));
    let whom = stage.user_id(0);
    stage.tell(1, MediaInput::InView(whom, false));
    stage.run(ms(900));
    assert_eq!(last(&stage).camera, PictureSize::Tile, "the tile may come back");
    stage.run(ms(300));
    assert_eq!(last(&stage).camera, PictureSize::Hidden, "it was scrolled out of view");
    stage.tell(1, MediaInput::InView(whom, true));
    stage.run(ms(100));
    assert_eq!(last(&stage).camera, PictureSize::Tile, "back at once");
    stage.tell(1, MediaInput::InView(whom, false));
    stage.tell(1, MediaInput::Enlarge(Some(whom)));
    stage.run(ms(500));
    stage.run(ms(2000));
    assert_eq!(last(&stage).camera, PictureSize::Large, "shown large, and not in the tile");
    stage.tell(0, MediaInput::Switch(Device::Camera, false));
    stage.run(ms(500));
    assert!(!stage.captured[0].contains(&Device::Camera), "the camera's light is off");
    assert!(!stage.people[1].neighbours()[0].shares.camera);
}

#[test]
fn what_is_on_before_a_call_begins_is_told_both_ways() {
    let mut stage = Stage::new(&[0.0, 12.0]);
    for index in 0..2 {
        stage.tell(index, MediaInput::Switch(Device::Camera, true));
        stage.tell(index, MediaInput::Switch(Device::Microphone, true));
    }
    stage.run(ms(1000));
    stage.places[1] = east(3.0);
    stage.run(ms(1000));
    for index in 0..2 {
        let shares = stage.people[index].neighbours()[0].shares;
        assert!(shares.camera && shares.microphone, "{index}: {shares:?}");
        let sends = |(who, command): &(usize, CallCommand)| match command {
            CallCommand::Share(sending) => *who == index && sending.camera == PictureSize::Tile && sending.microphone,
            _ => false,
        };
        assert!(stage.commands.iter().any(sends), "{index} sends what the other looks at");
    }
}

#[test]
fn what_is_said_nearby_goes_without_the_relay() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    let text = ChatText::new("hello").expect("a text");
    let to = stage.user_id(1);
    let now = stage.now;
    assert!(!stage.people[0].say(now, to, MessageId::from_bits(1), &text), "no link yet");
    stage.run(ms(1000));
    let now = stage.now;
    assert!(stage.people[0].say(now, to, MessageId::from_bits(1), &text));
    stage.run(ms(200));
    let from = stage.user_id(0);
    assert_eq!(stage.said, [(1, from, "hello".to_owned())]);
}

#[test]
fn a_relay_that_comes_back_changes_nothing_for_a_running_call() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    for index in 0..2 {
        let now = stage.now;
        stage.people[index].lost(now);
        stage.has_signalling[index] = false;
    }
    stage.introduced.clear();
    stage.run(ms(30_000));
    assert!(stage.is_connected(0, 1));
    let before = stage.commands.len();
    for index in 0..2 {
        let now = stage.now;
        stage.people[index].came_in(now);
    }
    stage.run(ms(3000));
    assert!(stage.is_connected(0, 1));
    let anew = stage.commands[before..].iter().filter(|(_, command)| matches!(command, CallCommand::Offer { .. }));
    assert_eq!(anew.count(), 0, "the call is not set up again");
}

#[test]
fn a_call_that_finds_no_way_stays_in_sight_and_says_so_until_it_does() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.has_no_way = true;
    stage.run(ms(1000));
    let mut seen: [Vec<CallState>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..600 {
        stage.run(ms(100));
        for (index, seen) in seen.iter_mut().enumerate() {
            let [(_, now)] = stage.states(index)[..] else { panic!("one neighbour: {:?}", stage.states(index)) };
            if seen.last() != Some(&now) {
                seen.push(now);
            }
        }
    }
    assert_eq!(seen, [(); 2].map(|()| vec![CallState::Connecting, CallState::Unreachable]));
    assert!(stage.opened_calls > 4, "it is tried on and on: {}", stage.opened_calls);
    stage.has_no_way = false;
    stage.run(ms(30_000));
    assert!(stage.is_connected(0, 1), "{:?}", stage.states(0));
}

#[test]
fn who_was_blocked_by_somebody_waits_for_them_for_a_minute() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    let (blocked, now) = (stage.user_id(1), stage.now);
    stage.people[0].bar(now, HashSet::from([blocked]));
    stage.run(ms(100));
    let call = stage.calls.keys().find(|(owner, _)| *owner == 1).expect("they are not told").1;
    stage.tell(1, MediaInput::Call(CallId(call), CallEvent::State(ConnectionState::Failed)));
    stage.run(ms(30_000));
    assert_eq!(stage.states(1), [(stage.user_id(0), CallState::Reconnecting)]);
    stage.run(ms(60_000));
    assert_eq!(stage.states(1), []);
    assert_eq!(stage.arrivals.len(), 2, "nobody arrived anew");
}

#[test]
fn pictures_that_are_not_sent_any_more_hold_no_frame_rate_back() {
    let mut stage = Stage::new(&[0.0, 2.0, 4.0]);
    stage.run(ms(1000));
    stage.tell(0, MediaInput::Switch(Device::Camera, true));
    stage.run(ms(1000));
    let calls: Vec<_> = stage.calls.keys().filter(|(owner, _)| *owner == 0).map(|(_, call)| CallId(*call)).collect();
    let rates = |stage: &Stage| {
        let rate = |(who, command): &(usize, CallCommand)| match command {
            CallCommand::Share(sending) if *who == 0 => Some(sending.frame_rate_percent),
            _ => None,
        };
        stage.commands.iter().rev().find_map(rate).expect("something is sent")
    };
    for _ in 0..12 {
        for call in &calls {
            stage.tell(0, MediaInput::Call(*call, CallEvent::Strained(90)));
        }
        stage.run(ms(1000));
    }
    assert_eq!(rates(&stage), 25);
    // One of the two does not look any more, and nothing is told of what is not sent to them.
    let last = stage.calls.iter().find(|((owner, _), end)| *owner == 0 && end.other.is_some_and(|(to, _)| to == 1));
    let gone = CallId(last.expect("their call").0.1);
    stage.tell(1, MediaInput::InSight(false));
    stage.run(ms(500));
    for _ in 0..25 {
        for call in calls.iter().filter(|call| **call != gone) {
            stage.tell(0, MediaInput::Call(*call, CallEvent::Strained(0)));
        }
        stage.run(ms(1000));
    }
    assert_eq!(rates(&stage), 50, "it rises again");
}

#[test]
fn whoever_is_blocked_is_never_called() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    let blocked = stage.user_id(1);
    let now = stage.now;
    stage.people[0].bar(now, HashSet::from([blocked]));
    stage.run(ms(500));
    assert!(stage.links.keys().all(|(owner, _)| *owner == 1), "no link of one's own tells them an address");
    stage.run(ms(30_000));
    assert!(stage.states(0).is_empty() && stage.states(1).is_empty(), "{:?}", stage.states(1));
    assert!(stage.links.keys().all(|(owner, _)| *owner == 1));
    assert_eq!(stage.open().1, 0);
}

#[test]
fn who_is_blocked_during_a_call_is_left_at_once_with_everything_that_leads_to_them() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    assert!(stage.is_connected(0, 1));
    let (blocked, now) = (stage.user_id(1), stage.now);
    stage.people[0].bar(now, HashSet::from([blocked]));
    stage.run(ms(100));
    assert!(stage.links.is_empty());
    assert!(stage.calls.keys().all(|(owner, _)| *owner == 1), "they are not told, and find it out");
}

#[test]
fn who_does_not_want_to_be_disturbed_is_left_at_once() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    stage.statuses[1] = Status::DoNotDisturb;
    stage.run(ms(200));
    assert_eq!(stage.open().1, 0);
}

#[test]
fn a_page_loaded_anew_is_called_anew() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    // The page is gone, and with it its links and calls, without a word.
    stage.people[1] = Media::new(stage.user_id(1), 77, Calls::ByRelay, Preferences::default(), Vec::new());
    stage.links.retain(|(owner, _), _| *owner != 1);
    stage.calls.retain(|(owner, _), _| *owner != 1);
    (stage.has_signalling[1], stage.introduced) = (false, HashSet::new());
    let now = stage.now;
    stage.people[1].came_in(now);
    stage.run(ms(6000));
    assert!(stage.is_connected(0, 1), "{:?} {:?}", stage.states(0), stage.states(1));
    assert_eq!(stage.open(), (2, 2), "nothing of the old page is left");
}

#[test]
fn fifty_times_in_and_out_leave_nothing_behind() {
    let mut stage = Stage::new(&[0.0, 12.0]);
    for _ in 0..50 {
        stage.places[1] = east(3.0);
        stage.run(ms(1500));
        assert!(stage.is_connected(0, 1));
        stage.places[1] = east(12.0);
        stage.run(ms(1500));
    }
    stage.run(ms(61_000));
    assert_eq!(stage.open(), (0, 0));
    assert!(stage.people.iter().all(|media| media.peers.is_empty()));
}

#[test]
fn what_was_said_over_a_link_that_died_is_left_to_the_relay_while_they_are_still_near() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    stage.is_cut = true;
    let (to, now) = (stage.user_id(1), stage.now);
    assert!(stage.people[0].say(now, to, MessageId::from_bits(1), &ChatText::new("hello").expect("a text")));
    stage.run(ms(8000));
    assert_eq!(stage.unsaid, [(0, to, "hello".to_owned())], "handed on, and once");
    stage.run(ms(30_000));
    stage.is_cut = false;
    stage.run(ms(30_000));
    assert_eq!(stage.unsaid.len(), 1);
    // Whoever gets it twice takes it once, by its id.
    assert_eq!(stage.said.len(), 1, "and it is said again when there is a link again");
}

#[test]
fn a_storm_of_remarks_over_a_link_is_cut_short() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    let (to, now) = (stage.user_id(1), stage.now);
    for number in 0..200 {
        let text = ChatText::new("hello").expect("a text");
        stage.people[0].say(now, to, MessageId::from_bits(number), &text);
    }
    stage.run(ms(1000));
    assert!((16..=20).contains(&stage.said.len()), "{}", stage.said.len());
}

#[test]
fn who_claims_to_be_another_page_all_the_time_gets_few_calls() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    let opened = stage.opened_calls;
    // On the link that stands, a page after the other says that it is there.
    let victim = usize::from(stage.user_id(0) > stage.user_id(1));
    let (_, link) = stage.links.keys().copied().find(|(owner, _)| *owner == victim).expect("a link");
    for instance in 1..500 {
        let frame = Frame { instance, to: 0, taken: 0, message: None };
        let event = LinkEvent::Received(codec::encode_link(&frame));
        stage.tell(victim, MediaInput::Link(LinkId(link), event));
    }
    stage.run(ms(1000));
    assert!(stage.opened_calls - opened < 10, "{}", stage.opened_calls - opened);
}

#[test]
fn a_storm_of_frames_over_a_link_ends_it_whatever_they_are() {
    for bytes in [Vec::new(), vec![0xff; 100]] {
        let mut stage = Stage::new(&[0.0, 2.0]);
        stage.run(ms(1000));
        let links = |stage: &Stage| stage.links.keys().copied().filter(|(owner, _)| *owner == 0).collect::<Vec<_>>();
        let before = links(&stage);
        let link = LinkId(before[0].1);
        let storm = |stage: &mut Stage, frames| {
            for _ in 0..frames {
                stage.tell(0, MediaInput::Link(link, LinkEvent::Received(bytes.clone())));
            }
            stage.run(ms(20));
        };
        (0..100).for_each(|_| storm(&mut stage, 2));
        assert_eq!(links(&stage), before, "a hundred a second are borne");
        storm(&mut stage, 600);
        assert!(!links(&stage).contains(&before[0]));
        stage.run(ms(8000));
        assert!(stage.is_connected(0, 1), "and whoever goes on as usual is met again: {:?}", stage.states(0));
    }
}

#[test]
fn a_signalling_connection_that_ends_as_it_begins_asks_for_few_tickets() {
    let mut stage = Stage::new(&[0.0]);
    stage.run(ms(100));
    for _ in 0..600 {
        stage.tell(0, MediaInput::SignallingClosed);
        stage.run(ms(100));
    }
    // As many as the relay gives in a minute.
    assert!(stage.dials.len() < 14, "{}", stage.dials.len());
}

#[test]
fn who_hides_their_address_from_now_on_has_no_link_from_before() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    let before: HashSet<_> = stage.links.keys().copied().filter(|(owner, _)| *owner == 0).collect();
    stage.tell(0, MediaInput::Prefer(Preferences { hide_address: true, ..Preferences::default() }));
    stage.run(ms(200));
    assert!(before.iter().all(|link| !stage.links.contains_key(link)));
    stage.run(ms(5000));
    assert!(stage.is_connected(0, 1), "{:?}", stage.states(0));
}

#[test]
fn what_did_not_arrive_over_a_link_is_left_to_the_relay() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    stage.run(ms(1000));
    stage.is_cut = true;
    let (to, now) = (stage.user_id(1), stage.now);
    assert!(stage.people[0].say(now, to, MessageId::from_bits(1), &ChatText::new("hello").expect("a text")));
    stage.places[1] = east(12.0);
    stage.run(ms(90_000));
    assert!(stage.said.is_empty());
    assert_eq!(stage.unsaid, [(0, to, "hello".to_owned())]);
}
