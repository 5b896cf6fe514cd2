//! Single rules, then two couriers with each other, then one against somebody who sends anything at all.

pub(in crate::media) mod pair;

use proptest::prelude::*;
use shared::{
    chat::{ChatText, MessageId},
    protocol::link::{Description, Shares},
};

use self::pair::{Journal, Pair, Step, fates};
use super::*;

const START: Duration = Duration::from_secs(1000);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn said(id: u64) -> LinkMessage {
    LinkMessage::Said { id: MessageId::from_bits(id), text: ChatText::new(&id.to_string()).expect("a text") }
}

fn shares() -> LinkMessage {
    LinkMessage::Call(1, CallMessage::Shares(Shares::default()))
}

fn all(courier: &mut Courier, now: Duration) -> Vec<Frame> {
    courier.tick(now);
    std::iter::from_fn(|| courier.poll(now)).collect()
}

/// The numbers of messages in frames.
fn numbers(frames: &[Frame]) -> Vec<u32> {
    frames.iter().filter_map(|frame| frame.message.as_ref().map(|(number, _)| *number)).collect()
}

/// Page 1, with a link up, that knows page 2.
fn acquainted() -> Courier {
    let mut courier = Courier::new(1);
    courier.link_up(START);
    courier.received(START, frame(0, 0, None));
    assert_eq!(all(&mut courier, START), [Frame { instance: 1, to: 0, taken: 0, message: None }]);
    let acknowledgement = Frame { instance: 1, to: 2, taken: 0, message: None };
    assert_eq!(all(&mut courier, START + ACKNOWLEDGE_AFTER), [acknowledgement]);
    courier
}

/// A frame of page 2.
fn frame(to: u64, taken: u32, message: Option<(u32, LinkMessage)>) -> Frame {
    Frame { instance: 2, to, taken, message }
}

#[test]
fn a_message_waits_until_it_is_known_whom_it_is_for() {
    let mut courier = Courier::new(1);
    courier.send(START, said(0)).expect("room");
    courier.link_up(START);
    assert!(numbers(&all(&mut courier, START)).is_empty());
    courier.received(START, frame(0, 0, None));
    assert_eq!(numbers(&all(&mut courier, START)), [0]);
}

#[test]
fn a_page_names_itself_until_the_other_does() {
    let mut courier = Courier::new(1);
    courier.link_up(START);
    let mut named = Vec::new();
    for tenth in 0..130 {
        named.extend(all(&mut courier, START + ms(100 * tenth)).iter().map(|_| tenth * 100));
    }
    assert_eq!(named, [0, 1000, 3000, 7000, 11_000]);
}

#[test]
fn what_is_not_acknowledged_is_said_again_ever_more_slowly() {
    let mut courier = acquainted();
    courier.send(START, said(0)).expect("room");
    courier.send(START, said(1)).expect("room");
    let mut times = Vec::new();
    for tenth in 0..160 {
        let frames = all(&mut courier, START + ms(100 * tenth));
        times.extend(numbers(&frames).into_iter().map(|number| (number, tenth * 100)));
    }
    assert_eq!(times, [(0, 0), (1, 0), (0, 1000), (0, 3000), (0, 7000), (0, 11_000), (0, 15_000)]);
}

#[test]
fn all_that_may_be_lost_is_said_again_on_a_new_link() {
    let mut courier = acquainted();
    for id in 0..3 {
        courier.send(START, said(id)).expect("room");
    }
    assert_eq!(numbers(&all(&mut courier, START)), [0, 1, 2]);
    courier.received(START, frame(1, 1, None));
    courier.link_down();
    assert_eq!(courier.next_timeout(), None);
    assert_eq!(all(&mut courier, START + ms(9000)), []);
    courier.link_up(START + ms(9000));
    assert_eq!(numbers(&all(&mut courier, START + ms(9000))), [1, 2]);
}

#[test]
fn what_is_acknowledged_before_it_is_said_again_is_not() {
    let mut courier = acquainted();
    for id in 0..3 {
        courier.send(START, said(id)).expect("room");
    }
    all(&mut courier, START);
    courier.link_up(START);
    courier.received(START, frame(1, 2, None));
    assert_eq!(numbers(&all(&mut courier, START)), [2]);
}

#[test]
fn an_acknowledgement_travels_with_a_message_or_goes_alone_soon() {
    let mut courier = acquainted();
    let (first, second) = (START + ms(1000), START + ms(2000));
    courier.received(first, frame(1, 0, Some((0, said(0)))));
    assert_eq!(courier.next_timeout(), Some(first + ACKNOWLEDGE_AFTER));
    assert_eq!(all(&mut courier, first + ms(99)), []);
    let alone = Frame { instance: 1, to: 2, taken: 1, message: None };
    assert_eq!(all(&mut courier, first + ms(100)), [alone]);

    courier.received(second, frame(1, 0, Some((1, said(1)))));
    courier.send(second, said(9)).expect("room");
    assert_eq!(all(&mut courier, second), [Frame { instance: 1, to: 2, taken: 2, message: Some((0, said(9))) }]);
    assert_eq!(all(&mut courier, second + ms(500)), [], "it is acknowledged already");
}

#[test]
fn messages_that_come_before_their_turn_wait_for_it() {
    let mut courier = acquainted();
    let mut take = |number| courier.received(START, frame(1, 0, Some((number, said(number.into()))))).messages;
    assert_eq!(take(1), []);
    assert_eq!(take(1), []);
    assert_eq!(take(OUT_OF_ORDER as u32), [], "too far ahead to be kept");
    assert_eq!(take(0), [said(0), said(1)]);
    assert_eq!(take(0), []);
    assert_eq!(take(2), [said(2)]);
}

#[test]
fn what_finds_no_room_comes_back() {
    let mut courier = acquainted();
    for id in 0..UNACKNOWLEDGED {
        courier.send(START, said(id as u64)).expect("room");
    }
    assert_eq!(courier.send(START, said(7)), Err(Full(said(7))));
    assert_eq!(numbers(&all(&mut courier, START)).len(), OUT_OF_ORDER, "no more than the other side keeps");

    let mut courier = acquainted();
    let large = Description::new(&"x".repeat(60_000)).expect("a description");
    let sent = (0..9).filter(|_| {
        let offer = LinkMessage::Call(1, CallMessage::Offer(large.clone()));
        courier.send(START, offer).is_ok()
    });
    assert_eq!(sent.count(), UNACKNOWLEDGED_BYTES / 60_064);
}

#[test]
fn a_page_loaded_anew_hears_nothing_of_what_was_before() {
    let mut courier = acquainted();
    courier.received(START, frame(1, 0, Some((0, said(0)))));
    courier.send(START, said(10)).expect("room");
    courier.send(START, shares()).expect("room");
    courier.send(START, said(11)).expect("room");
    all(&mut courier, START);
    let anew = Frame { instance: 3, to: 0, taken: 0, message: None };
    let received = courier.received(START, anew);
    assert!(received.is_new_instance);
    assert_eq!(received.undelivered, [said(10), said(11)]);

    courier.send(START, shares()).expect("room");
    assert_eq!(all(&mut courier, START), [Frame { instance: 1, to: 3, taken: 0, message: Some((0, shares())) }]);
}

#[test]
fn frames_for_another_page_are_left_alone_and_their_sender_is_told() {
    let mut courier = acquainted();
    let received = courier.received(START + ms(500), frame(99, 0, Some((0, said(0)))));
    assert_eq!(received, Received::default());
    assert_eq!(all(&mut courier, START + ms(500)), []);
    let announcement = Frame { instance: 1, to: 0, taken: 0, message: None };
    assert_eq!(all(&mut courier, START + ms(600)), [announcement]);
}

#[test]
fn nothing_is_acknowledged_that_was_not_said() {
    let mut courier = acquainted();
    courier.send(START, said(0)).expect("room");
    courier.send(START, said(1)).expect("room");
    courier.received(START, frame(1, 1, None));
    assert_eq!(numbers(&all(&mut courier, START)), [0, 1], "neither was under way");
    for taken in [3, 4, u32::MAX, 1 << 31] {
        courier.received(START, frame(1, taken, None));
        assert_eq!(courier.kept.len(), 2, "{taken}");
    }
    courier.received(START, frame(1, 2, None));
    assert_eq!(courier.kept.len(), 0);
    assert_eq!(courier.kept_bytes, 0);
}

/// Which of all that was said this is.
fn id(message: &LinkMessage) -> u64 {
    match message {
        LinkMessage::Said { text, .. } => text.as_str().parse().expect("a number"),
        LinkMessage::Call(..) | LinkMessage::Invites(_) => panic!("nobody said that"),
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1_u64..800).prop_map(Step::Wait),
        2 => (800_u64..9000).prop_map(Step::Wait),
        12 => (0_usize..2).prop_map(Step::Say),
        2 => Just(Step::Cut),
        3 => Just(Step::Join),
        1 => (0_usize..2).prop_map(Step::Reload),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn each_message_arrives_once_and_in_order_or_is_given_back(steps in steps(), fates in fates()) {
        let mut pair = Pair::new(fates);
        for step in steps {
            pair.step(step);
        }
        // At last the link stays.
        pair.fates = vec![(false, 30, None)];
        pair.join();
        pair.run(ms(20_000));
        let Journal { taken, said, undelivered, .. } = &pair.journal;
        let taken: Vec<_> = taken.iter().map(|(to, from, message)| (*to, *from, id(message))).collect();
        let undelivered: Vec<_> = undelivered.iter().map(|(page, message)| (*page, id(message))).collect();
        for page in taken.iter().map(|(page, ..)| *page) {
            let of_page: Vec<_> = taken.iter().filter(|(to, ..)| *to == page).collect();
            prop_assert!(of_page.windows(2).all(|two| two[0].1 != two[1].1 || two[0].2 < two[1].2), "{of_page:?}");
        }
        for (page, id) in said.iter().filter(|(page, _)| pair.names.contains(page)) {
            let is_taken = taken.iter().any(|(_, from, taken)| from == page && taken == id);
            prop_assert!(is_taken || undelivered.contains(&(*page, *id)), "{id} of page {page} is lost");
        }
        for page in &pair.pages {
            prop_assert!(page.kept.is_empty() && page.is_acquainted());
        }
        // And then all is quiet.
        let frames = pair.frames;
        pair.run(ms(60_000));
        prop_assert_eq!(pair.frames, frames);
    }

    #[test]
    fn without_reloads_nothing_is_given_back(steps in steps(), fates in fates()) {
        let mut pair = Pair::new(fates);
        for step in steps.into_iter().filter(|step| !matches!(step, Step::Reload(_))) {
            pair.step(step);
        }
        pair.join();
        pair.fates = vec![(false, 30, None)];
        pair.run(ms(20_000));
        for page in 0..2 {
            let name = pair.names[page];
            let said = pair.journal.said.iter().filter(|(from, _)| *from == name).map(|(_, id)| *id);
            let taken = pair.journal.taken.iter().filter(|(_, from, _)| *from == name).map(|(.., said)| id(said));
            prop_assert_eq!(taken.collect::<Vec<_>>(), said.collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_frames_at_all_are_borne(frames in prop::collection::vec(hostile(), 1..200)) {
        let mut courier = Courier::new(1);
        let (mut now, mut said_count, mut polled, mut joined) = (START, 0, 0, 1);
        courier.link_up(now);
        for (wait, does_say, does_join, frame) in frames {
            now += ms(wait);
            if does_say && courier.send(now, said(0)).is_ok() {
                said_count += 1;
            }
            if does_join {
                courier.link_up(now);
                joined += 1;
            }
            courier.received(now, frame);
            polled += all(&mut courier, now).len();
            prop_assert!(courier.kept.len() <= UNACKNOWLEDGED && courier.kept_bytes <= UNACKNOWLEDGED_BYTES);
            prop_assert!(courier.early.len() <= OUT_OF_ORDER && courier.early_bytes <= UNACKNOWLEDGED_BYTES);
            prop_assert!(courier.left.len() <= LEFT_INSTANCES);
            prop_assert!(courier.own != 0);
        }
        // Each message once on each link; twice ten small frames and one repeated a second.
        let tenths = now.saturating_sub(START).as_millis() as usize / 100;
        prop_assert!(polled <= said_count * joined + joined + 3 * (tenths + 1), "{polled} frames");
    }
}

/// After how long, whether something is said and a link comes up before it, and a frame.
fn hostile() -> impl Strategy<Value = (u64, bool, bool, Frame)> {
    let instance = prop_oneof![4 => 0_u64..5, 1 => any::<u64>()];
    let to = prop_oneof![1 => Just(0), 4 => Just(1), 1 => 2_u64..4, 1 => any::<u64>()];
    let number = || prop_oneof![3 => 0_u32..70, 1 => any::<u32>()];
    let text = prop_oneof![9 => Just(10_usize), 1 => Just(60_000)];
    let message = prop::option::of((number(), text)).prop_map(|message| {
        message.map(|(number, length)| {
            let description = Description::new(&"x".repeat(length)).expect("a description");
            (number, LinkMessage::Call(number, CallMessage::Offer(description)))
        })
    });
    let frame = (instance, to, number(), message);
    let frame = frame.prop_map(|(instance, to, taken, message)| Frame { instance, to, taken, message });
    (prop_oneof![1 => Just(0_u64), 1 => 0_u64..300], any::<bool>(), prop::bool::weighted(0.02), frame)
}
