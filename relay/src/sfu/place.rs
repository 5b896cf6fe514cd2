//! Where media comes in, and what clients are told about it, by what the relay was started with.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use anyhow::{Result, anyhow, bail};

use super::driver::Sockets;

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    /// Where the relay answers HTTP, with its real port.
    pub http: SocketAddr,
    /// `--media-listen`.
    pub listen: Option<SocketAddr>,
    /// `--media-address`.
    pub address: Option<IpAddr>,
    /// Whether people open the classroom from other machines.
    pub is_public: bool,
    /// This machine's own address, if it has a network.
    pub own: Option<IpAddr>,
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What to listen on.
    pub listen: SocketAddr,
    /// What clients are told.
    pub told: Vec<IpAddr>,
    /// Whether only this machine itself may send.
    pub is_private: bool,
}

impl Wishes {
    /// Decides. Alone on this machine, browsers do not send from its loopback address, so that its own one is needed
    /// too: then it is listened on all, and what comes from elsewhere is dropped.
    ///
    /// # Errors
    /// If clients could not reach it; says what to do.
    pub fn place(self) -> Result<Place> {
        // Where people are told to send decides what is listened on.
        let everywhere: IpAddr = match self.address {
            Some(IpAddr::V6(_)) => Ipv6Addr::UNSPECIFIED.into(),
            Some(IpAddr::V4(_)) | None => Ipv4Addr::UNSPECIFIED.into(),
        };
        let is_private = !self.is_public && self.listen.is_none() && self.address.is_none();
        let listen = self.listen.unwrap_or_else(|| {
            let port = if self.http.port() == 0 { 0 } else { self.http.port().checked_add(1).unwrap_or_default() };
            let is_open = self.is_public || self.http.ip().is_loopback();
            SocketAddr::new(if is_open { everywhere } else { self.http.ip() }, port)
        });
        let told = if let Some(address) = self.address {
            vec![address]
        } else if is_private {
            self.own.into_iter().chain([Ipv4Addr::LOCALHOST.into()]).collect()
        } else if listen.ip().is_unspecified() {
            let Some(own) = self.own else {
                bail!("this machine has no network; say at which address it is reached with --media-address")
            };
            vec![own]
        } else {
            vec![listen.ip()]
        };
        if told.iter().any(IpAddr::is_unspecified) {
            bail!("--media-address must be the address at which people reach this machine, not 0.0.0.0");
        }
        // An unspecified address of IPv6 takes both.
        let takes_both = listen.is_ipv6() && listen.ip().is_unspecified();
        if let Some(other) = told.iter().find(|address| address.is_ipv6() != listen.is_ipv6()).filter(|_| !takes_both) {
            bail!(
                "people are told to send media to {other}, which does not lead to {listen}; listen for both kinds of \
                 address with --media-listen [::]:{}",
                listen.port()
            );
        }
        // Behind a proxy on this machine it may be meant so, for a while: there a warning will do.
        let is_open = self.is_public && !self.http.ip().is_loopback();
        if is_open && told.iter().all(IpAddr::is_loopback) {
            bail!(
                "people come from elsewhere, but media is at {} only, which nobody else can reach: start the relay with \
                 --media-address and this machine's public address, and --media-listen 0.0.0.0:8081",
                told[0]
            );
        }
        Ok(Place { listen, told, is_private })
    }
}

impl Place {
    /// Takes the port. Alone on this machine another one will do if it is taken.
    ///
    /// # Errors
    /// If it is taken; says what to do.
    pub fn bind(self) -> Result<Sockets> {
        let Self { listen, told, is_private } = self;
        match Sockets::bind(listen, told.clone(), is_private) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && is_private => {
                let free = SocketAddr::new(listen.ip(), 0);
                Sockets::bind(free, told, is_private).map_err(|error| cannot_listen(free, &error))
            }
            sockets => sockets.map_err(|error| cannot_listen(listen, &error)),
        }
    }
}

fn cannot_listen(listen: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let (ip, port) = (listen.ip(), listen.port());
    match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {port} of {ip}, for the media of rooms, is taken by another program; take another with \
             --media-listen {ip}:{}",
            port.saturating_add(10)
        ),
        ErrorKind::AddrNotAvailable => anyhow!("{ip} is not an address of this machine; see --media-listen"),
        _ => anyhow!("cannot listen on {listen} for the media of rooms: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(http: &str) -> Wishes {
        let own = Some(IpAddr::from([10, 0, 0, 7]));
        Wishes { http: http.parse().expect("address"), listen: None, address: None, is_public: false, own }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    #[test]
    fn alone_on_this_machine_it_is_reached_by_its_own_address_too_but_not_from_elsewhere() {
        let place = wishes("127.0.0.1:8080").place().expect("place");
        let expected = Place {
            listen: "0.0.0.0:8081".parse().expect("address"),
            told: vec![ip("10.0.0.7"), ip("127.0.0.1")],
            is_private: true,
        };
        assert_eq!(place, expected);
        let alone = Wishes { own: None, ..wishes("127.0.0.1:8080") }.place().expect("place");
        assert_eq!(alone.told, [ip("127.0.0.1")]);
    }

    #[test]
    fn in_public_it_is_reached_where_it_listens_or_as_is_said() {
        let public = |http: &str| Wishes { is_public: true, ..wishes(http) };
        let told = |wishes: Wishes| wishes.place().expect("place").told;
        assert_eq!(told(public("0.0.0.0:80")), [ip("10.0.0.7")]);
        assert_eq!(told(public("127.0.0.1:8080")), [ip("10.0.0.7")], "behind a proxy");
        let address = Some(ip("203.0.113.9"));
        assert_eq!(told(Wishes { address, ..public("0.0.0.0:80") }), [ip("203.0.113.9")]);
        let six = Wishes { address: Some(ip("2001:db8::9")), own: None, ..public("[::]:80") }.place().expect("place");
        assert_eq!((six.listen, six.told), ("[::]:81".parse().expect("address"), vec![ip("2001:db8::9")]));
        let listen = Some("10.0.0.8:9000".parse().expect("address"));
        assert_eq!(told(Wishes { listen, ..public("0.0.0.0:80") }), [ip("10.0.0.8")]);
        assert!(!public("0.0.0.0:80").place().expect("place").is_private);
    }

    #[test]
    fn a_place_nobody_can_reach_is_refused_in_words() {
        let listen = Some("127.0.0.1:8081".parse().expect("address"));
        let error = Wishes { is_public: true, listen, ..wishes("0.0.0.0:80") }.place().expect_err("loopback");
        assert!(error.to_string().contains("--media-address"), "{error}");
        let error = Wishes { is_public: true, own: None, ..wishes("0.0.0.0:80") }.place().expect_err("no network");
        assert!(error.to_string().contains("--media-address"), "{error}");
        let address = Some(ip("2001:db8::9"));
        let listen_on_4 = Some("0.0.0.0:8081".parse().expect("address"));
        let wrong = Wishes { is_public: true, listen: listen_on_4, address, ..wishes("[::]:80") };
        let error = wrong.place().expect_err("another kind of address");
        assert!(error.to_string().contains("--media-listen [::]:8081"), "{error}");
        let address = Some(ip("0.0.0.0"));
        assert!(Wishes { address, ..wishes("127.0.0.1:8080") }.place().is_err());
        assert!(Wishes { listen, ..wishes("127.0.0.1:8080") }.place().is_ok(), "for a client on this machine");
        assert!(Wishes { is_public: true, listen, ..wishes("127.0.0.1:8080") }.place().is_ok(), "behind a proxy");
    }
}
