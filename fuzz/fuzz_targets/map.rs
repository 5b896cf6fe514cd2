//! Whatever somebody calls a map: it is read or refused in words, and what is read can be walked on.
//!
//! The bytes are the map itself and, after a zero byte, its tileset. Without one a sound tileset lies beside the map,
//! so that a good beginning leads somewhere; the picture always does.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::map::{Map, MapFiles};

const TILESET: &[u8] = br#"<tileset name="grass" tilewidth="16" tileheight="16" tilecount="1" columns="1">
    <image source="grass.png" width="16" height="16"/></tileset>"#;

fuzz_target!(|bytes: &[u8]| {
    // No text has a zero byte in it.
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let map = parts.next().unwrap_or_default();
    let tileset = parts.next().unwrap_or(TILESET);
    let files = MapFiles::from([
        ("campus.tmx".to_owned(), map.to_vec()),
        ("grass.tsx".to_owned(), tileset.to_vec()),
        ("grass.png".to_owned(), Vec::new()),
    ]);
    match Map::read("campus.tmx", &files) {
        Ok(map) => assert!(map.collision.is_walkable(map.default_spawn())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
