//! The map: what is drawn where, where one can walk, which rooms there are and where people arrive.
//!
//! A map is a Tiled map with its tilesets ([`read`], bounded by [`bounds`] before anything is allocated and checked
//! for sense by [`check`]). [`collision`] answers where one can stand, [`zones`] where one is, [`doors`] where
//! one walks in and out, [`path`] how to get somewhere, [`spots`] where there is room beside others, and [`drawing`] is
//! what the client paints. The relay owns the
//! map and serves its files, so relay and clients cannot disagree; they compare it by its [`Map::hash`].

pub mod bounds;
pub mod check;
pub mod collision;
pub mod doors;
pub mod drawing;
pub mod path;
pub mod read;
pub mod spots;
mod whereabouts;
pub mod zones;

use std::{collections::BTreeMap, fmt};

use sha2::{Digest, Sha256};

pub use self::{
    check::MapError,
    collision::{Collision, Rectangle, Shape},
    doors::Door,
    drawing::Drawing,
    path::Paths,
    zones::{Podium, Spawn, Zone, ZoneKind},
};
use crate::{limits::MAP_FILE_BYTES, position::Position};

/// The name of the spawn point where people arrive who do not ask for another.
pub const DEFAULT_SPAWN: &str = "courtyard";

/// The files of a map by their names beside one another: the `.tmx`, its `.tsx` and their pictures.
pub type MapFiles = BTreeMap<String, Vec<u8>>;

/// A map that was read, found sound, and can be walked on.
#[derive(Clone)]
pub struct Map {
    /// Tiles from left to right.
    pub width_tiles: u32,
    /// Tiles from top to bottom.
    pub height_tiles: u32,
    /// What is in the way.
    pub shapes: Vec<Shape>,
    /// Where one can stand.
    pub collision: Collision,
    /// The rooms; no two overlap.
    pub zones: Vec<Zone>,
    /// Where one walks into them and out.
    pub doors: Vec<Door>,
    /// Where people arrive, [`DEFAULT_SPAWN`] among them.
    pub spawns: Vec<Spawn>,
    /// The ways between all places.
    pub paths: Paths,
    /// What is painted.
    pub drawing: Drawing,
    /// What names this very map: see [`hash`].
    pub hash: MapHash,
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All of its tiles would fill pages of a log.
        write!(f, "Map({} by {} tiles, {} rooms)", self.width_tiles, self.height_tiles, self.zones.len())
    }
}

/// The first half of the SHA-256 of a map's files.
pub type MapHash = [u8; 16];

impl Map {
    /// Reads the map of that file name from its files.
    ///
    /// # Errors
    /// If the map is broken: the error names the layer, the object and the tile, and says what was expected.
    pub fn read(name: &str, files: &MapFiles) -> Result<Self, MapError> {
        for (file, bytes) in files {
            if bytes.len() > MAP_FILE_BYTES {
                return Err(MapError::TooLarge { file: file.clone(), bytes: bytes.len(), limit: MAP_FILE_BYTES });
            }
        }
        let parts = read::read(name, files)?;
        let collision = Collision::new(parts.width_tiles, parts.height_tiles, &parts.shapes);
        let paths = Paths::new(&collision);
        let doors = doors::doors(&collision, &parts.zones);
        let map = Self {
            width_tiles: parts.width_tiles,
            height_tiles: parts.height_tiles,
            shapes: parts.shapes,
            collision,
            zones: parts.zones,
            doors,
            spawns: parts.spawns,
            paths,
            drawing: parts.drawing,
            hash: hash(files),
        };
        check::check(&map)?;
        Ok(map)
    }

    /// The spawn point of that name.
    pub fn spawn(&self, name: &str) -> Option<Position> {
        self.spawns.iter().find(|spawn| spawn.name == name).map(|spawn| spawn.position)
    }

    /// Where people arrive who do not ask for another place.
    pub fn default_spawn(&self) -> Position {
        // `check` refuses a map without it.
        self.spawn(DEFAULT_SPAWN).unwrap_or(Position::new(0, 0))
    }

    /// Where to go to be in a room: where people arrive in it, else the place nearest to its middle where one can get
    /// to; none if one cannot get in, which [`check`] refuses.
    pub fn place_in(&self, zone: &Zone) -> Option<Position> {
        let mut spawns = self.spawns.iter().map(|spawn| spawn.position);
        spawns.find(|spawn| zone.area.contains(*spawn)).or_else(|| self.paths.middle_of(zone.area))
    }

    /// The room one stands in.
    pub fn zone_at(&self, position: Position) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.area.contains(position))
    }
}

/// Names a map by its files: any change of any of them makes another map.
pub fn hash(files: &MapFiles) -> MapHash {
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    let mut half = MapHash::default();
    half.copy_from_slice(&hash.finalize()[..16]);
    half
}
