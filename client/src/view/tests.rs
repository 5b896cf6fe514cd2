//! What panels show, from sessions as they are.

use shared::{
    movement::Edge,
    position::{Direction, Position},
    protocol::{Event, Refusal, ToClient},
};

use super::{Surroundings, Tone, View};
use crate::{
    session::{
        Input,
        memory::Memory,
        tests::{Client, at, participant, person},
    },
    words::words,
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
    let joined = [(2, "Far", beside(96)), (3, "Near", beside(32)), (4, "Inside", lounge), (5, "Gone", beside(16))]
        .map(|(number, name, edge)| Event::Joined(Box::new(participant(number, number as u8, name, edge, 0))));
    client.hear(0, &ToClient::Happened(joined.into()));
    client.hear(0, &ToClient::Happened(vec![Event::Left(shared::protocol::Number(5))]));
    let view = view(&client, 0);
    let shown: Vec<_> = view.people.iter().map(|row| (row.name.as_str(), row.detail.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("Near", "available · 2 steps away"),
            ("Far", "available · 6 steps away"),
            ("Inside", "available · in lounge"),
            ("Gone", "not here"),
        ]
    );
    assert_eq!((view.online, view.people[0].user_id), (3, person(3)));
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
