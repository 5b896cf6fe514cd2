//! Which relay a hello may be meant for: this one, by the name its host gave it.
//!
//! Whoever runs another relay could pass on a hello it received, and enter here as somebody else. A hello therefore
//! signs the URL that was dialled, and this relay accepts none but its own. What a request claims in its Host header
//! is what the other relay would choose, so it is never asked.

use std::net::SocketAddr;

use url::{Host, Url};

/// Where clients find the protocol, below the public URL.
const PATH: &str = "ws";

/// The URLs that a hello may be signed for.
#[derive(Clone, Debug)]
pub struct Audience {
    /// Without one: any loopback host with any port, since development servers proxy from theirs.
    public: Option<Url>,
    expected: String,
}

/// A URL that no browser could open the classroom at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a public URL: expected something like https://class.example.org, with http or https, without \
     user, query and fragment"
)]
pub struct PublicUrlError(String);

impl Audience {
    /// The relay whose page is at `public`, which may also be given as the WebSocket's own URL.
    ///
    /// # Errors
    /// If that is not an absolute URL with a host.
    pub fn of_public_url(public: &str) -> Result<Self, PublicUrlError> {
        let public = socket_url(public).ok_or_else(|| PublicUrlError(public.to_owned()))?;
        Ok(Self { expected: public.to_string(), public: Some(public) })
    }

    /// A relay for this machine alone.
    pub fn of_loopback(listen: SocketAddr) -> Self {
        let host = if listen.is_ipv6() { "[::1]" } else { "127.0.0.1" };
        Self { public: None, expected: format!("ws://{host}:{}/{PATH}", listen.port()) }
    }

    /// Whether a hello signed for that URL is meant for this relay.
    pub fn accepts(&self, relay_url: &str) -> bool {
        // The parser makes hosts lower case and drops default ports.
        let Ok(url) = Url::parse(relay_url) else { return false };
        if !matches!(url.scheme(), "ws" | "wss") || !is_plain(&url) {
            return false;
        }
        match &self.public {
            Some(public) => url == *public,
            None => is_loopback(&url) && url.path() == "/ws",
        }
    }

    /// The URL to dial, for the refusal of a hello to another.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Whether only this machine's own browsers are meant.
    pub fn is_loopback(&self) -> bool {
        self.public.as_ref().is_none_or(is_loopback)
    }

    /// The public URL's origin as browsers name it, of the page and of the WebSocket.
    pub fn origins(&self) -> Option<[String; 2]> {
        self.public.as_ref().map(origins)
    }
}

/// The origins of a relay's page and of its WebSocket, of the latter's URL.
pub fn origins(socket: &Url) -> [String; 2] {
    let mut page = socket.clone();
    // Both are special schemes with the same rules, so the change cannot fail.
    let _ = page.set_scheme(if socket.scheme() == "wss" { "https" } else { "http" });
    [&page, socket].map(origin)
}

/// Scheme, host and port, without a default port.
pub fn origin(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// Whether the host is this machine, by name or address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_plain(url: &Url) -> bool {
    let has_user = !url.username().is_empty() || url.password().is_some();
    url.has_host() && !has_user && url.query().is_none() && url.fragment().is_none()
}

fn socket_url(public: &str) -> Option<Url> {
    let mut url = Url::parse(public).ok()?;
    let scheme = match url.scheme() {
        "http" | "ws" => "ws",
        "https" | "wss" => "wss",
        _ => return None,
    };
    url.set_scheme(scheme).ok()?;
    let folder = url.path().trim_end_matches('/').to_owned();
    if folder.ends_with("/ws") {
        url.set_path(&folder);
    } else {
        url.set_path(&format!("{folder}/{PATH}"));
    }
    (is_plain(&url) && url.as_str().len() <= shared::limits::RELAY_URL_BYTES).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_compared_as_parsed() {
        let dialled = "wss://class.example.org/ws";
        for public in [
            "https://class.example.org",
            "https://CLASS.example.org/",
            "https://class.example.org:443",
            "wss://class.example.org/ws",
            "wss://class.example.org/ws/",
        ] {
            let audience = Audience::of_public_url(public).expect(public);
            assert!(audience.accepts(dialled), "{public}");
            assert!(audience.accepts("wss://Class.Example.ORG:443/ws"), "{public}");
            assert_eq!(audience.expected(), dialled);
            for other in [
                "ws://class.example.org/ws",
                "wss://class.example.org:8443/ws",
                "wss://class.example.org/",
                "wss://class.example.org/ws?a",
                "wss://user@class.example.org/ws",
                "wss://class.example.org.evil.example/ws",
                "ws://127.0.0.1:8080/ws",
                "https://class.example.org/ws",
                "",
            ] {
                assert!(!audience.accepts(other), "{public} accepts {other}");
            }
        }
        let folder = Audience::of_public_url("http://example.org:8080/school/").expect("a folder");
        assert_eq!(folder.expected(), "ws://example.org:8080/school/ws");
        let origins = ["http://example.org:8080", "ws://example.org:8080"].map(String::from);
        assert_eq!(folder.origins(), Some(origins));
    }

    #[test]
    fn without_one_every_loopback_address_is_accepted_and_nothing_else() {
        let audience = Audience::of_loopback("127.0.0.1:8080".parse().expect("an address"));
        assert_eq!(audience.expected(), "ws://127.0.0.1:8080/ws");
        for own in ["ws://127.0.0.1:8080/ws", "ws://localhost:8000/ws", "ws://[::1]:9/ws", "wss://LOCALHOST/ws"] {
            assert!(audience.accepts(own), "{own}");
        }
        for other in ["ws://192.0.2.1:8080/ws", "ws://localhost.evil.example/ws", "ws://127.0.0.1/", "no url"] {
            assert!(!audience.accepts(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_public_url_is_named() {
        for wrong in
            ["class.example.org", "ftp://example.org", "https://", "https://a@b.example", "https://a.example/?q"]
        {
            let error = Audience::of_public_url(wrong).expect_err(wrong).to_string();
            assert!(error.starts_with(&format!("`{wrong}` is not")), "{error}");
        }
    }
}
