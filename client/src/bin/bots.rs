//! Walks participants about the map: `cargo xtask bots`.

use clap::Parser;

fn main() -> anyhow::Result<()> {
    client::bots::run(&client::bots::Args::parse())
}
