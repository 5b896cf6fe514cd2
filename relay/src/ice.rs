//! Servers that help two machines to reach one another, and short-lived credentials for them.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use shared::{
    identity::UserId,
    protocol::{IceServer, IceServers},
};
use url::Url;

/// The servers the host named.
#[derive(Clone, Debug, Default)]
pub struct Ice {
    urls: Vec<String>,
    turn_secret: Option<String>,
    /// How long credentials hold, in seconds: clients renew them before.
    turn_ttl: u32,
}

/// Servers that cannot be used as they are named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IceError {
    /// Neither STUN nor TURN.
    #[error("`{0}` is no server for --ice-server: expected stun:HOST:PORT or turn:HOST:PORT?transport=udp")]
    Url(String),
    /// A TURN server lets nobody in without credentials.
    #[error("`{0}` needs credentials: start the relay with --turn-secret and the static-auth-secret of that server")]
    NoSecret(String),
}

impl Ice {
    /// These servers, with the secret that the TURN servers among them share with the relay, and for how many seconds
    /// the credentials hold that are made of it.
    ///
    /// # Errors
    /// If one of them cannot be used.
    pub fn new(urls: &[String], turn_secret: Option<&str>, turn_ttl: u32) -> Result<Self, IceError> {
        for url in urls {
            if !is_server(url) {
                return Err(IceError::Url(url.clone()));
            }
            if is_turn(url) && turn_secret.is_none_or(str::is_empty) {
                return Err(IceError::NoSecret(url.clone()));
            }
        }
        Ok(Self { urls: urls.to_vec(), turn_secret: turn_secret.map(str::to_owned), turn_ttl })
    }

    /// The servers, with credentials for that person, when the wall clock shows so many seconds since 1970.
    pub fn servers_for(&self, unix_s: u64, user_id: UserId) -> IceServers {
        let expiry = unix_s + u64::from(self.turn_ttl);
        let server = |url: &String| match &self.turn_secret {
            Some(secret) if is_turn(url) => {
                let (username, credential) = credentials(secret, expiry, &user_id.to_string());
                IceServer { url: url.clone(), username, credential }
            }
            _ => IceServer { url: url.clone(), username: String::new(), credential: String::new() },
        };
        let has_turn = self.urls.iter().any(|url| is_turn(url));
        IceServers {
            servers: self.urls.iter().map(server).collect(),
            valid_s: if has_turn { self.turn_ttl } else { 0 },
        }
    }
}

/// Whether that is a URL of a STUN or TURN server (RFC 7064, RFC 7065). Browsers make no connection at all if one of
/// their servers is not.
fn is_server(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let (authority, query) = rest.split_once('?').map_or((rest, None), |(authority, query)| (authority, Some(query)));
    let is_query_fine = match scheme {
        "stun" | "stuns" => query.is_none(),
        "turn" | "turns" => matches!(query, None | Some("transport=udp" | "transport=tcp")),
        _ => false,
    };
    // Host and port are as in any other URL, and there must be nothing else.
    let is_bare = authority.bytes().all(|byte| byte.is_ascii_graphic()) && !authority.contains(['/', '\\', '@', '#']);
    let parsed = Url::parse(&format!("http://{authority}"));
    is_query_fine && is_bare && parsed.is_ok_and(|parsed| parsed.has_host() && parsed.port() != Some(0))
}

fn is_turn(url: &str) -> bool {
    url.starts_with("turn:") || url.starts_with("turns:")
}

/// User name and password for a TURN server with that secret, until that second since 1970 (*A REST API For Access To
/// TURN Services*, draft-uberti-behave-turn-rest-00, as coturn's `use-auth-secret` has it).
fn credentials(secret: &str, expiry: u64, name: &str) -> (String, String) {
    let username = format!("{expiry}:{name}");
    // Keys of HMAC may have any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return (username, String::new()) };
    mac.update(username.as_bytes());
    let credential = STANDARD.encode(mac.finalize().into_bytes());
    (username, credential)
}

#[cfg(test)]
mod tests {
    use shared::identity::Identity;

    use super::*;

    #[test]
    fn credentials_are_those_a_turn_server_computes() {
        // printf 1795391999:ada | openssl dgst -sha1 -hmac north -binary | base64
        let (username, credential) = credentials("north", 1_795_391_999, "ada");
        assert_eq!((username.as_str(), credential.as_str()), ("1795391999:ada", "0KOI3UZupA2tdapjVnwhRC1ZjF8="));
    }

    #[test]
    fn only_turn_servers_are_given_credentials() {
        let urls = ["stun:stun.example:3478", "turn:turn.example:3478?transport=udp"].map(String::from);
        let ice = Ice::new(&urls, Some("north"), 3600).expect("servers");
        let user_id = Identity::from_secret(&[1; 32]).user_id();
        let servers = ice.servers_for(1005, user_id);
        assert_eq!((servers.servers[0].username.as_str(), servers.valid_s), ("", 3600));
        assert_eq!(servers.servers[1].username, format!("4605:{user_id}"));
        assert_eq!(Ice::default().servers_for(0, user_id), IceServers::default());
    }

    #[test]
    fn what_is_no_server_is_said_in_words() {
        for wrong in [
            "",
            "turn.example",
            "http://turn.example",
            "stun:",
            "stun::3478",
            "turn://turn.example",
            "stun:a b",
            "stun:a:port",
            "stun:a:70000",
            "stun:a:0",
            "stun:a?transport=udp",
            "turn:a?transport=sctp",
            "turn:a?x",
            "turn:u@a",
            "turn:a/b",
            "turn:a#b",
            "TURN:a",
        ] {
            let error = Ice::new(&[wrong.to_owned()], Some("x"), 60).expect_err(wrong).to_string();
            assert!(error.starts_with(&format!("`{wrong}`")) && error.contains("expected stun:HOST:PORT"), "{error}");
        }
        for fine in ["stun:a", "stuns:a:5349", "turn:192.0.2.1:3478?transport=udp", "turns:[2001:db8::1]?transport=tcp"]
        {
            assert!(Ice::new(&[fine.to_owned()], Some("x"), 60).is_ok(), "{fine}");
        }
        let error = Ice::new(&["turns:turn.example".to_owned()], None, 60).expect_err("no secret").to_string();
        assert!(error.contains("--turn-secret"), "{error}");
    }
}
