//! A map with one large classroom: those of the project's own campus are too small for a lecture.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use shared::position::Position;

/// The map of the relay's tests, which has no room yet.
const EMPTY: &str = include_str!("../../tests/tiny/campus.tmx");

const NO_ZONES: &str = r#"<objectgroup id="4" name="zones"/>"#;

const ZONES: &str = r#"<objectgroup id="4" name="zones">
  <object id="10" name="hall" type="room" x="96" y="16" width="208" height="160">
   <properties><property name="capacity" type="int" value="400"/><property name="kind" value="classroom"/></properties>
  </object>
  <object id="11" name="podium" type="podium" x="96" y="16" width="64" height="32"/>
 </objectgroup>"#;

/// In the classroom, and at its podium.
pub(crate) const SEAT: Position = Position { x: 240, y: 120 };
pub(crate) const PODIUM: Position = Position { x: 128, y: 32 };

/// Writes the map, and gives its file.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn build() -> Result<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hall");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let tiny = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tiny");
    for file in ["grass.tsx", "grass.png"] {
        fs::copy(tiny.join(file), folder.join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    ensure!(EMPTY.contains(NO_ZONES), "the map of the tests has rooms of its own by now");
    let map = folder.join("hall.tmx");
    fs::write(&map, EMPTY.replace(NO_ZONES, ZONES))?;
    Ok(map)
}
