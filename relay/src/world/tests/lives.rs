//! Coming in, walking, getting lost, coming back, leaving.

use shared::{
    position::Direction,
    protocol::{Event, Refusal, ToRelay},
};

use super::{super::*, stage::*};

#[test]
fn two_who_come_in_see_each_other() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    assert_eq!(stage.seen(bob, ada).map(|edge| edge.position.tiles()), Some((2.0, 2.0)));
    assert_eq!(stage.seen(ada, bob).map(|edge| edge.position.tiles()), Some((4.0, 2.0)), "beside her");
    assert_eq!(stage.seen(bob, ada).map(|edge| edge.is_moving), Some(false));
    assert_ne!(stage.number(ada), stage.number(bob));
    assert_eq!(stage.world.participants(), 2);
}

#[test]
fn people_who_come_in_at_the_same_moment_see_each_other_once() {
    let mut stage = Stage::new();
    let ids: Vec<_> = (1..=20).map(|_| stage.dial()).collect();
    for (who, id) in (1..).zip(&ids) {
        let hello = stage.hello(*id, who);
        stage.say(*id, &ToRelay::Hello(Box::new(hello)));
    }
    stage.wait(40);
    for id in ids {
        assert_eq!(stage.clients[&id].others.len(), 19);
    }
}

#[test]
fn one_arrives_where_one_was_or_asked_or_else_in_the_courtyard() {
    let spawn = |stage: &Stage, id: u64| match &stage.clients[&id].heard[1] {
        ToClient::Welcome(welcome) => welcome.edge,
        other => panic!("expected a welcome, heard {other:?}"),
    };
    let mut stage = Stage::new();
    for (who, place, asked, expected) in [
        (1, None, None, (32, 32)),
        (2, None, Some("lounge"), (32, 160)),
        (3, None, Some("nowhere"), (64, 32)),
        (4, Some(walk(100, 100)), Some("lounge"), (100, 100)),
        (5, Some(walk(325, 100)), Some("lounge"), (64, 160)),
        (6, Some(walk(60000, 60000)), None, (32, 64)),
    ] {
        let id = stage.enter_with(who, |hello| {
            hello.place = place;
            hello.spawn = asked.map(label);
        });
        let edge = spawn(&stage, id);
        assert_eq!((edge.position.x, edge.position.y), expected, "person {who}");
        assert!(!edge.is_moving);
    }
}

#[test]
fn a_late_joiner_learns_since_when_a_walker_walks() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    stage.say(ada, &ToRelay::Moved(walk(32, 32)));
    stage.wait(1500);
    let bob = stage.enter(2);
    let seen = stage.clients[&bob].others.values().next().expect("Ada").clone();
    assert_eq!(seen.edge, walk(32, 32));
    assert!((1500..1560).contains(&seen.age_ms), "{}", seen.age_ms);
}

#[test]
fn who_moves_twice_before_a_flush_is_told_once_and_as_it_is_last() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(walk(40, 40)));
    stage.frames = 0;
    stage.say(ada, &ToRelay::Moved(walk(48, 40)));
    stage.say(ada, &ToRelay::Moved(stand(50, 40)));
    assert_eq!(stage.seen(bob, ada), Some(walk(40, 40)), "the first came at once");
    stage.wait(19);
    assert_eq!(stage.frames, 0, "a flush of 4 ms is not repeated before 20 ms");
    stage.wait(2);
    assert_eq!((stage.frames, stage.seen(bob, ada)), (1, Some(stand(50, 40))));
}

#[test]
fn a_changed_profile_reaches_the_others_and_an_unchanged_one_does_not() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.frames = 0;
    stage.say(ada, &ToRelay::SetName(profile("Person 1").name));
    stage.wait(40);
    assert_eq!(stage.frames, 0);
    stage.say(ada, &ToRelay::SetName(profile("Countess").name));
    stage.say(ada, &ToRelay::SetStatus(shared::profile::Status::Busy));
    stage.wait(40);
    let seen = &stage.clients[&bob].others.values().next().expect("Ada").profile;
    assert_eq!((seen.name.as_str(), seen.status), ("Countess", shared::profile::Status::Busy));
}

#[test]
fn who_says_goodbye_leaves_at_once() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.close(bob, true);
    stage.wait(20);
    assert!(stage.clients[&ada].others.is_empty());
    assert_eq!(stage.world.participants(), 1);
}

#[test]
fn a_lost_walker_is_stopped_where_it_is_and_leaves_after_a_grace() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.say(bob, &ToRelay::Moved(walk(32, 32)));
    stage.wait(1000);
    stage.close(bob, false);
    stage.wait(100);
    let seen = stage.seen(ada, bob).expect("still there");
    assert!(!seen.is_moving);
    // Four tiles a second, and stopped within a tenth of a second.
    assert!((96..=103).contains(&seen.position.x), "{seen:?}");
    stage.wait(9800);
    assert!(stage.seen(ada, bob).is_some());
    stage.wait(200);
    assert!(stage.clients[&ada].others.is_empty());
}

#[test]
fn a_lost_walker_is_stopped_before_a_wall_it_would_have_met() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.say(bob, &ToRelay::Moved(walk(250, 32)));
    stage.wait(8000);
    stage.close(bob, false);
    stage.wait(150);
    // The wall begins at 320, and half a body is 5 wide.
    assert_eq!(stage.seen(ada, bob), Some(stand(315, 32)));
}

#[test]
fn who_comes_back_within_the_grace_never_left() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    let number = stage.number(bob);
    stage.close(bob, false);
    stage.wait(5000);
    let again = stage.enter_with(2, |hello| hello.place = Some(stand(64, 64)));
    assert_eq!(stage.number(again), number);
    stage.wait(20_000);
    assert_eq!(stage.seen(ada, again), Some(stand(64, 64)));
    let joins = stage.clients[&ada].heard.iter().filter(|message| {
        matches!(message, ToClient::Happened(events) if events.iter().any(|event| matches!(event, Event::Joined(_) | Event::Left(_))))
    });
    assert_eq!(joins.count(), 1, "Bob's first coming");
}

#[test]
fn a_newer_connection_takes_over_and_others_see_only_what_changed() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    let bob = stage.enter(2);
    stage.say(bob, &ToRelay::Moved(edge(32, 32, Direction::Down, true)));
    stage.wait(1000);
    let newer = stage.enter_with(2, |hello| hello.profile.name = profile("Robert").name);
    assert_eq!(stage.clients[&bob].refusal(), Some(&Refusal::Replaced));
    assert_eq!(stage.clients[&bob].closed, Some(close::REPLACED));
    assert_eq!(stage.number(newer), stage.clients[&bob].number.expect("a welcome"));
    let seen = stage.clients[&ada].others.values().next().expect("Bob").clone();
    assert_eq!(seen.profile.name.as_str(), "Robert");
    assert!(!seen.edge.is_moving, "nobody steers a walker that was taken over");
    assert!((90..=104).contains(&seen.edge.position.y), "{seen:?}");
    // What the older one's socket still does is without effect.
    stage.handle(Input::Closed { connection: ConnectionId(bob), is_clean: false });
    stage.wait(30_000);
    assert_eq!(stage.clients[&ada].others.len(), 1);
}

#[test]
fn of_two_who_come_in_together_as_one_the_later_stays() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(walk(40, 40)));
    let [first, second] = [stage.dial(), stage.dial()];
    for id in [first, second] {
        let hello = stage.hello(id, 2);
        stage.say(id, &ToRelay::Hello(Box::new(hello)));
    }
    stage.wait(40);
    assert_eq!(stage.clients[&first].refusal(), Some(&Refusal::Replaced));
    assert!(stage.clients[&second].number.is_some());
    assert_eq!(stage.clients[&ada].others.len(), 1);
}

#[test]
fn who_arrives_and_is_gone_before_the_next_flush_was_never_there() {
    let mut stage = Stage::new();
    let ada = stage.enter(1);
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(walk(40, 40)));
    let bob = stage.dial();
    let hello = stage.hello(bob, 2);
    stage.say(bob, &ToRelay::Hello(Box::new(hello)));
    stage.close(bob, false);
    stage.wait(40);
    assert_eq!(stage.world.participants(), 1);
    assert!(stage.clients[&ada].others.is_empty());
}

#[test]
fn when_the_relay_stops_everybody_is_told_a_moment_of_their_own() {
    let mut stage = Stage::new();
    let ids: Vec<_> = (1..=50).map(|who| stage.enter(who)).collect();
    stage.handle(Input::Stopping { seed: 12345 });
    let mut moments = std::collections::HashSet::new();
    for id in ids {
        assert_eq!(stage.clients[&id].closed, Some(close::RESTARTING));
        let Some(ToClient::Restarting { after_ms }) = stage.clients[&id].heard.last() else {
            panic!("expected to hear of the restart");
        };
        assert!(RESTART_AFTER_MS.contains(after_ms));
        moments.insert(after_ms / 100);
    }
    assert!(moments.len() > 20, "{moments:?}");
}
