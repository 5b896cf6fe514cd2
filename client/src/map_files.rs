//! Where a relay's map and its files are to be had.

use serde::Deserialize;
use shared::protocol::Label;

/// Most files of a map; the campus has nine.
const MAP_FILES: usize = 64;

/// Why it is not known where the map is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// The URL of the relay does not begin with `ws` or does not end with `/ws`.
    #[error("{0} is not the URL of a relay; expected something like ws://127.0.0.1:8080/ws")]
    Url(String),
    /// The list is not JSON as expected.
    #[error("the relay's list of map files cannot be read: {0}")]
    Json(String),
    /// The list names things that are no plain file names, or too many of them.
    #[error("the relay's list of map files is not sound: expected at most {MAP_FILES} plain file names")]
    Files,
}

/// Where a relay serves its site and map, from the URL of its socket.
///
/// # Errors
/// If it is not the URL of a relay.
pub fn site_of(relay_url: &str) -> Result<String, ListError> {
    let rest = relay_url.strip_prefix("ws").and_then(|rest| rest.strip_suffix("/ws"));
    rest.map(|rest| format!("http{rest}")).ok_or_else(|| ListError::Url(relay_url.to_owned()))
}

/// `/map/current.json`: what the relay's map consists of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MapList {
    /// The map itself.
    pub file: String,
    /// Names this very map.
    pub hash: String,
    /// All files, the map's own among them.
    pub files: Vec<String>,
}

impl MapList {
    /// Where the list is.
    pub fn url(site: &str) -> String {
        format!("{site}/map/current.json")
    }

    /// Reads the list.
    ///
    /// # Errors
    /// If it is none, or names anything but plain files.
    pub fn read(json: &[u8]) -> Result<Self, ListError> {
        let list: Self = serde_json::from_slice(json).map_err(|error| ListError::Json(error.to_string()))?;
        let is_plain = |file: &String| Label::new(file).is_ok() && !file.contains(['/', '\\', '?', '#', '%']);
        let is_sound = list.files.len() <= MAP_FILES && list.files.iter().all(is_plain);
        let is_named = list.hash.len() == 32 && list.hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_sound && is_named { Ok(list) } else { Err(ListError::Files) }
    }

    /// Where a file of the list is; with the hash, so that it may be kept for ever.
    pub fn file_url(&self, site: &str, file: &str) -> String {
        format!("{site}/map/{file}?v={}", self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_where_the_socket_is() {
        assert_eq!(site_of("ws://127.0.0.1:8080/ws").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(site_of("wss://a.example/b/ws").as_deref(), Ok("https://a.example/b"));
        assert!(site_of("http://127.0.0.1:8080").is_err());
    }

    #[test]
    fn a_list_names_plain_files_only() {
        let list = |file: &str| format!(r#"{{"file":"a.tmx","hash":"{}","files":["{file}"]}}"#, "0".repeat(32));
        let read = MapList::read(list("a.tmx").as_bytes()).expect("a list");
        assert_eq!(read.file_url("http://h", "a.tmx"), format!("http://h/map/a.tmx?v={}", "0".repeat(32)));
        for file in ["../secret", "a/b", "a?b", "", "%2e%2e"] {
            assert!(MapList::read(list(file).as_bytes()).is_err(), "{file}");
        }
        assert!(MapList::read(b"[]").is_err());
    }
}
