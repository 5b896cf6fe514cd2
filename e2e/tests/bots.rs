//! Bots at a relay over real sockets: whoever stands among them sees them walk and hears them talk.

use std::{thread, time::Duration};

use clap::Parser;
use client::bots::{self, Args};
use e2e::visitor::{Arrival, Visitor};
use relay::{Relay, config::Config, limits::Limits};
use shared::protocol::{Label, Remark, ToClient, Where};
use tokio::time::timeout;

/// No event is waited for longer than this: a busy machine may take its time.
const PATIENCE: Duration = Duration::from_mins(1);

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

#[tokio::test]
async fn whoever_stands_among_bots_sees_them_walk_and_hears_them_talk() {
    let relay = Relay::bind(&Config::loopback(), e2e::campus(), Limits::default()).await.expect("a relay");
    let url = format!("ws://{}/ws", relay.address());
    tokio::spawn(relay.run(std::future::pending()));
    // Where bots come in too.
    let courtyard = Arrival::Spawn(Label::new("courtyard").expect("a label"));
    let mut ada = Visitor::enter(&url, "Ada", courtyard).await.expect("in");

    // A runtime of their own, on a thread that ends with the test's process.
    let args = Args::parse_from(["bots", "--count", "8", "--url", &url, "--seconds", "120", "--remark-every", "1"]);
    thread::spawn(move || bots::run(&args));
    let (mut walked, mut heard) = (false, None);
    soon("a bot that walks and one that talks", async {
        while !walked || heard.is_none() {
            match ada.hear().await.expect("the relay") {
                ToClient::Moved(edges) => walked |= edges.iter().any(|moved| moved.edge.is_moving),
                ToClient::Said { place: Where::Nearby, remark } => heard = Some(remark),
                _ => {}
            }
        }
    })
    .await;
    let Remark { name, .. } = *heard.expect("a remark");
    assert!(name.as_str().starts_with("Bot "), "{name:?}");
}
