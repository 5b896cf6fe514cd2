//! From a request to `/ws` to a WebSocket: who may have one.
//!
//! warp's own WebSocket cannot be given small buffers, so the handshake (RFC 6455, section 4.2) is made here and the
//! bare TCP connection taken back from hyper.

use std::sync::atomic::Ordering::Relaxed;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use shared::identity::Nonce;
use tokio::net::TcpStream;
use tracing::Instrument;
use tungstenite::handshake::derive_accept_key;
use warp::{
    Reply,
    http::{HeaderMap, HeaderName, StatusCode, header},
    reply::Response,
};

use super::{
    Http,
    address::{self, Pass, Peer, TooMany},
    answer::{self, set},
};
use crate::{
    connection::{self, Dialled},
    world::ConnectionId,
};

/// Answers a request for a WebSocket.
pub(super) fn serve(http: &Http, Peer(peer): Peer, headers: &HeaderMap, upgrade: Option<OnUpgrade>) -> Response {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let has = |name: HeaderName, word: &str| {
        text(name).is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    let key = text(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
    let is_handshake = has(header::CONNECTION, "upgrade") && has(header::UPGRADE, "websocket");
    let (true, Some(key), Some(upgrade)) = (is_handshake, key, upgrade) else {
        return answer::words(StatusCode::BAD_REQUEST, "Expected a WebSocket: this is where clients connect.");
    };
    if text(header::SEC_WEBSOCKET_VERSION) != Some("13") {
        let mut response =
            answer::words(StatusCode::UPGRADE_REQUIRED, "Expected version 13 of the WebSocket protocol.");
        set(response.headers_mut(), header::SEC_WEBSOCKET_VERSION, "13");
        return response;
    }
    // A header that is not text is no origin either, and must not count as none.
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default());
    if !http.origins.allow(origin) {
        http.metrics.refused("origin");
        return answer::words(
            StatusCode::FORBIDDEN,
            "This page may not connect to this relay. Open the relay's own page, or ask its host to start it with \
             --allow-origin and this page's origin.",
        );
    }
    let address = address::client(peer.ip(), headers, &http.trusted_proxies);
    let pass = match http.sockets.enter(address) {
        Ok(pass) => pass,
        Err(TooMany::FromThisAddress) => {
            http.metrics.refused("per_address");
            return answer::words(
                StatusCode::TOO_MANY_REQUESTS,
                "There are too many connections from this address; the relay's host can allow more with \
                 --per-address.",
            );
        }
        Err(TooMany::InAll) => {
            http.metrics.refused("connections");
            return answer::words(StatusCode::SERVICE_UNAVAILABLE, "The relay has as many connections as it takes.");
        }
    };
    let mut nonce = Nonce::default();
    if getrandom::fill(&mut nonce).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    start(http, upgrade, nonce, pass);
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    set(response.headers_mut(), header::CONNECTION, "upgrade");
    set(response.headers_mut(), header::UPGRADE, "websocket");
    set(response.headers_mut(), header::SEC_WEBSOCKET_ACCEPT, &derive_accept_key(key.as_bytes()));
    response
}

fn start(http: &Http, upgrade: OnUpgrade, nonce: Nonce, pass: Pass) {
    let id = ConnectionId(http.next_connection.fetch_add(1, Relaxed));
    let (dispatch, limits) = (http.dispatch.clone(), http.limits);
    let span = tracing::debug_span!("connection", id = id.0);
    let task = async move {
        let Ok(upgraded) = upgrade.await else { return };
        // What hyper was given in `listen`: nothing is in between any more.
        let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
        // Copied, mostly nothing: the bytes as they are would keep hyper's whole buffer.
        let early = parts.read_buf.to_vec();
        let dialled = Dialled { socket: parts.io.into_inner(), early, id, nonce, dispatch, limits, guard: pass };
        // A task of its own, or this one's memory would have room for all of this twice.
        tokio::spawn(connection::serve(dialled).in_current_span());
    };
    tokio::spawn(task.instrument(span));
}
