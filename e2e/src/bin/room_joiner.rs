//! Lets a client that is not ours into the call of a room: speaks `/ws` for it, and passes on what it and the
//! forwarding unit say to one another, until standard input closes; then it leaves.
//!
//! A line of JSON each: what comes on standard input is a [`ToSfu`], what goes to standard output a [`FromSfu`], as
//! serde writes them, such as `{"Offer":{"connection":1,"description":"v=0…"}}` and `{"Membership":"Member"}`. Before
//! those, standard output says `{"Entered":{"number":3}}`: by which number others know this client.

use std::{
    io::{BufRead, Write},
    thread,
};

use anyhow::{Context, Result};
use clap::Parser;
use e2e::visitor::{Arrival, Visitor};
use serde::Serialize;
use shared::protocol::{
    Label, Number, ToClient, ToRelay,
    room::{FromSfu, ToSfu},
};
use tokio::sync::mpsc;

#[derive(Parser)]
struct Flags {
    /// The relay's WebSocket.
    #[arg(long, default_value = "ws://127.0.0.1:8080/ws", value_name = "URL")]
    relay: String,
    /// What the client is called.
    #[arg(long, default_value = "Guest")]
    name: String,
    /// The spawn point to arrive at; there is one in each room, called like it.
    #[arg(long, default_value = "classroom-a", value_name = "NAME")]
    spawn: String,
}

/// What is said besides the forwarding unit's own words.
#[derive(Serialize)]
enum Told {
    /// The client is in.
    Entered {
        /// By which number others know it.
        number: Number,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let flags = Flags::parse();
    let spawn = Label::new(&flags.spawn).context("expected the name of a spawn point")?;
    let mut visitor = Visitor::enter(&flags.relay, &flags.name, Arrival::Spawn(spawn)).await?;
    tell(&Told::Entered { number: visitor.welcome.number })?;
    let mut wishes = lines();
    loop {
        tokio::select! {
            wish = wishes.recv() => {
                let Some(wish) = wish else { return visitor.leave().await };
                let wish: ToSfu = serde_json::from_str(&wish).context("expected something for the forwarding unit")?;
                visitor.say(&ToRelay::Room(Box::new(wish))).await?;
            }
            heard = visitor.hear() => {
                if let ToClient::Room(message) = heard? {
                    tell::<FromSfu>(&message)?;
                }
            }
        }
    }
}

fn tell<T: Serialize>(what: &T) -> Result<()> {
    let line = serde_json::to_string(what)?;
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("nobody listens")
}

/// The lines of standard input, until it closes. A thread of its own reads them: the runtime would wait for its own at
/// the end.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        lines.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
    });
    receiver
}
