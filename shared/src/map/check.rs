//! Whether a map makes sense, and what is said if it does not.

use std::collections::HashSet;

use super::{DEFAULT_SPAWN, Map, Rectangle};
use crate::position::{PIXELS_PER_TILE, Position};

/// What is wrong with a map. The message names the layer, the object and the tile, each where there is one, and what
/// was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum MapError {
    #[error("{file} has {bytes} bytes; a map file has at most {limit}")]
    TooLarge { file: String, bytes: usize, limit: usize },
    #[error("the file {file} is missing: put it beside the map, or correct its name in {wanted_by}")]
    MissingFile { file: String, wanted_by: String },
    #[error("{file} is not a Tiled map or tileset that this program reads: {reason}")]
    Unreadable { file: String, reason: String },
    #[error("{file}: {what} is {value}; expected {expected}")]
    OutOfBounds { file: String, what: String, value: String, expected: String },
    #[error("the layer `{layer}` is missing: a map needs {expected}")]
    MissingLayer { layer: &'static str, expected: &'static str },
    #[error("layer `{layer}`, object `{object}` is missing: a map needs {expected}")]
    MissingObject { layer: &'static str, object: &'static str, expected: &'static str },
    #[error("layer `{layer}`, object `{object}` at tile ({column}, {row}): {reason}")]
    Object { layer: &'static str, object: String, column: i32, row: i32, reason: String },
    #[error("layer `{layer}`, tile ({column}, {row}): {reason}")]
    Tile { layer: String, column: i32, row: i32, reason: String },
}

impl MapError {
    /// An error about an object of a layer, at a place given in pixels.
    pub(super) fn object(layer: &'static str, object: &str, (x, y): (i32, i32), reason: impl Into<String>) -> Self {
        let [column, row] = [x, y].map(|pixels| pixels.div_euclid(PIXELS_PER_TILE));
        Self::Object { layer, object: object.to_owned(), column, row, reason: reason.into() }
    }
}

fn corner(area: Rectangle) -> (i32, i32) {
    (area.x, area.y)
}

fn place(position: Position) -> (i32, i32) {
    (i32::from(position.x), i32::from(position.y))
}

/// Looks for what only the whole map shows: names that stand twice, rooms that overlap, people who would arrive in a
/// wall, rooms that nobody can reach.
pub(super) fn check(map: &Map) -> Result<(), MapError> {
    // Whether rooms can be reached is only a question if people arrive somewhere.
    spawns(map)?;
    zones(map)
}

fn zones(map: &Map) -> Result<(), MapError> {
    let whole = Rectangle {
        x: 0,
        y: 0,
        width: map.width_tiles as i32 * PIXELS_PER_TILE,
        height: map.height_tiles as i32 * PIXELS_PER_TILE,
    };
    let start = map.default_spawn();
    for (index, zone) in map.zones.iter().enumerate() {
        let wrong = |reason: String| Err(MapError::object("zones", &zone.name, corner(zone.area), reason));
        if zone.area.right() > whole.width || zone.area.bottom() > whole.height || zone.area.x < 0 || zone.area.y < 0 {
            return wrong("the room reaches over the edge of the map; draw it inside".into());
        }
        for other in &map.zones[..index] {
            // Who hears whom is decided by names: two rooms of one name would be one call.
            if zone.name == other.name {
                return wrong("another room has the same name; give each its own".into());
            }
            if zone.area.overlaps(other.area) {
                return wrong(format!("the room overlaps `{}`; rooms may touch but not share floor", other.name));
            }
        }
        if !map.paths.reaches_any(start, zone.area) {
            let reason = format!("nobody can walk into this room from the spawn point `{DEFAULT_SPAWN}`; open a door");
            return wrong(reason);
        }
    }
    Ok(())
}

fn spawns(map: &Map) -> Result<(), MapError> {
    let mut names = HashSet::new();
    for spawn in &map.spawns {
        let wrong = |reason: &str| Err(MapError::object("spawns", &spawn.name, place(spawn.position), reason));
        if !names.insert(&spawn.name) {
            return wrong("another spawn point has the same name; give each its own");
        }
        if !map.collision.is_walkable(spawn.position) {
            return wrong("the spawn point is in a wall or too close to one; move it to free ground");
        }
    }
    if map.spawn(DEFAULT_SPAWN).is_none() {
        let expected = "a spawn point of this name, where everybody arrives";
        return Err(MapError::MissingObject { layer: "spawns", object: DEFAULT_SPAWN, expected });
    }
    Ok(())
}
