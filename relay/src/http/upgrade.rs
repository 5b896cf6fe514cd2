//! From a request to `/ws` or `/signal` to a WebSocket: who may have one.
//!
//! warp's own WebSocket cannot be given small buffers, so the handshake (RFC 6455, section 4.2) is made here and the
//! bare TCP connection taken back from hyper.

use std::sync::atomic::Ordering::Relaxed;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use shared::{identity::Nonce, protocol::Ticket};
use tokio::{net::TcpStream, sync::oneshot};
use tracing::Instrument;
use tungstenite::handshake::derive_accept_key;
use warp::{
    Reply,
    http::{HeaderMap, HeaderName, StatusCode, header},
    reply::Response,
};

use super::{
    Http,
    address::{self, Admission, Pass, Peer, TooMany},
    answer::{self, set},
};
use crate::{
    connection::{self, Dialled, Purpose},
    dispatch::ToDispatch,
    world::ConnectionId,
};

/// Answers a request for the relay protocol.
pub(super) fn world(http: &Http, peer: Peer, headers: &HeaderMap, upgrade: Option<OnUpgrade>) -> Response {
    let accepted = match Accepted::new(http, &http.sockets[0], peer, headers, upgrade) {
        Ok(accepted) => accepted,
        Err(response) => return *response,
    };
    let mut nonce = Nonce::default();
    if getrandom::fill(&mut nonce).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    accepted.start(http, Purpose::World(nonce))
}

/// Answers a request for signalling, which wants a ticket. The ticket is asked for last, so that a request which fails
/// for another reason does not use it up.
pub(super) async fn signalling(
    http: &Http,
    peer: Peer,
    query: &str,
    headers: &HeaderMap,
    upgrade: Option<OnUpgrade>,
) -> Response {
    let accepted = match Accepted::new(http, &http.sockets[1], peer, headers, upgrade) {
        Ok(accepted) => accepted,
        Err(response) => return *response,
    };
    let Some(purpose) = redeem(http, query).await else {
        http.metrics.refused("ticket");
        return answer::words(
            StatusCode::FORBIDDEN,
            "Expected a ticket, as in /signal?ticket=…: whoever is in asks for one on /ws. Each holds for 10 seconds \
             and for one connection.",
        );
    };
    accepted.start(http, purpose)
}

/// Whose ticket is in the query, if it is one.
async fn redeem(http: &Http, query: &str) -> Option<Purpose> {
    let ticket = ticket(query)?;
    let (answer, answered) = oneshot::channel();
    http.dispatch.send(ToDispatch::Redeem { ticket, answer }).await.ok()?;
    answered.await.ok()?.map(|user_id| Purpose::Signalling(user_id, ticket))
}

/// The ticket in a query: `ticket=` and 32 hexadecimal digits.
fn ticket(query: &str) -> Option<Ticket> {
    let digits = query.split('&').find_map(|pair| pair.strip_prefix("ticket="))?;
    if digits.len() != 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(digits, 16).ok().map(|bits| Ticket(bits.to_be_bytes()))
}

/// A request that may become a WebSocket.
struct Accepted {
    key: String,
    upgrade: OnUpgrade,
    pass: Pass,
}

impl Accepted {
    /// Checks who asks, and for what. The error is the answer.
    fn new(
        http: &Http,
        sockets: &Admission,
        Peer(peer): Peer,
        headers: &HeaderMap,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Self, Box<Response>> {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let has = |name: HeaderName, word: &str| {
            text(name).is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
        };
        let refuse = |status, words| Err(Box::new(answer::words(status, words)));
        let key = text(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
        let is_handshake = has(header::CONNECTION, "upgrade") && has(header::UPGRADE, "websocket");
        let (true, Some(key), Some(upgrade)) = (is_handshake, key, upgrade) else {
            return refuse(StatusCode::BAD_REQUEST, "Expected a WebSocket: this is where clients connect.");
        };
        if text(header::SEC_WEBSOCKET_VERSION) != Some("13") {
            let words = "Expected version 13 of the WebSocket protocol.";
            let mut response = answer::words(StatusCode::UPGRADE_REQUIRED, words);
            set(response.headers_mut(), header::SEC_WEBSOCKET_VERSION, "13");
            return Err(Box::new(response));
        }
        // A header that is not text is no origin either, and must not count as none.
        let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default());
        if !http.origins.allow(origin) {
            http.metrics.refused("origin");
            return refuse(
                StatusCode::FORBIDDEN,
                "This page may not connect to this relay. Open the relay's own page, or ask its host to start it \
                 with --allow-origin and this page's origin.",
            );
        }
        let address = address::client(peer.ip(), headers, &http.trusted_proxies);
        match sockets.enter(address) {
            Ok(pass) => Ok(Self { key: key.to_owned(), upgrade, pass }),
            Err(TooMany::FromThisAddress) => {
                http.metrics.refused("per_address");
                refuse(
                    StatusCode::TOO_MANY_REQUESTS,
                    "There are too many connections from this address; the relay's host can allow more with \
                     --per-address.",
                )
            }
            Err(TooMany::InAll) => {
                http.metrics.refused("connections");
                refuse(StatusCode::SERVICE_UNAVAILABLE, "The relay has as many connections as it takes.")
            }
        }
    }

    /// Begins to serve it once hyper has sent the answer, which this is.
    fn start(self, http: &Http, purpose: Purpose) -> Response {
        let Self { key, upgrade, pass } = self;
        let id = ConnectionId(http.next_connection.fetch_add(1, Relaxed));
        let (dispatch, limits) = (http.dispatch.clone(), http.limits);
        let span = tracing::debug_span!("connection", id = id.0);
        let task = async move {
            let Ok(upgraded) = upgrade.await else { return };
            // What hyper was given in `listen`: nothing is in between any more.
            let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
            // Copied, mostly nothing: the bytes as they are would keep hyper's whole buffer.
            let early = parts.read_buf.to_vec();
            let dialled = Dialled { socket: parts.io.into_inner(), early, id, purpose, dispatch, limits, guard: pass };
            // A task of its own, or this one's memory would have room for all of this twice.
            tokio::spawn(connection::serve(dialled).in_current_span());
        };
        tokio::spawn(task.instrument(span));
        let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
        set(response.headers_mut(), header::CONNECTION, "upgrade");
        set(response.headers_mut(), header::UPGRADE, "websocket");
        set(response.headers_mut(), header::SEC_WEBSOCKET_ACCEPT, &derive_accept_key(key.as_bytes()));
        response
    }
}
