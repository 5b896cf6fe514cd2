//! What is said to several people: who hears it, and what those read who come later.

use shared::{
    chat::{Channel, Emote},
    position::Direction,
    profile::Status,
    protocol::{Event, Notice, Outcome, Refusal, Remark, ToRelay, Where},
};

use super::{super::*, stage::*};

/// Both in the open; the first sees the second 2 tiles to the east.
const COURTYARD: [(u16, u16); 2] = [(608, 700), (640, 700)];
/// Above and below a bench of the yard between the classrooms, 2 tiles apart.
const AT_A_BENCH: [(u16, u16); 2] = [(538, 432), (538, 464)];
/// In the passage to the library and beside it in the corridor, 2 tiles apart, both in no room.
const AT_A_WALL: [(u16, u16); 2] = [(212, 250), (192, 275)];
/// In the same rooms.
const LOUNGE: [(u16, u16); 2] = [(992, 200), (960, 200)];
const LIBRARY: [(u16, u16); 2] = [(224, 200), (240, 200)];
/// In the lounge's door, 1 tile from somebody just inside.
const LOUNGE_DOOR: [(u16, u16); 2] = [(992, 232), (992, 216)];

fn say(stage: &mut Stage, id: u64, channel: Channel, number: u64) {
    let text = text(&format!("remark {number}"));
    stage.say(id, &ToRelay::Say { channel, id: message_id(number), text });
}

/// What that client heard, as numbers, with the places.
fn said(stage: &Stage, id: u64) -> Vec<(Where, String)> {
    stage.heard(id, |message| match message {
        ToClient::Said { place, remark } => Some((place.clone(), remark.text.as_str().to_owned())),
        _ => None,
    })
}

/// The last history that client was told.
fn history(stage: &Stage, id: u64) -> Option<(Where, Vec<Remark>)> {
    let last = |message: &ToClient| match message {
        ToClient::History { place, remarks } => Some((place.clone(), remarks.clone())),
        _ => None,
    };
    stage.heard(id, last).pop()
}

fn ids(remarks: &[Remark]) -> Vec<shared::chat::MessageId> {
    remarks.iter().map(|remark| remark.id).collect()
}

fn room(name: &str) -> Where {
    Where::Room(label(name))
}

#[test]
fn everybody_hears_what_is_said_to_everyone_at_once_and_the_speaker_is_answered() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter_at(1, COURTYARD[0]);
    let others = [stage.enter_at(2, LIBRARY[0]), stage.enter_at(3, LOUNGE[0])];
    stage.say(others[0], &ToRelay::SetStatus(Status::DoNotDisturb));
    // No flush is due: a remark does not wait for one.
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(stand(610, 700)));
    say(&mut stage, ada, Channel::Everyone, 7);
    for other in others {
        let Some(ToClient::Said { place, remark }) = stage.clients[&other].heard.last() else {
            panic!("expected to hear a remark");
        };
        let expected = Remark {
            from: user_id(1),
            name: profile("Person 1").name,
            id: message_id(7),
            text: text("remark 7"),
            age_ms: 0,
        };
        assert_eq!((place, &**remark), (&Where::Everyone, &expected));
    }
    assert_eq!(stage.answers(ada), [(message_id(7), Outcome::Sent)]);
    assert!(said(&stage, ada).is_empty(), "one does not hear oneself");
}

#[test]
fn near_is_within_five_tiles_without_a_wall_or_a_rooms_boundary_in_between() {
    for (what, [from, to], is_heard) in [
        ("2 tiles in the open", COURTYARD, true),
        ("just within 5 tiles", [(608, 700), (687, 700)], true),
        ("5 tiles", [(608, 700), (688, 700)], false),
        ("a bench in between", AT_A_BENCH, true),
        ("a wall in between", AT_A_WALL, false),
        ("the same room", LOUNGE, true),
        ("both ends of a room", [(872, 200), (1128, 200)], true),
        ("a room's door", LOUNGE_DOOR, false),
        ("the library", LIBRARY, false),
    ] {
        for [speaker, hearer] in [[from, to], [to, from]] {
            let mut stage = Stage::on_campus();
            let [ada, bob] = [stage.enter_at(1, speaker), stage.enter_at(2, hearer)];
            say(&mut stage, ada, Channel::Nearby, 1);
            let heard = said(&stage, bob);
            assert_eq!(heard, if is_heard { vec![(Where::Nearby, "remark 1".into())] } else { vec![] }, "{what}");
            assert_eq!(stage.answers(ada), [(message_id(1), Outcome::Sent)], "{what}");
            assert!(history(&stage, bob).is_none(), "nothing of it is kept");
        }
    }
}

#[test]
fn who_is_not_to_be_disturbed_neither_hears_nor_is_heard_nearby() {
    let mut stage = Stage::on_campus();
    let [ada, bob] = [stage.enter_at(1, COURTYARD[0]), stage.enter_at(2, COURTYARD[1])];
    stage.say(bob, &ToRelay::SetStatus(Status::DoNotDisturb));
    say(&mut stage, ada, Channel::Nearby, 1);
    say(&mut stage, bob, Channel::Nearby, 2);
    assert!(said(&stage, bob).is_empty() && said(&stage, ada).is_empty());
    stage.say(bob, &ToRelay::SetStatus(Status::Available));
    say(&mut stage, ada, Channel::Nearby, 3);
    assert_eq!(said(&stage, bob).len(), 1);
}

#[test]
fn walkers_hear_where_they_are_and_not_where_they_set_out() {
    let mut stage = Stage::on_campus();
    let [ada, bob] = [stage.enter_at(1, COURTYARD[0]), stage.enter_at(2, COURTYARD[1])];
    stage.say(bob, &ToRelay::Moved(edge(640, 700, Direction::Right, true)));
    let set_out = stage.now;
    // Asked at odd moments on the way, the place is the same as if it were asked once: 3 tiles are walked in 750 ms.
    for (number, nanos) in (1..).zip([98_765_432, 222_222_222, 333_333_333, 691_111_111, 749_900_000]) {
        stage.now = set_out + Duration::from_nanos(nanos);
        say(&mut stage, ada, Channel::Nearby, number);
        assert_eq!(said(&stage, bob).len(), number as usize);
    }
    stage.now = set_out + Duration::from_millis(750);
    say(&mut stage, ada, Channel::Nearby, 6);
    assert_eq!(said(&stage, bob).len(), 5, "5 tiles away");
    // And out of a room through its door.
    let cem = stage.enter_at(3, LOUNGE[0]);
    let dan = stage.enter_at(4, LOUNGE_DOOR[1]);
    say(&mut stage, cem, Channel::Room, 1);
    stage.say(dan, &ToRelay::Moved(edge(992, 216, Direction::Down, true)));
    stage.wait(1000);
    say(&mut stage, cem, Channel::Room, 2);
    assert_eq!(said(&stage, dan), [(room("lounge"), "remark 1".into())]);
}

#[test]
fn a_room_is_for_those_inside_the_library_included() {
    for (name, [speaker, hearer]) in [("lounge", LOUNGE), ("library", LIBRARY)] {
        let mut stage = Stage::on_campus();
        let [ada, bob] = [stage.enter_at(1, speaker), stage.enter_at(2, hearer)];
        let outside = [stage.enter_at(3, LOUNGE_DOOR[0]), stage.enter_at(4, (776, 206))];
        stage.say(bob, &ToRelay::SetStatus(Status::DoNotDisturb));
        say(&mut stage, ada, Channel::Room, 1);
        assert_eq!(said(&stage, bob), [(room(name), "remark 1".into())]);
        assert!(outside.iter().all(|id| said(&stage, *id).is_empty()));
    }
    let mut stage = Stage::on_campus();
    let [ada, bob] = COURTYARD.map(|place| stage.enter_at((place.0 % 100) as u8, place));
    say(&mut stage, ada, Channel::Room, 1);
    assert_eq!(stage.answers(ada), [(message_id(1), Outcome::NotInRoom)]);
    assert!(said(&stage, bob).is_empty());
}

#[test]
fn a_joiner_reads_the_last_fifty_remarks_to_everyone_and_none_if_there_are_none() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter(1);
    assert!(history(&stage, ada).is_none());
    for number in 1..=51 {
        say(&mut stage, ada, Channel::Everyone, number);
        stage.wait(1000);
    }
    say(&mut stage, ada, Channel::Nearby, 99);
    // Two at once, who read the same bytes.
    let newcomers = [2, 3].map(|who| {
        let id = stage.dial();
        let hello = stage.hello(id, who);
        stage.say(id, &ToRelay::Hello(Box::new(hello)));
        id
    });
    stage.wait(40);
    for newcomer in newcomers {
        let (place, remarks) = history(&stage, newcomer).expect("a history");
        assert_eq!((place, ids(&remarks)), (Where::Everyone, (2..=51).map(message_id).collect()));
        assert!(remarks.iter().all(|remark| remark.from == user_id(1)));
        assert_eq!((remarks[0].age_ms, remarks[49].age_ms), (50_000, 1000));
        let order: Vec<_> = stage.heard(newcomer, |message| match message {
            ToClient::Welcome(_) => Some("welcome"),
            ToClient::History { .. } => Some("history"),
            _ => None,
        });
        assert_eq!(order, ["welcome", "history"]);
    }
    assert!(history(&stage, ada).is_none(), "only who comes in");
    // A day later nobody wants to know.
    stage.wait(24 * 3600 * 1000);
    let late = stage.enter(4);
    assert!(history(&stage, late).is_none());
}

#[test]
fn a_remark_between_hello_and_welcome_is_read_once() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter(1);
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Moved(stand(610, 700)));
    let bob = stage.dial();
    let hello = stage.hello(bob, 2);
    stage.say(bob, &ToRelay::Hello(Box::new(hello)));
    say(&mut stage, ada, Channel::Everyone, 1);
    stage.wait(40);
    assert!(said(&stage, bob).is_empty());
    assert_eq!(ids(&history(&stage, bob).expect("a history").1), [message_id(1)]);
}

#[test]
fn what_was_said_in_a_room_is_read_inside_and_nowhere_else() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter_at(1, LOUNGE[0]);
    for number in 1..=3 {
        say(&mut stage, ada, Channel::Room, number);
    }
    let bob = stage.enter_at(2, LOUNGE[1]);
    stage.say(bob, &ToRelay::ReadRoom);
    let (place, remarks) = history(&stage, bob).expect("a history");
    assert_eq!((place, ids(&remarks)), (room("lounge"), [1, 2, 3].map(message_id).to_vec()));
    // In another room one reads what was said there: nothing. In no room there is no answer.
    let cem = stage.enter_at(3, LIBRARY[0]);
    stage.say(cem, &ToRelay::ReadRoom);
    assert_eq!(history(&stage, cem), Some((room("library"), vec![])));
    let dan = stage.enter_at(4, LOUNGE_DOOR[0]);
    stage.say(dan, &ToRelay::ReadRoom);
    assert_eq!(history(&stage, dan), None);
    assert_eq!(stage.clients[&dan].closed, None);
}

#[test]
fn the_next_class_does_not_read_the_last_ones_words() {
    const TEN_MINUTES: u64 = 10 * 60 * 1000;
    for (wait, is_somebody_there, asks, is_kept) in [
        (TEN_MINUTES + 1000, false, true, false),
        (TEN_MINUTES + 1000, false, false, false),
        (TEN_MINUTES + 1000, true, true, true),
        (TEN_MINUTES - 1000, false, true, true),
        (TEN_MINUTES - 1000, false, false, true),
    ] {
        let mut stage = Stage::on_campus();
        let ada = stage.enter_at(1, LOUNGE[0]);
        say(&mut stage, ada, Channel::Room, 1);
        if !is_somebody_there {
            stage.close(ada, true);
        }
        stage.wait(wait);
        let bob = stage.enter_at(2, LOUNGE[1]);
        if !asks {
            say(&mut stage, bob, Channel::Room, 2);
        }
        stage.say(bob, &ToRelay::ReadRoom);
        let (_, remarks) = history(&stage, bob).expect("an answer");
        let is_there = ids(&remarks).contains(&message_id(1));
        assert_eq!(is_there, is_kept, "after {wait} ms, somebody there: {is_somebody_there}, asks: {asks}");
    }
}

#[test]
fn a_remark_too_many_is_answered_and_not_handed_on_and_going_on_for_ever_is_a_flood() {
    let mut stage = Stage::on_campus();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    for number in 0..28 {
        say(&mut stage, ada, Channel::Everyone, number);
    }
    let outcomes: Vec<_> = stage.answers(ada).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [vec![Outcome::Sent; 8], vec![Outcome::TooFast; 20]].concat());
    assert_eq!(said(&stage, bob).len(), 8);
    assert!(!stage.clients[&ada].heard.contains(&ToClient::Notice(Notice::SlowDown)));
    // Whoever waits is heard again.
    stage.wait(1000);
    say(&mut stage, ada, Channel::Everyone, 100);
    assert_eq!(stage.answers(ada).last(), Some(&(message_id(100), Outcome::Sent)));

    let mut number = 200;
    while stage.clients[&ada].closed.is_none() {
        say(&mut stage, ada, Channel::Everyone, number);
        number += 1;
        assert!(number < 300, "a flood has an end");
    }
    assert_eq!(stage.clients[&ada].refusal(), Some(&Refusal::Flood));
    let warnings = stage.heard(ada, |message| (*message == ToClient::Notice(Notice::SlowDown)).then_some(()));
    assert_eq!(warnings.len(), 1);
    assert!(said(&stage, bob).len() <= 8 + 1 + 8, "the warning is no licence");
}

#[test]
fn what_all_together_say_in_a_place_is_bounded_too() {
    let mut stage = Stage::on_campus();
    let ids: Vec<_> = (1..=30).map(|who| stage.enter(who)).collect();
    for number in 0..8 {
        for id in &ids {
            say(&mut stage, *id, Channel::Everyone, number);
        }
    }
    let sent = ids.iter().flat_map(|id| stage.answers(*id)).filter(|(_, outcome)| *outcome == Outcome::Sent).count();
    assert_eq!(sent, 200);
    assert!(ids.iter().all(|id| stage.clients[id].closed.is_none()), "nobody is to blame");
    // Other places are as they were.
    let [one, other] = [stage.enter_at(51, LOUNGE[0]), stage.enter_at(52, LOUNGE[1])];
    say(&mut stage, one, Channel::Room, 1);
    assert_eq!(said(&stage, other).len(), 1);
}

#[test]
fn an_emote_is_told_with_the_next_flush_and_as_it_is_last() {
    let mut stage = Stage::new();
    let [ada, bob] = [stage.enter(1), stage.enter(2)];
    stage.flush = Duration::from_millis(4);
    stage.say(ada, &ToRelay::Emote(Emote::Wave));
    stage.say(ada, &ToRelay::Emote(Emote::Heart));
    stage.say(ada, &ToRelay::Emote(Emote::Party));
    stage.wait(40);
    let emotes: Vec<_> = stage.heard(bob, |message| match message {
        ToClient::Happened(events) => Some(events.clone()),
        _ => None,
    });
    let number = stage.number(ada);
    let expected = [Emote::Wave, Emote::Party].map(|emote| Event::Emoted(number, emote));
    assert_eq!(emotes.concat(), expected);
}

#[test]
fn who_is_lost_hears_nothing_and_whoever_comes_back_reads_it() {
    let mut stage = Stage::on_campus();
    let [ada, bob] = [stage.enter_at(1, LOUNGE[0]), stage.enter_at(2, LOUNGE[1])];
    stage.close(bob, false);
    for (number, channel) in [(1, Channel::Everyone), (2, Channel::Room), (3, Channel::Nearby)] {
        say(&mut stage, ada, channel, number);
    }
    let again = stage.enter_at(2, LOUNGE[1]);
    assert_eq!(ids(&history(&stage, again).expect("a history").1), [message_id(1)]);
    stage.say(again, &ToRelay::ReadRoom);
    assert_eq!(ids(&history(&stage, again).expect("a history").1), [message_id(2)]);
}
