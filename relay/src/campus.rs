//! The map as it is served: its files, kept in memory as they were when it was read and found sound.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use shared::{
    limits::MAP_FILE_BYTES,
    map::{Map, MapError, MapFiles},
    protocol::{Label, MapRef},
};

use crate::limits::MAP_BYTES;

/// A map with all its files.
#[derive(Clone, Debug)]
pub struct Campus {
    /// Where one can walk.
    pub map: Arc<Map>,
    /// How clients are told which one it is.
    pub map_ref: MapRef,
    /// What they fetch.
    pub(crate) files: BTreeMap<String, CampusFile>,
}

/// A file of the map.
#[derive(Clone, Debug)]
pub(crate) struct CampusFile {
    pub(crate) bytes: Bytes,
    /// Pictures are packed in themselves.
    pub(crate) is_picture: bool,
    /// If that is smaller.
    pub(crate) packed: Option<Bytes>,
}

impl Campus {
    /// Reads the map of that path and the files beside it that it refers to.
    ///
    /// # Errors
    /// If one is missing, or the map is not sound; the error says what to do.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("expected a map file, found {}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut files = MapFiles::new();
        let mut wanted = name.to_owned();
        loop {
            // Files lie beside one another, so a name with a folder in it is none of theirs.
            let is_plain = !wanted.starts_with('.') && !wanted.contains(['/', '\\']);
            if !is_plain || files.contains_key(&wanted) {
                bail!("{name} refers to `{wanted}`; expected the name of a file beside it");
            }
            let bytes = read(&folder.join(&wanted))
                .with_context(|| format!("cannot read `{wanted}` of the map {}; see --map", path.display()))?;
            files.insert(wanted, bytes);
            if files.values().map(|bytes| bytes.len() as u64).sum::<u64>() > MAP_BYTES {
                bail!("the map {} has more than {MAP_BYTES} bytes", path.display());
            }
            // The map itself says what it is made of: read it, and fetch what is missing.
            match Map::read(name, &files) {
                Err(MapError::MissingFile { file, .. }) => wanted = file,
                map => return Self::new(name, map?, files),
            }
        }
    }

    /// The map of that name made of those files.
    ///
    /// # Errors
    /// If it is not sound.
    pub fn of_files(name: &str, files: MapFiles) -> Result<Self> {
        Self::new(name, Map::read(name, &files)?, files)
    }

    fn new(name: &str, map: Map, files: MapFiles) -> Result<Self> {
        let map_ref = MapRef { file: Label::new(name)?, hash: map.hash };
        let served = |(name, bytes): (String, Vec<u8>)| {
            let is_picture = is_picture(&name);
            let packed = if is_picture { None } else { pack(&bytes) };
            (name, CampusFile { bytes: bytes.into(), is_picture, packed })
        };
        Ok(Self { map: Arc::new(map), map_ref, files: files.into_iter().map(served).collect() })
    }

    /// The map's hash as it is written in URLs.
    pub fn hash(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.map_ref.hash))
    }
}

fn is_picture(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("png"))
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // A little more than allowed: then the reader of maps complains about the size.
    std::fs::File::open(path)?.take(MAP_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn pack(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}
