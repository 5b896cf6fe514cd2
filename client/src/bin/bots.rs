//! Walks participants about the map: `cargo xtask bots`.

fn main() {}
