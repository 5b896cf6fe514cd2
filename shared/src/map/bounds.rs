//! Looks over a map file before it is parsed: the parser allocates by what a file claims and indexes by what it
//! should contain, so the claims are checked first. Nothing is interpreted here.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::MapError;
use crate::limits::{MAP_OBJECTS, MAP_SIDE_TILES};

/// Most tiles of a tileset: what one texture array takes on the weakest device.
pub const TILESET_TILES: u32 = 256;

/// Deepest nesting of elements; a map has five levels.
const DEPTH: usize = 16;

/// Most elements of a file; the campus has some 2 000.
const ELEMENTS: usize = 100_000;

/// Elements that would let a file claim more than it contains, or refer to files that are not served.
const REFUSED: [(&str, &str); 3] = [
    ("chunk", "a map of fixed size: switch off `Infinite` in the map's properties"),
    ("group", "no groups of layers: move the layers out of it"),
    ("imagelayer", "tile and object layers only"),
];

struct Look<'a> {
    file: &'a str,
    /// Tiles that each `<data>` must contain.
    tiles: Option<usize>,
    objects: usize,
    elements: usize,
}

/// Whether the file's claims are within bounds.
///
/// # Errors
/// Names the element, what it claims, and what was expected.
pub(super) fn look_over(file: &str, bytes: &[u8]) -> Result<(), MapError> {
    let mut look = Look { file, tiles: None, objects: 0, elements: 0 };
    let mut reader = Reader::from_reader(bytes);
    let mut open: Vec<Vec<u8>> = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| look.unreadable(error.to_string()))?;
        let in_data = open.last().is_some_and(|name| name == b"data");
        match event {
            Event::Start(element) => {
                look.element(&element, in_data)?;
                open.push(element.name().as_ref().to_vec());
                if open.len() > DEPTH {
                    return Err(look.unreadable(format!("elements are nested more than {DEPTH} deep")));
                }
            }
            Event::Empty(element) => {
                look.element(&element, in_data)?;
                if element.name().as_ref() == b"data" {
                    look.data(b"")?;
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) if in_data => look.data(&text)?,
            Event::CData(_) | Event::Comment(_) | Event::PI(_) if in_data => {
                return Err(look.unreadable("tiles are plain text between commas, without comments".into()));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Look<'_> {
    fn unreadable(&self, reason: String) -> MapError {
        MapError::Unreadable { file: self.file.to_owned(), reason }
    }

    fn out_of_bounds(&self, what: String, value: String, expected: &str) -> MapError {
        MapError::OutOfBounds { file: self.file.to_owned(), what, value, expected: expected.to_owned() }
    }

    fn element(&mut self, element: &BytesStart<'_>, in_data: bool) -> Result<(), MapError> {
        self.elements += 1;
        if self.elements > ELEMENTS {
            return Err(self.unreadable(format!("more than {ELEMENTS} elements")));
        }
        let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        if in_data {
            return Err(self.out_of_bounds(
                "the tile layer format".into(),
                "XML".into(),
                "CSV: set it in the map's properties",
            ));
        }
        for (refused, expected) in &REFUSED {
            if name == *refused {
                return Err(self.out_of_bounds("a layer".into(), name, expected));
            }
        }
        match name.as_str() {
            "map" => {
                let sides = [self.number(element, "width")?, self.number(element, "height")?];
                if let [Some(width), Some(height)] = sides {
                    self.within(&name, "width", width, 1, MAP_SIDE_TILES)?;
                    self.within(&name, "height", height, 1, MAP_SIDE_TILES)?;
                    self.tiles = Some(width as usize * height as usize);
                }
            }
            "layer" => {
                let sides = [self.number(element, "width")?, self.number(element, "height")?];
                let tiles = sides.map(|side| side.unwrap_or(0) as usize).iter().product::<usize>();
                if self.tiles != Some(tiles) {
                    let value = format!("{} by {}", sides[0].unwrap_or(0), sides[1].unwrap_or(0));
                    return Err(self.out_of_bounds("the size of a layer".into(), value, "the size of the map"));
                }
            }
            "data" => {
                if let Some(value) = attribute(element, "compression") {
                    return Err(self.out_of_bounds("the compression of a layer".into(), value, "none (CSV)"));
                }
                let encoding = attribute(element, "encoding").unwrap_or_default();
                if encoding != "csv" {
                    let expected = "csv: set the tile layer format in the map's properties";
                    return Err(self.out_of_bounds("the encoding of a layer".into(), encoding, expected));
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
                    return Err(self.out_of_bounds(
                        "the number of objects".into(),
                        "more".into(),
                        &format!("at most {MAP_OBJECTS}"),
                    ));
                }
                if let Some(value) = attribute(element, "template") {
                    return Err(self.out_of_bounds(
                        "an object".into(),
                        format!("made of the template {value}"),
                        "objects of their own: detach it",
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn data(&self, text: &[u8]) -> Result<(), MapError> {
        let found = text.split(|&byte| byte == b',').count();
        match self.tiles {
            Some(expected) if expected == found => Ok(()),
            expected => {
                let expected = format!("{}, one for each tile of the map", expected.unwrap_or(0));
                Err(self.out_of_bounds("the number of tiles in a layer".into(), found.to_string(), &expected))
            }
        }
    }

    fn number(&self, element: &BytesStart<'_>, key: &str) -> Result<Option<u32>, MapError> {
        let Some(text) = attribute(element, key) else { return Ok(None) };
        let wrong = || {
            let what = format!("`{key}` of <{}>", String::from_utf8_lossy(element.name().as_ref()));
            self.out_of_bounds(what, text.clone(), "a whole number")
        };
        text.parse().map(Some).map_err(|_| wrong())
    }

    fn within(&self, name: &str, key: &str, value: u32, least: u32, most: u32) -> Result<(), MapError> {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(self.out_of_bounds(format!("`{key}` of <{name}>"), value.to_string(), &format!("{least} to {most}")))
    }
}

/// The last value of an attribute: the parser, too, lets the last win.
fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let wanted = attributes
        .with_checks(false)
        .flatten()
        .filter(|attribute| attribute.key.local_name().as_ref() == key.as_bytes());
    wanted.last().map(|attribute| {
        attribute.unescape_value().map_or_else(|_| String::from("unreadable"), std::borrow::Cow::into_owned)
    })
}
