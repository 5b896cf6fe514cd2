//! When frames are drawn, and when not.

use super::*;

#[test]
fn a_bubble_is_drawn_now_and_then_and_once_when_it_ends() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    let rests = stage.settle(0);
    let long = stage.mode();
    assert!(!stage.would_wake(rests));
    stage.emoted(rests, Emote::Party);
    assert!(stage.would_wake(rests));
    stage.frame(rests);
    assert_eq!(stage.mode(), UpdateMode::Continuous, "it pops up");
    let beating = stage.settle(rests);
    assert!(beating < rests + 400 && stage.mode() != long, "{:?}", stage.mode());
    assert!(!stage.would_wake(rests + 3990));
    assert!(stage.would_wake(rests + 4010), "it ends");
    stage.frame(rests + 4010);
    stage.settle(rests + 4010);
    assert_eq!(stage.mode(), long);
}

#[test]
fn news_of_who_is_out_of_sight_wake_nobody() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    let rests = stage.settle(0);
    for (what, event) in [
        ("an emote", Event::Emoted(Number(2), Emote::Laugh)),
        ("a look", Event::AppearanceChanged(Number(2), Appearance::new([1, 2, 3, 4, 5]).expect("on the sheet"))),
    ] {
        stage.hear(rests, &ToClient::Happened(vec![event]));
        assert!(!stage.would_wake(rests), "{what}");
    }
    stage.moved(rests, Edge { direction: Direction::Up, ..edge(FAR, Y, true) });
    assert!(!stage.would_wake(rests), "a walk");
}

#[test]
fn news_of_who_is_in_sight_wake_at_once() {
    for (what, message) in [
        ("an emote", ToClient::Happened(vec![Event::Emoted(Number(2), Emote::Laugh)])),
        ("a status", ToClient::Happened(vec![Event::StatusChanged(Number(2), shared::profile::Status::Busy)])),
        (
            "a turn",
            ToClient::Moved(vec![NumberedEdge {
                number: Number(2),
                edge: Edge { direction: Direction::Up, ..edge(X, Y, false) },
            }]),
        ),
        ("a walk", ToClient::Moved(vec![NumberedEdge { number: Number(2), edge: edge(X, Y, true) }])),
        ("a leave", ToClient::Happened(vec![Event::Left(Number(2))])),
    ] {
        let mut stage = Stage::new();
        stage.joined(0, edge(X, Y, false));
        let rests = stage.settle(0);
        assert!(!stage.would_wake(rests));
        stage.hear(rests, &message);
        assert!(stage.would_wake(rests), "{what}");
        stage.frame(rests);
        stage.settle(rests);
        let is_walk = what == "a walk";
        assert_eq!(stage.would_wake(rests + 500), is_walk && stage.mode() != UpdateMode::Continuous, "{what}, drawn");
    }
}

#[test]
fn who_walks_into_sight_is_drawn_before_they_are_seen() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    let rests = stage.settle(0);
    stage.moved(rests, edge(FAR, Y, true));
    let left = stage.view().corner.x;
    let woken = (rests..rests + 20_000).step_by(100).find(|ms| stage.would_wake(*ms)).expect("woken once");
    stage.frame(woken);
    let x = stage.bobs_x();
    assert!(x >= left - MARGIN && x < left - MARGIN / 2, "woken with Bob at {x}, the view begins at {left}");
    assert_eq!(stage.mode(), UpdateMode::Continuous);
}

#[test]
fn fifty_walkers_out_of_sight_wake_nobody_in_ten_seconds() {
    let mut stage = Stage::new();
    let number = |index: u8| Number(u16::from(index));
    let place = |index: u8| 100 + 3 * u16::from(index);
    for index in 2..52 {
        let joined = participant(index.into(), index, "Bob", edge(place(index), Y, false), 0);
        stage.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(joined))]));
    }
    let rests = stage.settle(0);
    let mut wakes = 0;
    let mut walked = false;
    for ms in (0..10_000).step_by(20) {
        // Each of them turns round once a second; the page looks when something is said and ten times a second.
        let index = 2 + (ms / 20 % 50) as u8;
        let is_even = ms / 1000 % 2 == 0;
        let direction = if is_even { Direction::Right } else { Direction::Left };
        let x = place(index) + if is_even { 0 } else { 64 };
        let edge = Edge { direction, ..edge(x, Y, true) };
        stage.hear(rests + ms, &ToClient::Moved(vec![NumberedEdge { number: number(index), edge }]));
        wakes += u32::from(stage.would_wake(rests + ms));
        walked |= stage.classroom.read(Session::is_anybody_moving);
    }
    assert!(walked);
    assert_eq!(wakes, 0);
}
