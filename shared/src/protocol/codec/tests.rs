//! The bytes of every message are pinned: a change of any of them is a new [`super::super::VERSION`].

use proptest::prelude::*;

use super::*;
use crate::{
    chat::{Channel, ChatText, Emote, MessageId},
    identity::{Identity, UserId},
    profile::{Appearance, Name, Profile, Status},
    protocol::{
        ByName, Direct, Event, Hello, IceServer, IceServers, Label, MapRef, Notice, Outcome, Participant, PeerId,
        Placed, Refusal, RelayUrl, Remark, Ticket, VERSION, Welcome, Where,
        link::{CallMessage, Candidate, CandidateLine, Description, LinkMessage, Looks, PictureSize, Shares},
        room::{Flow, FromSfu, Look, Membership, Picture, SfuRefusal, Slots, Teacher, ToSfu, Wanted},
    },
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

fn edge() -> Edge {
    Edge { position: Position::new(200, 480), direction: Direction::Up, is_moving: true }
}

fn profile() -> Profile {
    let appearance = Appearance::new([1, 2, 3, 4, 5]).expect("choices of the sheet");
    Profile { name: Name::new("Ada").expect("a name"), status: Status::Busy, appearance }
}

fn user_id() -> UserId {
    Identity::from_secret(&[1; 32]).user_id()
}

fn id() -> MessageId {
    MessageId::from_bits(0x0102_0304_0506_0708)
}

fn text() -> ChatText {
    ChatText::new("hé\n").expect("a text")
}

fn direct() -> Direct {
    Direct { with: user_id(), id: id(), sent_at_ms: 1_795_391_999_999, text: text() }
}

fn ice_servers() -> IceServers {
    let server = |url: &str, username: &str, credential: &str| IceServer {
        url: url.to_owned(),
        username: username.to_owned(),
        credential: credential.to_owned(),
    };
    IceServers { servers: vec![server("stun:a", "", ""), server("turn:b", "9:u", "c=")], valid_s: 3600 }
}

fn frame(message: LinkMessage) -> Frame {
    Frame { instance: 7, to: 0x0102_0304_0506_0708, taken: 300, message: Some((9, message)) }
}

fn participant() -> Participant {
    Participant { number: Number(300), user_id: user_id(), profile: profile(), edge: edge(), age_ms: 1500 }
}

#[test]
fn messages_to_the_relay_have_these_bytes() {
    let hello = Hello {
        version: VERSION,
        public_key: [1; 32],
        signature: [[2; 32], [3; 32]],
        relay_url: RelayUrl::new("ws://a/ws").expect("a URL"),
        profile: profile(),
        place: Some(edge()),
        spawn: Some(Label::new("lounge").expect("a label")),
    };
    let ones = "01".repeat(32);
    let (twos, threes) = ("02".repeat(32), "03".repeat(32));
    let rest = "0977733a2f2f612f77730341646102010203040501c8fbe001020101066c6f756e6765";
    let by_name = ByName { to: vec![user_id(), user_id()], id: id(), text: text() };
    for (message, bytes) in [
        (ToRelay::Moved(edge()), "00c800e00106".to_owned()),
        (ToRelay::Hello(Box::new(hello)), format!("0106{ones}{twos}{threes}{rest}")),
        (ToRelay::SetName(profile().name), "0203416461".to_owned()),
        (ToRelay::SetStatus(Status::DoNotDisturb), "0303".to_owned()),
        (ToRelay::SetAppearance(profile().appearance), "040102030405".to_owned()),
        (ToRelay::Ping, "05".to_owned()),
        (
            ToRelay::Say { channel: Channel::Room, id: id(), text: text() },
            "0601010203040506070803".to_owned() + "68c3a9",
        ),
        (ToRelay::SendDirect(Box::new(direct())), format!("07{}0102030405060708fdffcfb305a20100000368c3a9", user_id())),
        (ToRelay::Stored { from: user_id(), id: id() }, format!("08{}0102030405060708", user_id())),
        (ToRelay::Typing(user_id()), format!("09{}", user_id())),
        (ToRelay::Wave(user_id()), format!("0a{}", user_id())),
        (ToRelay::Emote(Emote::Heart), "0b02".to_owned()),
        (ToRelay::ReadRoom, "0c".to_owned()),
        (ToRelay::GetTicket, "0d".to_owned()),
        (ToRelay::GetIceServers, "0e".to_owned()),
        (ToRelay::Introduce(user_id()), format!("0f{}", user_id())),
        (ToRelay::SayByName(Box::new(by_name)), format!("1002{0}{0}01020304050607080368c3a9", user_id())),
    ] {
        let encoded = encode_to_relay(&message);
        assert_eq!(hex(&encoded), bytes, "{message:?}");
        assert_eq!(decode_to_relay(&encoded), Ok(message));
    }
}

#[test]
fn messages_to_a_client_have_these_bytes() {
    let numbered = NumberedEdge { number: Number(300), edge: edge() };
    let who = user_id().to_string();
    let person = format!("fb2c01{who}03416461020102030405c8fbe0010201fbdc05");
    let map = MapRef { file: Label::new("campus.tmx").expect("a label"), hash: [9; 16] };
    let welcome = Welcome { number: Number(1), edge: edge(), map, participants: vec![participant()] };
    let room = Where::Room(Label::new("lounge").expect("a label"));
    let remark = Remark { from: user_id(), name: profile().name, id: id(), text: text(), age_ms: 9 };
    let said = format!("{who}0341646101020304050607080368c3a909");
    for (message, bytes) in [
        (ToClient::Moved(vec![numbered, numbered]), "002c01c800e001062c01c800e00106".to_owned()),
        (ToClient::Challenge { version: VERSION, nonce: [7; 32] }, format!("0106{}", "07".repeat(32))),
        (ToClient::Refused(Refusal::WrongVersion { relay: 2 }), "020002".to_owned()),
        (
            ToClient::Welcome(Box::new(welcome)),
            format!("0301c8fbe00102010a63616d7075732e746d78{}01{person}", "09".repeat(16)),
        ),
        (ToClient::Happened(vec![Event::Left(Number(4))]), "04010104".to_owned()),
        (ToClient::Happened(vec![Event::Joined(Box::new(participant()))]), format!("040100{person}")),
        (ToClient::Happened(vec![Event::NameChanged(Number(4), profile().name)]), "0401020403416461".to_owned()),
        (ToClient::Happened(vec![Event::StatusChanged(Number(4), Status::Away)]), "0401030401".to_owned()),
        (
            ToClient::Happened(vec![Event::AppearanceChanged(Number(4), profile().appearance)]),
            "040104040102030405".to_owned(),
        ),
        (ToClient::Places(vec![Placed { numbered, age_ms: 9 }]), "0501fb2c01c8fbe001020109".to_owned()),
        (ToClient::Pong, "06".to_owned()),
        (ToClient::Notice(Notice::SlowDown), "0700".to_owned()),
        (ToClient::Restarting { after_ms: 200 }, "08c8".to_owned()),
        (ToClient::Said { place: room.clone(), remark: Box::new(remark.clone()) }, format!("0901066c6f756e6765{said}")),
        (
            ToClient::History { place: Where::Everyone, remarks: vec![remark.clone(), remark] },
            format!("0a0202{said}{said}"),
        ),
        (ToClient::Answered { id: id(), outcome: Outcome::TooFast }, "0b010203040506070802".to_owned()),
        (
            ToClient::DirectReceived(Box::new(direct())),
            format!("0c{}0102030405060708fdffcfb305a20100000368c3a9", user_id()),
        ),
        (ToClient::Delivered { by: user_id(), id: id() }, format!("0d{}0102030405060708", user_id())),
        (ToClient::Typing(user_id()), format!("0e{}", user_id())),
        (ToClient::Waved(user_id()), format!("0f{}", user_id())),
        (ToClient::Ticket(Ticket([8; 16])), format!("10{}", "08".repeat(16))),
        (
            ToClient::IceServers(Box::new(ice_servers())),
            "1102067374756e3a61000006".to_owned() + "7475726e3a6203393a7502633dfb100e",
        ),
        (
            ToClient::Introduced { peer: PeerId(0x0102_0304 << 96), user_id: user_id() },
            format!("12fe{}04030201{}", "00".repeat(12), user_id()),
        ),
    ] {
        let encoded = encode_to_client(&message);
        assert_eq!(hex(&encoded), bytes, "{message:?}");
        assert_eq!(decode_to_client(&encoded), Ok(message));
    }
}

#[test]
fn what_is_said_about_the_call_of_a_room_has_these_bytes() {
    let description = |text: &str| Description::new(text).expect("a description");
    let shares = Shares { microphone: true, camera: false, screen: true, screen_sound: false };
    let look = vec![Look::Camera(Number(300), PictureSize::Large), Look::Screen];
    for (message, bytes) in [
        (ToSfu::Offer { connection: 7, description: description("v=0\r\n") }, "000705763d300d0a"),
        (ToSfu::Close { connection: 7 }, "0107"),
        (ToSfu::Share(shares), "0201000100"),
        (ToSfu::Look(look), "030200fb2c010201"),
    ] {
        let message = ToRelay::Room(Box::new(message));
        let encoded = encode_to_relay(&message);
        assert_eq!(hex(&encoded), format!("11{bytes}"), "{message:?}");
        assert_eq!(decode_to_relay(&encoded), Ok(message));
    }
    let mut slots = Slots::default();
    slots.voices[0] = Some(Number(300));
    slots.pictures[1] = Some(Picture { of: Number(4), flow: Flow::Reduced });
    slots.teacher = Teacher::Other(Number(300));
    for (message, bytes) in [
        (FromSfu::Answer { connection: 7, description: description("v=0") }, "000703763d30"),
        (FromSfu::Refused { connection: 7, why: SfuRefusal::NotNear }, "010704"),
        (FromSfu::Membership(Membership::Full), "0202"),
        (FromSfu::Members(vec![(Number(300), shares)]), "0301fb2c0101000100"),
        (FromSfu::Slots(slots), "0401fb2c0100000000010401000000000000000002fb2c01"),
        (FromSfu::Slots(Slots { teacher: Teacher::Oneself, ..Slots::default() }), "04000000000000000000000000000001"),
        (FromSfu::Speakers(vec![Number(4)]), "050104"),
        (FromSfu::Wanted(Wanted { low: true, high: false, screen: true }), "06010001"),
    ] {
        let message = ToClient::Room(Box::new(message));
        let encoded = encode_to_client(&message);
        assert_eq!(hex(&encoded), format!("13{bytes}"), "{message:?}");
        assert_eq!(decode_to_client(&encoded), Ok(message));
    }
}

#[test]
fn a_description_for_the_sfu_may_be_long_and_nothing_else() {
    use crate::limits::{DESCRIPTION_BYTES, MESSAGE_BYTES, SFU_MESSAGE_BYTES};

    let description = Description::new(&"x".repeat(DESCRIPTION_BYTES)).expect("a description");
    let offer = ToSfu::Offer { connection: u32::MAX, description };
    let longest = encode_to_relay(&ToRelay::Room(Box::new(offer)));
    assert!(longest.len() <= SFU_MESSAGE_BYTES && decode_to_relay(&longest).is_ok());
    let too_long = DecodeError::TooLong { bytes: MESSAGE_BYTES + 1, limit: MESSAGE_BYTES };
    assert_eq!(decode_to_relay(&[2; MESSAGE_BYTES + 1]), Err(too_long));
}

#[test]
fn what_pages_say_to_one_another_has_these_bytes() {
    let description = |text: &str| Description::new(text).expect("a description");
    let candidate = Candidate { line: CandidateLine::new("a=b").expect("a candidate"), media_line: 3 };
    let shares = Shares { microphone: true, camera: false, screen: true, screen_sound: false };
    let looks = Looks { camera: PictureSize::Large, screen: PictureSize::Tile };
    let head = "07fd0807060504030201fb2c01";
    for (message, bytes) in [
        (LinkMessage::Call(4, CallMessage::Offer(description("v=0\r\n"))), "00040005763d300d0a"),
        (LinkMessage::Call(4, CallMessage::Answer(description("v=0"))), "00040103763d30"),
        (LinkMessage::Call(4, CallMessage::Candidate(candidate)), "00040203613d6203"),
        (LinkMessage::Call(4, CallMessage::Shares(shares)), "00040301000100"),
        (LinkMessage::Call(4, CallMessage::Looks(looks)), "0004040201"),
        (LinkMessage::Call(4, CallMessage::Bye), "000405"),
        (LinkMessage::Said { id: id(), text: text() }, "0101020304050607080368c3a9"),
        (LinkMessage::Invites(true), "0201"),
    ] {
        let frame = frame(message);
        let encoded = encode_link(&frame);
        assert_eq!(hex(&encoded), format!("{head}0109{bytes}"), "{frame:?}");
        assert_eq!(decode_link(&encoded), Ok(frame));
    }
    let nothing = Frame { instance: 7, to: 0, taken: 0, message: None };
    assert_eq!(hex(&encode_link(&nothing)), "07000000");
    assert_eq!(decode_link(&encode_link(&nothing)), Ok(nothing));
}

#[test]
fn what_no_page_says_is_refused() {
    use crate::limits::{CANDIDATE_BYTES, DESCRIPTION_BYTES, LINK_MESSAGE_BYTES};

    // The longest description there is fits, and a byte more does not.
    let longest = "x".repeat(DESCRIPTION_BYTES);
    let offer = CallMessage::Offer(Description::new(&longest).expect("a description"));
    let longest = encode_link(&frame(LinkMessage::Call(u32::MAX, offer)));
    assert!(decode_link(&longest).is_ok());
    assert!(Description::new(&"x".repeat(DESCRIPTION_BYTES + 1)).is_err());
    assert!(Description::new("v=0\0").is_err());
    assert!(CandidateLine::new(&"x".repeat(CANDIDATE_BYTES + 1)).is_err());
    assert!(CandidateLine::new("a\n").is_err());

    let too_long = vec![7; LINK_MESSAGE_BYTES + 1];
    let error = DecodeError::TooLong { bytes: LINK_MESSAGE_BYTES + 1, limit: LINK_MESSAGE_BYTES };
    assert_eq!(decode_link(&too_long), Err(error));
    assert_eq!(decode_link(&[7, 0, 0, 0, 0]), Err(DecodeError::Trailing(1)));
    for (bytes, why) in [
        (&[][..], "nothing"),
        (&[7, 0, 0], "half a head"),
        (&[7, 0, 0, 2], "neither a message nor none"),
        (&[7, 0, 0, 1, 9, 2], "an unknown message"),
        (&[7, 0, 0, 1, 9, 0, 4, 6], "an unknown message of a call"),
        (&[7, 0, 0, 1, 9, 0, 4, 4, 3, 0], "an unknown size"),
        (&[7, 0, 0, 1, 9, 0, 4, 3, 2, 0, 0, 0], "neither shared nor not"),
        (&[7, 0, 0, 1, 9, 0, 4, 1, 1, 0], "a description with a zero byte"),
        (&[7, 0, 0, 1, 9, 0, 4, 2, 1, b'\n', 0], "a candidate with a line break"),
        (
            &[7, 0, 0, 1, 9, 0, 4, 0, 253, 255, 255, 255, 255, 255, 255, 255, 127],
            "a description that claims to be huge",
        ),
    ] {
        assert!(decode_link(bytes).is_err(), "{why}: {:?}", decode_link(bytes));
    }
}

#[test]
fn a_movement_costs_a_receiver_eight_bytes() {
    let numbered = NumberedEdge { number: Number(u16::MAX), edge: edge() };
    assert_eq!(encode_to_client(&ToClient::Moved(vec![numbered])).len(), 8);
    assert_eq!(encode_to_client(&ToClient::Moved(vec![numbered; 100])).len(), 701);
}

#[test]
fn what_is_no_message_is_refused() {
    assert_eq!(decode_to_relay(&[5, 0]), Err(DecodeError::Trailing(1)));
    for (bytes, why) in [
        (&[][..], "nothing"),
        (&[0, 1, 2, 3, 4], "a short edge"),
        (&[0, 1, 2, 3, 4, 8], "an edge with unknown flags"),
        (&[0, 1, 2, 3, 4, 1, 0], "a long edge"),
        (&[200], "an unknown message"),
        (&[3, 9], "an unknown status"),
        (&[4, 1, 2, 200, 4, 5], "an appearance that is not on the sheet"),
        (&[2, 0], "an empty name"),
        (&[2, 3, b'a', b'\n', b'b'], "a name with a line break"),
        (&[2, 4, b' ', b'a', b'b', b'c'], "a name that was not trimmed"),
        (&[2, 253, 255, 255, 255, 255, 255, 255, 255, 127], "a name that claims to be huge"),
        (&[2, 2, 0xff, 0xfe], "a name that is no UTF-8"),
        (&[6, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0], "an empty text"),
        (&[6, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 7], "a text that rings the bell"),
        (&[6, 3, 1, 2, 3, 4, 5, 6, 7, 8, 1, b'a'], "an unknown channel"),
        (&[11, 8], "an unknown emote"),
        (&[13, 0], "a question for a ticket, and something after it"),
        (&[15, 1, 2, 3], "half of somebody"),
        (&[16, 253, 255, 255, 255, 255, 255, 255, 255, 127], "more people than there are"),
        (&[251, 5, 0], "a number of a message in more bytes than it needs"),
    ] {
        assert!(decode_to_relay(bytes).is_err(), "{why}: {:?}", decode_to_relay(bytes));
    }
    assert_eq!(decode_to_relay(&[0; 1025]), Err(DecodeError::TooLong { bytes: 1025, limit: 1024 }));
    assert_eq!(decode_to_relay(&[6; 10_241]), Err(DecodeError::TooLong { bytes: 10_241, limit: 10_240 }));
    assert_eq!(decode_to_client(&[0, 1, 2]), Err(DecodeError::Trailing(2)));
    assert!(decode_to_client(&[251, 0, 0, 0]).is_err(), "movements that are not packed");
    assert!(
        decode_to_client(&[4, 253, 255, 255, 255, 255, 255, 255, 255, 127]).is_err(),
        "events that claim to be many"
    );
}

#[test]
fn the_version_of_a_strange_hello_is_known() {
    assert_eq!(version_of(&[1, 9, 0xff, 0xff]), Some(9));
    assert_eq!(version_of(&[1, 251, 0x34, 0x12]), Some(0x1234));
    assert_eq!(version_of(&[2, 9]), None);
    assert_eq!(version_of(&[1]), None);
}

proptest! {
    #[test]
    fn any_edge_is_read_back(x: u16, y: u16, direction in 0..4usize, is_moving: bool, number: u16) {
        let edge = Edge { position: Position::new(x, y), direction: Direction::ALL[direction], is_moving };
        prop_assert_eq!(decode_to_relay(&encode_to_relay(&ToRelay::Moved(edge))), Ok(ToRelay::Moved(edge)));
        let moved = ToClient::Moved(vec![NumberedEdge { number: Number(number), edge }]);
        prop_assert_eq!(decode_to_client(&encode_to_client(&moved)), Ok(moved));
    }

    #[test]
    fn any_name_is_read_back(text in "\\PC{1,40}") {
        if let Ok(name) = Name::new(&text) {
            let message = ToRelay::SetName(name);
            prop_assert_eq!(decode_to_relay(&encode_to_relay(&message)), Ok(message));
        }
    }

    #[test]
    fn no_bytes_are_read_as_something_else(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // Whatever decodes is the one encoding of its message, but for numbers written longer than needed.
        if let Ok(message) = decode_to_relay(&bytes) {
            prop_assert_eq!(decode_to_relay(&encode_to_relay(&message)), Ok(message));
        }
        if let Ok(frame) = decode_link(&bytes) {
            prop_assert_eq!(decode_link(&encode_link(&frame)), Ok(frame));
        }
        if let Ok(message) = decode_to_client(&bytes) {
            prop_assert_eq!(decode_to_client(&encode_to_client(&message)), Ok(message));
        }
        if let Ok(frame) = decode_link(&bytes) {
            prop_assert_eq!(decode_link(&encode_link(&frame)), Ok(frame));
        }
    }
}
