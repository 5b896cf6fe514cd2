//! Flags and environment variables; their explanations are what `--help` prints.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Parser;
use ipnet::IpNet;

use crate::{
    audience::{self, Audience, PublicUrlError},
    http::origins::Origin,
};

/// The relay of a virtual classroom: serves the page, the map, and the world people walk about in.
#[derive(Clone, Debug, Parser)]
#[command(name = "relay", version)]
pub struct Config {
    /// Address and port for HTTP and the world; port 0 takes a free one, which the first line of output names.
    #[arg(long, env = "RELAY_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Folder with the page, as `cargo xtask dist` makes it. Without it, the relay serves the world alone.
    #[arg(long, env = "RELAY_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,

    /// The map, a Tiled `.tmx` with its tilesets beside it.
    #[arg(long, env = "RELAY_MAP", default_value = "assets/campus.tmx", value_name = "FILE")]
    pub map: PathBuf,

    /// Where people open the classroom, such as `https://class.example.org`. Clients sign the relay's URL, and only
    /// this one is accepted; without it, only loopback addresses are. Behind a proxy it is the proxy's URL.
    #[arg(long, env = "RELAY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// A page of another origin that may connect, such as `https://school.example.org`, and show the classroom in a
    /// frame. May be given several times.
    #[arg(long, env = "RELAY_ALLOW_ORIGIN", value_delimiter = ',', value_name = "ORIGIN")]
    pub allow_origin: Vec<Origin>,

    /// Network of a reverse proxy whose `X-Forwarded-For` is believed, such as `127.0.0.1/32`. May be given several
    /// times.
    #[arg(long, env = "RELAY_TRUSTED_PROXY", value_delimiter = ',', value_name = "NETWORK")]
    pub trusted_proxy: Vec<IpNet>,

    /// Most people from one address at a time. A school often shares one.
    #[arg(long, env = "RELAY_PER_ADDRESS", default_value_t = 512, value_name = "COUNT")]
    pub per_address: usize,

    /// A server that helps two browsers to reach each other: `stun:HOST:PORT`, or `turn:HOST:PORT?transport=udp`, which
    /// relays between those who cannot. May be given several times. Without any, people meet on one network alone.
    #[arg(long, env = "RELAY_ICE_SERVER", value_delimiter = ',', value_name = "URL")]
    pub ice_server: Vec<String>,

    /// The secret shared with the TURN servers (coturn's `static-auth-secret`), from which each person gets credentials
    /// of their own.
    #[arg(long, env = "RELAY_TURN_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub turn_secret: Option<String>,

    /// How long these credentials hold, in seconds; pages renew theirs in time. Whoever copied them may use the servers
    /// for so long.
    #[arg(long, env = "RELAY_TURN_TTL", value_name = "SECONDS", default_value_t = 3600,
          value_parser = clap::value_parser!(u32).range(15..=86_400))]
    pub turn_ttl: u32,

    /// Address and port for the media of rooms, UDP and TCP; port 0 takes a free one. Without it, the port after the one
    /// for HTTP, on all addresses; if people come from this machine alone, what comes from elsewhere is dropped.
    #[arg(long, env = "RELAY_MEDIA_LISTEN", value_name = "ADDRESS:PORT")]
    pub media_listen: Option<SocketAddr>,

    /// At which address people reach the port for media, if it is not the one it listens on: behind a router or in a
    /// container the public one.
    #[arg(long, env = "RELAY_MEDIA_ADDRESS", value_name = "ADDRESS")]
    pub media_address: Option<IpAddr>,
}

impl Config {
    /// What a relay on a free port of this machine needs, without a site.
    pub fn loopback() -> Self {
        Self::parse_from(["relay", "--listen", "127.0.0.1:0", "--media-listen", "127.0.0.1:0"])
    }

    /// Whether people open the classroom from other machines, when the relay listens there.
    pub fn is_public(&self, listen: SocketAddr) -> bool {
        let url = self.public_url.as_deref().and_then(|url| url::Url::parse(url).ok());
        url.map_or(!listen.ip().is_loopback(), |url| !audience::is_loopback(&url))
    }

    /// Whom hellos may be signed for, when the relay listens there.
    ///
    /// # Errors
    /// If the public URL is none.
    pub fn audience(&self, listen: SocketAddr) -> Result<Audience, PublicUrlError> {
        match &self.public_url {
            Some(url) => Audience::of_public_url(url),
            None => Ok(Audience::of_loopback(listen)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_flags_are_understood() {
        let config = Config::try_parse_from([
            "relay",
            "--listen=0.0.0.0:80",
            "--site=dist",
            "--map=other.tmx",
            "--public-url=https://class.example.org",
            "--allow-origin=https://a.example",
            "--allow-origin=https://b.example",
            "--trusted-proxy=127.0.0.1/32,10.0.0.0/8",
            "--per-address=7",
            "--ice-server=stun:stun.example:3478",
            "--ice-server=turn:turn.example:3478",
            "--turn-secret=north",
            "--media-listen=0.0.0.0:8081",
            "--media-address=203.0.113.9",
        ])
        .expect("flags");
        assert_eq!(config.allow_origin.len(), 2);
        assert_eq!(config.trusted_proxy.len(), 2);
        assert_eq!(config.per_address, 7);
        assert_eq!(
            (config.media_listen.map(|listen| listen.port()), config.media_address.is_some()),
            (Some(8081), true)
        );
        assert_eq!((config.ice_server.len(), config.turn_secret.as_deref()), (2, Some("north")));
    }

    #[test]
    fn a_relay_is_public_if_its_url_is_or_it_listens_to_others() {
        for (listen, url, is_public) in [
            ("127.0.0.1:80", None, false),
            ("0.0.0.0:80", None, true),
            ("127.0.0.1:80", Some("https://class.example.org"), true),
            ("0.0.0.0:80", Some("http://localhost:80"), false),
            ("127.0.0.1:80", Some("http://[::1]:80"), false),
        ] {
            let config = Config { public_url: url.map(str::to_owned), ..Config::loopback() };
            assert_eq!(config.is_public(listen.parse().expect("address")), is_public, "{listen} {url:?}");
        }
    }

    #[test]
    fn what_is_no_origin_is_said_in_words() {
        let error = Config::try_parse_from(["relay", "--allow-origin=school.example.org/page"]).expect_err("no origin");
        assert!(error.to_string().contains("expected an origin like https://class.example.org"), "{error}");
    }
}
