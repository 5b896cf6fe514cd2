//! What is shown of conversations, from sessions as they are.

use std::time::Instant;

use shared::{
    chat::{ChatText, MessageId},
    movement::Edge,
    position::{Direction, Position},
    profile::{Name, Status},
    protocol::{self, Event, Label, Outcome, Refusal, Remark, ToClient, Where},
};

use super::{tidings::tidings, *};
use crate::{
    session::{
        Input,
        memory::{Entry as Kept, Memory, Store},
        tests::{Client, at, participant, person},
    },
    view::{Surroundings, View},
};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;
/// What the clock of test clients shows at `at(0)`.
const BEGAN: u64 = 1_795_000_000_000;

fn text(text: &str) -> ChatText {
    ChatText::new(text).expect("a text")
}

fn standing(position: Position) -> Edge {
    Edge { position, direction: Direction::Down, is_moving: false }
}

/// Somebody comes in, so many pixels east of the entrance.
fn comes(client: &mut Client, number: u16, name: &str, pixels: u16) {
    let spawn = client.map.default_spawn();
    let edge = standing(Position::new(spawn.x + pixels, spawn.y));
    let joined = Event::Joined(Box::new(participant(number, number as u8, name, edge, 0)));
    client.hear(0, &ToClient::Happened(vec![joined]));
}

fn with_bob() -> Client {
    let mut client = Client::online();
    comes(&mut client, 2, "Bob", 16);
    client
}

fn bob() -> Key {
    Key::Direct(person(2))
}

/// Bob writes to oneself, by his clock.
fn writes(client: &mut Client, bits: u64, at_ms: u64, what: &str) {
    let direct = protocol::Direct {
        with: person(2),
        id: MessageId::from_bits(bits),
        sent_at_ms: BEGAN + at_ms,
        text: text(what),
    };
    client.hear(at_ms, &ToClient::DirectReceived(Box::new(direct)));
}

/// Somebody says something to several people.
fn says(client: &mut Client, from: u8, bits: u64, place: Where, what: &str) {
    let name = Name::new("Was Bob").expect("a name");
    let remark = Remark { from: person(from), name, id: MessageId::from_bits(bits), text: text(what), age_ms: 0 };
    client.hear(0, &ToClient::Said { place, remark: Box::new(remark) });
}

fn at_key(key: Key) -> Looking {
    Looking { at: Some(key), ..Looking::default() }
}

fn open(client: &Client, ms: u64, looking: &Looking) -> Conversation {
    let chat = chat(&client.session, at(ms), looking);
    Arc::unwrap_or_clone(chat.open.expect("a conversation"))
}

fn entries(client: &Client, ms: u64) -> Vec<Entry> {
    let looking = Looking { at_list: true, ..Looking::default() };
    chat(&client.session, at(ms), &looking).entries.to_vec()
}

#[test]
fn several_come_first_and_then_people_by_what_was_written_last() {
    let mut client = with_bob();
    comes(&mut client, 3, "Cem", 16);
    comes(&mut client, 4, "Dan", 16);
    let dan = Key::Direct(person(4));
    client.tell(1000, Input::Say { key: dan, text: text("hi Dan") });
    writes(&mut client, 1, 2000, "two\nlines");
    says(&mut client, 3, 2, Where::Everyone, "hi all");
    let entries = entries(&client, 2000);
    let shown: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.last.as_str(), entry.unread)).collect();
    assert_eq!(
        shown,
        [
            ("Everyone", "Cem: hi all", 1),
            ("Nearby", "Heard by Bob, Cem, Dan", 0),
            ("Bob", "two lines", 1),
            ("Dan", "You: hi Dan", 0),
        ]
    );
    assert_eq!(entries[2].at_ms, Some(BEGAN + 2000));
    assert_eq!((entries[2].presence, entries[0].presence), (Presence::Here(Status::Available), Presence::Several));
    assert_eq!(chat(&client.session, at(2000), &Looking::default()).unread, 2);
}

#[test]
fn the_room_one_is_in_is_listed_and_can_be_written_to_until_one_leaves_it() {
    let lounge = Client::new(Memory::default()).map.spawn("lounge").expect("a room");
    let mut client = Client::online_at(lounge);
    let room = Key::Room(Label::new("lounge").expect("a label"));
    assert!(entries(&client, 0).iter().any(|entry| entry.key == room));
    let conversation = open(&client, 0, &at_key(room.clone()));
    assert_eq!((conversation.barred, conversation.about.as_str()), (None, words().chat_room_empty));
    assert_eq!(start(&client.session, at(0), None), room);
    assert_eq!(start(&client.session, at(0), Some(&Key::Everyone)), room, "not by mistake to the whole campus");
    assert_eq!(start(&client.session, at(0), Some(&bob())), bob());

    let away = Client::online();
    assert_eq!(open(&away, 0, &at_key(room.clone())).barred, Some(words().barred_not_in_room));
    assert_eq!(start(&away.session, at(0), None), Key::Everyone);
    // What was said there is still to be read.
    client = away;
    says(&mut client, 2, 1, Where::Room(Label::new("lounge").expect("a label")), "hi");
    assert!(entries(&client, 0).iter().any(|entry| entry.key == room && entry.unread == 1));
}

#[test]
fn one_begins_where_something_is_new_and_else_where_one_was() {
    let mut client = with_bob();
    let nearby = Key::Nearby;
    assert_eq!(start(&client.session, at(0), Some(&nearby)), nearby);
    writes(&mut client, 1, 1000, "hi");
    assert_eq!(start(&client.session, at(1000), Some(&nearby)), bob());
    says(&mut client, 3, 2, Where::Nearby, "hello");
    assert_eq!(start(&client.session, at(1000), Some(&nearby)), nearby, "something is new there too");
}

#[test]
fn nearby_names_those_who_would_hear() {
    let mut client = Client::online();
    let about = |client: &Client| open(client, 0, &at_key(Key::Nearby)).about;
    assert_eq!(about(&client), words().near_nobody);
    comes(&mut client, 2, "Far", 16 * 7);
    assert_eq!(about(&client), words().near_nobody);
    for (number, name, pixels) in [(3, "Cem", 48), (4, "Bob", 16), (5, "Dan", 56), (6, "Eve", 60)] {
        comes(&mut client, number, name, pixels);
    }
    assert_eq!(about(&client), "Heard by Bob, Cem, Dan and 1 more");
    client.tell(0, Input::SetStatus(Status::DoNotDisturb));
    assert_eq!(about(&client), words().near_not_disturbed);
}

#[test]
fn nobody_hears_through_a_wall_or_in_the_library() {
    let library = Client::new(Memory::default()).map.spawn("library").expect("a room");
    let mut client = Client::online_at(library);
    let beside = Event::Joined(Box::new(participant(2, 2, "Bob", standing(library), 0)));
    client.hear(0, &ToClient::Happened(vec![beside]));
    assert_eq!(open(&client, 0, &at_key(Key::Nearby)).about, words().near_quiet);
}

#[test]
fn days_and_turns_begin_where_they_should() {
    let mut client = with_bob();
    let now = 3 * DAY;
    for (bits, at_ms, what) in
        [(1, 0, "first"), (2, MINUTE, "same turn"), (3, 7 * MINUTE, "a pause later"), (4, 2 * DAY, "another day")]
    {
        writes(&mut client, bits, at_ms, what);
    }
    client.tell(now, Input::Say { key: bob(), text: text("mine") });
    client.tell(now + 1000, Input::Say { key: bob(), text: text("mine too") });
    let conversation = open(&client, now + 1000, &at_key(bob()));
    let shown: Vec<_> = conversation
        .lines
        .iter()
        .map(|line| (line.text.as_str(), line.day == Day::Later, line.opens_turn, line.is_own))
        .collect();
    let of = |what: &str| *shown.iter().find(|line| line.0 == what).expect("a line");
    assert_eq!(of("first"), ("first", true, true, false));
    assert_eq!(of("same turn"), ("same turn", false, false, false));
    assert_eq!(of("a pause later"), ("a pause later", false, true, false));
    assert_eq!(of("another day"), ("another day", true, true, false));
    assert_eq!(of("mine"), ("mine", true, true, true));
    assert_eq!(of("mine too"), ("mine too", false, false, true));
}

#[test]
fn a_message_of_an_earlier_day_says_so() {
    let mut client = with_bob();
    client.tell(2 * DAY, Input::Say { key: bob(), text: text("today") });
    writes(&mut client, 1, 2 * DAY, "now");
    // Bob's clock is two days behind, and his messages are ordered by what he wrote first: another person's are not.
    let conversation = open(&client, 2 * DAY, &at_key(bob()));
    assert!(conversation.lines.iter().all(|line| line.day != Day::Earlier));
    let mut client = with_bob();
    client.tell(2 * DAY, Input::Say { key: bob(), text: text("today") });
    let direct = protocol::Direct {
        with: person(2),
        id: MessageId::from_bits(1),
        sent_at_ms: BEGAN,
        text: text("waited since"),
    };
    client.hear(2 * DAY, &ToClient::DirectReceived(Box::new(direct)));
    let conversation = open(&client, 2 * DAY, &at_key(bob()));
    let late: Vec<_> = conversation.lines.iter().map(|line| (line.text.as_str(), line.day)).collect();
    assert_eq!(late, [("today", Day::Later), ("waited since", Day::Earlier)]);
}

#[test]
fn the_newest_are_shown_and_what_was_shown_stays() {
    let mut client = with_bob();
    for bits in 0..120 {
        writes(&mut client, bits, bits, &bits.to_string());
    }
    let mut looking = at_key(bob());
    let conversation = open(&client, 200, &looking);
    assert_eq!((conversation.lines.len(), conversation.earlier), (SHOWN, 70));
    let first = &conversation.lines[0];
    assert_eq!(first.text, "70");

    looking.from = Some(first.key);
    for bits in 200..210 {
        writes(&mut client, bits, bits, &bits.to_string());
    }
    let conversation = open(&client, 300, &looking);
    assert_eq!((conversation.lines.len(), conversation.lines[0].text.as_str()), (60, "70"));
    looking.at_least = 60 + SHOWN;
    let conversation = open(&client, 300, &looking);
    assert_eq!((conversation.lines.len(), conversation.earlier, conversation.lines[0].text.as_str()), (110, 20, "20"));
    // One that is gone meanwhile does not bring all of them along.
    looking = Looking { from: Some((person(9), MessageId::from_bits(1))), ..at_key(bob()) };
    assert_eq!(open(&client, 300, &looking).lines.len(), SHOWN);
}

#[test]
fn the_first_unread_message_is_found_among_ones_own() {
    let mut client = with_bob();
    writes(&mut client, 1, 0, "read");
    client.tell(10, Input::Read(Some(bob())));
    client.tell(20, Input::Read(None));
    assert_eq!(first_unread(&client.session, &bob()), None);
    writes(&mut client, 2, 30, "unread");
    client.tell(40, Input::Say { key: bob(), text: text("mine") });
    writes(&mut client, 3, 50, "unread too");
    let conversation = open(&client, 60, &at_key(bob()));
    assert_eq!((conversation.unread, conversation.first_unread), (2, Some((person(2), MessageId::from_bits(2)))));
}

#[test]
fn states_of_ones_own_messages_are_shown_and_who_is_not_here_is_waited_for() {
    let mut client = with_bob();
    client.tell(0, Input::Say { key: bob(), text: text("hi") });
    let state = |client: &Client| open(client, 0, &at_key(bob())).lines[0].clone();
    let id = state(&client).key.1;
    assert_eq!((state(&client).state, state(&client).speaker.as_str()), (State::Sending, words().chat_you));
    client.hear(0, &ToClient::Answered { id, outcome: Outcome::Sent });
    assert_eq!(state(&client).state, State::Sent);
    client.hear(0, &ToClient::Delivered { by: person(2), id });
    assert_eq!(state(&client).state, State::Delivered);
    assert_eq!(open(&client, 0, &at_key(bob())).about, words().status_available);
    client.hear(0, &ToClient::Happened(vec![Event::Left(protocol::Number(2))]));
    let conversation = open(&client, 0, &at_key(bob()));
    assert_eq!((conversation.about.as_str(), conversation.presence), (words().chat_waits, Presence::Gone));
    assert_eq!(conversation.barred, None);
}

#[test]
fn what_bars_one_from_writing_is_said() {
    let mut client = with_bob();
    client.tell(0, Input::Block(person(2), true));
    assert_eq!(open(&client, 0, &at_key(bob())).barred, Some(words().barred_blocked));
    client.hear(0, &ToClient::Refused(Refusal::Replaced));
    for key in [bob(), Key::Everyone, Key::Nearby] {
        assert_eq!(open(&client, 0, &at_key(key)).barred, Some(words().barred_replaced));
    }
}

#[test]
fn who_is_known_is_called_by_the_name_of_now_and_others_by_that_of_then() {
    let mut client = with_bob();
    for from in [2, 9] {
        says(&mut client, from, from.into(), Where::Everyone, "hi");
    }
    let conversation = open(&client, 0, &at_key(Key::Everyone));
    let speakers: Vec<_> = conversation.lines.iter().map(|line| line.speaker.as_str()).collect();
    assert_eq!(speakers, ["Bob", "Was Bob"]);
    assert_eq!(name(&client.session, &Key::Direct(person(9))), words().chat_somebody);
}

#[test]
fn the_other_side_is_seen_writing() {
    let mut client = with_bob();
    client.hear(0, &ToClient::Typing(person(2)));
    assert_eq!(open(&client, 1000, &at_key(bob())).writing.as_deref(), Some("Bob is writing …"));
    assert_eq!(open(&client, 9000, &at_key(bob())).writing, None);
}

#[test]
fn what_happened_is_told_in_one_breath() {
    let mut client = with_bob();
    let after = client.session.feed().last();
    writes(&mut client, 1, 0, "first");
    writes(&mut client, 2, 0, "second {name}");
    client.hear(0, &ToClient::Waved(person(2)));
    says(&mut client, 2, 3, Where::Everyone, "hi all");
    let told = tidings(&client.session, after);
    let heard: Vec<_> = told.heard.iter().map(|heard| (heard.title(), heard.text.as_str())).collect();
    assert_eq!(
        heard,
        [("Bob".into(), "first"), ("Bob".into(), "second {name}"), ("Bob · Everyone".to_owned(), "hi all")]
    );
    assert_eq!(
        told.sentence(None).as_deref(),
        Some("Bob: first Bob: second {name} Bob · Everyone: hi all Bob waves at you.")
    );
    assert_eq!(told.sentence(Some(&bob())).as_deref(), Some("Bob · Everyone: hi all Bob waves at you."));
    assert_eq!(tidings(&client.session, told.last).sentence(None), None);
}

#[test]
fn many_who_come_are_counted() {
    let mut client = Client::online();
    let after = client.session.feed().last();
    comes(&mut client, 2, "Bob", 0);
    assert_eq!(tidings(&client.session, after).sentence(None).as_deref(), Some("Bob came in."));
    comes(&mut client, 3, "Cem", 0);
    assert_eq!(tidings(&client.session, after).sentence(None).as_deref(), Some("Bob, Cem came in."));
    comes(&mut client, 4, "Dan", 0);
    assert_eq!(tidings(&client.session, after).sentence(None).as_deref(), Some("3 people came in."));
}

/// A storage with the fullest conversation.
struct Full(Vec<(String, String)>);

impl Store for Full {
    fn read(&self, key: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    fn keys(&self) -> Vec<String> {
        self.0.iter().map(|(key, _)| key.clone()).collect()
    }
}

#[test]
#[ignore = "measures: run it with --nocapture"]
#[allow(clippy::print_stdout, reason = "tells figures")]
fn cost_of_a_view_with_200_people_and_1000_messages() {
    let mut first = with_bob();
    let mut kept = std::collections::BTreeMap::new();
    for bits in 0..1000 {
        let outputs = {
            let direct = protocol::Direct {
                with: person(2),
                id: MessageId::from_bits(bits),
                sent_at_ms: BEGAN + bits * MINUTE,
                text: text(&"words and words ".repeat(12)),
            };
            first.hear(bits * MINUTE, &ToClient::DirectReceived(Box::new(direct)))
        };
        for output in outputs {
            if let crate::session::Output::Remember(Kept { key, value: Some(value) }) = output {
                kept.insert(key.to_string(), value);
            }
        }
    }
    let memory = Memory::read(&Full(kept.into_iter().collect()));
    let mut client = Client::online_with(memory);
    for number in 2..=201 {
        comes(&mut client, number, &format!("Person {number}"), number % 64);
    }
    let now = 1000 * MINUTE;
    for (what, looking) in [
        ("nothing open", Looking::default()),
        ("the list", Looking { at_list: true, ..Looking::default() }),
        ("50 messages", at_key(bob())),
        ("1,000 messages", Looking { at_least: 1000, ..at_key(bob()) }),
    ] {
        const RUNS: u32 = 200;
        let started = Instant::now();
        let mut shown = View::default();
        for _ in 0..RUNS {
            let view = View::of(&client.session, at(now), Surroundings::default()).with_chat(
                &client.session,
                at(now),
                &looking,
            );
            if view != shown {
                shown = view.clone();
            }
        }
        println!("{what}: {:?}", started.elapsed() / RUNS);
        assert_eq!(shown.people.len(), 200);
    }
}
