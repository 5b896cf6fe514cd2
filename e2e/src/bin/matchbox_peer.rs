//! Somebody with a stock matchbox socket, for pages to connect to: comes in, connects to whoever is near, and sends
//! every message back on the channel it came on, until standard input closes. Says what happens, a line each:
//! `entered USER_ID`, `connected PEER`, `disconnected PEER`, `received N bytes on CHANNEL`.

use std::io::{Read, Write};

use anyhow::{Context, Result};
use clap::Parser;
use e2e::visitor::{Arrival, RELIABLE, UNRELIABLE, Visitor};
use futures_util::StreamExt;
use matchbox_socket::{PeerState, WebRtcChannel};
use shared::protocol::Label;
use tokio::sync::oneshot;

#[derive(Parser)]
struct Flags {
    /// The relay's WebSocket.
    #[arg(long, default_value = "ws://127.0.0.1:8080/ws", value_name = "URL")]
    relay: String,
    /// What they are called.
    #[arg(long, default_value = "Bob")]
    name: String,
    /// The spawn point to arrive at.
    #[arg(long, default_value = "courtyard", value_name = "NAME")]
    spawn: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let flags = Flags::parse();
    let spawn = Label::new(&flags.spawn).context("expected the name of a spawn point")?;
    let mut visitor = Visitor::enter(&flags.relay, &flags.name, Arrival::Spawn(spawn)).await?;
    tell(&format!("entered {}", visitor.user_id()))?;
    let (mut socket, links) = visitor.open_links().await?;
    let mut links = tokio::spawn(links);
    let mut reliable = socket.take_channel(RELIABLE)?;
    let mut unreliable = socket.take_channel(UNRELIABLE)?;
    let mut input_closed = input_closed();
    loop {
        tokio::select! {
            _ = &mut input_closed => return Ok(()),
            // Nothing the relay says matters here, but it must be read.
            message = visitor.hear() => drop(message?),
            end = &mut links => return end?.context("signalling ended"),
            Some((peer, state)) = socket.next() => tell(&match state {
                PeerState::Connected => format!("connected {peer}"),
                PeerState::Disconnected => format!("disconnected {peer}"),
            })?,
            Some(message) = reliable.next() => send_back(&mut reliable, "reliable", message)?,
            Some(message) = unreliable.next() => send_back(&mut unreliable, "unreliable", message)?,
        }
    }
}

fn send_back(
    channel: &mut WebRtcChannel,
    name: &str,
    (peer, packet): (matchbox_socket::PeerId, matchbox_socket::Packet),
) -> Result<()> {
    tell(&format!("received {} bytes on {name}", packet.len()))?;
    channel.try_send(packet, peer).context("the socket is closed")
}

fn tell(line: &str) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("nobody listens")
}

/// Resolves when standard input closes. A thread of its own reads it: the runtime would wait for its own at the end.
fn input_closed() -> oneshot::Receiver<()> {
    let (closed, is_closed) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = closed.send(());
    });
    is_closed
}
