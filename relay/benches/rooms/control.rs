//! What bots and the relay say to one another by WebSocket: it is little, and has a thread of its own.

use std::{net::SocketAddr, sync::mpsc};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use shared::{
    identity::Identity,
    movement::Edge,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{
        Hello, Number, RelayUrl, ToClient, ToRelay, VERSION, codec,
        room::{FromSfu, ToSfu},
    },
};
use tokio::{
    net::TcpStream,
    runtime::Runtime,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// All `WebSocket`s.
pub(crate) struct Control {
    runtime: Runtime,
    people: Vec<UnboundedSender<ToSfu>>,
    sender: mpsc::Sender<(usize, News)>,
    inbox: mpsc::Receiver<(usize, News)>,
}

/// What happened to somebody.
pub(crate) enum News {
    /// They are in the world, and called so.
    Entered(Number),
    /// The forwarding unit says something.
    Said(FromSfu),
    /// It is over, which it should not be.
    Ended(anyhow::Error),
}

impl Control {
    /// # Errors
    /// If the system has no thread left.
    pub(crate) fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (sender, inbox) = mpsc::channel();
        Ok(Self { runtime, people: Vec::new(), sender, inbox })
    }

    /// The next one comes into the world and goes to that place.
    pub(crate) fn enter(&mut self, relay: SocketAddr, place: Position) {
        let who = self.people.len();
        let (words, outbox) = unbounded_channel();
        self.people.push(words);
        let news = self.sender.clone();
        self.runtime.spawn(async move {
            if let Err(error) = Box::pin(live(relay, who, place, outbox, &news)).await {
                let _ = news.send((who, News::Ended(error)));
            }
        });
    }

    /// Somebody says something to the forwarding unit.
    pub(crate) fn say(&self, who: usize, message: ToSfu) {
        // If they are gone, there is news of it.
        let _ = self.people[who].send(message);
    }

    /// What happened since the last time.
    pub(crate) fn news(&self) -> impl Iterator<Item = (usize, News)> + use<'_> {
        self.inbox.try_iter()
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn live(
    relay: SocketAddr,
    who: usize,
    place: Position,
    mut outbox: UnboundedReceiver<ToSfu>,
    news: &mpsc::Sender<(usize, News)>,
) -> Result<()> {
    let url = format!("ws://{relay}/ws");
    let (mut socket, _) = connect_async(&url).await?;
    loop {
        match hear(&mut socket).await? {
            ToClient::Challenge { nonce, .. } => {
                say(&mut socket, &ToRelay::Hello(Box::new(hello(who, &url, &nonce)?))).await?;
            }
            ToClient::Welcome(welcome) => {
                let edge = Edge { position: place, direction: Direction::Down, is_moving: false };
                say(&mut socket, &ToRelay::Moved(edge)).await?;
                news.send((who, News::Entered(welcome.number)))?;
                break;
            }
            other => bail!("expected a welcome, heard {other:?}"),
        }
    }
    loop {
        tokio::select! {
            heard = hear(&mut socket) => match heard? {
                ToClient::Room(message) => news.send((who, News::Said(*message)))?,
                ToClient::Refused(why) => bail!("refused: {why:?}"),
                _ => {}
            },
            message = outbox.recv() => {
                let Some(message) = message else { return Ok(()) };
                say(&mut socket, &ToRelay::Room(Box::new(message))).await?;
            }
        }
    }
}

fn hello(who: usize, url: &str, nonce: &shared::identity::Nonce) -> Result<Hello> {
    let mut secret = [7; 32];
    secret[..8].copy_from_slice(&who.to_le_bytes());
    let identity = Identity::from_secret(&secret);
    let name = Name::new(&format!("Bot {who}"))?;
    Ok(Hello {
        version: VERSION,
        public_key: identity.public_key(),
        signature: identity.sign_hello(VERSION, url, nonce),
        relay_url: RelayUrl::new(url)?,
        profile: Profile { name, status: Status::Available, appearance: Appearance::default() },
        place: None,
        spawn: None,
    })
}

async fn say(socket: &mut Socket, message: &ToRelay) -> Result<()> {
    Ok(socket.send(Message::Binary(codec::encode_to_relay(message).into())).await?)
}

async fn hear(socket: &mut Socket) -> Result<ToClient> {
    loop {
        let message = socket.next().await.context("the relay hung up")??;
        if let Message::Binary(bytes) = message {
            return Ok(codec::decode_to_client(&bytes)?);
        }
    }
}
