//! The named places of a map.

use serde::{Deserialize, Serialize};

use super::collision::Rectangle;
use crate::position::Position;

/// What kind of room a zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ZoneKind {
    /// A teacher at the podium reaches everybody.
    Classroom,
    /// A small room whose people share one call.
    Meeting,
    /// A large room whose people share one call.
    Lounge,
    /// No call at all.
    Quiet,
}

impl ZoneKind {
    /// All kinds with their names in a map file.
    pub const NAMES: [(&str, Self); 4] =
        [("classroom", Self::Classroom), ("meeting", Self::Meeting), ("lounge", Self::Lounge), ("quiet", Self::Quiet)];
}

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Unique on the map.
    pub name: String,
    /// What happens inside.
    pub kind: ZoneKind,
    /// How many people share its call at most.
    pub capacity: u32,
    /// Its floor.
    pub area: Rectangle,
    /// Where the teacher of a classroom stands.
    pub podium: Option<Podium>,
}

/// Where a teacher stands: within the area of its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Podium {
    /// The floor of the podium.
    pub area: Rectangle,
}

/// A named place to arrive at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spawn {
    /// Unique on the map.
    pub name: String,
    /// Where the feet go.
    pub position: Position,
}
