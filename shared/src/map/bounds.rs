//! Looks over a map file before it is parsed: the parser allocates by what a file claims and indexes by what it
//! should contain, so the claims are checked first. Nothing is interpreted here.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{MapError, whereabouts::Whereabouts};
use crate::limits::{MAP_OBJECTS, MAP_SIDE_TILES};

/// Most tiles of a tileset: what one texture array takes on the weakest device.
pub const TILESET_TILES: u32 = 256;

/// Deepest nesting of elements; a map has five levels.
const DEPTH: usize = 16;

/// Most elements of a file; the campus has some 2 000.
const ELEMENTS: usize = 100_000;

/// How layers are to be saved.
const CSV: &str = "csv: set the tile layer format in the map's properties";

/// Elements that would let a file claim more than it contains, or refer to files that are not served.
const REFUSED: [(&str, &str); 3] = [
    ("chunk", "a map of fixed size: switch off `Infinite` in the map's properties"),
    ("group", "no groups of layers: move the layers out of it"),
    ("imagelayer", "tile and object layers only"),
];

/// Attributes that must be numbers where they are given: the parser would refuse the file without saying where.
const NUMBERS: [(&str, &[&str]); 2] = [
    ("layer", &["id", "visible", "opacity", "offsetx", "offsety", "parallaxx", "parallaxy"]),
    ("object", &["id", "gid", "visible", "opacity", "x", "y", "width", "height", "rotation"]),
];

struct Look<'a> {
    file: &'a str,
    /// Tiles from left to right and from top to bottom of the map, and so of each layer.
    size: Option<[u32; 2]>,
    /// Whether the layer one is in had its tiles.
    has_tiles: bool,
    objects: usize,
    elements: usize,
    here: Whereabouts,
}

/// Whether the file's claims are within bounds.
///
/// # Errors
/// Names the layer, the object and the tile where there is one, what it claims, and what was expected.
pub(super) fn look_over(file: &str, bytes: &[u8]) -> Result<(), MapError> {
    let here = Whereabouts::default();
    let mut look = Look { file, size: None, has_tiles: false, objects: 0, elements: 0, here };
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| look.unreadable(&error.to_string()))?;
        let in_data = look.here.is_in(b"data");
        match event {
            Event::Start(element) => look.enter(&element, in_data)?,
            Event::Empty(element) => {
                look.enter(&element, in_data)?;
                look.leave()?;
            }
            Event::End(_) => look.leave()?,
            Event::Text(text) if in_data => look.data(&text)?,
            Event::CData(_) | Event::Comment(_) | Event::PI(_) if in_data => {
                return Err(look.unreadable("tiles are plain text between commas, without comments"));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Look<'_> {
    fn unreadable(&self, reason: &str) -> MapError {
        let reason = if self.here.is_somewhere() { format!("{}: {reason}", self.here) } else { reason.to_owned() };
        MapError::Unreadable { file: self.file.to_owned(), reason }
    }

    /// Something of where one is has that value, and another was expected.
    fn wrong(&self, what: &str, value: String, expected: &str) -> MapError {
        let what = if self.here.is_somewhere() { format!("{what} of {}", self.here) } else { what.to_owned() };
        MapError::OutOfBounds { file: self.file.to_owned(), what, value, expected: expected.to_owned() }
    }

    fn enter(&mut self, element: &BytesStart<'_>, in_data: bool) -> Result<(), MapError> {
        self.here.enter(element);
        if self.here.depth() > DEPTH {
            return Err(self.unreadable(&format!("elements are nested more than {DEPTH} deep")));
        }
        self.element(element, in_data)
    }

    fn leave(&mut self) -> Result<(), MapError> {
        if self.here.is_in(b"layer") && !self.has_tiles {
            return Err(self.tiles_missing(0));
        }
        self.here.leave();
        Ok(())
    }

    fn element(&mut self, element: &BytesStart<'_>, in_data: bool) -> Result<(), MapError> {
        self.elements += 1;
        if self.elements > ELEMENTS {
            return Err(self.unreadable(&format!("more than {ELEMENTS} elements")));
        }
        let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        for (refused, expected) in &REFUSED {
            if name == *refused {
                return Err(self.wrong("the kind", format!("`{name}`"), expected));
            }
        }
        if in_data {
            return Err(self.wrong("the encoding", "XML".into(), CSV));
        }
        self.numbers(&name, element)?;
        match name.as_str() {
            "map" => {
                let sides = [self.number(element, "width")?, self.number(element, "height")?];
                if let [Some(width), Some(height)] = sides {
                    self.within(&name, "width", width, 1, MAP_SIDE_TILES)?;
                    self.within(&name, "height", height, 1, MAP_SIDE_TILES)?;
                    self.size = Some([width, height]);
                }
            }
            "layer" => {
                self.has_tiles = false;
                let sides = [self.number(element, "width")?, self.number(element, "height")?];
                let sides = sides.map(|side| side.unwrap_or(0));
                if self.size != Some(sides) {
                    let [width, height] = sides;
                    return Err(self.wrong("the size", format!("{width} by {height}"), "the size of the map"));
                }
            }
            "data" => {
                // The parser takes the last one of a layer.
                self.has_tiles = false;
                if let Some(value) = attribute(element, "compression") {
                    return Err(self.wrong("the compression", value, "none (CSV)"));
                }
                let encoding = attribute(element, "encoding").unwrap_or_default();
                if encoding != "csv" {
                    let value = if encoding.is_empty() { "XML".to_owned() } else { encoding };
                    return Err(self.wrong("the encoding", value, CSV));
                }
            }
            "tileset" => {
                for (key, least, most) in [
                    ("tilecount", 1, TILESET_TILES),
                    ("columns", 1, TILESET_TILES),
                    ("tilewidth", 1, 512),
                    ("tileheight", 1, 512),
                ] {
                    if let Some(value) = self.number(element, key)? {
                        self.within(&name, key, value, least, most)?;
                    }
                }
            }
            "object" => {
                self.objects += 1;
                if self.objects > MAP_OBJECTS {
                    let expected = format!("at most {MAP_OBJECTS} objects in all layers together");
                    return Err(self.wrong("the number", self.objects.to_string(), &expected));
                }
                if let Some(value) = attribute(element, "template") {
                    return Err(self.wrong("the template", value, "objects of their own: detach it"));
                }
            }
            "property" => self.property(element)?,
            _ => {}
        }
        Ok(())
    }

    fn data(&mut self, text: &[u8]) -> Result<(), MapError> {
        let found = text.split(|&byte| byte == b',').count();
        if found != self.tiles() {
            return Err(self.tiles_missing(found));
        }
        for (index, tile) in text.split(|&byte| byte == b',').enumerate() {
            let text = String::from_utf8_lossy(tile);
            if text.trim().parse::<u32>().is_err() {
                let layer = self.here.layer().unwrap_or_default().to_owned();
                let [columns, _] = self.size.unwrap_or([1, 1]).map(|side| side as usize);
                let [column, row] = [index % columns, index / columns].map(|tiles| tiles as i32);
                let reason = format!("`{}` is no number of a tile; paint it anew", text.trim());
                return Err(MapError::Tile { layer, column, row, reason });
            }
        }
        self.has_tiles = true;
        Ok(())
    }

    /// How many a layer has.
    fn tiles(&self) -> usize {
        // Sides of a map are bounded.
        self.size.map_or(0, |[width, height]| width as usize * height as usize)
    }

    fn tiles_missing(&self, found: usize) -> MapError {
        let expected = format!("{}, one for each tile of the map", self.tiles());
        self.wrong("the number of tiles", found.to_string(), &expected)
    }

    fn numbers(&self, name: &str, element: &BytesStart<'_>) -> Result<(), MapError> {
        let kind = if name == "objectgroup" { "layer" } else { name };
        let keys = NUMBERS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, keys)| *keys);
        for key in keys {
            let Some(text) = attribute(element, key) else { continue };
            let is_whole = ["id", "gid", "visible"].contains(key);
            let (is_one, expected) = if is_whole {
                (text.parse::<u32>().is_ok(), "a whole number")
            } else {
                (text.parse::<f32>().is_ok(), "a number")
            };
            if !is_one {
                return Err(self.wrong(&format!("`{key}`"), text, expected));
            }
        }
        Ok(())
    }

    /// Whether a property's value is of its type.
    fn property(&self, element: &BytesStart<'_>) -> Result<(), MapError> {
        let Some(value) = attribute(element, "value") else { return Ok(()) };
        let kind = attribute(element, "type").unwrap_or_default();
        let is_one = match kind.as_str() {
            "bool" => value.parse::<bool>().is_ok(),
            "int" => value.parse::<i32>().is_ok(),
            "float" => value.parse::<f32>().is_ok(),
            "object" => value.parse::<u32>().is_ok(),
            _ => true,
        };
        if is_one {
            return Ok(());
        }
        let name = attribute(element, "name").unwrap_or_default();
        Err(self.wrong(&format!("the property `{name}`"), format!("`{value}`"), &format!("a value of type {kind}")))
    }

    fn number(&self, element: &BytesStart<'_>, key: &str) -> Result<Option<u32>, MapError> {
        let Some(text) = attribute(element, key) else { return Ok(None) };
        let wrong = || {
            let what = format!("`{key}` of <{}>", String::from_utf8_lossy(element.name().as_ref()));
            self.wrong(&what, text.clone(), "a whole number")
        };
        text.parse().map(Some).map_err(|_| wrong())
    }

    fn within(&self, name: &str, key: &str, value: u32, least: u32, most: u32) -> Result<(), MapError> {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(self.wrong(&format!("`{key}` of <{name}>"), value.to_string(), &format!("{least} to {most}")))
    }
}

/// The last value of an attribute: the parser, too, lets the last win.
pub(super) fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let wanted = attributes
        .with_checks(false)
        .flatten()
        .filter(|attribute| attribute.key.local_name().as_ref() == key.as_bytes());
    wanted.last().map(|attribute| {
        attribute.unescape_value().map_or_else(|_| String::from("unreadable"), std::borrow::Cow::into_owned)
    })
}
