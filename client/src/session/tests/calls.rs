//! Calls that stand, in rooms and outside of them, and what a session makes of them.

use std::ops::RangeInclusive;

use matchbox_protocol::PeerEvent;
use shared::protocol::{
    PeerId, Ticket,
    link::{CallMessage, Frame, LinkMessage},
};
use uuid::Uuid;

use super::*;
use crate::{
    media::{CallState, LinkEvent, LinkId, Preferences, Signal},
    session::news::Chime,
};

/// A session description as far as anybody looks at it here.
fn described() -> Description {
    let lines = ["audio", "video", "video", "audio"].map(|kind| format!("m={kind} 9 UDP/TLS/RTP/SAVPF 111\r\n"));
    Description::new(&format!("v=0\r\n{}", lines.concat())).expect("a description")
}

impl Client {
    /// A client in the call of a room with others, all of whom share sound and picture.
    pub(crate) fn in_room(room: &str, others: RangeInclusive<u8>) -> Self {
        let inside = campus().spawn(room).expect("a place inside");
        let mut client = Self::calling_at(inside);
        let joined = |other| participant(u16::from(other), other, "Bob", Self::standing(inside), 0);
        let joined = others.clone().map(|other| Event::Joined(Box::new(joined(other))));
        client.hear(10, &ToClient::Happened(joined.collect()));
        let outputs = client.tell(200, Input::Tick);
        let opens = |output: &Output| match output {
            Output::Media(MediaOutput::OpenRoom { call, .. }) => Some(*call),
            _ => None,
        };
        let call = outputs.iter().find_map(opens).unwrap_or(CallId(0));
        client.media(210, MediaInput::Call(call, CallEvent::Described(described())));
        client.hear_room(220, FromSfu::Answer { connection: 1, description: described() });
        client.hear_room(220, FromSfu::Membership(Membership::Member));
        let shares = Shares { microphone: true, camera: true, ..Shares::default() };
        client.hear_room(220, FromSfu::Members(others.map(|other| (Number(u16::from(other)), shares)).collect()));
        client.media(230, MediaInput::Call(call, CallEvent::Accepted));
        client.media(230, MediaInput::Call(call, CallEvent::State(ConnectionState::Connected)));
        client
    }

    pub(crate) fn hear_room(&mut self, ms: u64, message: FromSfu) -> Vec<Output> {
        self.hear(ms, &ToClient::Room(Box::new(message)))
    }

    fn media(&mut self, ms: u64, input: MediaInput) -> Vec<Output> {
        self.tell(ms, Input::Media(input))
    }
}

/// What goes over the link.
fn frames(outputs: &[Output]) -> Vec<Frame> {
    let frame = |output: &Output| match output {
        Output::Media(MediaOutput::SendOnLink(_, bytes)) => codec::decode_link(bytes).ok(),
        _ => None,
    };
    outputs.iter().filter_map(frame).collect()
}

/// Somebody comes near and answers one's call. Gives all that the client did about it.
fn is_answered(client: &mut Client) -> Vec<Output> {
    // Whoever has the smaller identifier calls.
    let bob = (2..=u8::MAX).find(|secret| person(*secret) > person(1)).expect("somebody to call");
    let spawn = client.map.default_spawn();
    let beside = Client::standing(Position::new(spawn.x + 16, spawn.y));
    client.hear(0, &ToClient::Happened(vec![Event::Joined(Box::new(participant(2, bob, "Bob", beside, 0)))]));
    client.hear(0, &ToClient::Ticket(Ticket([7; 16])));
    client.media(0, MediaInput::SignallingOpened);
    client.hear(0, &ToClient::Introduced { peer: PeerId(5), user_id: person(bob) });
    let newcomer = PeerEvent::<Signal>::NewPeer(matchbox_protocol::PeerId(Uuid::from_u128(5)));
    let newcomer = serde_json::to_string(&newcomer).expect("plain data");
    client.media(0, MediaInput::SignallingReceived(newcomer));
    client.tell(100, Input::Tick);
    let link = LinkId(0);
    let mut outputs = client.media(200, MediaInput::Link(link, LinkEvent::Up));
    let to = frames(&outputs).first().expect("a page names itself").instance;
    let says = |message| LinkEvent::Received(codec::encode_link(&Frame { instance: 9, to, taken: 0, message }));
    outputs.extend(client.media(210, MediaInput::Link(link, says(None))));
    let opens = |output: &Output| match output {
        Output::Media(MediaOutput::OpenCall { call, .. }) => Some(*call),
        _ => None,
    };
    let call = outputs.iter().find_map(opens).expect("a call");
    outputs.extend(client.media(220, MediaInput::Call(call, CallEvent::Described(described()))));
    let offer = frames(&outputs).into_iter().find_map(|frame| match frame.message {
        Some((_, LinkMessage::Call(number, CallMessage::Offer(_)))) => Some(number),
        _ => None,
    });
    let answer = LinkMessage::Call(offer.expect("an offer"), CallMessage::Answer(described()));
    outputs.extend(client.media(230, MediaInput::Link(link, says(Some((0, answer))))));
    for event in [CallEvent::Accepted, CallEvent::State(ConnectionState::Connected)] {
        outputs.extend(client.media(240, MediaInput::Call(call, event)));
    }
    outputs.extend(client.tell(300, Input::Tick));
    assert_eq!(client.session.media().neighbours()[0].state, CallState::Connected);
    outputs
}

#[test]
fn whoever_comes_into_hearing_is_heard_to_arrive_unless_one_wants_no_sound_of_it() {
    let arrivals = |silent_arrivals| {
        let mut client = Client::calling_at(campus().default_spawn());
        client.media(0, MediaInput::Prefer(Preferences { silent_arrivals, ..Preferences::default() }));
        let outputs = is_answered(&mut client);
        outputs.iter().filter(|output| **output == Output::Chime(Chime::Arrival)).count()
    };
    assert_eq!([false, true].map(arrivals), [1, 0]);
}
