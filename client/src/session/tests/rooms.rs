//! Rooms: their doors, and what the snapshot says of their calls.

use super::*;

#[test]
fn a_full_room_closes_its_door_and_opens_it_when_somebody_leaves() {
    let map = campus();
    let inside = map.spawn("meeting-1").expect("a place inside");
    let zone = map.zones.iter().find(|zone| zone.name == "meeting-1").expect("a room");
    let before = Position::new(inside.x, zone.area.bottom() as u16 + 40);
    let mut client = Client::online_at(before);
    for number in 0..8 {
        let other = participant(number + 10, number as u8 + 10, "Bob", Client::standing(inside), 0);
        client.hear(10, &ToClient::Happened(vec![Event::Joined(Box::new(other))]));
    }
    client.tell(100, Input::Steer(Some(Direction::Up)));
    for ms in (100..2100).step_by(50) {
        client.tell(ms, Input::Tick);
    }
    assert_eq!((client.session.closed_door(), client.session.room(at(2100))), (Some("meeting-1"), None));
    client.hear(2100, &ToClient::Happened(vec![Event::Left(Number(10))]));
    assert_eq!(client.session.closed_door(), None);
    for ms in (2100..3100).step_by(50) {
        client.tell(ms, Input::Tick);
    }
    assert_eq!(client.session.room(at(3100)), Some("meeting-1"));
}

#[test]
fn the_call_of_a_room_is_in_the_snapshot_as_far_as_it_arrives() {
    let map = campus();
    let inside = map.spawn("meeting-1").expect("a place inside");
    let mut client = Client::calling_at(inside);
    let bob = participant(10, 10, "Bob", Client::standing(inside), 0);
    client.hear(10, &ToClient::Happened(vec![Event::Joined(Box::new(bob))]));
    let opens = |output: &Output| match output {
        Output::Media(MediaOutput::OpenRoom { call, .. }) => Some(*call),
        _ => None,
    };
    let outputs = client.tell(200, Input::Tick);
    let snapshot = |client: &Client, ms| Snapshot::take(&client.session, at(ms), Frames::default(), 1);
    let json = |snapshot: Snapshot| serde_json::to_value(snapshot).expect("plain data")["media"].clone();
    let call = outputs.iter().find_map(opens).unwrap_or(CallId(0));
    let tell = |client: &mut Client, event| client.tell(300, Input::Media(MediaInput::Call(call, event)));
    let description = Description::new("v=0").expect("a description");
    let said = sent(&tell(&mut client, CallEvent::Described(description.clone())));
    let offer = ToSfu::Offer { connection: 1, description: description.clone() };
    assert!(said.contains(&ToRelay::Room(Box::new(offer))), "{said:?}");
    let mut hear = |message| client.hear(310, &ToClient::Room(Box::new(message)));
    hear(FromSfu::Answer { connection: 1, description });
    hear(FromSfu::Membership(Membership::Member));
    hear(FromSfu::Members(vec![(Number(10), Shares { microphone: true, camera: true, ..Shares::default() })]));
    assert_eq!(json(snapshot(&client, 310))["peers"][0]["state"], "connecting");
    tell(&mut client, CallEvent::Accepted);
    tell(&mut client, CallEvent::State(ConnectionState::Connected));
    let media = json(snapshot(&client, 320));
    assert_eq!((&media["mode"], &media["peers"][0]["transport"]), (&"room".into(), &"sfu".into()));
    assert_eq!((&media["peers"][0]["state"], &media["peers"][0]["audio"]), (&"connected".into(), &false.into()));
    let mut slots = Slots::default();
    slots.voices[3] = Some(Number(10));
    client.hear(330, &ToClient::Room(Box::new(FromSfu::Slots(slots))));
    let media = json(snapshot(&client, 330));
    assert_eq!((&media["peers"][0]["audio"], &media["peers"][0]["video"]), (&true.into(), &false.into()));
    assert_eq!(media["stage"], serde_json::Value::Null);
}
