//! A relay on a free port of this process, and clients that speak the protocol, well or badly.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{path::Path, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use relay::{Relay, campus::Campus, config::Config, limits::Limits, metrics::Metrics};
use shared::{
    identity::{Identity, Nonce, UserId},
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{Event, Hello, NumberedEdge, Refusal, RelayUrl, ToClient, ToRelay, VERSION, Welcome, codec},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

/// No event is waited for longer than this; a busy machine may take its time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

pub(crate) struct Running {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) media: Vec<std::net::SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

pub(crate) fn map() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny/campus.tmx")
}

/// Starts a relay with everything as it is hosted.
pub(crate) async fn start() -> Running {
    start_with(Config::loopback(), Limits::default()).await
}

pub(crate) async fn start_with(config: Config, limits: Limits) -> Running {
    start_on(&map(), config, limits).await
}

/// Starts a relay on another map.
pub(crate) async fn start_on(map: &Path, config: Config, limits: Limits) -> Running {
    let campus = Campus::read(map).expect("a sound map");
    let relay = Relay::bind(&config, campus, limits).await.expect("a relay");
    let (stop, stopped) = oneshot::channel();
    let (address, metrics, media) = (relay.address(), relay.metrics(), relay.media().to_vec());
    let task = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        relay.run(stopped).await.expect("no fault");
    });
    Running { address, metrics, media, stop: Some(stop), task }
}

impl Running {
    /// A relay that is a process of its own, and counts what it does for itself.
    pub(crate) fn elsewhere(address: std::net::SocketAddr) -> Self {
        let task = tokio::spawn(std::future::ready(()));
        Self { address, metrics: Arc::default(), media: Vec::new(), stop: None, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    /// Tells the relay to stop.
    pub(crate) fn stop(&mut self) {
        self.stop.take();
    }

    pub(crate) async fn ended(self) {
        soon("the relay's end", self.task).await.expect("no panic");
    }

    /// Dials and waits for the challenge.
    pub(crate) async fn dial(&self) -> Client {
        Client::dial(self, None).await.expect("a WebSocket")
    }

    /// Dials and comes in.
    pub(crate) async fn enter(&self, who: u8) -> Client {
        self.dial().await.hello(who).await
    }

    /// Sends a request as it is and reads the whole answer.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let mut socket = TcpStream::connect(self.address).await.expect("a connection");
        socket.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        soon("an answer", socket.read_to_end(&mut answer)).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) async fn get(&self, path: &str, headers: &[&str]) -> Answer {
        self.ask("GET", path, headers).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let headers: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.address);
        Answer::new(&self.raw(&request).await)
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    fn new(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a complete header");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Self { status: status.expect("a status"), headers: lines.filter_map(header).collect(), body: body.to_owned() }
    }

    /// The value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

pub(crate) fn edge(x: u16, y: u16, is_moving: bool) -> Edge {
    Edge { position: Position::new(x, y), direction: Direction::Right, is_moving }
}

pub(crate) fn identity(who: u8) -> Identity {
    Identity::from_secret(&[who; 32])
}

pub(crate) fn hello(who: u8, url: &str, nonce: &Nonce) -> Hello {
    let identity = identity(who);
    let name = Name::new(&format!("Person {who}")).expect("a name");
    Hello {
        version: VERSION,
        public_key: identity.public_key(),
        signature: identity.sign_hello(VERSION, url, nonce),
        relay_url: RelayUrl::new(url).expect("a URL"),
        profile: Profile { name, status: Status::Available, appearance: Appearance::default() },
        place: None,
        spawn: None,
    }
}

pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) url: String,
    pub(crate) nonce: Nonce,
    pub(crate) welcome: Option<Welcome>,
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) refusal: Option<Refusal>,
    pub(crate) code: Option<u16>,
}

impl End {
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), code: Some(4000) }
    }
}

impl Client {
    pub(crate) async fn dial(relay: &Running, origin: Option<&str>) -> Result<Self, Error> {
        let url = relay.url();
        let mut request = url.as_str().into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", HeaderValue::from_str(origin).expect("a header"));
        }
        let (socket, _) = soon("a WebSocket", Box::pin(connect_async(request))).await?;
        Ok(Self::challenged(socket, url).await)
    }

    /// Dials by a connection that holds little of what is not read. (With still less, the system may take a minute to
    /// notice that it is read again.)
    pub(crate) async fn dial_narrow(relay: &Running) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(8192).expect("a small buffer");
        let socket = MaybeTlsStream::Plain(socket.connect(relay.address).await.expect("a connection"));
        let (socket, _) = soon("a WebSocket", client_async(relay.url(), socket)).await.expect("a WebSocket");
        Self::challenged(socket, relay.url()).await
    }

    async fn challenged(socket: WebSocketStream<MaybeTlsStream<TcpStream>>, url: String) -> Self {
        let mut client = Self { socket, url, nonce: [0; 32], welcome: None };
        let ToClient::Challenge { nonce, version } = client.hear().await else { panic!("expected a challenge") };
        assert_eq!(version, VERSION);
        client.nonce = nonce;
        client
    }

    pub(crate) async fn hello(mut self, who: u8) -> Self {
        let hello = hello(who, &self.url, &self.nonce);
        self.say(&ToRelay::Hello(Box::new(hello))).await;
        match self.hear().await {
            ToClient::Welcome(welcome) => self.welcome = Some(*welcome),
            other => panic!("expected a welcome, heard {other:?}"),
        }
        self
    }

    pub(crate) async fn say(&mut self, message: &ToRelay) {
        self.send(Message::Binary(codec::encode_to_relay(message).into())).await;
    }

    /// Sends whatever it is; that the relay has hung up is seen when reading.
    pub(crate) async fn send(&mut self, message: Message) {
        let _ = soon("being read", self.socket.send(message)).await;
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> ToClient {
        match soon("a message", self.next()).await {
            Ok(message) => message,
            Err(end) => panic!("the connection ended with {end:?}"),
        }
    }

    async fn next(&mut self) -> Result<ToClient, Option<u16>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    return Ok(codec::decode_to_client(&bytes).expect("a message of the protocol"));
                }
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Reads until a message is what is looked for.
    pub(crate) async fn hear_until<T>(&mut self, what: &str, mut is_it: impl FnMut(&ToClient) -> Option<T>) -> T {
        soon(what, async {
            loop {
                match self.next().await {
                    Ok(message) => {
                        if let Some(found) = is_it(&message) {
                            return found;
                        }
                    }
                    Err(end) => panic!("waited for {what}, but the connection ended with {end:?}"),
                }
            }
        })
        .await
    }

    /// Reads until the relay hangs up.
    pub(crate) async fn end(&mut self) -> End {
        soon("the end of the connection", async {
            let mut refusal = None;
            loop {
                match self.next().await {
                    Ok(ToClient::Refused(reason)) => refusal = Some(reason),
                    Ok(_) => {}
                    Err(code) => return End { refusal, code },
                }
            }
        })
        .await
    }

    pub(crate) async fn hear_event<T>(&mut self, what: &str, mut is_it: impl FnMut(&Event) -> Option<T>) -> T {
        self.hear_until(what, |message| match message {
            ToClient::Happened(events) => events.iter().find_map(&mut is_it),
            _ => None,
        })
        .await
    }

    pub(crate) async fn hear_joined(&mut self, who: u8) -> shared::protocol::Participant {
        let user_id: UserId = identity(who).user_id();
        self.hear_event("somebody coming in", |event| match event {
            Event::Joined(other) if other.user_id == user_id => Some((**other).clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn hear_left(&mut self, number: shared::protocol::Number) {
        self.hear_event("somebody leaving", |event| (*event == Event::Left(number)).then_some(())).await;
    }

    /// Waits for a movement, or for everybody's places after some were missed.
    pub(crate) async fn hear_edge(&mut self, edge: Edge) -> NumberedEdge {
        self.hear_until("a movement", |message| {
            let edges: Vec<NumberedEdge> = match message {
                ToClient::Moved(edges) => edges.clone(),
                ToClient::Places(places) => places.iter().map(|place| place.numbered).collect(),
                _ => return None,
            };
            edges.into_iter().find(|moved| moved.edge == edge)
        })
        .await
    }

    pub(crate) fn number(&self) -> shared::protocol::Number {
        self.welcome.as_ref().expect("a welcome").number
    }
}

/// Two people who see each other: whatever somebody else does, they must not notice.
pub(crate) struct Bystanders {
    ada: Client,
    bob: Client,
    steps: u16,
}

impl Bystanders {
    pub(crate) async fn enter(relay: &Running) -> Self {
        let mut ada = relay.enter(201).await;
        let bob = relay.enter(202).await;
        ada.hear_joined(202).await;
        Self { ada, bob, steps: 0 }
    }

    /// One of them hears that somebody is called differently.
    pub(crate) async fn hear_name_of(&mut self, number: shared::protocol::Number) {
        let is_theirs = |event: &Event| matches!(event, Event::NameChanged(who, _) if *who == number).then_some(());
        self.ada.hear_event("a name", is_theirs).await;
    }

    /// Each walks and is seen by the other.
    pub(crate) async fn go_on(&mut self) {
        self.steps = (self.steps + 1) % 100;
        let [ada, bob] = [100, 110].map(|y| edge(100 + self.steps, y, true));
        self.ada.say(&ToRelay::Moved(ada)).await;
        assert_eq!(self.bob.hear_edge(ada).await.number, self.ada.number());
        self.bob.say(&ToRelay::Moved(bob)).await;
        assert_eq!(self.ada.hear_edge(bob).await.number, self.bob.number());
    }
}
