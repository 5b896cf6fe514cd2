//! The call of a room through the whole relay: `WebSocket`s for what is said, real UDP and TCP for the media.

mod common;

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use common::{Client, PATIENCE, Running, edge, soon, start_on};
use relay::{config::Config, limits::Limits, sfu::limits::SHORTEST_DATAGRAM_BYTES};
use shared::protocol::{
    ToClient, ToRelay,
    link::{Description, Shares},
    room::{FromSfu, LINES, Line, Membership, SfuRefusal, ToSfu},
};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::SdpAnswer,
    media::{Direction, MediaKind, Mid},
    net::{Protocol, Receive, TcpType},
    rtp::{ExtensionValues, RtpWrite},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::{sleep, sleep_until},
};

/// Inside of the first meeting room of the campus, in 1/16 tiles, and far from it.
const MEETING: (u16, u16) = (440, 206);
const COURTYARD: (u16, u16) = (608, 700);

async fn campus() -> Running {
    campus_with(Config::loopback()).await
}

async fn campus_with(config: Config) -> Running {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/campus.tmx");
    start_on(&map, config, Limits::default()).await
}

async fn go(client: &mut Client, (x, y): (u16, u16)) {
    client.say(&ToRelay::Moved(edge(x, y, false))).await;
}

async fn say(client: &mut Client, message: ToSfu) {
    client.say(&ToRelay::Room(Box::new(message))).await;
}

async fn hear<T>(client: &mut Client, what: &str, take: impl Fn(&FromSfu) -> Option<T>) -> T {
    client
        .hear_until(what, |message| match message {
            ToClient::Room(message) => take(message),
            _ => None,
        })
        .await
}

/// How a client reaches the relay's media.
enum Road {
    Udp(UdpSocket),
    Tcp(TcpStream),
}

/// The media of one client.
struct Media {
    /// Large.
    rtc: Box<Rtc>,
    path: Road,
    own: SocketAddr,
    relay: SocketAddr,
    mids: Vec<Mid>,
    sent: u64,
    is_connected: bool,
    /// Sounds that came, by their lines.
    heard: Vec<Line>,
}

impl Media {
    /// Takes the place of the client's earlier one, since it has another certificate.
    async fn open(relay: &Running, client: &mut Client, protocol: Protocol) -> Self {
        // By TCP only loopback may be left, if only this machine may send.
        let is_it = |address: &&SocketAddr| protocol == Protocol::Udp || address.ip().is_loopback();
        let to = *relay.media.iter().find(is_it).expect("an address");
        let mut rtc = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, false).enable_vp8(true);
        rtc = rtc.set_stats_interval(None);
        let mut rtc = rtc.build(Instant::now());
        let (path, own) = if protocol == Protocol::Tcp {
            let stream = TcpStream::connect(to).await.expect("a connection");
            let own = stream.local_addr().expect("an address");
            let candidate = Candidate::builder().tcp().host(own).tcptype(TcpType::Active).build();
            rtc.add_local_candidate(candidate.expect("a candidate"));
            (Road::Tcp(stream), own)
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
            let own = socket.local_addr().expect("an address");
            rtc.add_local_candidate(Candidate::host(own, "udp").expect("a candidate"));
            (Road::Udp(socket), own)
        };
        let mut api = rtc.sdp_api();
        let add = |line: Line| {
            let kind = if line.is_sound() { MediaKind::Audio } else { MediaKind::Video };
            let direction = if line.is_up() { Direction::SendOnly } else { Direction::RecvOnly };
            api.add_media(kind, direction, None, None, None)
        };
        let mids = LINES.into_iter().map(add).collect();
        let (offer, pending) = api.apply().expect("an offer");
        let description = Description::new(&offer.to_sdp_string()).expect("short");
        say(client, ToSfu::Offer { connection: 1, description }).await;
        let answer = hear(client, "an answer", |message| match message {
            FromSfu::Answer { connection: 1, description } => Some(description.as_str().to_owned()),
            _ => None,
        });
        let answer = SdpAnswer::from_sdp_string(&answer.await).expect("an answer");
        rtc.sdp_api().accept_answer(pending, answer).expect("taken");
        Self { rtc: Box::new(rtc), path, own, relay: to, mids, sent: 0, is_connected: false, heard: Vec::new() }
    }

    /// One sound.
    fn speak(&mut self) {
        self.sent += 1;
        let mid = self.mids[0];
        let payload_type = self.rtc.media(mid).expect("a line").remote_pts()[0];
        let ext_vals = ExtensionValues { audio_level: Some(-30), voice_activity: Some(true), ..Default::default() };
        let write =
            RtpWrite::new(payload_type, self.sent.into(), (self.sent * 960) as u32, Instant::now(), vec![7; 60]);
        let mut api = self.rtc.direct_api();
        api.stream_tx_by_mid(mid, None).expect("a stream").write_rtp(write.ext_vals(ext_vals));
        self.rtc.handle_input(Input::Timeout(Instant::now())).expect("time");
    }

    /// Sends what is to be sent, and says until when there is nothing more.
    async fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output().expect("output") {
                Output::Timeout(at) => return at,
                Output::Transmit(transmit) => self.path.put(&transmit.contents, transmit.destination).await,
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
                    let index = self.mids.iter().position(|other| Some(*other) == mid).expect("a line");
                    self.heard.push(LINES[index]);
                }
                Output::Event(_) => {}
            }
        }
    }

    /// Goes on for a while: a sound every 20 ms.
    async fn run(&mut self, time: Duration) {
        let (end, mut next) = (Instant::now() + time, Instant::now());
        while Instant::now() < end {
            if self.is_connected && next <= Instant::now() {
                self.speak();
                next += Duration::from_millis(20);
            }
            let until = self.drain().await.min(next.max(Instant::now() + Duration::from_millis(1))).min(end);
            let mut buffer = vec![0; 2048];
            let came = tokio::select! {
                came = self.path.next(&mut buffer) => Some(came),
                () = sleep_until(until.into()) => None,
            };
            let now = Instant::now();
            if let Some(length) = came {
                let protocol = if matches!(self.path, Road::Udp(_)) { Protocol::Udp } else { Protocol::Tcp };
                let receive = Receive::new(protocol, self.relay, self.own, &buffer[..length]).expect("a datagram");
                self.rtc.handle_input(Input::Receive(now, receive)).expect("taken");
            } else {
                self.rtc.handle_input(Input::Timeout(now)).expect("time");
            }
        }
    }
}

impl Road {
    /// Sends something; that nobody takes it any more is no fault.
    async fn put(&mut self, bytes: &[u8], to: SocketAddr) {
        let _ = match self {
            Self::Udp(socket) => socket.send_to(bytes, to).await.map(drop),
            Self::Tcp(stream) => {
                let length = (bytes.len() as u16).to_be_bytes();
                stream.write_all(&[&length, bytes].concat()).await
            }
        };
    }

    /// The next datagram's length. Not to be dropped half way on TCP: what is small comes at once on one machine.
    async fn next(&mut self, buffer: &mut [u8]) -> usize {
        match self {
            Self::Udp(socket) => socket.recv_from(buffer).await.expect("a datagram").0,
            Self::Tcp(stream) => {
                stream.readable().await.expect("readable");
                // The relay hangs up on whose connection to it ended: nothing comes any more.
                let Ok(length) = stream.read_u16().await else { return std::future::pending().await };
                let length = usize::from(length);
                stream.read_exact(&mut buffer[..length]).await.expect("a datagram");
                length
            }
        }
    }
}

/// Two people in the meeting room, who say that they talk.
async fn two(relay: &Running) -> [Client; 2] {
    let mut clients = [relay.enter(1).await, relay.enter(2).await];
    for client in &mut clients {
        go(client, MEETING).await;
        let membership = hear(client, "a place in the call", |message| match message {
            FromSfu::Membership(membership) => Some(*membership),
            _ => None,
        });
        assert_eq!(membership.await, Membership::Member);
        say(client, ToSfu::Share(Shares { microphone: true, ..Shares::default() })).await;
    }
    clients
}

async fn hear_one_another(config: Config, protocol: Protocol) {
    let relay = campus_with(config).await;
    let [mut ada, mut bob] = two(&relay).await;
    let mut media = [Media::open(&relay, &mut ada, protocol).await, Media::open(&relay, &mut bob, protocol).await];
    let began = Instant::now();
    while media.iter().any(|media| media.heard.len() < 20) {
        assert!(began.elapsed() < PATIENCE, "they should hear one another");
        let [a, b] = &mut media;
        tokio::join!(a.run(Duration::from_millis(200)), b.run(Duration::from_millis(200)));
    }
    assert!(media.iter().flat_map(|media| &media.heard).all(|line| matches!(line, Line::Voice(_))));
    let number = bob.number();
    hear(&mut ada, "who is in which slot", |message| match message {
        FromSfu::Slots(slots) => slots.voices.contains(&Some(number)).then_some(()),
        _ => None,
    })
    .await;

    // Bob goes out: from then on nothing passes, though both go on sending.
    go(&mut bob, COURTYARD).await;
    let is_out = |message: &FromSfu| (*message == FromSfu::Membership(Membership::None)).then_some(());
    hear(&mut bob, "the end of it", is_out).await;
    let [a, b] = &mut media;
    tokio::join!(a.run(Duration::from_millis(200)), b.run(Duration::from_millis(200)));
    for media in &mut media {
        media.heard.clear();
    }
    let [a, b] = &mut media;
    tokio::join!(a.run(Duration::from_millis(500)), b.run(Duration::from_millis(500)));
    assert_eq!((media[0].heard.len(), media[1].heard.len()), (0, 0));

    let counts = relay.metrics.media();
    assert!(counts.packets_out >= 40 && counts.packets_in >= 40, "{counts:?}");
    let text = relay.metrics.render();
    assert!(text.contains("relay_media_packets_out_total"), "{text}");
    assert!(text.contains("relay_media_forward_seconds_bucket"), "{text}");
}

#[tokio::test]
async fn two_in_a_room_hear_one_another_until_one_leaves() {
    Box::pin(hear_one_another(Config::loopback(), Protocol::Udp)).await;
}

#[tokio::test]
async fn who_cannot_send_udp_takes_part_by_tcp() {
    Box::pin(hear_one_another(Config::loopback(), Protocol::Tcp)).await;
}

#[tokio::test]
async fn at_a_relay_for_its_own_machine_alone_two_take_part_by_either_protocol() {
    for protocol in [Protocol::Udp, Protocol::Tcp] {
        // Clients are told this machine's address on its network, if it has one, before that of its loopback.
        let config = Config { media_listen: None, ..Config::loopback() };
        Box::pin(hear_one_another(config, protocol)).await;
    }
}

#[tokio::test]
async fn strange_things_at_the_port_of_media_do_no_harm() {
    let relay = campus().await;
    let [mut ada, mut bob] = two(&relay).await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    for length in 0..200_u8 {
        let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(length)).collect();
        socket.send_to(&bytes, relay.media[0]).await.expect("sent");
    }
    let mut stream = TcpStream::connect(relay.media[0]).await.expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("sent");
    let mut rest = Vec::new();
    let hung_up = soon("the end of the connection", stream.read_to_end(&mut rest)).await;
    assert!(hung_up.is_err() || rest.is_empty());
    let mut media =
        [Media::open(&relay, &mut ada, Protocol::Udp).await, Media::open(&relay, &mut bob, Protocol::Udp).await];
    let began = Instant::now();
    while media.iter().any(|media| media.heard.is_empty()) {
        assert!(began.elapsed() < PATIENCE, "they should hear one another");
        let [a, b] = &mut media;
        tokio::join!(a.run(Duration::from_millis(100)), b.run(Duration::from_millis(100)));
    }
}

/// By their first bytes (RFC 7983, RFC 5761): checks of the path, handshakes, media, reports, and something else.
const KINDS: [&[u8]; 5] = [&[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42], &[22, 254, 253], &[0x90, 111], &[0x80, 200], &[64]];

/// A datagram that begins as one of some kind does, and goes on as none does.
fn nonsense(step: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..step % 300).map(|index| (index * (step + 7)) as u8).collect();
    let head = KINDS[step % KINDS.len()];
    bytes.splice(..head.len().min(bytes.len()), head.iter().copied());
    bytes
}

#[tokio::test]
async fn whatever_a_member_sends_from_their_own_address_the_others_go_on() {
    let relay = campus().await;
    let [mut ada, mut bob] = two(&relay).await;
    let mut eve = relay.enter(3).await;
    go(&mut eve, MEETING).await;
    let [mut a, mut b] =
        [Media::open(&relay, &mut ada, Protocol::Udp).await, Media::open(&relay, &mut bob, Protocol::Udp).await];
    for protocol in [Protocol::Udp, Protocol::Tcp] {
        let mut strange = Media::open(&relay, &mut eve, protocol).await;
        let began = Instant::now();
        while [&a, &b, &strange].iter().any(|media| !media.is_connected) {
            assert!(began.elapsed() < PATIENCE, "all should be connected");
            let time = Duration::from_millis(50);
            tokio::join!(a.run(time), b.run(time), strange.run(time));
        }
        for step in 0..2000 {
            let bytes = nonsense(step);
            // On a stream, what is shorter than any datagram of ours ends it.
            if protocol == Protocol::Udp || bytes.len() >= SHORTEST_DATAGRAM_BYTES {
                strange.path.put(&bytes, strange.relay).await;
            }
            if step % 200 == 0 {
                let time = Duration::from_millis(20);
                tokio::join!(a.run(time), b.run(time));
            }
        }
        let before = [a.heard.len(), b.heard.len()];
        let began = Instant::now();
        while a.heard.len() < before[0] + 20 || b.heard.len() < before[1] + 20 {
            assert!(began.elapsed() < PATIENCE, "they should still hear one another");
            let time = Duration::from_millis(100);
            tokio::join!(a.run(time), b.run(time));
        }
    }
    let counts = relay.metrics.media();
    assert!(counts.faults <= 2, "only the strange one's connections may end: {counts:?}");
}

#[tokio::test]
async fn an_offer_of_a_thousand_lines_is_refused_on_the_socket() {
    let relay = campus().await;
    let mut ada = relay.enter(1).await;
    go(&mut ada, MEETING).await;
    let lines: Vec<_> = (0..1000).map(|line| format!("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{line}\r\n")).collect();
    let lines = lines.concat();
    let description = Description::new(&lines).expect("as much as may be said");
    say(&mut ada, ToSfu::Offer { connection: 1, description }).await;
    let refused = |message: &FromSfu| match message {
        FromSfu::Refused { why, .. } => Some(*why),
        _ => None,
    };
    assert_eq!(hear(&mut ada, "a refusal", refused).await, SfuRefusal::BadOffer);
    assert_eq!(relay.metrics.media().connections, 0);
}

#[tokio::test]
async fn an_offer_from_afar_and_a_broken_one_are_refused() {
    let relay = campus().await;
    let mut ada = relay.enter(1).await;
    let refused = |message: &FromSfu| match message {
        FromSfu::Refused { connection, why } => Some((*connection, *why)),
        _ => None,
    };
    go(&mut ada, COURTYARD).await;
    let description = Description::new("v=0\r\n").expect("short");
    say(&mut ada, ToSfu::Offer { connection: 1, description: description.clone() }).await;
    assert_eq!(hear(&mut ada, "a refusal", refused).await, (1, SfuRefusal::NotNear));
    go(&mut ada, MEETING).await;
    say(&mut ada, ToSfu::Offer { connection: 2, description }).await;
    assert_eq!(hear(&mut ada, "a refusal", refused).await, (2, SfuRefusal::BadOffer));
}

#[tokio::test]
async fn a_relay_that_stops_ends_its_calls() {
    let mut relay = campus().await;
    let [mut ada, _bob] = two(&relay).await;
    let mut media = Media::open(&relay, &mut ada, Protocol::Udp).await;
    let began = Instant::now();
    while !media.is_connected {
        assert!(began.elapsed() < PATIENCE, "it should be up");
        media.run(Duration::from_millis(50)).await;
    }
    relay.stop();
    relay.ended().await;
    sleep(Duration::from_millis(1)).await;
    media.run(Duration::from_millis(200)).await;
    assert!(!media.rtc.is_alive(), "it was told so");
}
