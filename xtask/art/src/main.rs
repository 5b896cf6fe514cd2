//! `cargo run -p art`: draws all art anew.

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    art::generate(here.ancestors().nth(2).unwrap_or(here))
}
