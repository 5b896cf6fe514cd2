//! What the world refuses, and what it does for those who do not read.

use shared::protocol::{Notice, Refusal, RelayUrl, ToRelay};

use super::{super::*, stage::*};

/// What becomes of somebody who begins with those bytes.
fn refused(make: impl FnOnce(&mut Stage, u64) -> Vec<u8>) -> Option<Refusal> {
    let mut stage = Stage::new();
    let bystander = stage.enter(1);
    let id = stage.dial();
    let bytes = make(&mut stage, id);
    stage.say_bytes(id, bytes);
    stage.wait(40);
    assert!(stage.clients[&bystander].others.is_empty(), "nobody else notices");
    assert_eq!(stage.clients[&id].closed, Some(close::REFUSED));
    stage.clients[&id].refusal().cloned()
}

fn hello_bytes(stage: &Stage, id: u64, change: impl FnOnce(&mut Hello)) -> Vec<u8> {
    let mut hello = stage.hello(id, 2);
    change(&mut hello);
    codec::encode_to_relay(&ToRelay::Hello(Box::new(hello)))
}

#[test]
fn a_wrong_beginning_is_refused_with_its_reason() {
    let wrong_relay = Refusal::WrongRelay { expected: URL.into() };
    let evil = || RelayUrl::new("wss://evil.example/ws").expect("a URL");
    assert_eq!(refused(|_, _| vec![1, 9, 255, 255]), Some(Refusal::WrongVersion { relay: VERSION }));
    assert_eq!(refused(|_, _| vec![1, VERSION as u8, 255, 255]), Some(Refusal::Malformed));
    assert_eq!(refused(|_, _| vec![]), Some(Refusal::Malformed));
    assert_eq!(refused(|_, _| vec![5]), Some(Refusal::OutOfOrder));
    assert_eq!(refused(|_, _| vec![0, 32, 0, 32, 0, 0]), Some(Refusal::OutOfOrder));
    let with = |change: fn(&mut Hello)| refused(move |stage, id| hello_bytes(stage, id, change));
    assert_eq!(with(|hello| hello.signature[0][0] ^= 1), Some(Refusal::WrongSignature));
    assert_eq!(with(|hello| hello.public_key = [3; 32]), Some(Refusal::WrongSignature));
    assert_eq!(refused(|stage, id| hello_bytes(stage, id, |hello| hello.relay_url = evil())), Some(wrong_relay));
}

#[test]
fn a_hello_holds_for_one_connection() {
    let mut stage = Stage::new();
    let ada = stage.dial();
    let bytes = hello_bytes(&stage, ada, |_| {});
    let thief = stage.dial();
    stage.say_bytes(ada, bytes.clone());
    stage.wait(40);
    stage.say_bytes(thief, bytes.clone());
    assert_eq!(stage.clients[&thief].refusal(), Some(&Refusal::WrongSignature));
    stage.say_bytes(ada, bytes);
    assert_eq!(stage.clients[&ada].refusal(), Some(&Refusal::OutOfOrder), "and once");
}

#[test]
fn nothing_may_be_said_between_hello_and_welcome() {
    let mut stage = Stage::new();
    let first = stage.enter(1);
    stage.flush = Duration::from_millis(4);
    stage.say(first, &ToRelay::Moved(walk(40, 40)));
    let hasty = stage.dial();
    let hello = hello_bytes(&stage, hasty, |_| {});
    stage.say_bytes(hasty, hello);
    stage.say(hasty, &ToRelay::Ping);
    assert_eq!(stage.clients[&hasty].refusal(), Some(&Refusal::OutOfOrder));
}

#[test]
fn who_says_nothing_is_too_late() {
    let mut stage = Stage::new();
    let silent = stage.dial();
    stage.wait(4999);
    assert_eq!(stage.clients[&silent].closed, None);
    stage.wait(2);
    assert_eq!(stage.clients[&silent].refusal(), Some(&Refusal::TooLate));
    assert_eq!(stage.world.next_timeout(), None);
}

#[test]
fn a_place_in_a_wall_or_off_the_map_ends_the_connection() {
    for place in [stand(325, 32), walk(318, 32), stand(0, 0), stand(60000, 60000), stand(32, 191)] {
        let mut stage = Stage::new();
        let bystander = stage.enter(1);
        let id = stage.enter(2);
        stage.say(id, &ToRelay::Moved(place));
        stage.wait(40);
        assert_eq!(stage.clients[&id].refusal(), Some(&Refusal::NotWalkable), "{place:?}");
        assert!(stage.clients[&bystander].others.is_empty(), "and leaves at once");
    }
}

#[test]
fn what_is_no_message_ends_the_connection() {
    for bytes in [vec![], vec![200], vec![0, 1], vec![5, 5], vec![2, 3, b'a', b'\n', b'b']] {
        let mut stage = Stage::new();
        let id = stage.enter(1);
        stage.say_bytes(id, bytes.clone());
        assert_eq!(stage.clients[&id].refusal(), Some(&Refusal::Malformed), "{bytes:?}");
    }
}

#[test]
fn a_flood_is_warned_of_once_and_then_ended() {
    let mut stage = Stage::new();
    let bystander = stage.enter(1);
    let id = stage.enter(2);
    let mut said = 0;
    while stage.clients[&id].closed.is_none() {
        said += 1;
        stage.say(id, &ToRelay::Moved(walk(40 + said % 2, 40)));
        assert!(said < 1000);
    }
    assert_eq!(stage.clients[&id].refusal(), Some(&Refusal::Flood));
    let warnings = stage.clients[&id].heard.iter().filter(|message| **message == ToClient::Notice(Notice::SlowDown));
    assert_eq!(warnings.count(), 1);
    stage.wait(200);
    assert_eq!(stage.seen(bystander, id).map(|edge| edge.is_moving), Some(false), "it may come back");
}

#[test]
fn a_person_who_walks_wildly_is_no_flood() {
    let mut stage = Stage::new();
    let id = stage.enter(1);
    for step in 0..15 * 60 {
        stage.say(id, &ToRelay::Moved(walk(40 + step % 2, 40)));
        stage.wait(66);
    }
    assert!(!stage.clients[&id].heard.contains(&ToClient::Notice(Notice::SlowDown)));
}

#[test]
fn a_ping_is_answered_at_once() {
    let mut stage = Stage::new();
    let id = stage.enter(1);
    stage.say(id, &ToRelay::Ping);
    assert_eq!(stage.clients[&id].heard.last(), Some(&ToClient::Pong));
}

#[test]
fn a_full_world_takes_nobody_else_but_lets_its_own_come_back() {
    let mut stage = Stage::with(Limits { participants: 2, ..Limits::default() });
    let [_, bob] = [stage.enter(1), stage.enter(2)];
    let third = stage.enter(3);
    assert_eq!(stage.clients[&third].refusal(), Some(&Refusal::Full));
    stage.close(bob, false);
    let bob = stage.enter(2);
    assert!(stage.clients[&bob].number.is_some());
}

#[test]
fn who_missed_movements_hears_where_everybody_is_once_it_reads_again() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    stage.blocked.push(ada);
    stage.say(bob, &ToRelay::Moved(walk(40, 40)));
    stage.wait(500);
    stage.say(bob, &ToRelay::SetName(profile("Robert").name));
    stage.wait(500);
    assert_ne!(stage.seen(ada, bob), Some(walk(40, 40)));
    assert_eq!(stage.clients[&ada].others.values().next().expect("Bob").profile.name.as_str(), "Robert");
    stage.blocked.clear();
    stage.handle(Input::CaughtUp { connection: ConnectionId(ada) });
    let Some(ToClient::Places(places)) = stage.clients[&ada].heard.last() else { panic!("expected all places") };
    assert_eq!((places.len(), places[0].age_ms), (1, 1000));
    assert_eq!(stage.seen(ada, bob), Some(walk(40, 40)));
    stage.say(bob, &ToRelay::Moved(stand(90, 40)));
    stage.wait(40);
    assert_eq!(stage.seen(ada, bob), Some(stand(90, 40)), "and movements again");
}

#[test]
fn who_does_not_read_what_must_arrive_is_too_slow_and_may_come_back() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    stage.handle(Input::Overflowed { connection: ConnectionId(bob) });
    assert_eq!(stage.clients[&bob].refusal(), Some(&Refusal::TooSlow));
    assert_eq!(stage.clients[&bob].closed, Some(close::TOO_SLOW));
    stage.wait(5000);
    let again = stage.enter(2);
    assert!(stage.seen(ada, again).is_some());
}
