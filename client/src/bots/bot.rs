//! One participant without a picture.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng};
use shared::{
    identity::Identity,
    limits::CLIENT_MESSAGE_BYTES,
    map::Map,
    position::{PIXELS_PER_TILE, Position},
    profile::{Appearance, Name, Profile, Status},
};
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::chatter::Chatter;
use crate::media::Calls;
use crate::native::unix_ms;
use crate::session::{Connection, EPOCH, Input, Output, Session, Setup, Time, chat::Key, memory::Memory};

/// How long a bot stands before it walks somewhere else, at most.
const REST_MS: u64 = 4000;

/// A session on a task of its own.
pub(super) struct Bot {
    session: Rc<RefCell<Session>>,
    start: Instant,
    task: JoinHandle<()>,
    leave: mpsc::Sender<()>,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Bot {
    /// Starts the bot of that number, on the same thread. It says something about so often, or never.
    pub(super) fn start(number: u32, url: String, map: Arc<Map>, remark_every: Option<Duration>) -> Self {
        let mut random = SmallRng::from_rng(&mut rand::rng());
        let mut secret = [0; 32];
        random.fill_bytes(&mut secret);
        let identity = Identity::from_secret(&secret);
        let mut session = Session::new(Setup {
            calls: Calls::Off,
            identity,
            relay_url: url,
            memory: Memory::default(),
            seed: random.random(),
            unix_ms: unix_ms(),
        });
        let profile = profile(number, random.random());
        let start = Instant::now();
        session.handle(EPOCH, Input::MapLoaded(Arc::clone(&map)));
        session.handle(EPOCH, Input::Enter { profile, spawn: None });
        let session = Rc::new(RefCell::new(session));
        let (leave, left) = mpsc::channel(1);
        let chatter = Chatter::new(remark_every, EPOCH, SmallRng::from_rng(&mut random));
        let life = Life { session: Rc::clone(&session), start, map, random, chatter, socket: None, rest_until: start };
        Self { session, start, task: tokio::task::spawn_local(life.run(left)), leave }
    }

    pub(super) fn is_online(&self) -> bool {
        self.session.borrow().connection() == Connection::Online
    }

    pub(super) fn is_moving(&self) -> bool {
        let now = EPOCH + self.start.elapsed();
        self.session.borrow().own_pose(now).is_some_and(|pose| pose.is_moving)
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.session.borrow().trouble().map(|trouble| format!("{trouble:?}"))
    }

    /// Says good-bye properly, so that nobody sees a ghost.
    pub(super) async fn leave(self) {
        // If the task has ended already there is nobody to tell.
        let _ = self.leave.send(()).await;
        let _ = self.task.await;
    }
}

fn profile(number: u32, look: u64) -> Profile {
    // A number and a word fit into any name.
    let name = Name::new(&format!("Bot {}", number + 1)).unwrap_or_else(|_| unreachable!("a short plain name"));
    Profile { name, status: Status::Available, appearance: Appearance::from_number(look) }
}

/// What goes on in a bot's task.
struct Life {
    session: Rc<RefCell<Session>>,
    start: Instant,
    map: Arc<Map>,
    random: SmallRng,
    chatter: Chatter,
    socket: Option<Socket>,
    rest_until: Instant,
}

impl Life {
    fn now(&self) -> Time {
        EPOCH + self.start.elapsed()
    }

    async fn run(mut self, mut left: mpsc::Receiver<()>) {
        loop {
            self.act().await;
            self.wander();
            self.chat();
            let timeouts = [self.session.borrow().next_timeout(), self.chatter.next_timeout()];
            let timeout = timeouts.into_iter().flatten().min().map(|time| self.start + time.saturating_sub(EPOCH));
            let wake = timeout.map_or(self.rest_until, |timeout| timeout.min(self.rest_until));
            // A bot that rests and hears nothing has nothing to do for a while.
            let wake = wake.max(Instant::now() + Duration::from_millis(1));
            let input = tokio::select! {
                _ = left.recv() => break,
                () = sleep_until(wake) => Input::Tick,
                input = receive(&mut self.socket) => input,
            };
            if matches!(input, Input::SocketClosed(_)) {
                self.socket = None;
            }
            let now = self.now();
            self.session.borrow_mut().handle(now, input);
        }
        if let Some(mut socket) = self.socket {
            let _ = socket.close(None).await;
        }
    }

    /// Does what the session asks for.
    async fn act(&mut self) {
        loop {
            let Some(output) = self.session.borrow_mut().poll() else { return };
            match output {
                Output::Dial(url) => {
                    let config = WebSocketConfig::default()
                        .read_buffer_size(4096)
                        .max_message_size(Some(CLIENT_MESSAGE_BYTES))
                        .max_frame_size(Some(CLIENT_MESSAGE_BYTES));
                    self.socket =
                        connect_async_with_config(url, Some(config), true).await.ok().map(|(socket, _)| socket);
                    let input = if self.socket.is_some() { Input::SocketOpened } else { Input::SocketClosed(None) };
                    let now = self.now();
                    self.session.borrow_mut().handle(now, input);
                }
                Output::Send(bytes) => {
                    if let Some(socket) = &mut self.socket {
                        // A socket that cannot be written to says so when it is read.
                        let _ = socket.send(Message::binary(bytes)).await;
                    }
                }
                Output::HangUp => {
                    if let Some(mut socket) = self.socket.take() {
                        let _ = socket.close(None).await;
                    }
                }
                // All bots share one map; a relay with another one sends them away by its hash.
                Output::FetchMap(_) => {
                    let now = self.now();
                    self.session.borrow_mut().handle(now, Input::MapLoaded(Arc::clone(&self.map)));
                }
                Output::Remember(_) | Output::Chime(_) | Output::PutBack(_) | Output::Media(_) => {}
            }
        }
    }

    /// Walks somewhere else after a rest.
    fn wander(&mut self) {
        let (now, instant) = (self.now(), Instant::now());
        let mut session = self.session.borrow_mut();
        if session.own_pose(now).is_none_or(|pose| pose.is_moving) {
            self.rest_until = instant + Duration::from_millis(REST_MS);
            return;
        }
        if instant < self.rest_until {
            return;
        }
        self.rest_until = instant + Duration::from_millis(self.random.random_range(200..REST_MS));
        let side = |tiles: u32| tiles * PIXELS_PER_TILE as u32;
        let x = self.random.random_range(0..side(self.map.width_tiles));
        let y = self.random.random_range(0..side(self.map.height_tiles));
        // Sides of a map fit: it has at most 256 tiles.
        session.handle(now, Input::WalkTo(Position::new(x as u16, y as u16)));
    }

    /// Says something to whoever is near, now and then. Bots have no links to anybody, so it goes through the relay.
    fn chat(&mut self) {
        let now = self.now();
        let Some(text) = self.chatter.remark(now) else { return };
        let mut session = self.session.borrow_mut();
        // Whoever is not in says it to nobody.
        if session.check(now, &Key::Nearby, text.as_str()).is_ok() {
            session.handle(now, Input::Say { key: Key::Nearby, text });
        }
    }
}

/// The next thing that comes from the socket; nothing ever if there is none.
async fn receive(socket: &mut Option<Socket>) -> Input {
    let Some(open) = socket else { return std::future::pending().await };
    loop {
        match open.next().await {
            Some(Ok(Message::Binary(bytes))) => return Input::SocketReceived(bytes.into()),
            Some(Ok(Message::Close(frame))) => return Input::SocketClosed(frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Input::SocketClosed(None),
        }
    }
}
