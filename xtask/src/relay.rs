//! Builds the relay, starts it, and waits until it answers.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::children::Running;
use crate::exec;
use crate::paths;

/// The relay's port, and the one Trunk.toml has its proxies lead to.
pub(crate) const PORT: u16 = 8080;

/// It reads a map and opens two sockets; a busy machine may take its time for that, but not this long.
const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// A local answer takes a millisecond; a relay that is still starting has no socket yet.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// Builds the relay as it is hosted, and gives the program.
///
/// # Errors
/// If it does not compile.
pub(crate) fn build() -> Result<PathBuf> {
    exec::show(exec::cargo(["build", "--package", "relay", "--bin", "relay", "--profile", "server"]))?;
    Ok(paths::target()?.join("server/relay"))
}

/// Builds the relay for development, and gives the program.
///
/// # Errors
/// If it does not compile.
pub(crate) fn build_dev() -> Result<PathBuf> {
    exec::show(exec::cargo(["build", "--package", "relay", "--bin", "relay"]))?;
    Ok(paths::target()?.join("debug/relay"))
}

/// Starts a relay at `listen` and waits until it answers there.
///
/// # Errors
/// If the port is taken, or the relay ends or stays silent.
pub(crate) fn start(program: &PathBuf, listen: SocketAddr, arguments: &[OsString]) -> Result<Running> {
    check_free(listen)?;
    let mut relay = exec::program(program);
    relay.arg("--listen").arg(listen.to_string()).arg("--map").arg(paths::map());
    relay.args(arguments).stdout(std::io::stderr());
    let running = Running::start(relay)?;
    let deadline = Instant::now() + STARTS_WITHIN;
    loop {
        if let Some(status) = running.ended()? {
            bail!("the relay ended instead of starting ({status}); its words are above");
        }
        if is_healthy(reachable(listen)) {
            return Ok(running);
        }
        if Instant::now() >= deadline {
            bail!("expected an answer from http://{}/health, but none came", reachable(listen));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The port, or a free one for port 0.
///
/// # Errors
/// If the address is not one of this machine.
pub(crate) fn choose(address: IpAddr, port: u16) -> Result<SocketAddr> {
    if port != 0 {
        return Ok(SocketAddr::new(address, port));
    }
    let probe = TcpListener::bind((address, 0)).with_context(|| format!("cannot listen on {address}"))?;
    probe.local_addr().context("the system does not say which port is free")
}

/// An address a browser on this machine can open: `0.0.0.0` is not one.
pub(crate) fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

/// Checks that nobody else listens there.
///
/// # Errors
/// If somebody does, in plain words.
pub(crate) fn check_free(listen: SocketAddr) -> Result<()> {
    let Err(error) = TcpListener::bind(listen) else { return Ok(()) };
    if error.kind() == std::io::ErrorKind::AddrInUse {
        bail!(
            "port {0} of {1} is taken by another program, perhaps another classroom; end it, or take another port: \
             --port {2}",
            listen.port(),
            listen.ip(),
            listen.port().saturating_add(10)
        );
    }
    Err(error).with_context(|| format!("cannot listen on {listen}"))
}

fn is_healthy(address: SocketAddr) -> bool {
    let answer = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, ANSWERS_WITHIN)?;
        stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
        write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    answer().is_ok_and(|answer| is_ok(&answer))
}

fn is_ok(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 200 ") && answer.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_said_in_plain_words() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = taken.local_addr().expect("its address");
        let error = check_free(address).expect_err("taken").to_string();
        assert!(error.contains(&format!("port {} of 127.0.0.1 is taken", address.port())), "{error}");
    }

    #[test]
    fn port_zero_means_a_free_one() {
        let chosen = choose(Ipv4Addr::LOCALHOST.into(), 0).expect("chosen");
        assert_ne!(chosen.port(), 0);
        check_free(chosen).expect("free");
    }

    #[test]
    fn a_browser_is_told_an_address_it_can_open() {
        let table = [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("192.0.2.7:80", "192.0.2.7:80")];
        for (listen, expected) in table {
            assert_eq!(reachable(listen.parse().expect("address")).to_string(), expected);
        }
    }

    #[test]
    fn only_a_json_answer_with_200_is_healthy() {
        assert!(is_ok("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"version\":\"0.1.0\"}"));
        assert!(!is_ok("HTTP/1.1 404 Not Found\r\n\r\n{}"));
        assert!(!is_ok("HTTP/1.1 200 OK\r\n\r\nhello"));
    }
}
