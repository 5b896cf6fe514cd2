//! Signalling over real sockets: who gets a connection, and what passes from one person's to another's.

mod common;

use std::time::Duration;

use common::{Bystanders, Client, Running, edge, identity, soon, start, start_with};
use futures_util::{SinkExt, StreamExt};
use matchbox_protocol::{PeerEvent, PeerRequest};
use relay::{Relay, campus::Campus, config::Config, limits::Limits, signalling::exchange::Signal};
use shared::{
    identity::UserId,
    limits::{CANDIDATES, DESCRIPTION_BYTES},
    protocol::{PeerId, Ticket, ToClient, ToRelay},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

const DATA: &str = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

const CANDIDATE: &str = r#"{"candidate":"candidate:1 1 udp 2 192.0.2.1 5 typ host","sdpMid":"0","sdpMLineIndex":0}"#;

/// A signalling connection.
struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Line {
    async fn dial(relay: &Running, query: &str, origin: Option<&str>) -> Result<Self, Error> {
        let mut request = format!("ws://{}/signal{query}", relay.address).as_str().into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", HeaderValue::from_str(origin).expect("a header"));
        }
        let (socket, _) = soon("an answer", Box::pin(connect_async(request))).await?;
        Ok(Self { socket })
    }

    /// Opens one for somebody who is in.
    async fn open(relay: &Running, client: &mut Client) -> Self {
        let query = format!("?ticket={}", ticket(client).await);
        let mut line = Self::dial(relay, &query, None).await.expect("a signalling connection");
        assert!(matches!(line.hear().await, PeerEvent::IdAssigned(_)));
        line
    }

    async fn send(&mut self, message: Message) {
        let _ = soon("being read", self.socket.send(message)).await;
    }

    async fn say(&mut self, to: PeerId, data: Signal) {
        let receiver = matchbox_protocol::PeerId(Uuid::from_u128(to.0));
        let text = serde_json::to_string(&PeerRequest::Signal { receiver, data }).expect("JSON");
        self.send(Message::Text(text.into())).await;
    }

    /// The next event, or the code of the end.
    async fn next(&mut self) -> Result<PeerEvent<Signal>, Option<u16>> {
        soon("an event", async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("an event")),
                    Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(None),
                }
            }
        })
        .await
    }

    async fn hear(&mut self) -> PeerEvent<Signal> {
        self.next().await.expect("an open connection")
    }

    async fn end(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

async fn ticket(client: &mut Client) -> Ticket {
    client.say(&ToRelay::GetTicket).await;
    client
        .hear_until("a ticket", |message| match message {
            ToClient::Ticket(ticket) => Some(*ticket),
            _ => None,
        })
        .await
}

async fn introduced(client: &mut Client) -> (PeerId, UserId) {
    client
        .hear_until("an introduction", |message| match message {
            ToClient::Introduced { peer, user_id } => Some((*peer, *user_id)),
            _ => None,
        })
        .await
}

/// Two people who stand together and were introduced: the one who offers first, with what each calls the other.
struct Pair {
    lines: [Line; 2],
    names: [PeerId; 2],
    /// Signalling would end with these.
    _clients: [Client; 2],
}

impl Pair {
    async fn enter(relay: &Running) -> Self {
        let mut people = [1, 2];
        people.sort_by_key(|who| identity(*who).user_id());
        let mut clients = [relay.enter(people[0]).await, relay.enter(people[1]).await];
        let [first, second] = &mut clients;
        let mut lines = [Line::open(relay, first).await, Line::open(relay, second).await];
        let (name_of_second, user_id) = introduced(first).await;
        assert_eq!(user_id, identity(people[1]).user_id());
        let (name_of_first, user_id) = introduced(second).await;
        assert_eq!(user_id, identity(people[0]).user_id());
        let new = PeerEvent::NewPeer(matchbox_protocol::PeerId(Uuid::from_u128(name_of_second.0)));
        assert_eq!(lines[0].hear().await, new);
        Self { lines, names: [name_of_second, name_of_first], _clients: clients }
    }

    /// One says something, and the other hears it.
    async fn tell(&mut self, from: usize, signal: Signal) {
        self.lines[from].say(self.names[from], signal.clone()).await;
        let sender = matchbox_protocol::PeerId(Uuid::from_u128(self.names[1 - from].0));
        assert_eq!(self.lines[1 - from].hear().await, PeerEvent::Signal { sender, data: signal });
    }
}

fn offer() -> Signal {
    Signal::Offer(DATA.to_owned())
}

fn answer() -> Signal {
    Signal::Answer(DATA.to_owned())
}

fn candidate() -> Signal {
    Signal::IceCandidate(CANDIDATE.to_owned())
}

#[tokio::test]
async fn signalling_is_opened_with_a_ticket_and_once() {
    let relay = start().await;
    let mut ada = relay.enter(1).await;
    let void = ticket(&mut ada).await;
    let used = ticket(&mut ada).await;
    assert!(Line::dial(&relay, &format!("?ticket={used}"), Some("https://evil.example")).await.is_err());
    let mut line = Line::dial(&relay, &format!("?ticket={used}"), None).await.expect("not used by the evil page");
    assert!(matches!(line.hear().await, PeerEvent::IdAssigned(_)));
    for query in [
        String::new(),
        "?ticket=".to_owned(),
        format!("?ticket={used}"),
        format!("?ticket={void}"),
        format!("?ticket={}", "0".repeat(32)),
        format!("?ticket={}", "z".repeat(32)),
        format!("?ticket={}", "+".repeat(32)),
        format!("?ticket=0{used}"),
        format!("?{used}"),
    ] {
        match Line::dial(&relay, &query, None).await {
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 403, "{query}");
                let words = answer.body().clone().unwrap_or_default();
                assert!(String::from_utf8_lossy(&words).contains("Expected a ticket"), "{query}");
            }
            other => panic!("{query}: expected an answer in words, got {:?}", other.map(|_| "a connection")),
        }
    }
    assert_eq!(relay.get(&format!("/signal?ticket={used}"), &[]).await.status, 400);
    assert_eq!(relay.metrics.refusals("ticket"), 9);
    // Who was in keeps what they have.
    line.send(Message::Text("\"KeepAlive\"".into())).await;
    ada.say(&ToRelay::Ping).await;
    ada.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
}

#[tokio::test]
async fn two_who_are_near_find_each_other() {
    let relay = start().await;
    let mut pair = Pair::enter(&relay).await;
    pair.tell(0, offer()).await;
    pair.tell(1, answer()).await;
    for _ in 0..CANDIDATES {
        pair.tell(0, candidate()).await;
        pair.tell(1, candidate()).await;
    }
    let body = relay.get("/metrics", &[]).await.body;
    for line in [
        "relay_introductions_total 1\n".to_owned(),
        format!("relay_signals_total {}\n", 2 + 2 * CANDIDATES),
        "relay_signals_dropped_total 0\n".to_owned(),
        "relay_messages_in_total{kind=\"get_ticket\"} 2\n".to_owned(),
        "relay_messages_out_total{kind=\"introduced\"} 2\n".to_owned(),
    ] {
        assert!(body.contains(&line), "{line} is not in\n{body}");
    }
}

#[tokio::test]
async fn the_longest_description_passes_and_a_longer_one_does_not() {
    let relay = start().await;
    let mut pair = Pair::enter(&relay).await;
    let long = format!("{DATA}a={}", "x".repeat(DESCRIPTION_BYTES - DATA.len() - 2));
    pair.lines[0].say(pair.names[0], Signal::Offer(format!("{long}x"))).await;
    // What is too long was dropped, or this would be a second offer.
    pair.tell(0, Signal::Offer(long)).await;
    pair.lines[0].send(Message::Text("x".repeat(4 * DESCRIPTION_BYTES).into())).await;
    assert_eq!(pair.lines[0].end().await, Some(4000));
    assert!(matches!(pair.lines[1].hear().await, PeerEvent::PeerLeft(_)));
}

#[tokio::test]
async fn what_nobody_says_is_not_handed_on() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let mut pair = Pair::enter(&relay).await;
    let [offerer, answerer] = [0, 1];
    let strange = PeerId(7);
    let own = pair.names[1];
    for (from, to, signal) in [
        (offerer, None, answer()),
        (offerer, None, candidate()),
        (offerer, None, Signal::Offer("hello".to_owned())),
        (offerer, None, Signal::Offer(format!("{DATA}m=audio 9 RTP/SAVPF 0\r\n"))),
        (offerer, Some(strange), offer()),
        (offerer, Some(own), offer()),
        (answerer, None, offer()),
        (answerer, None, answer()),
        (answerer, None, candidate()),
    ] {
        let to = to.unwrap_or(pair.names[from]);
        pair.lines[from].say(to, signal).await;
    }
    for text in ["", "{}", "\"Offer\"", "{\"Signal\":{\"receiver\":\"x\",\"data\":null}}", &"[".repeat(10_000)] {
        pair.lines[offerer].send(Message::Text(text.into())).await;
    }
    // After all of that the first that is heard is what comes in its turn, and once.
    pair.tell(offerer, offer()).await;
    pair.lines[offerer].say(pair.names[offerer], offer()).await;
    pair.tell(offerer, candidate()).await;
    pair.tell(answerer, answer()).await;
    pair.lines[answerer].say(pair.names[answerer], answer()).await;
    pair.lines[answerer].say(pair.names[answerer], Signal::IceCandidate("{}".to_owned())).await;
    pair.tell(answerer, candidate()).await;
    bystanders.go_on().await;
    // They are counted a moment after.
    let counted = async {
        while relay.metrics.signals_dropped() < 17 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon("seventeen signals to be dropped", counted).await;
    assert_eq!(relay.metrics.signals_dropped(), 17);
}

#[tokio::test]
async fn who_does_not_speak_the_protocol_is_closed_and_stays_in_the_world() {
    let relay = start().await;
    let mut bystanders = Bystanders::enter(&relay).await;
    let mut ada = relay.enter(1).await;
    let mut line = Line::open(&relay, &mut ada).await;
    line.send(Message::Binary(vec![1, 2, 3].into())).await;
    assert_eq!(line.end().await, Some(4000));
    let mut line = Line::open(&relay, &mut ada).await;
    for _ in 0..1000 {
        line.send(Message::Text("nonsense".into())).await;
    }
    assert_eq!(line.end().await, Some(4000));
    bystanders.go_on().await;
    ada.say(&ToRelay::Ping).await;
    ada.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
}

#[tokio::test]
async fn a_stranger_far_away_is_out_of_reach() {
    let relay = start().await;
    let mut pair = Pair::enter(&relay).await;
    let mut mallory = relay.enter(3).await;
    mallory.say(&ToRelay::Moved(edge(240, 32, false))).await;
    let mut line = Line::open(&relay, &mut mallory).await;
    for who in [1, 2, 3] {
        mallory.say(&ToRelay::Introduce(identity(who).user_id())).await;
    }
    // What the two call each other leads nowhere for anybody else.
    for name in pair.names {
        line.say(name, offer()).await;
    }
    pair.tell(0, offer()).await;
    mallory.say(&ToRelay::Ping).await;
    mallory
        .hear_until("an answer", |message| {
            assert!(!matches!(message, ToClient::Introduced { .. }), "{message:?}");
            (*message == ToClient::Pong).then_some(())
        })
        .await;
    pair.tell(1, answer()).await;
}

#[tokio::test]
async fn who_does_not_answer_pings_is_taken_for_gone() {
    let limits = Limits { ping_every: Duration::from_millis(50), silence: Duration::from_secs(1), ..Limits::default() };
    let relay = start_with(Config::loopback(), limits).await;
    let mut ada = relay.enter(1).await;
    let deaf = Line::open(&relay, &mut ada).await;
    // Never read again, so its pings are not answered. Those of the other connection are, as it is read all the time.
    soon("the end of signalling", async {
        while relay.metrics.connections() > 1 {
            ada.say(&ToRelay::Ping).await;
            ada.hear_until("an answer", |message| (*message == ToClient::Pong).then_some(())).await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
    .await;
    drop(deaf);
}

#[tokio::test]
async fn signalling_is_bounded_by_address_too() {
    let relay = start_with(Config { per_address: 1, ..Config::loopback() }, Limits::default()).await;
    let mut ada = relay.enter(1).await;
    let _line = Line::open(&relay, &mut ada).await;
    let next = ticket(&mut ada).await;
    match Line::dial(&relay, &format!("?ticket={next}"), None).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 429),
        other => panic!("expected to be refused, got {:?}", other.map(|_| "a connection")),
    }
}

#[tokio::test]
async fn a_relay_that_stops_ends_signalling() {
    let mut relay = start().await;
    let mut pair = Pair::enter(&relay).await;
    relay.stop();
    for line in &mut pair.lines {
        assert_eq!(line.end().await, Some(1012));
    }
    drop(pair);
    relay.ended().await;
}

#[tokio::test]
async fn people_are_told_of_the_servers_that_the_host_named() {
    let named = |urls: &[&str], secret: Option<&str>| Config {
        ice_server: urls.iter().map(|url| (*url).to_owned()).collect(),
        turn_secret: secret.map(str::to_owned),
        ..Config::loopback()
    };
    let urls = ["stun:stun.example.org", "turn:turn.example.org:3478?transport=udp"];
    let relay = start_with(named(&urls, Some("north")), Limits::default()).await;
    let mut ada = relay.enter(1).await;
    ada.say(&ToRelay::GetIceServers).await;
    let told = ada.hear_until("servers", |message| match message {
        ToClient::IceServers(servers) => Some((**servers).clone()),
        _ => None,
    });
    let told = told.await;
    assert_eq!(told.servers.iter().map(|server| &server.url).collect::<Vec<_>>(), urls);
    assert_eq!((told.servers[0].username.as_str(), told.servers[0].credential.as_str()), ("", ""));
    assert!(told.servers[1].username.ends_with(&format!(":{}", identity(1).user_id())));
    assert!(!told.servers[1].credential.is_empty() && told.valid_s > 0);

    let campus = Campus::read(&common::map()).expect("a sound map");
    for (config, words) in [
        (named(&["turn:turn.example.org"], None), "--turn-secret"),
        (named(&["turn.example.org"], Some("north")), "expected stun:HOST:PORT"),
    ] {
        let error = Relay::bind(&config, campus.clone(), Limits::default()).await.err().expect("refused").to_string();
        assert!(error.contains(words), "{error}");
    }
}
