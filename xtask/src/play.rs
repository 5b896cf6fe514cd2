//! `cargo xtask play`: everything from nothing, then site and relay on one port.

use std::ffi::OsString;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::paths;
use crate::relay;
use crate::setup::Site;
use crate::setup::wasm::Way;
use crate::site::{self, Quality};
use crate::step::Steps;

#[derive(Args)]
pub(crate) struct Play {
    /// The port of site and relay; 0 takes a free one. Room media use the UDP port after it.
    #[arg(long, default_value_t = relay::PORT)]
    port: u16,
    /// The address to listen on. Other machines reach only a public one, and give it camera and microphone only
    /// over HTTPS: see docs/hosting.md.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Builds faster and makes the download larger.
    #[arg(long)]
    dev: bool,
    /// Where people open the classroom, if that is not where it listens.
    #[arg(long)]
    public_url: Option<String>,
    /// Further flags of the relay, after `--`; `cargo run -p relay -- --help` explains them.
    #[arg(last = true)]
    relay: Vec<OsString>,
}

/// Builds, starts, and runs until Ctrl-C.
pub(crate) fn run(play: &Play, way: Option<Way>) -> Result<()> {
    let listen = relay::choose(play.listen, play.port)?;
    // Before minutes of building, not after.
    relay::check_free(listen)?;
    let mut steps = Steps::new(4);
    let setup = steps.run("looking for what building takes", || Site::ensure(way))?;
    let quality = if play.dev { Quality::Dev } else { Quality::Release };
    steps.run("building the site", || site::build(&setup, quality))?;
    let program = steps.run("building the relay", relay::build)?;
    let running = steps.run("starting the relay", || relay::start(&program, listen, &arguments(play)))?;

    let mut out = std::io::stdout();
    writeln!(out, "ready: http://{}", relay::reachable(listen)).and_then(|()| out.flush()).context("nobody listens")?;
    eprintln!("Ctrl-C ends it.");
    let status = running.wait()?;
    bail!("the relay ended by itself ({status}); its words are above");
}

fn arguments(play: &Play) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--site".into(), paths::dist().into()];
    if let Some(url) = &play.public_url {
        arguments.extend(["--public-url".into(), url.into()]);
    }
    arguments.extend(play.relay.iter().cloned());
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(play: &Play) -> String {
        let words = arguments(play).into_iter().map(|word| word.to_string_lossy().into_owned());
        words.skip(2).collect::<Vec<_>>().join(" ")
    }

    fn play() -> Play {
        Play { port: 8080, listen: Ipv4Addr::LOCALHOST.into(), dev: false, public_url: None, relay: Vec::new() }
    }

    #[test]
    fn where_media_comes_in_is_left_to_the_relay() {
        assert_eq!(told(&play()), "");
        let public = Play { public_url: Some("https://classroom.example".into()), ..play() };
        assert_eq!(told(&public), "--public-url https://classroom.example");
    }

    #[test]
    fn flags_for_the_relay_come_last_and_win() {
        let told = told(&Play {
            public_url: Some("https://classroom.example".into()),
            relay: vec!["--media-listen=127.0.0.1:7".into()],
            ..play()
        });
        assert_eq!(told, "--public-url https://classroom.example --media-listen=127.0.0.1:7");
    }
}
