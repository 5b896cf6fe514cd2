//! Where in a map file one is while it is read from top to bottom, in the words of whoever draws the map.

use std::fmt;

use quick_xml::events::BytesStart;

use super::bounds::attribute;
use crate::position::PIXELS_PER_TILE;

/// The elements that are open, the outermost first.
#[derive(Default)]
pub(super) struct Whereabouts(Vec<Open>);

struct Open {
    element: Vec<u8>,
    /// What a person calls it, if that helps to find it.
    words: Option<String>,
}

impl Whereabouts {
    /// An element begins.
    pub(super) fn enter(&mut self, element: &BytesStart<'_>) {
        let is_in_tileset = self.0.iter().any(|open| open.element == b"tileset");
        self.0.push(Open { element: element.name().as_ref().to_vec(), words: words(element, is_in_tileset) });
    }

    /// It ends.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.0.len()
    }

    /// Whether that element is the innermost one.
    pub(super) fn is_in(&self, element: &[u8]) -> bool {
        self.0.last().is_some_and(|open| open.element == element)
    }

    /// The name of the layer one is in.
    pub(super) fn layer(&self) -> Option<&str> {
        let layer = self.0.iter().find(|open| open.element == b"layer" || open.element == b"objectgroup")?;
        layer.words.as_deref()?.strip_prefix("layer `")?.strip_suffix('`')
    }

    /// Whether something is open that has a name for people.
    pub(super) fn is_somewhere(&self) -> bool {
        self.0.iter().any(|open| open.words.is_some())
    }
}

/// The innermost first: object `door` at tile (3, 4) of layer `collision`.
impl fmt::Display for Whereabouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, words) in self.0.iter().rev().filter_map(|open| open.words.as_ref()).enumerate() {
            let between = if index == 0 { "" } else { " of " };
            write!(f, "{between}{words}")?;
        }
        Ok(())
    }
}

fn words(element: &BytesStart<'_>, is_in_tileset: bool) -> Option<String> {
    let name = attribute(element, "name").filter(|name| !name.is_empty());
    match element.name().as_ref() {
        // Shapes of a tileset's tile are in one too, which has no name.
        b"layer" | b"objectgroup" | b"imagelayer" | b"group" => name.map(|name| format!("layer `{name}`")),
        b"tile" => attribute(element, "id").map(|id| format!("tile {id}")),
        b"object" => {
            let name = name.or_else(|| attribute(element, "id").map(|id| format!("#{id}"))).unwrap_or_default();
            let tile = |key: &str| {
                let pixels = attribute(element, key).map_or(Some(0.0), |text| text.parse::<f32>().ok())?;
                Some((pixels / PIXELS_PER_TILE as f32).floor() as i32)
            };
            Some(match (tile("x"), tile("y")) {
                // In a tileset it is a part of one tile.
                (Some(column), Some(row)) if !is_in_tileset => format!("object `{name}` at tile ({column}, {row})"),
                _ => format!("object `{name}`"),
            })
        }
        _ => None,
    }
}
