//! Participants that walk about the map and chat: `cargo xtask bots`.

use clap::Parser;

fn main() -> anyhow::Result<()> {
    client::bots::run(&client::bots::Args::parse())
}
