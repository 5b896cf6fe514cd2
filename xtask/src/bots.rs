//! `cargo xtask bots`: participants without a browser.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::exec;
use crate::paths;

#[derive(Args)]
pub(crate) struct Bots {
    /// How many.
    #[arg(long)]
    count: u32,
    /// The relay they go to.
    #[arg(long, default_value = "ws://127.0.0.1:8080/ws")]
    url: String,
    /// How long they stay; without it, until Ctrl-C.
    #[arg(long)]
    seconds: Option<u64>,
    /// They walk, but say nothing.
    #[arg(long)]
    quiet: bool,
    /// Further flags of the bots, after `--`.
    #[arg(last = true)]
    further: Vec<OsString>,
}

/// Builds the bots and lets them in.
pub(crate) fn run(bots: &Bots) -> Result<()> {
    let mut command = exec::program(build()?);
    command.args(["--count", &bots.count.to_string(), "--url", &bots.url]);
    if let Some(seconds) = bots.seconds {
        command.args(["--seconds", &seconds.to_string()]);
    }
    if bots.quiet {
        command.arg("--quiet");
    }
    command.args(&bots.further);
    exec::show(command)
}

/// Builds the bots and gives the program: the client without its world and its panels, so without the engine.
///
/// # Errors
/// If it does not compile.
pub(crate) fn build() -> Result<PathBuf> {
    exec::show(building("server"))?;
    Ok(paths::target()?.join("server/bots"))
}

/// The command that builds them by that profile.
pub(crate) fn building(profile: &str) -> Command {
    let mut build = exec::cargo(["build", "--package", "client", "--bin", "bots", "--profile", profile]);
    build.args(["--no-default-features", "--features", "bots"]);
    build
}
