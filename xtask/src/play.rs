//! `cargo xtask play`: everything from nothing, then site and relay on one port.

use std::ffi::OsString;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

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
    let running = steps.run("starting the relay", || relay::start(&program, listen, &arguments(play, listen)))?;

    let mut out = std::io::stdout();
    writeln!(out, "ready: http://{}", relay::reachable(listen)).and_then(|()| out.flush()).context("nobody listens")?;
    eprintln!("Ctrl-C ends it.");
    let status = running.wait()?;
    bail!("the relay ended by itself ({status}); its words are above");
}

fn arguments(play: &Play, listen: SocketAddr) -> Vec<OsString> {
    let given = |flag: &str| play.relay.iter().any(|word| word.to_string_lossy().starts_with(flag));
    let mut arguments: Vec<OsString> = vec!["--site".into(), paths::dist().into()];
    if let Some(url) = &play.public_url {
        arguments.extend(["--public-url".into(), url.into()]);
    }
    if !given("--media-listen") {
        // Beside each other, two classrooms on one machine need two media ports too.
        let media = SocketAddr::new(listen.ip(), listen.port().checked_add(1).unwrap_or(relay::PORT + 1));
        arguments.extend(["--media-listen".into(), media.to_string().into()]);
    }
    if !given("--media-address") && !listen.ip().is_loopback() && !listen.ip().is_unspecified() {
        arguments.extend(["--media-address".into(), listen.ip().to_string().into()]);
    }
    arguments.extend(play.relay.iter().cloned());
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(play: &Play) -> String {
        let listen = SocketAddr::new(play.listen, play.port);
        let words = arguments(play, listen).into_iter().map(|word| word.to_string_lossy().into_owned());
        words.skip(2).collect::<Vec<_>>().join(" ")
    }

    fn play() -> Play {
        Play { port: 8080, listen: Ipv4Addr::LOCALHOST.into(), dev: false, public_url: None, relay: Vec::new() }
    }

    #[test]
    fn media_take_the_port_after_the_sites() {
        assert_eq!(told(&play()), "--media-listen 127.0.0.1:8081");
        assert_eq!(told(&Play { port: 9000, ..play() }), "--media-listen 127.0.0.1:9001");
    }

    #[test]
    fn a_public_address_is_told_to_media_too() {
        let public = Play { listen: Ipv4Addr::new(192, 0, 2, 7).into(), ..play() };
        assert_eq!(told(&public), "--media-listen 192.0.2.7:8081 --media-address 192.0.2.7");
    }

    #[test]
    fn flags_for_the_relay_come_last_and_win() {
        let told = told(&Play { relay: vec!["--media-listen=127.0.0.1:7".into()], ..play() });
        assert_eq!(told, "--media-listen=127.0.0.1:7");
    }
}
