//! `cargo xtask bench`: figures, repeatable by anyone. A new one is a line in [`BENCHES`].

use anyhow::{Result, bail};
use clap::Args;

use crate::browser::Stage;
use crate::dist;
use crate::exec;
use crate::setup::wasm::Way;
use crate::step::Steps;

/// All benches, by name.
const BENCHES: &[Figure] = &[
    Figure {
        name: "relay",
        about: "fan-out: deliveries a second, delay, bytes a delivery",
        kind: Kind::Cargo("relay", "fan_out"),
    },
    Figure { name: "page", about: "start of the page, frames a second, in Chromium", kind: Kind::Script("bench.mjs") },
    Figure {
        name: "chat",
        about: "delay of a message, opening a long conversation",
        kind: Kind::Script("bench-chat.mjs"),
    },
    Figure {
        name: "calls",
        about: "time to the first picture, what neighbours cost, delay of sound",
        kind: Kind::Script("bench-calls.mjs"),
    },
    Figure {
        name: "rooms",
        about: "the call of a room: packets a second and core, delay, memory a participant",
        kind: Kind::Cargo("relay", "rooms"),
    },
    Figure { name: "size", about: "the download, file by file", kind: Kind::Size },
];

struct Figure {
    name: &'static str,
    about: &'static str,
    kind: Kind,
}

enum Kind {
    /// A bench target of a package.
    Cargo(&'static str, &'static str),
    /// A script of e2e/browser.
    Script(&'static str),
    /// The table of `cargo xtask dist`.
    Size,
}

#[derive(Args)]
pub(crate) struct Bench {
    /// Which; without a name all of them.
    name: Option<String>,
}

/// Runs one bench or all.
pub(crate) fn run(bench: &Bench, way: Option<Way>) -> Result<()> {
    let wanted = |known: &&Figure| bench.name.as_ref().is_none_or(|name| name == known.name);
    let chosen: Vec<_> = BENCHES.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names = BENCHES.iter().map(|bench| format!("{}: {}", bench.name, bench.about)).collect::<Vec<_>>();
        bail!("there is no bench of that name; there are\n  {}", names.join("\n  "));
    }
    for bench in chosen {
        eprintln!("\n{}: {}", bench.name, bench.about);
        match bench.kind {
            // With the profile of the hosted relay: the release profile is the browser's, for size.
            Kind::Cargo(package, target) => {
                exec::show(exec::cargo(["bench", "--package", package, "--bench", target, "--profile", "server"]))?;
            }
            Kind::Script(script) => {
                let stage = Stage::from_nothing(&mut Steps::new(5), way)?;
                exec::show(stage.node([script]))?;
            }
            Kind::Size => dist::run(&dist::Dist::default(), way)?,
        }
    }
    Ok(())
}
