//! The relay's program: flags, logs, signals.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Parser;
use relay::{Relay, campus::Campus, config::Config, limits::Limits};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

// A session of media that panics is over, and nothing else is (`sfu::peer`): that needs unwinding.
#[cfg(panic = "abort")]
compile_error!("build the relay with `--profile server`: the release profile, the browser's, aborts on panic");

fn main() -> ExitCode {
    match run(&Config::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // In plain words: who starts a relay is helped by no backtrace.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

// One core is the aim: what is gained by a second one is lost again by waking it.
#[tokio::main(flavor = "current_thread")]
async fn run(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_from_env("RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_terminal).init();
    // Every participant takes a file; as many as the system allows are better than its modest default.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "cannot raise the number of open files");
    }

    let campus = Campus::read(&config.map)?;
    let relay = Relay::bind(config, campus, Limits::default()).await?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    // On standard output, so that scripts can read the port.
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{}", relay.address()).and_then(|()| out.flush()).ok();

    let outcome = relay
        .run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
        })
        .await;
    // What is still open, such as a download, ends with the process.
    outcome
}
