//! The relay over real sockets: people who come in, walk, get lost and come back.

mod common;

use std::time::Duration;

use common::{edge, soon, start, start_with};
use futures_util::SinkExt;
use relay::{config::Config, limits::Limits};
use shared::{
    profile::{Name, Status},
    protocol::{Event, ToClient, ToRelay, close},
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

#[tokio::test]
async fn two_clients_see_each_other() {
    let relay = start().await;
    let mut ada = relay.enter(1).await;
    let mut bob = relay.enter(2).await;
    let seen = ada.hear_joined(2).await;
    assert_eq!((seen.number, seen.profile.name.as_str()), (bob.number(), "Person 2"));
    let welcome = bob.welcome.clone().expect("a welcome");
    assert_eq!(welcome.participants[0].number, ada.number());
    assert_eq!(welcome.map.file.as_str(), "campus.tmx");

    ada.say(&ToRelay::Moved(edge(64, 64, true))).await;
    assert_eq!(bob.hear_edge(edge(64, 64, true)).await.number, ada.number());
    ada.say(&ToRelay::SetName(Name::new("Countess").expect("a name"))).await;
    ada.say(&ToRelay::SetStatus(Status::Busy)).await;
    let name = bob.hear_event("a name", |event| match event {
        Event::NameChanged(_, name) => Some(name.clone()),
        _ => None,
    });
    assert_eq!(name.await.as_str(), "Countess");
    bob.say(&ToRelay::Ping).await;
    bob.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
}

#[tokio::test]
async fn who_closes_leaves_at_once() {
    let relay = start().await;
    let mut ada = relay.enter(1).await;
    for code in [CloseCode::Normal, CloseCode::Away] {
        let mut bob = relay.enter(2).await;
        let number = ada.hear_joined(2).await.number;
        bob.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
        ada.hear_left(number).await;
        assert_eq!(bob.end().await.code, Some(code.into()), "the relay answers the close");
    }
}

#[tokio::test]
async fn whose_connection_breaks_is_stopped_and_can_come_back() {
    let relay = start().await;
    let mut ada = relay.enter(1).await;
    let mut bob = relay.enter(2).await;
    let number = bob.number();
    bob.say(&ToRelay::Moved(edge(32, 32, true))).await;
    ada.hear_edge(edge(32, 32, true)).await;
    drop(bob);
    let stopped = ada.hear_until("a stop", |message| match message {
        ToClient::Moved(edges) => edges.iter().find(|moved| moved.number == number && !moved.edge.is_moving).copied(),
        _ => None,
    });
    assert!(stopped.await.edge.position.x >= 32);
    let bob = relay.enter(2).await;
    assert_eq!(bob.number(), number);
}

#[tokio::test]
async fn who_answers_no_ping_is_lost_and_then_gone() {
    let limits = Limits {
        ping_every: Duration::from_millis(50),
        silence: Duration::from_millis(300),
        grace: Duration::from_millis(200),
        ..Limits::default()
    };
    let relay = start_with(Config::loopback(), limits).await;
    // Reads all the time, so its pings are answered.
    let mut ada = relay.enter(1).await;
    let bob = relay.enter(2).await;
    let number = ada.hear_joined(2).await.number;
    // Never read again, so its pings are not.
    ada.hear_left(number).await;
    ada.say(&ToRelay::Ping).await;
    ada.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
    drop(bob);
}

#[tokio::test]
async fn a_second_tab_takes_over() {
    let relay = start().await;
    let mut ada = relay.enter(1).await;
    let mut older = relay.enter(2).await;
    ada.hear_joined(2).await;
    let newer = relay.enter(2).await;
    let end = older.end().await;
    assert_eq!((end.refusal, end.code), (Some(shared::protocol::Refusal::Replaced), Some(close::REPLACED)));
    assert_eq!(newer.number(), older.number());
    drop(older);
    ada.say(&ToRelay::Ping).await;
    let next = ada.hear_until("an answer or news", |message| match message {
        ToClient::Pong => Some(true),
        ToClient::Happened(_) => Some(false),
        _ => None,
    });
    assert!(next.await, "nobody came or left");
}

#[tokio::test]
async fn a_stopping_relay_says_when_to_come_back() {
    let mut relay = start().await;
    let mut ada = relay.enter(1).await;
    relay.stop();
    let after = ada.hear_until("the restart", |message| match message {
        ToClient::Restarting { after_ms } => Some(*after_ms),
        _ => None,
    });
    assert!((200..=4000).contains(&after.await));
    assert_eq!(ada.end().await.code, Some(close::RESTARTING));
    relay.ended().await;
}

#[tokio::test]
async fn a_stopping_relay_does_not_wait_for_those_who_never_close() {
    let limits =
        Limits { stop_within: Duration::from_millis(100), close_within: Duration::from_hours(1), ..Limits::default() };
    let mut relay = start_with(Config::loopback(), limits).await;
    let _silent = relay.enter(1).await;
    relay.stop();
    relay.ended().await;
}

#[tokio::test]
async fn a_crowd_that_comes_in_at_once_is_complete() {
    let relay = start().await;
    let entering = (1..=60).map(|who| relay.enter(who));
    let clients = soon("a crowd", futures_util::future::join_all(entering)).await;
    let mut last = relay.enter(99).await;
    assert_eq!(last.welcome.as_ref().map(|welcome| welcome.participants.len()), Some(60));
    assert_eq!(relay.metrics.participants(), 61);
    for mut client in clients {
        let _ = client.socket.close(None).await;
    }
    let mut gone = 0;
    last.hear_until("everybody leaving", |message| {
        if let ToClient::Happened(events) = message {
            gone += events.iter().filter(|event| matches!(event, Event::Left(_))).count();
        }
        (gone == 60).then_some(())
    })
    .await;
    let _ = last.socket.flush().await;
}
