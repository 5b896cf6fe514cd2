//! Calls of rooms: who takes part, what the forwarding unit is told of it, and what clients are told.

use shared::{
    position::Direction,
    profile::Status,
    protocol::{
        Number, ToRelay,
        link::{Description, Shares},
        room::{FromSfu, Membership, SfuRefusal, ToSfu},
    },
};

use super::{super::*, stage::*};
use crate::{
    limits::{KEEP_WITHIN_TILES, LOOK_INTO_ROOMS_EVERY, PREPARE_WITHIN_TILES},
    sfu::{Input as ToForward, ParticipantKey, RoomKey},
};

/// The places of rooms among the campus' zones.
const CLASSROOM: RoomKey = RoomKey(0);
const MEETING: RoomKey = RoomKey(2);

/// Inside of the first meeting room, in 1/16 tiles; people may stand on the same spot.
const IN_MEETING: (u16, u16) = (440, 206);
const IN_CLASSROOM: (u16, u16) = (360, 420);
const AT_PODIUM: (u16, u16) = (240, 420);
const IN_LIBRARY: (u16, u16) = (224, 200);
const COURTYARD: (u16, u16) = (608, 700);

/// How many the first meeting room takes.
const MEETING_CAPACITY: usize = 8;

fn look(stage: &mut Stage) {
    stage.wait(2 * LOOK_INTO_ROOMS_EVERY.as_millis() as u64);
}

fn move_to(stage: &mut Stage, id: u64, (x, y): (u16, u16)) {
    stage.say(id, &ToRelay::Moved(stand(x, y)));
    look(stage);
}

/// Where the forwarding unit thinks that somebody is, and whether at the podium.
fn placed(stage: &Stage, id: u64) -> Option<(Option<RoomKey>, bool)> {
    let number = stage.number(id);
    stage.to_sfu.iter().rev().find_map(|input| match input {
        ToForward::Placed { who, room, is_podium } if who.number == number => Some((*room, *is_podium)),
        ToForward::Left(who) if who.number == number => Some((None, false)),
        _ => None,
    })
}

fn memberships(stage: &Stage, id: u64) -> Vec<Membership> {
    stage.heard(id, |message| match message {
        ToClient::Room(message) => match **message {
            FromSfu::Membership(membership) => Some(membership),
            _ => None,
        },
        _ => None,
    })
}

fn refusals(stage: &Stage, id: u64) -> Vec<SfuRefusal> {
    stage.heard(id, |message| match message {
        ToClient::Room(message) => match **message {
            FromSfu::Refused { why, .. } => Some(why),
            _ => None,
        },
        _ => None,
    })
}

fn offer(stage: &mut Stage, id: u64) {
    let description = Description::new("v=0\r\n").expect("short");
    stage.say(id, &ToRelay::Room(Box::new(ToSfu::Offer { connection: 1, description })));
}

/// What was handed to the forwarding unit of what clients said.
fn said(stage: &Stage) -> usize {
    stage.to_sfu.iter().filter(|input| matches!(input, ToForward::Said { .. })).count()
}

#[test]
fn who_is_in_a_room_with_a_call_takes_part_and_nobody_else_does() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, COURTYARD);
    look(&mut stage);
    assert_eq!(placed(&stage, id), None);
    for (place, room) in [
        (IN_MEETING, Some((Some(MEETING), false))),
        (IN_LIBRARY, Some((None, false))),
        (IN_CLASSROOM, Some((Some(CLASSROOM), false))),
        (AT_PODIUM, Some((Some(CLASSROOM), true))),
        (COURTYARD, Some((None, false))),
    ] {
        move_to(&mut stage, id, place);
        assert_eq!(placed(&stage, id), room, "{place:?}");
    }
    let expected = [Membership::Member, Membership::None, Membership::Member, Membership::None];
    assert_eq!(memberships(&stage, id), expected);
}

#[test]
fn who_wants_not_to_be_disturbed_takes_no_part() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, IN_MEETING);
    look(&mut stage);
    stage.say(id, &ToRelay::SetStatus(Status::DoNotDisturb));
    look(&mut stage);
    assert_eq!(placed(&stage, id), Some((None, false)));
    stage.say(id, &ToRelay::SetStatus(Status::Available));
    look(&mut stage);
    assert_eq!(placed(&stage, id), Some((Some(MEETING), false)));
    assert_eq!(memberships(&stage, id), [Membership::Member, Membership::None, Membership::Member]);
}

#[test]
fn a_walker_crosses_a_door_without_a_word() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, IN_MEETING);
    look(&mut stage);
    assert_eq!(placed(&stage, id), Some((Some(MEETING), false)));
    // Down through the door, and on.
    let out = edge(IN_MEETING.0, IN_MEETING.1, Direction::Down, true);
    stage.say(id, &ToRelay::Moved(out));
    let mut left_after = None;
    for ms in 1..5000 {
        stage.wait(1);
        if left_after.is_none() && placed(&stage, id) == Some((None, false)) {
            left_after = Some(ms);
        }
    }
    // 17 and a half pixels to where 224 is the nearest, at 64 a second: in that very millisecond, not at the next look.
    assert_eq!(left_after, Some(274));
    assert_eq!(memberships(&stage, id), [Membership::Member, Membership::None]);
}

#[test]
fn whoever_turns_around_before_the_door_is_in_and_whoever_sets_out_at_it_is_out_at_once() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, IN_MEETING);
    look(&mut stage);
    let (x, door) = (IN_MEETING.0, 224);
    stage.say(id, &ToRelay::Moved(edge(x, door - 2, Direction::Down, true)));
    stage.wait(10);
    stage.say(id, &ToRelay::Moved(edge(x, door - 2, Direction::Up, true)));
    stage.wait(200);
    assert_eq!(memberships(&stage, id), [Membership::Member]);
    stage.say(id, &ToRelay::Moved(edge(x, door - 1, Direction::Down, true)));
    stage.wait(7);
    assert_eq!(placed(&stage, id), Some((Some(MEETING), false)));
    stage.wait(1);
    assert_eq!(placed(&stage, id), Some((None, false)));
    stage.say(id, &ToRelay::Moved(edge(x, door - 8, Direction::Up, true)));
    stage.wait(1);
    assert_eq!(placed(&stage, id), Some((Some(MEETING), false)), "elsewhere than one was thought to be");
}

#[test]
fn nobody_is_looked_at_while_all_stand_still() {
    let mut stage = Stage::on_campus();
    stage.enter_at(1, IN_MEETING);
    stage.wait(1000);
    assert_eq!(stage.world.next_timeout(), None);
}

#[test]
fn a_full_room_lets_the_next_one_in_when_somebody_leaves() {
    let mut stage = Stage::on_campus();
    let ids: Vec<_> = (1..=MEETING_CAPACITY as u8 + 2).map(|who| stage.enter_at(who, IN_MEETING)).collect();
    look(&mut stage);
    let (members, waiting) = ids.split_at(MEETING_CAPACITY);
    for id in members {
        assert_eq!(memberships(&stage, *id), [Membership::Member]);
    }
    for id in waiting {
        assert_eq!(memberships(&stage, *id), [Membership::Full]);
        assert_eq!(placed(&stage, *id), None, "they hear nobody");
    }
    move_to(&mut stage, members[3], COURTYARD);
    assert_eq!(memberships(&stage, waiting[0]), [Membership::Full, Membership::Member]);
    assert_eq!(placed(&stage, waiting[0]), Some((Some(MEETING), false)));
    assert_eq!(memberships(&stage, waiting[1]), [Membership::Full]);
    stage.close(members[0], true);
    look(&mut stage);
    assert_eq!(memberships(&stage, waiting[1]), [Membership::Full, Membership::Member]);
    assert!(stage.to_sfu.iter().any(|input| matches!(input, ToForward::Left(_))));
}

#[test]
fn a_lost_connection_keeps_its_place_for_the_grace_and_is_told_again_after_it() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, IN_MEETING);
    look(&mut stage);
    stage.close(id, false);
    stage.wait(5000);
    assert!(!stage.to_sfu.iter().any(|input| matches!(input, ToForward::Left(_))), "the media goes on");
    let again = stage.enter_at(1, IN_MEETING);
    look(&mut stage);
    assert_eq!(memberships(&stage, again), [Membership::Member]);
    assert!(stage.to_sfu.iter().any(|input| matches!(input, ToForward::Arrived(_))));
    stage.close(again, false);
    stage.wait(11_000);
    assert!(matches!(stage.to_sfu.last(), Some(ToForward::Left(_))));
}

#[test]
fn a_connection_is_offered_near_a_room_and_ends_far_from_all() {
    let mut stage = Stage::on_campus();
    // Below the second meeting room, which ends 224 from the top, and far from all others.
    let at = |tiles: f32| (COURTYARD.0, 224 + (tiles * 16.0) as u16);
    let id = stage.enter_at(1, at(PREPARE_WITHIN_TILES + 0.5));
    offer(&mut stage, id);
    assert_eq!((refusals(&stage, id), said(&stage)), (vec![SfuRefusal::NotNear], 0));
    move_to(&mut stage, id, at(PREPARE_WITHIN_TILES - 0.5));
    offer(&mut stage, id);
    assert_eq!((refusals(&stage, id).len(), said(&stage)), (1, 1));
    stage.wait(2000);
    move_to(&mut stage, id, COURTYARD);
    let is_far = |input: &ToForward| matches!(input, ToForward::Far(_));
    // The courtyard is further from every room than that.
    assert_eq!(stage.to_sfu.iter().filter(|input| is_far(input)).count(), 1, "{KEEP_WITHIN_TILES}");
    move_to(&mut stage, id, (COURTYARD.0 + 16, COURTYARD.1));
    assert_eq!(stage.to_sfu.iter().filter(|input| is_far(input)).count(), 1, "said once");
}

#[test]
fn what_is_said_is_counted_and_too_many_offers_are_a_flood() {
    let mut stage = Stage::on_campus();
    let id = stage.enter_at(1, IN_MEETING);
    for _ in 0..100 {
        if stage.clients[&id].closed.is_none() {
            offer(&mut stage, id);
        }
    }
    assert_eq!(stage.clients[&id].refusal(), Some(&Refusal::Flood));
    assert!(said(&stage) < 20);

    let calm = stage.enter_at(2, IN_MEETING);
    let before = said(&stage);
    for _ in 0..30 {
        stage.say(calm, &ToRelay::Room(Box::new(ToSfu::Share(Shares::default()))));
    }
    assert_eq!((said(&stage) - before, stage.clients[&calm].closed), (30, None));
}

#[test]
fn what_the_forwarding_unit_says_reaches_only_whom_it_is_for() {
    let mut stage = Stage::on_campus();
    let (one, other) = (stage.enter_at(1, IN_MEETING), stage.enter_at(2, IN_MEETING));
    look(&mut stage);
    let key = stage.to_sfu.iter().find_map(|input| match input {
        ToForward::Placed { who, .. } if who.number == stage.number(one) => Some(*who),
        _ => None,
    });
    let key = key.expect("placed");
    let speakers = |number| Box::new(FromSfu::Speakers(vec![Number(number)]));
    stage.handle(Input::Sfu { to: key, message: speakers(7) });
    // The same number, but another person: somebody who had it before.
    stage.handle(Input::Sfu { to: ParticipantKey { entry: key.entry + 100, ..key }, message: speakers(8) });
    let heard =
        |id| stage.heard(id, |message| matches!(message, ToClient::Room(room) if **room == *speakers(7)).then_some(()));
    assert_eq!((heard(one).len(), heard(other).len()), (1, 0));
    assert!(
        stage
            .heard(one, |message| matches!(message, ToClient::Room(room) if **room == *speakers(8)).then_some(()))
            .is_empty()
    );
}
