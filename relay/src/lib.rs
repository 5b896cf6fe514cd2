//! The small server of the virtual classroom: the site, the map, and the world people walk about in.
//!
//! Read it along a connection's way: [`http`] accepts it and makes a WebSocket of it, [`connection`] reads what its
//! client says, [`dispatch`] hands that to the [`world`], which decides, and back to the connections' outboxes. The
//! world is a pure core; everything with a socket or a clock is outside of it. A part of it is [`signalling`], which
//! introduces machines to one another; [`ice`] are the servers that help them. The media of rooms goes by [`sfu`], another
//! pure core with a thread of its own. All bounds are in [`limits`] and [`sfu::limits`].

mod alarm;
pub mod audience;
pub mod campus;
pub mod config;
mod connection;
mod dispatch;
pub mod http;
pub mod ice;
pub mod limits;
pub mod metrics;
pub mod sfu;
pub mod signalling;
pub mod world;

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
};

use anyhow::{Context, Result, anyhow};
use tokio::{net::TcpListener, sync::mpsc};

use self::{
    alarm::Alarm,
    campus::Campus,
    config::Config,
    dispatch::{Dispatch, ToDispatch},
    http::{Http, address::Admission, headers::SecurityHeaders, listen::Listen, origins::Origins, site::Site},
    ice::Ice,
    limits::{HTTP_CONNECTIONS, Limits, SOCKETS, WORLD_QUEUE},
    metrics::Metrics,
    sfu::{
        driver::{Handle, own_address},
        limits::SAYINGS,
        place::Wishes,
    },
    world::World,
};

/// A relay that listens but does not answer yet.
pub struct Relay {
    listener: TcpListener,
    address: SocketAddr,
    media: Vec<SocketAddr>,
    listen: Listen,
    dispatch: Dispatch,
    sender: mpsc::Sender<ToDispatch>,
    inbox: mpsc::Receiver<ToDispatch>,
    metrics: Arc<Metrics>,
}

impl Relay {
    /// Takes the port and opens the site.
    ///
    /// # Errors
    /// If the port is taken, the public URL is none, or the site cannot be read; each says what to do.
    pub async fn bind(config: &Config, campus: Campus, limits: Limits) -> Result<Self> {
        let listener = TcpListener::bind(config.listen).await.map_err(|error| cannot_listen(config.listen, error))?;
        let address = listener.local_addr().context("the system does not say where the relay listens")?;
        let audience = config.audience(address)?;
        if config.public_url.is_none() && !address.ip().is_loopback() {
            tracing::warn!(
                "listening on {address}, but without --public-url only browsers on this machine are let in; start \
                 the relay with --public-url and the URL at which people open the classroom"
            );
        }
        let site = config.site.as_ref().map(|folder| {
            let what = || format!("cannot read the site in {}; `cargo xtask dist` makes it", folder.display());
            Site::open(folder).with_context(what)
        });
        let site = site.transpose()?;
        let relays = site.as_ref().map(Site::relays).unwrap_or_default();
        let metrics = Arc::new(Metrics::default());
        let (sender, inbox) = mpsc::channel(WORLD_QUEUE);
        let security = SecurityHeaders::new(&audience, &config.allow_origin, &relays);
        let origins = Origins::new(&audience, &config.allow_origin);
        let ice = Ice::new(&config.ice_server, config.turn_secret.as_deref(), config.turn_ttl)?;
        let world =
            World::new(Arc::clone(&campus.map), campus.map_ref.clone(), audience, limits).with_ice(ice).with_media();
        let is_public = config.is_public(address);
        let (listen, media_address) = (config.media_listen, config.media_address);
        let wishes = Wishes { http: address, listen, address: media_address, is_public, own: own_address() };
        let sockets = wishes.place()?.bind()?;
        let media = sockets.addresses();
        if is_public && media.iter().all(|address| address.ip().is_loopback()) {
            tracing::warn!(
                "people come from elsewhere, but hear nobody in rooms: media is at {} only; see --media-listen and \
                 --media-address",
                media[0]
            );
        }
        tracing::info!(?media, "the media of rooms is reached there");
        let (sayings, inbox_of_sayings) = mpsc::channel(SAYINGS);
        let sfu = Handle::start(sockets, sayings, Arc::clone(&metrics)).context("cannot start a thread for media")?;
        let http = Http {
            site,
            campus,
            origins,
            trusted_proxies: config.trusted_proxy.clone(),
            sockets: [(); 2].map(|()| Admission::new(config.per_address, SOCKETS)),
            next_connection: AtomicU64::default(),
            dispatch: sender.clone(),
            metrics: Arc::clone(&metrics),
            limits,
        };
        let listen = Listen {
            routes: http::routes(Arc::new(http)),
            security: Arc::new(security),
            header_within: limits.header_within,
            per_address: Admission::new(config.per_address, HTTP_CONNECTIONS),
            trusted_proxies: config.trusted_proxy.clone(),
        };
        let alarm = Alarm::new().context("cannot make a timer")?;
        let dispatch = Dispatch::new(world, alarm, Arc::clone(&metrics), limits, (sfu, inbox_of_sayings));
        Ok(Self { listener, address, media, listen, dispatch, sender, inbox, metrics })
    }

    /// Where it listens, with the real port for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where clients reach the media of rooms.
    pub fn media(&self) -> &[SocketAddr] {
        &self.media
    }

    /// What it counts.
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }

    /// Answers until `stop`, then tells everybody to come back later and ends.
    ///
    /// # Errors
    /// If the thread that forwards media ended by a fault: then it ends without being told to, so that whoever supervises
    /// it starts it again. Without that thread nobody in a room would be heard or told why.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<()> {
        let Self { listener, listen, mut dispatch, sender, mut inbox, .. } = self;
        let outcome = tokio::select! {
            biased;
            () = stop => Ok(()),
            // Its end is the same sign.
            () = listen.run(listener) => Ok(()),
            fault = dispatch.run(&mut inbox) => Err(fault),
        };
        dispatch.say_goodbye(inbox).await;
        drop(sender);
        outcome
    }
}

fn cannot_listen(address: SocketAddr, error: std::io::Error) -> anyhow::Error {
    let (host, port) = (address.ip(), address.port());
    match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {port} of {host} is taken by another program, perhaps another relay; end it, or take another port \
             with --listen {host}:{}",
            port.saturating_add(10)
        ),
        ErrorKind::PermissionDenied => anyhow!(
            "this user may not listen on port {port}; take one above 1023, for instance --listen {host}:8080, and \
             let a reverse proxy have the low one"
        ),
        ErrorKind::AddrNotAvailable => anyhow!("{host} is not an address of this machine; see --listen"),
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use futures_util::StreamExt;
    use shared::protocol::close;
    use tokio_tungstenite::{connect_async, tungstenite::Message};

    use super::*;

    #[tokio::test]
    async fn when_media_is_not_forwarded_any_more_everybody_is_told_to_come_back_and_the_relay_ends_with_an_error() {
        let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny/campus.tmx");
        let campus = Campus::read(&map).expect("a sound map");
        let relay = Relay::bind(&Config::loopback(), campus, Limits::default()).await.expect("a relay");
        let (url, fault) = (format!("ws://{}/ws", relay.address()), relay.dispatch.breaks_down());
        let running = tokio::spawn(relay.run(std::future::pending()));
        let (mut socket, _) = Box::pin(connect_async(url)).await.expect("a WebSocket");
        let challenge = socket.next().await.expect("a message");
        assert!(matches!(challenge, Ok(Message::Binary(_))), "{challenge:?}");
        // Said by the thread itself; nothing is wrong.
        fault();
        let outcome = tokio::time::timeout(Duration::from_secs(20), async {
            let mut code = None;
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Close(Some(frame)) = message {
                    code = Some(frame.code.into());
                }
            }
            (code, running.await)
        });
        let (code, outcome) = outcome.await.expect("it ends by itself");
        assert_eq!(code, Some(close::RESTARTING));
        let error = outcome.expect("no panic but that of the thread").expect_err("a supervisor must start it again");
        assert!(error.to_string().contains("start the relay again"), "{error:#}");
    }
}
