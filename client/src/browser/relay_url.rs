//! Which relay the page belongs to.

use serde::Deserialize;

use super::{fetch, page};

/// `/site.json`: the relays of a site that is hosted elsewhere than its relay.
#[derive(Default, Deserialize)]
struct Site {
    #[serde(default)]
    relays: Vec<String>,
}

/// The relay to dial: the one the URL names if it may, else the site's first, else where the page came from. None if
/// the URL names one that it may not.
pub(super) async fn choose() -> Option<String> {
    let listed = fetch::bytes("site.json").await.ok().and_then(|json| serde_json::from_slice::<Site>(&json).ok());
    let relays = listed.unwrap_or_default().relays;
    match page::parameter("relay") {
        Some(asked) => (relays.contains(&asked) || is_loopback(&asked)).then_some(asked),
        None => relays.into_iter().next().or_else(same_place),
    }
}

/// The room of a matchbox server on this machine that signals in the relay's place, if the URL names one: for
/// development.
pub(super) fn other_signalling() -> Option<String> {
    page::parameter("signalling").filter(|url| is_loopback(url))
}

fn same_place() -> Option<String> {
    let location = page::window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let path = location.pathname().ok()?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(format!("{scheme}://{}{folder}/ws", location.host().ok()?))
}

/// Whether a socket is on this machine: nobody else can put one there.
fn is_loopback(url: &str) -> bool {
    let Ok(url) = web_sys::Url::new(url) else { return false };
    let is_socket = matches!(url.protocol().as_str(), "ws:" | "wss:");
    is_socket && matches!(url.hostname().as_str(), "127.0.0.1" | "localhost" | "[::1]")
}
