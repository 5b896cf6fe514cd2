//! What panels show, from sessions as they are.

use shared::{
    chat::Emote,
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name},
    protocol::{Event, Number, Refusal, ToClient},
};

use super::{Ago, Surroundings, Tone, Unit, View, listed};
use crate::{
    session::{
        Input,
        memory::{Acquaintance, Memory},
        tests::{Client, at, campus, participant, person},
    },
    words::{Language, words},
};

fn view(client: &Client, ms: u64) -> View {
    View::of(&client.session, at(ms), Surroundings::default())
}

#[test]
fn people_are_listed_by_distance_and_those_who_left_last() {
    let mut client = Client::online();
    let spawn = client.map.default_spawn();
    let beside = |pixels: u16| Edge {
        position: Position::new(spawn.x + pixels, spawn.y),
        direction: Direction::Down,
        is_moving: false,
    };
    let lounge = Edge { position: client.map.spawn("lounge").expect("a room"), ..beside(0) };
    let joined = [
        (2, "Far", beside(96)),
        (3, "Near", beside(32)),
        (4, "Inside", lounge),
        (5, "Gone", beside(16)),
        (6, "Close", beside(16)),
    ]
    .map(|(number, name, edge)| Event::Joined(Box::new(participant(number, number as u8, name, edge, 0))));
    client.hear(0, &ToClient::Happened(joined.into()));
    client.hear(0, &ToClient::Happened(vec![Event::Left(Number(5))]));
    let view = view(&client, 0);
    let shown: Vec<_> = view.people.iter().map(|row| (row.name.as_str(), row.place.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("Close", "beside you"),
            ("Near", "2 steps away"),
            ("Far", "6 steps away"),
            ("Inside", "in Lounge"),
            ("Gone", ""),
        ]
    );
    assert_eq!(view.people[4].seen, Some(Ago { count: 0, unit: Unit::Second }));
    assert_eq!((view.online, view.people[1].user_id), (4, person(3)));
}

#[test]
fn of_a_room_of_twenty_nine_are_seen_and_the_others_counted() {
    let client = Client::in_room("classroom-a", 2..=20);
    let calls = view(&client, 300).calls;
    assert_eq!((calls.tiles.len(), calls.hidden.len()), (9, 10), "oneself is in the corner");
    let more = Language::ALL.map(|language| calls.more(language.words()));
    assert_eq!(more, [Some("and 10 more".to_owned()), Some("et 10 de plus".to_owned())]);
    let few = view(&Client::in_room("classroom-a", 2..=10), 300).calls;
    assert_eq!((few.tiles.len(), few.more(words())), (9, None));
}

#[test]
fn rooms_say_how_many_are_in_them_and_whether_there_is_a_place() {
    let mut client = Client::online_at(campus().spawn("meeting-2").expect("a room"));
    let inside = |room: &str| Client::standing(campus().spawn(room).expect("a room"));
    let rooms = [vec!["meeting-1"; 8], vec!["meeting-2"; 12], vec!["library"; 31]].concat();
    let joined = rooms
        .into_iter()
        .zip(2..)
        .map(|(room, number)| Event::Joined(Box::new(participant(number, number as u8, "Bob", inside(room), 0))));
    client.hear(0, &ToClient::Happened(joined.collect()));
    client.hear(0, &ToClient::Happened(vec![Event::Left(Number(2 + 8))]));
    let view = view(&client, 0);
    let shown: Vec<_> = view.rooms.iter().map(|room| (room.name.as_str(), room.detail())).collect();
    let expected = [
        ("Classroom A", "empty"),
        ("Classroom B", "empty"),
        ("Meeting room 1", "8 people · full"),
        ("Meeting room 2", "12 people · you are here"),
        ("Meeting room 3", "empty"),
        ("Library", "31 people"),
        ("Lounge", "empty"),
    ];
    assert_eq!(shown, expected.map(|(name, detail)| (name, detail.to_owned())));
}

#[test]
fn who_was_met_at_earlier_visits_comes_after_those_who_are_here_and_the_latest_seen_first() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let met = |number: u8, name: &str, days: u64| Acquaintance {
        user_id: person(number),
        name: Name::new(name).expect("a name"),
        appearance: Appearance::from_number(1),
        seen_ms: 1_795_000_000_000 - days * DAY_MS,
        is_blocked: false,
    };
    let people = vec![met(2, "Long ago", 40), met(3, "Yesterday", 1), met(4, "Here again", 9)];
    let mut client = Client::online_with(Memory { people, ..Memory::default() });
    let here = participant(4, 4, "Here again", Client::standing(client.map.default_spawn()), 0);
    client.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(here))]));
    let view = view(&client, 0);
    let shown: Vec<_> = view.people.iter().map(|row| (row.name.as_str(), row.seen)).collect();
    let ago = |count, unit| Some(Ago { count, unit });
    assert_eq!(shown, [("Here again", None), ("Yesterday", ago(1, Unit::Day)), ("Long ago", ago(1, Unit::Month))]);

    let found = |search: &str, gone: usize| {
        let listed = listed(&view.people, search, gone);
        (listed.people, listed.more)
    };
    assert_eq!(found("", 9), (vec![person(4), person(3), person(2)], 0));
    assert_eq!(found("", 1), (vec![person(4), person(3)], 1));
    assert_eq!(found("AGA", 0), (vec![person(4)], 0));
    assert_eq!(found("lóng", 9), (vec![person(2)], 0));
    assert_eq!(found("nobody", 9), (vec![], 0));
}

#[test]
fn waves_emotes_blocking_and_looking_for_somebody_mark_their_rows() {
    let mut client = Client::online();
    let spawn = Client::standing(client.map.default_spawn());
    client.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(participant(2, 2, "Bob", spawn, 0)))]));
    client.hear(0, &ToClient::Waved(person(2)));
    client.hear(0, &ToClient::Happened(vec![Event::Emoted(Number(2), Emote::Heart)]));
    client.tell(0, Input::Find(Some(person(2))));
    let early = view(&client, 3999).people[0].clone();
    assert_eq!((early.waves, early.emote, early.is_sought), (true, Some(Emote::Heart), true));
    assert!(!early.is_blocked && !early.has_conversation);
    client.tell(4000, Input::Block(person(2), true));
    client.tell(4000, Input::Find(None));
    let late = view(&client, 8000).people[0].clone();
    assert_eq!((late.waves, late.emote, late.is_sought, late.is_blocked), (false, None, false, true));
}

#[test]
fn one_may_wave_again_after_a_while() {
    let mut client = Client::online();
    let spawn = Client::standing(client.map.default_spawn());
    client.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(participant(2, 2, "Bob", spawn, 0)))]));
    assert!(view(&client, 0).may_wave);
    for _ in 0..shared::limits::WAVES.burst {
        client.tell(0, Input::Wave(person(2)));
    }
    assert!(!view(&client, 0).may_wave);
    assert!(view(&client, shared::limits::WAVES.every.as_millis() as u64).may_wave);
}

#[test]
fn the_lobby_is_quiet_until_something_is_wrong() {
    let client = Client::new(Memory::default());
    assert!(!view(&client, 0).has_entered);
    let online = Client::online();
    let view = view(&online, 0);
    assert!(view.has_entered);
    assert_eq!((view.standing.tone, view.standing.state.as_str()), (Tone::Fine, words().connection_online));
    assert_eq!((view.standing.explanation, view.standing.way_back), (None, None));
}

#[test]
fn whatever_is_wrong_is_said_with_what_to_do() {
    for (refusal, sentence, way_back) in [
        (Refusal::Replaced, words().explain_replaced, words().take_back),
        (Refusal::WrongVersion { relay: 9 }, words().refused_wrong_version, words().try_again),
        (Refusal::NotWalkable, words().refused_not_walkable, words().try_again),
    ] {
        let mut client = Client::online();
        client.hear(10, &ToClient::Refused(refusal));
        let standing = view(&client, 10).standing;
        assert_eq!((standing.tone, standing.explanation.as_deref()), (Tone::Error, Some(sentence)));
        assert_eq!(standing.way_back, Some(way_back));
    }
    let mut client = Client::online();
    client.hear(10, &ToClient::Refused(Refusal::WrongRelay { expected: "wss://a.example/ws".into() }));
    let explanation = view(&client, 10).standing.explanation.unwrap_or_default();
    assert!(explanation.contains("wss://a.example/ws"), "{explanation}");

    let mut client = Client::online();
    client.tell(10, Input::SocketClosed(None));
    let standing = view(&client, 10).standing;
    assert_eq!((standing.tone, standing.way_back), (Tone::Warning, Some(words().try_now)));
}
