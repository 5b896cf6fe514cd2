//! What programs outside of a browser share: getting the relay's map over HTTP.

use std::io::Read;

use serde::Deserialize;
use shared::{
    limits::MAP_FILE_BYTES,
    map::{Map, MapError, MapFiles},
};

/// Most files of a map; the campus has nine.
const MAP_FILES: usize = 64;

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URL of the relay does not begin with `ws://` or does not end with `/ws`.
    #[error("{0} is not the URL of a relay; expected something like ws://127.0.0.1:8080/ws")]
    Url(String),
    /// The relay did not give the file.
    #[error("cannot get {url}: {source}")]
    Http {
        /// What was asked for.
        url: String,
        /// What went wrong.
        source: Box<ureq::Error>,
    },
    /// The file broke off.
    #[error("cannot read {url}: {source}")]
    Broken {
        /// What was asked for.
        url: String,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The list of files is not one.
    #[error("{url} is not a list of a map's files: {reason}")]
    List {
        /// What was asked for.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The map is broken.
    #[error(transparent)]
    Map(#[from] MapError),
}

/// `/map/current.json`.
#[derive(Deserialize)]
struct Current {
    file: String,
    files: Vec<String>,
}

/// Where a relay serves its site and map, from the URL of its socket.
///
/// # Errors
/// If it is not the URL of a relay.
pub fn site_of(relay_url: &str) -> Result<String, FetchError> {
    let rest = relay_url.strip_prefix("ws").and_then(|rest| rest.strip_suffix("/ws"));
    rest.map(|rest| format!("http{rest}")).ok_or_else(|| FetchError::Url(relay_url.to_owned()))
}

/// Gets the relay's map with all its files. Waits for the network: not for a thread that draws.
///
/// # Errors
/// If the relay does not answer, or its map is broken.
pub fn fetch_map(relay_url: &str) -> Result<(Map, MapFiles), FetchError> {
    let site = site_of(relay_url)?;
    let url = format!("{site}/map/current.json");
    let list = fetch(&url)?;
    let wrong = |reason: String| FetchError::List { url: url.clone(), reason };
    let current: Current = serde_json::from_slice(&list).map_err(|error| wrong(error.to_string()))?;
    if current.files.len() > MAP_FILES {
        return Err(wrong(format!("it names more than {MAP_FILES} files")));
    }
    let mut files = MapFiles::new();
    for file in current.files {
        let bytes = fetch(&format!("{site}/map/{file}"))?;
        files.insert(file, bytes);
    }
    Ok((Map::read(&current.file, &files)?, files))
}

fn fetch(url: &str) -> Result<Vec<u8>, FetchError> {
    let response =
        ureq::get(url).call().map_err(|source| FetchError::Http { url: url.to_owned(), source: Box::new(source) })?;
    let mut bytes = Vec::new();
    // One byte more than allowed, so that reading the map can say that it is too large.
    let mut body = response.into_body().into_reader().take(MAP_FILE_BYTES as u64 + 1);
    body.read_to_end(&mut bytes).map_err(|source| FetchError::Broken { url: url.to_owned(), source })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_where_the_socket_is() {
        assert_eq!(site_of("ws://127.0.0.1:8080/ws").ok().as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(site_of("wss://a.example/b/ws").ok().as_deref(), Some("https://a.example/b"));
        assert!(site_of("http://127.0.0.1:8080").is_err());
    }
}
