//! What becomes of a call between two people at the door of a room.

use shared::position::{Point, Position};

use super::{ms, stage::Stage};
use crate::{
    media::{CallCommand, CallState, Device, MediaInput},
    session::tests::campus,
};

/// A place so many tiles below the door of *meeting-1*; negative inside.
fn below(tiles: f32) -> Point {
    let zone = campus().zones.iter().position(|zone| zone.name == "meeting-1").expect("a room");
    let door = campus().doors.iter().find(|door| door.zone == zone).expect("a door").position;
    Point::from(Position::new(door.x, (f32::from(door.y) + tiles * 16.0) as u16))
}

/// Two with microphones at these places.
fn pair(tiles: f32) -> Stage {
    let mut stage = Stage::new(&[0.0, 0.0]);
    stage.places = vec![below(tiles); 2];
    for index in 0..2 {
        stage.tell(index, MediaInput::Switch(Device::Microphone, true));
    }
    stage.run(ms(2000));
    stage
}

/// Whether somebody sends their voice to the other.
fn sends(stage: &Stage, who: usize) -> bool {
    let sending = |(index, command): &(usize, CallCommand)| match command {
        CallCommand::Share(sending) if *index == who => Some(sending.microphone),
        _ => None,
    };
    stage.commands.iter().rev().find_map(sending).unwrap_or_default()
}

#[test]
fn the_call_of_two_who_walk_out_together_stands_before_the_door_and_carries_nothing_until_both_are_through() {
    let mut stage = pair(-5.0);
    assert_eq!(stage.open().1, 0, "nobody is about to walk out");
    stage.places = vec![below(-3.0); 2];
    stage.run(ms(500));
    assert_eq!(stage.open().1, 2, "the call stands");
    let is_quiet = |stage: &Stage| (0..2).all(|who| stage.states(who).is_empty() && !sends(stage, who));
    assert!(is_quiet(&stage) && stage.arrivals.is_empty());
    stage.places[0] = below(1.0);
    stage.run(ms(110));
    assert!(is_quiet(&stage), "one of them is still inside");
    stage.places[1] = below(1.0);
    stage.run(ms(110));
    for who in 0..2 {
        assert!(sends(&stage, who));
        assert!(stage.states(who).iter().all(|(_, state)| *state == CallState::Connected));
        assert_eq!(stage.states(who).len(), 1);
    }
    assert_eq!(stage.opened_calls, 2, "it is the same call");
}

#[test]
fn a_call_carries_nothing_from_the_door_on_and_is_over_a_moment_later() {
    let mut stage = pair(2.0);
    assert!(sends(&stage, 0) && sends(&stage, 1));
    stage.places[0] = below(-1.0);
    stage.run(ms(110));
    assert!((0..2).all(|who| stage.states(who).is_empty() && !sends(&stage, who)));
    stage.run(ms(1200));
    assert_eq!(stage.open().1, 0);
}

#[test]
fn who_walks_in_together_and_stays_has_no_call_any_more() {
    let mut stage = pair(2.0);
    stage.places = vec![below(-1.0); 2];
    stage.run(ms(500));
    assert_eq!((stage.open().1, stage.opened_calls), (2, 2), "they may walk out again");
    stage.run(ms(3000));
    assert_eq!(stage.open().1, 0);
}
