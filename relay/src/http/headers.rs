//! What every answer says to the browser: what the page may load, and what it may use.

use url::Url;
use warp::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::origins::Origin;
use crate::audience::{self, Audience};

/// Loopback relays may be named in a page's address, for trying things on one's own machine.
const LOOPBACK: &str = "ws://127.0.0.1:* ws://localhost:* http://127.0.0.1:* http://localhost:*";

/// The same for all answers.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// `relays` are those that the site's `site.json` names beside this one.
    pub(crate) fn new(audience: &Audience, allowed: &[Origin], relays: &[Url]) -> Self {
        // `'self'` means the page's own WebSocket too, but not in every browser yet.
        // Of other relays the maps are needed as well.
        let mut connect = format!("'self' {LOOPBACK}");
        for origin in audience.origins().into_iter().flatten().chain(relays.iter().flat_map(audience::origins)) {
            connect.push(' ');
            connect.push_str(&origin);
        }
        let framed_by: Vec<_> =
            [String::from("'self'")].into_iter().chain(allowed.iter().map(Origin::to_string)).collect();
        let policy = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src {connect}; \
             img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; worker-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {}",
            framed_by.join(" ")
        );
        let permissions = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), \
             fullscreen=(self), screen-wake-lock=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()";
        let all = [
            (header::CONTENT_SECURITY_POLICY, policy.as_str()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("permissions-policy"), permissions),
        ];
        // Origins are parsed URLs, hence visible ASCII; a value that is none would only be left out.
        let valid = |(name, value): (_, &str)| Some((name, HeaderValue::from_str(value).ok()?));
        Self(all.into_iter().filter_map(valid).collect())
    }

    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name, value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_this_relay_and_those_of_the_site() {
        let audience = Audience::of_public_url("https://class.example.org").expect("a URL");
        let other = Url::parse("wss://relay.example.net:8443/ws").expect("a URL");
        let allowed = ["https://school.example.org".parse().expect("an origin")];
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(&audience, &allowed, &[other]).add_to(&mut headers);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        for part in [
            "script-src 'self' 'wasm-unsafe-eval';",
            " wss://class.example.org ",
            " https://relay.example.net:8443 wss://relay.example.net:8443;",
            "frame-ancestors 'self' https://school.example.org",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{part} is not in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(headers.len(), 4);
    }
}
