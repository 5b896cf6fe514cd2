//! Whatever somebody calls a map: it is read or refused in words, and what is read can be walked on.
//!
//! The bytes are the map itself; its tileset and picture lie beside it, so that a good beginning leads somewhere.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::map::{Map, MapFiles};

const TILESET: &str = r#"<tileset name="grass" tilewidth="16" tileheight="16" tilecount="1" columns="1">
    <image source="grass.png" width="16" height="16"/></tileset>"#;

fuzz_target!(|bytes: &[u8]| {
    let files = MapFiles::from([
        ("campus.tmx".to_owned(), bytes.to_vec()),
        ("grass.tsx".to_owned(), TILESET.as_bytes().to_vec()),
        ("grass.png".to_owned(), Vec::new()),
    ]);
    match Map::read("campus.tmx", &files) {
        Ok(map) => assert!(map.collision.is_walkable(map.default_spawn())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
