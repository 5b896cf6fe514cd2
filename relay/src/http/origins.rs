//! Which pages may connect.
//!
//! Browsers let any page dial any WebSocket, with the cookies and from the network of its visitor, and name the page
//! in the Origin header. Programs that are no browsers have none, and could claim any.

use std::{fmt, str::FromStr};

use url::Url;

use crate::audience::{self, Audience};

/// Scheme, host and port of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an origin like https://class.example.org, without a path")]
pub struct OriginError;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text).map_err(|_| OriginError)?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if is_web && is_bare && url.username().is_empty() { Ok(Self(audience::origin(&url))) } else { Err(OriginError) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The origins that may connect.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    own: Option<Origin>,
    allowed: Vec<Origin>,
    /// A relay for this machine alone takes any page of this machine: development servers have ports of their own.
    any_loopback: bool,
}

impl Origins {
    pub(crate) fn new(audience: &Audience, allowed: &[Origin]) -> Self {
        let own = audience.origins().map(|[page, _]| Origin(page));
        Self { own, allowed: allowed.to_vec(), any_loopback: audience.is_loopback() }
    }

    /// Whether a page of that origin may connect; `None` is no page.
    pub(crate) fn allow(&self, origin: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        let Ok(parsed) = origin.parse::<Origin>() else { return false };
        let is_loopback = || Url::parse(origin).is_ok_and(|url| audience::is_loopback(&url));
        self.own.iter().chain(&self.allowed).any(|known| *known == parsed) || self.any_loopback && is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_relay_takes_its_own_page_and_allowed_ones() {
        let audience = Audience::of_public_url("https://class.example.org").expect("a URL");
        let origins = Origins::new(&audience, &["https://school.example.org".parse().expect("an origin")]);
        for (origin, is_allowed) in [
            (None, true),
            (Some("https://class.example.org"), true),
            (Some("https://CLASS.example.org:443"), true),
            (Some("https://school.example.org"), true),
            (Some("http://class.example.org"), false),
            (Some("https://class.example.org:8443"), false),
            (Some("https://evil.example"), false),
            (Some("http://127.0.0.1:8080"), false),
            (Some("null"), false),
            (Some(""), false),
        ] {
            assert_eq!(origins.allow(origin), is_allowed, "{origin:?}");
        }
    }

    #[test]
    fn a_loopback_relay_takes_loopback_pages_of_any_port() {
        let audience = Audience::of_loopback("127.0.0.1:8080".parse().expect("an address"));
        let origins = Origins::new(&audience, &[]);
        for (origin, is_allowed) in [
            (None, true),
            (Some("http://127.0.0.1:8000"), true),
            (Some("http://localhost:3000"), true),
            (Some("http://[::1]:1"), true),
            (Some("https://evil.example"), false),
            (Some("http://localhost.evil.example"), false),
            (Some("null"), false),
        ] {
            assert_eq!(origins.allow(origin), is_allowed, "{origin:?}");
        }
    }
}
