//! Somebody at a relay who has no client of ours: speaks the protocol by hand, and has matchbox's own sockets for links.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use matchbox_socket::{MessageLoopFuture, RtcIceServerConfig, WebRtcSocket, WebRtcSocketBuilder};
use shared::{
    identity::{Identity, UserId},
    movement::Edge,
    profile::{Appearance, Name, Profile, Status},
    protocol::{Hello, Label, RelayUrl, Ticket, ToClient, ToRelay, VERSION, Welcome, codec},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// The channel that loses and reorders nothing.
pub const RELIABLE: usize = 0;

/// The channel that may.
pub const UNRELIABLE: usize = 1;

/// Where somebody arrives.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// There.
    At(Edge),
    /// At a spawn point of that name.
    Spawn(Label),
}

/// Somebody who is in.
pub struct Visitor {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    url: String,
    user_id: UserId,
    /// What they were told when they came in.
    pub welcome: Welcome,
}

impl Visitor {
    /// Dials a relay, `ws://…/ws`, and comes in as a person nobody has seen before.
    ///
    /// # Errors
    /// If there is no relay, or it does not let them in.
    pub async fn enter(url: &str, name: &str, arrival: Arrival) -> Result<Self> {
        let (mut socket, _) = connect_async(url).await.with_context(|| format!("no relay answers at {url}"))?;
        let ToClient::Challenge { nonce, .. } = hear(&mut socket).await? else { bail!("expected a challenge") };
        let identity = Identity::from_secret(&rand::random());
        let name = Name::new(name).context("expected a name")?;
        let (place, spawn) = match arrival {
            Arrival::At(edge) => (Some(edge), None),
            Arrival::Spawn(label) => (None, Some(label)),
        };
        let hello = Hello {
            version: VERSION,
            public_key: identity.public_key(),
            signature: identity.sign_hello(VERSION, url, &nonce),
            relay_url: RelayUrl::new(url)?,
            profile: Profile { name, status: Status::Available, appearance: Appearance::default() },
            place,
            spawn,
        };
        say(&mut socket, &ToRelay::Hello(Box::new(hello))).await?;
        match hear(&mut socket).await? {
            ToClient::Welcome(welcome) => {
                Ok(Self { socket, url: url.to_owned(), user_id: identity.user_id(), welcome: *welcome })
            }
            other => bail!("expected a welcome, heard {other:?}"),
        }
    }

    /// Who they are.
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    /// Says something to the relay.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn say(&mut self, message: &ToRelay) -> Result<()> {
        say(&mut self.socket, message).await
    }

    /// The next thing the relay says.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn hear(&mut self) -> Result<ToClient> {
        hear(&mut self.socket).await
    }

    /// Leaves, as whoever closes the page does: others see it at once.
    ///
    /// # Errors
    /// If the connection is lost already.
    pub async fn leave(mut self) -> Result<()> {
        self.socket.close(None).await.context("the relay hung up")
    }

    /// Asks for a ticket, and hears nothing else until it is there.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn ticket(&mut self) -> Result<Ticket> {
        self.say(&ToRelay::GetTicket).await?;
        loop {
            if let ToClient::Ticket(ticket) = self.hear().await? {
                return Ok(ticket);
            }
        }
    }

    /// Opens a socket of matchbox for links, with a fresh ticket. The future must be polled for as long as it is of use.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn open_links(&mut self) -> Result<(WebRtcSocket, MessageLoopFuture)> {
        let ticket = self.ticket().await?;
        let folder = self.url.strip_suffix("ws").context("expected a URL that ends with /ws")?;
        // Without a word about servers, matchbox asks one far away.
        let nobody = RtcIceServerConfig { urls: Vec::new(), username: None, credential: None };
        Ok(WebRtcSocketBuilder::new(format!("{folder}signal?ticket={ticket}"))
            .ice_server(nobody)
            .reconnect_attempts(Some(1))
            .add_reliable_channel()
            .add_unreliable_channel()
            .build())
    }
}

async fn say(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>, message: &ToRelay) -> Result<()> {
    let message = Message::Binary(codec::encode_to_relay(message).into());
    socket.send(message).await.context("the relay hung up")
}

async fn hear(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Result<ToClient> {
    loop {
        match socket.next().await.context("the relay hung up")?? {
            Message::Binary(bytes) => return codec::decode_to_client(&bytes).context("strange bytes"),
            Message::Close(frame) => bail!("the relay hung up: {frame:?}"),
            // Pings are answered by the socket itself.
            _ => {}
        }
    }
}
