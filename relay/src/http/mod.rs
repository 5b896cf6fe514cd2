//! Everything that is asked for by HTTP: the site, the map, how the relay does, and the way to a WebSocket.
//!
//! [`listen`] accepts connections and hands requests to the [`routes`] in here. [`upgrade`] decides who gets a
//! WebSocket, with [`origins`] and [`address`]; [`site`] and [`map`] serve files, with [`caching`]; [`headers`] go
//! with every answer.

pub(crate) mod address;
mod answer;
mod caching;
pub(crate) mod headers;
pub(crate) mod listen;
mod map;
pub mod origins;
pub(crate) mod site;
mod upgrade;

use std::sync::{Arc, atomic::AtomicU64};

use hyper::upgrade::OnUpgrade;
use ipnet::IpNet;
use tokio::sync::mpsc;
use warp::{
    Filter,
    filters::BoxedFilter,
    http::{HeaderMap, StatusCode, header},
    path::{FullPath, Tail},
    reply::Response,
};

use self::{
    address::{Admission, Peer},
    answer::set,
    origins::Origins,
    site::Site,
};
use crate::{campus::Campus, dispatch::ToDispatch, limits::Limits, metrics::Metrics};

/// What the answers are made of.
pub(crate) struct Http {
    pub(crate) site: Option<Site>,
    pub(crate) campus: Campus,
    pub(crate) origins: Origins,
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// For the world, and for signalling: everybody has one of each.
    pub(crate) sockets: [Admission; 2],
    pub(crate) next_connection: AtomicU64,
    pub(crate) dispatch: mpsc::Sender<ToDispatch>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) limits: Limits,
}

/// All paths.
pub(crate) fn routes(http: Arc<Http>) -> BoxedFilter<(Response,)> {
    let with = {
        let http = Arc::clone(&http);
        move || {
            let http = Arc::clone(&http);
            warp::any().map(move || Arc::clone(&http))
        }
    };
    let get = || warp::get().or(warp::head()).unify();
    let query = || warp::query::raw().or(warp::any().map(String::new)).unify();

    let ws = warp::path!("ws")
        .and(warp::get())
        .and(with())
        .and(warp::ext::get::<Peer>())
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<OnUpgrade>())
        .map(|http: Arc<Http>, peer, headers: HeaderMap, upgrade| upgrade::world(&http, peer, &headers, upgrade));
    let signal = warp::path!("signal")
        .and(warp::get())
        .and(with())
        .and(warp::ext::get::<Peer>())
        .and(query())
        .and(warp::header::headers_cloned())
        .and(warp::ext::optional::<OnUpgrade>())
        .then(|http: Arc<Http>, peer, query: String, headers: HeaderMap, upgrade| async move {
            upgrade::signalling(&http, peer, &query, &headers, upgrade).await
        });
    let map = warp::path("map")
        .and(get())
        .and(with())
        .and(warp::path::tail())
        .and(query())
        .and(warp::header::headers_cloned())
        .map(|http: Arc<Http>, tail: Tail, query: String, headers: HeaderMap| {
            map::serve(&http.campus, tail.as_str(), &query, &headers)
        });
    let health = warp::path!("health").and(get()).and(with()).map(|http: Arc<Http>| health(&http));
    let metrics = warp::path!("metrics").and(get()).and(with()).map(|http: Arc<Http>| metrics(&http));
    let site = get().and(with()).and(warp::path::full()).and(warp::header::headers_cloned()).then(site);
    let other = warp::any().map(|| {
        let mut response = answer::words(StatusCode::METHOD_NOT_ALLOWED, "Expected GET or HEAD.");
        set(response.headers_mut(), header::ALLOW, "GET, HEAD");
        response
    });
    ws.or(signal)
        .unify()
        .or(map)
        .unify()
        .or(health)
        .unify()
        .or(metrics)
        .unify()
        .or(site)
        .unify()
        .or(other)
        .unify()
        .boxed()
}

async fn site(http: Arc<Http>, path: FullPath, headers: HeaderMap) -> Response {
    match &http.site {
        Some(site) => site.clone().serve(path.as_str().to_owned(), headers).await,
        None if path.as_str() == "/" => {
            answer::words(StatusCode::NOT_FOUND, "This relay serves no page; its host can name one with --site.")
        }
        None => answer::not_found(),
    }
}

fn health(http: &Http) -> Response {
    let json = serde_json::json!({
        "status": "ok",
        "name": "virtual-classroom-inator",
        "version": env!("CARGO_PKG_VERSION"),
        "protocol": shared::protocol::VERSION,
        "uptime_seconds": http.metrics.uptime().as_secs(),
        "participants": http.metrics.participants(),
    });
    let mut response = answer::words(StatusCode::OK, json.to_string());
    set(response.headers_mut(), header::CONTENT_TYPE, "application/json");
    response
}

fn metrics(http: &Http) -> Response {
    let mut response = answer::words(StatusCode::OK, http.metrics.render());
    set(response.headers_mut(), header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response
}
