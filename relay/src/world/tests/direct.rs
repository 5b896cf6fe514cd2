//! What one person says to another.

use shared::protocol::{Direct, Notice, Outcome, Refusal, ToRelay};

use super::{super::*, stage::*};

fn direct(to: u8, number: u64) -> ToRelay {
    let (id, text) = (message_id(number), text("hi"));
    ToRelay::SendDirect(Box::new(Direct { with: user_id(to), id, sent_at_ms: 1_700_000_000_000 + number, text }))
}

/// What that client was sent by other people, in order.
fn received(stage: &Stage, id: u64) -> Vec<ToClient> {
    stage.heard(id, |message| match message {
        ToClient::DirectReceived(_) | ToClient::Delivered { .. } | ToClient::Typing(_) | ToClient::Waved(_) => {
            Some(message.clone())
        }
        _ => None,
    })
}

#[test]
fn a_message_and_its_receipt_reach_the_one_they_are_for_and_nobody_else() {
    let mut stage = Stage::new();
    let [ada, bob, cem] = [1, 2, 3].map(|who| stage.enter(who));
    stage.say(ada, &direct(2, 7));
    let expected = Direct { with: user_id(1), id: message_id(7), sent_at_ms: 1_700_000_000_007, text: text("hi") };
    assert_eq!(received(&stage, bob), [ToClient::DirectReceived(Box::new(expected))]);
    assert_eq!(stage.answers(ada), [(message_id(7), Outcome::Sent)]);
    stage.say(bob, &ToRelay::Stored { from: user_id(1), id: message_id(7) });
    assert_eq!(received(&stage, ada), [ToClient::Delivered { by: user_id(2), id: message_id(7) }]);
    stage.wait(1000);
    assert!(received(&stage, cem).is_empty() && stage.answers(cem).is_empty());
    let late = stage.enter(4);
    assert!(received(&stage, late).is_empty(), "and nothing is kept");
}

#[test]
fn who_is_away_lost_or_oneself_is_not_here() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    stage.say(ada, &direct(2, 1));
    stage.say(ada, &direct(1, 2));
    let bob = stage.enter(2);
    stage.say(ada, &direct(2, 3));
    stage.close(bob, false);
    stage.say(ada, &direct(2, 4));
    let bob = stage.enter(2);
    stage.say(ada, &direct(2, 5));
    stage.close(bob, true);
    stage.say(ada, &direct(2, 6));
    // Between hello and welcome one is not here yet.
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(walk(40, 40)));
    let bob = stage.dial();
    let hello = stage.hello(bob, 2);
    stage.say(bob, &ToRelay::Hello(Box::new(hello)));
    stage.say(ada, &direct(2, 7));
    let expected = [
        Outcome::NotHere,
        Outcome::NotHere,
        Outcome::Sent,
        Outcome::NotHere,
        Outcome::Sent,
        Outcome::NotHere,
        Outcome::NotHere,
    ];
    let answers: Vec<_> = (1..).map(message_id).zip(expected).collect();
    assert_eq!(stage.answers(ada), answers);
    assert!(received(&stage, ada).is_empty());
}

#[test]
fn a_newer_tab_gets_what_is_sent_from_then_on() {
    let mut stage = Stage::new();
    let [ada, older] = [stage.enter(1), stage.enter(2)];
    let newer = stage.enter(2);
    stage.say(ada, &direct(2, 1));
    assert_eq!((received(&stage, older).len(), received(&stage, newer).len()), (0, 1));
}

#[test]
fn signs_reach_those_who_are_here_and_oneself_never() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    for to in [1, 2, 3] {
        let to = user_id(to);
        stage.say(ada, &ToRelay::Typing(to));
        stage.say(ada, &ToRelay::Wave(to));
        stage.say(ada, &ToRelay::Stored { from: to, id: message_id(1) });
    }
    let ada_id = user_id(1);
    let expected =
        [ToClient::Typing(ada_id), ToClient::Waved(ada_id), ToClient::Delivered { by: ada_id, id: message_id(1) }];
    assert_eq!(received(&stage, bob), expected);
    assert!(received(&stage, ada).is_empty());
    stage.close(bob, false);
    stage.say(ada, &ToRelay::Typing(user_id(2)));
    let again = stage.enter(2);
    assert!(received(&stage, again).is_empty(), "signs do not wait");
}

#[test]
fn a_receipt_for_what_was_never_sent_says_only_who_claims_it() {
    // There is no sender in a message to forge; whoever makes up a receipt can only name themselves as the storer.
    let mut stage = Stage::new();
    let [ada, bob, mallory] = [1, 2, 3].map(|who| stage.enter(who));
    stage.say(ada, &direct(2, 1));
    stage.say(mallory, &ToRelay::Stored { from: user_id(1), id: message_id(1) });
    assert_eq!(received(&stage, ada), [ToClient::Delivered { by: user_id(3), id: message_id(1) }]);
    assert_eq!(received(&stage, bob).len(), 1);
}

#[test]
fn a_message_too_many_is_answered_and_going_on_for_ever_is_a_flood() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    for number in 0..40 {
        stage.say(ada, &direct(2, number));
    }
    let outcomes: Vec<_> = stage.answers(ada).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [[Outcome::Sent; 20], [Outcome::TooFast; 20]].concat());
    assert!(!stage.clients[&ada].heard.contains(&ToClient::Notice(Notice::SlowDown)));
    let mut number = 100;
    while stage.clients[&ada].closed.is_none() {
        stage.say(ada, &direct(2, number));
        number += 1;
        assert!(number < 200, "a flood has an end");
    }
    assert_eq!(stage.clients[&ada].refusal(), Some(&Refusal::Flood));
    assert!(received(&stage, bob).len() <= 40, "the warning is no licence");
}

#[test]
fn an_outbox_that_keeps_the_rate_is_never_slowed_down() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    let mut bucket = Bucket::default();
    for number in 0..100 {
        let at = bucket.next_at(shared::limits::DIRECT_MESSAGES).max(stage.now);
        stage.wait(at.saturating_sub(stage.now).as_millis() as u64 + 1);
        assert!(bucket.take(stage.now, shared::limits::DIRECT_MESSAGES, 1));
        stage.say(ada, &direct(2, number));
    }
    assert_eq!(received(&stage, bob).len(), 100);
}

#[test]
fn many_who_write_to_one_person_are_told_to_wait_and_not_blamed() {
    let mut stage = Stage::new();
    let bob = stage.enter(1);
    let others: Vec<_> = (2..=16).map(|who| stage.enter(who)).collect();
    for number in 0..20 {
        for other in &others {
            stage.say(*other, &direct(1, number));
        }
    }
    assert_eq!(received(&stage, bob).len(), 200);
    let outcomes = others.iter().flat_map(|other| stage.answers(*other));
    assert_eq!(outcomes.filter(|(_, outcome)| *outcome == Outcome::TooFast).count(), 100);
    for other in &others {
        let client = &stage.clients[other];
        assert!(client.closed.is_none() && !client.heard.contains(&ToClient::Notice(Notice::SlowDown)));
    }
    stage.wait(1000);
    stage.say(others[14], &direct(1, 99));
    assert_eq!(received(&stage, bob).len(), 201);
}

#[test]
fn signs_to_one_person_are_bounded_whoever_makes_them() {
    let mut stage = Stage::new();
    let [bob, carla] = [stage.enter(1), stage.enter(2)];
    for who in 3..=6 {
        let id = stage.enter(who);
        for number in 0..100 {
            stage.say(id, &ToRelay::Stored { from: user_id(1), id: message_id(number) });
        }
        stage.say(id, &ToRelay::Wave(user_id(2)));
    }
    // A burst of 300, and what came in the moments in which people entered.
    assert!((300..330).contains(&received(&stage, bob).len()), "{}", received(&stage, bob).len());
    assert_eq!(received(&stage, carla).len(), 4, "others are not concerned");
}

#[test]
fn gestures_without_end_are_a_flood() {
    for (message, at_once) in [
        (ToRelay::Typing(user_id(2)), 10),
        (ToRelay::Wave(user_id(2)), 3),
        (ToRelay::Emote(shared::chat::Emote::Clap), 6),
        (ToRelay::ReadRoom, 6),
        (ToRelay::Stored { from: user_id(2), id: message_id(1) }, 300),
    ] {
        let mut stage = Stage::new();
        let [ada, _bob] = [stage.enter(1), stage.enter(2)];
        let mut said = 0;
        while stage.clients[&ada].closed.is_none() {
            stage.say(ada, &message);
            said += 1;
            assert!(said < 1000);
        }
        assert_eq!(said, 2 * at_once + 2, "a burst and a warning, a burst and the end: {message:?}");
        assert_eq!(stage.clients[&ada].refusal(), Some(&Refusal::Flood));
    }
}
