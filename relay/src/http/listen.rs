//! Accepts connections and speaks HTTP with them until each ends or becomes a WebSocket.
//!
//! warp's own server sets neither `TCP_NODELAY` nor a timeout for headers, so the loop is ours and only the routes are
//! warp's.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use warp::{filters::BoxedFilter, reply::Response};

use super::{
    address::{self, Admission, Peer},
    headers::SecurityHeaders,
};
use crate::limits::{HTTP_CONNECTIONS, HTTP_HEADER_BYTES, HTTP_WITHIN};

/// What each connection is served with.
#[derive(Clone)]
pub(crate) struct Listen {
    pub(crate) routes: BoxedFilter<(Response,)>,
    pub(crate) security: Arc<SecurityHeaders>,
    pub(crate) header_within: Duration,
    /// Counts connections that speak HTTP; those that became a WebSocket are counted apart.
    pub(crate) per_address: Admission,
    pub(crate) trusted_proxies: Vec<IpNet>,
}

impl Listen {
    /// Accepts for ever.
    pub(crate) async fn run(self, listener: TcpListener) {
        let slots = Arc::new(Semaphore::new(HTTP_CONNECTIONS));
        loop {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let (socket, peer) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files, most likely: others must end first.
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            // A proxy brings many people along.
            let is_proxy = address::is_trusted(peer.ip(), &self.trusted_proxies);
            let pass = if is_proxy { None } else { Some(self.per_address.enter(peer.ip())) };
            if matches!(pass, Some(Err(_))) {
                continue;
            }
            let listen = self.clone();
            tokio::spawn(async move {
                let _held = (slot, pass);
                // An error is a client's: gone, slow, or not speaking HTTP. hyper has answered where it could.
                let _ = timeout(HTTP_WITHIN, listen.serve(socket, peer)).await;
            });
        }
    }

    async fn serve(self, socket: TcpStream, peer: SocketAddr) -> Result<(), hyper::Error> {
        // Movements are small and must not wait for one another; failing to say so does no harm.
        let _ = socket.set_nodelay(true);
        let routes = TowerToHyperService::new(warp::service(self.routes));
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let answer = hyper::service::Service::call(&routes, request);
            let security = Arc::clone(&self.security);
            async move {
                let mut response = answer.await?;
                security.add_to(response.headers_mut());
                Ok::<_, Infallible>(response)
            }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_within)
            .max_buf_size(HTTP_HEADER_BYTES)
            .serve_connection(TokioIo::new(socket), service)
            .with_upgrades()
            .await
    }
}
