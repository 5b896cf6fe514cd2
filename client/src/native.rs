//! What programs outside of a browser share: getting the relay's map over HTTP.

use std::{
    io::Read,
    time::{SystemTime, UNIX_EPOCH},
};

use shared::{
    limits::MAP_FILE_BYTES,
    map::{Map, MapError, MapFiles},
};

use crate::map_files::{ListError, MapList, site_of};

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
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
    /// The URL, or the list of files, is not one.
    #[error(transparent)]
    List(#[from] ListError),
    /// The map is broken.
    #[error(transparent)]
    Map(#[from] MapError),
}

/// Gets the relay's map with all its files. Waits for the network: not for a thread that draws.
///
/// # Errors
/// If the relay does not answer, or its map is broken.
pub fn fetch_map(relay_url: &str) -> Result<(Map, MapFiles), FetchError> {
    let site = site_of(relay_url)?;
    let list = MapList::read(&fetch(&MapList::url(&site))?)?;
    let mut files = MapFiles::new();
    for file in &list.files {
        files.insert(file.clone(), fetch(&list.file_url(&site, file))?);
    }
    Ok((Map::read(&list.file, &files)?, files))
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

/// The wall clock: milliseconds since 1970; 0 if it shows an earlier time.
pub fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
