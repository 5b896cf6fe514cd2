//! Whatever somebody sends: they are refused with a reason, and nobody else notices.

mod common;

use std::time::Duration;

use common::{Bystanders, Client, End, Running, edge, hello, identity, soon, start, start_with};
use relay::{
    config::Config,
    limits::{Limits, QUEUE_FRAMES},
};
use shared::{
    chat::{Channel, ChatText, MessageId},
    profile::Name,
    protocol::{Direct, Number, Refusal, ToClient, ToRelay, VERSION, close, codec, link::Description, room::ToSfu},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream,
    tungstenite::{Error, Message},
};

fn binary(bytes: &[u8]) -> Message {
    Message::Binary(bytes.to_vec().into())
}

/// Bytes of a client's frame, with a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length => {
            frame.push(0x80 | 0x7e);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

impl Client {
    async fn send_raw(&mut self, bytes: &[u8]) {
        let MaybeTlsStream::Plain(socket) = self.socket.get_mut() else { panic!("expected a bare socket") };
        let _ = socket.write_all(bytes).await;
    }
}

#[tokio::test]
async fn a_wrong_beginning_is_refused() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let wrong_version = Refusal::WrongVersion { relay: VERSION };
    for (message, refusal) in [
        (binary(&[1, 9, 1, 2, 3]), wrong_version),
        (binary(&[]), Refusal::Malformed),
        (binary(&[0xff; 100]), Refusal::Malformed),
        (binary(&[7; 1024]), Refusal::Malformed),
        (binary(&[7; 1025]), Refusal::Malformed),
        (binary(&vec![7; 100_000]), Refusal::Malformed),
        (Message::Text("hello".into()), Refusal::Malformed),
        (binary(&codec::encode_to_relay(&ToRelay::Ping)), Refusal::OutOfOrder),
        (binary(&codec::encode_to_relay(&ToRelay::Moved(edge(64, 64, true)))), Refusal::OutOfOrder),
    ] {
        let mut client = relay.dial().await;
        let what = format!("{message:?}");
        client.send(message).await;
        assert_eq!(client.end().await, End::refused(refusal), "{what}");
        bystanders.go_on().await;
    }
}

#[tokio::test]
async fn what_does_not_belong_after_the_hello_is_refused() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    for (message, refusal) in [
        (binary(&[0xff; 30]), Refusal::Malformed),
        (binary(&[5, 5]), Refusal::Malformed),
        (binary(&[0, 1, 2]), Refusal::Malformed),
        (Message::Text("hello".into()), Refusal::Malformed),
        (binary(&[5; 1025]), Refusal::Malformed),
        (binary(&codec::encode_to_relay(&ToRelay::Moved(edge(325, 64, true)))), Refusal::NotWalkable),
        (binary(&codec::encode_to_relay(&ToRelay::Moved(edge(u16::MAX, u16::MAX, false)))), Refusal::NotWalkable),
        (
            binary(&codec::encode_to_relay(&ToRelay::Hello(Box::new(hello(1, "ws://a/ws", &[0; 32]))))),
            Refusal::OutOfOrder,
        ),
    ] {
        let mut client = relay.enter(1).await;
        let what = format!("{message:?}");
        client.send(message).await;
        assert_eq!(client.end().await, End::refused(refusal), "{what}");
        bystanders.go_on().await;
    }
}

#[tokio::test]
async fn what_is_no_websocket_frame_is_refused() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        // Not masked, unknown kind, reserved bits, a control frame in pieces, a continuation of nothing.
        &[0x82, 1, 5],
        &frame(0x83, &[1]),
        &frame(0xf2, &[1]),
        &frame(0x09, &[1]),
        &frame(0x80, &[1]),
        // Says it has 2^62 bytes.
        &[0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],
    ] {
        let mut client = relay.enter(1).await;
        client.send_raw(bytes).await;
        assert_eq!(client.end().await, End::refused(Refusal::Malformed), "{bytes:?}");
        bystanders.go_on().await;
    }
}

#[tokio::test]
async fn floods_of_all_kinds_are_ended() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let movement = codec::encode_to_relay(&ToRelay::Moved(edge(64, 64, true)));
    let ping = codec::encode_to_relay(&ToRelay::Ping);
    let (id, text) = (MessageId::from_bits(1), ChatText::new("hi").expect("a text"));
    let with = identity(201).user_id();
    let remark = codec::encode_to_relay(&ToRelay::Say { channel: Channel::Everyone, id, text: text.clone() });
    let direct = ToRelay::SendDirect(Box::new(Direct { with, id, sent_at_ms: 1, text }));
    let direct = codec::encode_to_relay(&direct);
    let receipt = codec::encode_to_relay(&ToRelay::Stored { from: with, id });
    let look = codec::encode_to_relay(&ToRelay::Room(Box::new(ToSfu::Look(Vec::new()))));
    let description = Description::new("v=0\r\n").expect("short");
    let offer = codec::encode_to_relay(&ToRelay::Room(Box::new(ToSfu::Offer { connection: 1, description })));
    for (what, frame) in [
        ("movements", frame(0x82, &movement)),
        ("pings", frame(0x82, &ping)),
        ("WebSocket pings", frame(0x89, b"?")),
        ("WebSocket pongs", frame(0x8a, b"!")),
        // The first piece of a message and then empty ones without end.
        ("pieces", [frame(0x02, &[]), frame(0x00, &[]).repeat(200_000)].concat()),
        ("remarks", frame(0x82, &remark)),
        ("direct messages", frame(0x82, &direct)),
        ("receipts", frame(0x82, &receipt).repeat(2)),
        ("looks at a room", frame(0x82, &look)),
        ("offers to a room", frame(0x82, &offer)),
    ] {
        let mut client = relay.enter(1).await;
        // More than any burst, and then on and on until the relay hangs up.
        client.send_raw(&frame.repeat(if frame.len() > 1000 { 1 } else { 500 })).await;
        let end = client.end().await;
        assert_eq!(end, End::refused(Refusal::Flood), "{what}");
        bystanders.go_on().await;
    }
    assert_eq!(relay.metrics.refusals("flood"), 10);
}

#[tokio::test]
async fn who_says_no_hello_is_sent_away() {
    let limits = Limits { hello_within: Duration::from_millis(50), ..Limits::default() };
    let relay = start_with(Config::loopback(), limits).await;
    let mut client = relay.dial().await;
    assert_eq!(client.end().await, End::refused(Refusal::TooLate));
}

#[tokio::test]
async fn half_a_request_does_not_hold_a_connection() {
    let limits = Limits { header_within: Duration::from_millis(100), ..Limits::default() };
    let relay = start_with(Config::loopback(), limits).await;
    let mut bystanders = Bystanders::enter(&relay).await;
    for begin in [&b""[..], b"GET /ws HTTP/1.1\r\nHost: a\r\nX-"] {
        let mut socket = TcpStream::connect(relay.address).await.expect("a connection");
        socket.write_all(begin).await.expect("sent");
        let mut answer = Vec::new();
        let _ = soon("being hung up on", socket.read_to_end(&mut answer)).await;
        assert!(!String::from_utf8_lossy(&answer).contains(" 101 "));
    }
    bystanders.go_on().await;
}

/// A relay and a crowd that walks until the connection of somebody who does not read is full.
async fn deaf(relay: &Running) -> (Client, Vec<Client>) {
    let deaf = Client::dial_narrow(relay).await.hello(1).await;
    let mut walkers = Vec::new();
    for who in 10..50 {
        walkers.push(relay.enter(who).await);
    }
    // As often as one may without being taken for a flood.
    for step in 0..100 {
        if relay.metrics.movements_left_out() > 0 {
            break;
        }
        for walker in &mut walkers {
            walker.say(&ToRelay::Moved(edge(64 + step, 64, true))).await;
        }
        let (first, others) = walkers.split_first_mut().expect("walkers");
        let last = others.last().expect("walkers").number();
        first.hear_until("the last one's step", |message| has_moved(message, last, 64 + step)).await;
    }
    assert!(relay.metrics.movements_left_out() > 0, "the connection took everything");
    (deaf, walkers)
}

fn has_moved(message: &ToClient, number: Number, x: u16) -> Option<()> {
    let ToClient::Moved(edges) = message else { return None };
    edges.iter().any(|moved| moved.number == number && moved.edge.position.x == x).then_some(())
}

fn narrow() -> Limits {
    Limits { send_buffer_bytes: 4096, ..Limits::default() }
}

#[tokio::test]
async fn who_does_not_read_misses_movements_and_hears_where_everybody_is_when_it_reads_again() {
    let relay = start_with(Config::loopback(), narrow()).await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let (mut deaf, walkers) = deaf(&relay).await;
    bystanders.go_on().await;
    let places = deaf.hear_until("everybody's places", |message| match message {
        ToClient::Places(places) => Some(places.clone()),
        _ => None,
    });
    assert_eq!(places.await.len(), walkers.len() + 2);
    bystanders.go_on().await;
}

#[tokio::test]
async fn who_does_not_read_what_must_arrive_is_closed_and_may_come_back() {
    let relay = start_with(Config::loopback(), narrow()).await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let (mut deaf, mut walkers) = deaf(&relay).await;
    // One event a frame, until there are more frames than are kept.
    let mut said = 0;
    'flood: for round in 0..20 {
        for walker in &mut walkers {
            if relay.metrics.refusals("too_slow") > 0 {
                break 'flood;
            }
            let name = Name::new(&format!("Round {round}")).expect("a name");
            walker.say(&ToRelay::SetName(name)).await;
            bystanders.hear_name_of(walker.number()).await;
            said += 1;
        }
    }
    // The system takes some too.
    assert!((QUEUE_FRAMES / 2..2 * QUEUE_FRAMES).contains(&said), "closed after {said} events");
    let end = deaf.end().await;
    assert_eq!(end, End { refusal: Some(Refusal::TooSlow), code: Some(close::TOO_SLOW) });
    assert_eq!(relay.enter(1).await.number(), deaf.number());
    bystanders.go_on().await;
}

#[tokio::test]
async fn a_foreign_page_may_not_connect() {
    let relay = start().await;
    for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        match Client::dial(&relay, Some(origin)).await {
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 403, "{origin}");
                let words = answer.body().clone().unwrap_or_default();
                assert!(String::from_utf8_lossy(&words).contains("--allow-origin"));
            }
            other => panic!("expected an answer in words, got {:?}", other.map(|client| client.url)),
        }
    }
    for origin in ["http://127.0.0.1:8000", "http://localhost:3000"] {
        assert!(Client::dial(&relay, Some(origin)).await.is_ok(), "{origin}");
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let relay = start_with(Config { per_address: 3, ..Config::loopback() }, Limits::default()).await;
    let first = relay.dial().await;
    let _second = relay.enter(2).await;
    let _third = relay.enter(3).await;
    match Client::dial(&relay, None).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 429),
        other => panic!("expected to be refused, got {:?}", other.map(|client| client.url)),
    }
    drop(first);
    let dialled = async { while Client::dial(&relay, None).await.is_err() {} };
    soon("room", Box::pin(dialled)).await;
}

#[tokio::test]
async fn a_full_relay_says_so() {
    let relay = start_with(Config::loopback(), Limits { participants: 2, ..Limits::default() }).await;
    let _bystanders = Bystanders::enter(&relay).await;
    let mut third = relay.dial().await;
    let late = hello(3, &third.url, &third.nonce);
    third.say(&ToRelay::Hello(Box::new(late))).await;
    assert_eq!(third.end().await, End::refused(Refusal::Full));
}
