//! Who asks, and how many connections they have.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;
use warp::http::HeaderMap;

/// The other end of the TCP connection, handed on with each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Who really asks: the last address on the way that is not a trusted proxy's. Each proxy appends whom it heard from,
/// so everything before that could be made up.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    if !is_trusted(client, proxies) {
        return client;
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.iter().rev() {
        let Some(address) = parse(hop) else { break };
        client = address;
        if !is_trusted(client, proxies) {
            break;
        }
    }
    client
}

pub(crate) fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    proxies.iter().any(|network| network.contains(&address.to_canonical()))
}

/// An address as proxies write it: some add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(IpAddr::to_canonical(&address))
}

/// Counts what each address has and what all have together, up to a limit each.
#[derive(Clone)]
pub(crate) struct Admission {
    counts: Arc<Mutex<Counts>>,
    per_address: usize,
    in_all: usize,
}

#[derive(Default)]
struct Counts {
    by_household: HashMap<IpAddr, usize>,
    in_all: usize,
}

/// Who has too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMany {
    FromThisAddress,
    InAll,
}

impl Admission {
    pub(crate) fn new(per_address: usize, in_all: usize) -> Self {
        Self { counts: Arc::default(), per_address, in_all }
    }

    /// One more, if that is not one too many.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<Pass, TooMany> {
        let household = household(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.in_all >= self.in_all {
            return Err(TooMany::InAll);
        }
        let theirs = counts.by_household.get(&household).copied().unwrap_or_default();
        if theirs >= self.per_address {
            return Err(TooMany::FromThisAddress);
        }
        counts.by_household.insert(household, theirs + 1);
        counts.in_all += 1;
        Ok(Pass { household, counts: Arc::clone(&self.counts) })
    }
}

/// Counts as one until it is dropped.
pub(crate) struct Pass {
    household: IpAddr,
    counts: Arc<Mutex<Counts>>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.in_all -= 1;
        if let Some(theirs) = counts.by_household.get_mut(&self.household) {
            *theirs -= 1;
            if *theirs == 0 {
                counts.by_household.remove(&self.household);
            }
        }
    }
}

/// What one customer of a provider has: a single address of version 4, a network of 64 bits of version 6.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
        }
        let proxies = ["127.0.0.1/32", "10.0.0.0/8"].map(|network| network.parse().expect("a network"));
        client(peer.parse().expect("an address"), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_about_whom_it_heard_from() {
        for (peer, forwarded, client) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.9"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.9"], "198.51.100.9"),
            ("127.0.0.1", &["1.2.3.4, 198.51.100.9"], "198.51.100.9"),
            ("127.0.0.1", &["1.2.3.4", "198.51.100.9, 10.1.2.3"], "198.51.100.9"),
            ("::ffff:127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("127.0.0.1", &["198.51.100.9:4711"], "198.51.100.9"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["198.51.100.9, unknown"], "127.0.0.1"),
        ] {
            assert_eq!(asked_by(peer, forwarded), client, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn an_address_has_so_many_and_then_no_more_until_one_is_given_back() {
        let admission = Admission::new(2, 3);
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let [a, b] = ["2001:db8::1", "2001:db8::2"].map(address);
        let first = admission.enter(a).expect("room");
        let _second = admission.enter(b).expect("room for the same network");
        assert_eq!(admission.enter(a).err(), Some(TooMany::FromThisAddress));
        let third = admission.enter(address("192.0.2.1"));
        assert_eq!(admission.enter(address("192.0.2.2")).err(), Some(TooMany::InAll));
        drop((first, third));
        assert!(admission.enter(a).is_ok());
        let counts = admission.counts.lock().expect("counts");
        assert_eq!((counts.by_household.len(), counts.in_all), (1, 1), "nothing is kept of those who left");
    }
}
