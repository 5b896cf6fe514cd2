//! Turns Tiled's files into the parts of a [`super::Map`].

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use tiled::{Layer, LayerType, ObjectShape, PropertyValue};

use super::{
    MapError, MapFiles, Podium, Rectangle, Shape, Spawn, Zone, ZoneKind, bounds,
    drawing::{Drawing, Thing, TileLayer, TileRef, Tileset},
};
use crate::{
    limits::LABEL_BYTES,
    position::{PIXELS_PER_TILE, Position},
};

const COLLISION: &str = "collision";
const ZONES: &str = "zones";
const SPAWNS: &str = "spawns";
const THINGS: &str = "things";
const THINGS_EXPECTED: &str = "what stands about, as tile objects";
const GROUND: &str = "ground";

/// What the files contain, before it is checked as a whole.
pub(super) struct Parts {
    pub(super) width_tiles: u32,
    pub(super) height_tiles: u32,
    pub(super) shapes: Vec<Shape>,
    pub(super) zones: Vec<Zone>,
    pub(super) spawns: Vec<Spawn>,
    pub(super) drawing: Drawing,
}

pub(super) fn read(name: &str, files: &MapFiles) -> Result<Parts, MapError> {
    let map = parse(name, files)?;
    let unreadable = |reason: String| MapError::Unreadable { file: name.to_owned(), reason };
    if (map.tile_width, map.tile_height) != (PIXELS_PER_TILE as u32, PIXELS_PER_TILE as u32) {
        return Err(unreadable(format!("its tiles are not {PIXELS_PER_TILE} by {PIXELS_PER_TILE} pixels")));
    }
    if map.orientation != tiled::Orientation::Orthogonal || map.infinite() {
        return Err(unreadable("it is not an orthogonal map of fixed size; set both in the map's properties".into()));
    }
    let zones = zones(&objects(&map, ZONES, "the rooms as rectangles")?)?;
    Ok(Parts {
        width_tiles: map.width,
        height_tiles: map.height,
        shapes: shapes(&objects(&map, COLLISION, "rectangles for what is in the way")?)?,
        spawns: spawns(&objects(&map, SPAWNS, "points where people arrive")?)?,
        drawing: drawing(name, &map, files)?,
        zones,
    })
}

fn parse(name: &str, files: &MapFiles) -> Result<tiled::Map, MapError> {
    for (file, bytes) in files {
        if [".tmx", ".tsx"].iter().any(|ending| file.ends_with(ending)) {
            bounds::look_over(file, bytes)?;
        }
    }
    let missing = |file: &str| MapError::MissingFile { file: file.to_owned(), wanted_by: name.to_owned() };
    if !files.contains_key(name) {
        return Err(missing(name));
    }
    let find = |path: &Path| -> std::io::Result<Cursor<Vec<u8>>> {
        // Files lie beside one another: a path is nothing but a name.
        let file = path.to_str().and_then(|path| files.get(path));
        file.map(|bytes| Cursor::new(bytes.clone())).ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    };
    let mut loader = tiled::Loader::with_reader(find);
    loader.load_tmx_map(name).map_err(|error| match error {
        tiled::Error::ResourceLoadingError { path, .. } => missing(&path.to_string_lossy()),
        error => MapError::Unreadable { file: name.to_owned(), reason: error.to_string() },
    })
}

/// An object of a layer, with its numbers checked: whole pixels on the map.
struct Object<'map> {
    layer: &'static str,
    name: String,
    data: tiled::Object<'map>,
    corner: (i32, i32),
}

impl Object<'_> {
    fn wrong(&self, reason: impl Into<String>) -> MapError {
        MapError::object(self.layer, &self.name, self.corner, reason)
    }

    fn rectangle(&self) -> Result<Rectangle, MapError> {
        let &ObjectShape::Rect { width, height } = &self.data.shape else {
            return Err(self.wrong("it is not a rectangle; draw it with the rectangle tool"));
        };
        if self.data.rotation != 0.0 {
            return Err(self.wrong("it is rotated; set its rotation to 0"));
        }
        let (Some(width), Some(height)) = (whole(width), whole(height)) else {
            return Err(self.wrong("its size is not in whole pixels; snap it to pixels"));
        };
        if width < 1 || height < 1 {
            return Err(self.wrong("it has no area; give it a size or delete it"));
        }
        let (x, y) = self.corner;
        Ok(Rectangle { x, y, width, height })
    }

    fn property(&self, key: &str) -> Option<&PropertyValue> {
        self.data.properties.get(key)
    }
}

/// The number as whole pixels, if it is one within ten times the largest map.
fn whole(pixels: f32) -> Option<i32> {
    (pixels.fract() == 0.0 && pixels.abs() < 1e5).then_some(pixels as i32)
}

fn objects<'map>(
    map: &'map tiled::Map,
    layer: &'static str,
    expected: &'static str,
) -> Result<Vec<Object<'map>>, MapError> {
    let missing = MapError::MissingLayer { layer, expected };
    let LayerType::Objects(objects) = find(map, layer).ok_or(missing.clone())?.layer_type() else {
        return Err(missing);
    };
    let read = |data: tiled::Object<'map>| {
        let name = if data.name.is_empty() { format!("#{}", data.id()) } else { data.name.clone() };
        let rough = (data.x as i32, data.y as i32);
        let wrong = |reason: &str| Err(MapError::object(layer, &name, rough, reason));
        let (Some(x), Some(y)) = (whole(data.x), whole(data.y)) else {
            return wrong("its place is not in whole pixels; snap it to pixels");
        };
        if name.len() > LABEL_BYTES {
            return wrong("its name is too long; use at most 64 bytes");
        }
        Ok(Object { layer, name, data, corner: (x, y) })
    };
    objects.objects().map(read).collect()
}

fn find<'map>(map: &'map tiled::Map, name: &str) -> Option<Layer<'map>> {
    map.layers().find(|layer| layer.name == name)
}

fn shapes(objects: &[Object<'_>]) -> Result<Vec<Shape>, MapError> {
    let read = |object: &Object<'_>| {
        let Some(&PropertyValue::BoolValue(blocks_sound)) = object.property("blocks_sound") else {
            return Err(object.wrong("it needs the property `blocks_sound` of type bool: walls do, benches do not"));
        };
        Ok(Shape { area: object.rectangle()?, blocks_sound })
    };
    objects.iter().map(read).collect()
}

fn zones(objects: &[Object<'_>]) -> Result<Vec<Zone>, MapError> {
    let is_podium = |object: &&Object<'_>| object.data.user_type == "podium";
    let mut zones =
        objects.iter().filter(|object| !is_podium(object)).map(zone).collect::<Result<Vec<Zone>, MapError>>()?;
    for object in objects.iter().filter(is_podium) {
        let area = object.rectangle()?;
        let inside = |zone: &&mut Zone| {
            let (left, top) = (area.x >= zone.area.x, area.y >= zone.area.y);
            left && top && area.right() <= zone.area.right() && area.bottom() <= zone.area.bottom()
        };
        let Some(zone) = zones.iter_mut().find(inside) else {
            return Err(object.wrong("a podium belongs inside a classroom; move it into one"));
        };
        if zone.kind != ZoneKind::Classroom || zone.podium.is_some() {
            return Err(object.wrong(format!("`{}` is no classroom or has a podium already", zone.name)));
        }
        zone.podium = Some(Podium { area });
    }
    Ok(zones)
}

fn zone(object: &Object<'_>) -> Result<Zone, MapError> {
    let kinds = "classroom, meeting, lounge or quiet";
    let kind = match object.property("kind") {
        Some(PropertyValue::StringValue(kind)) => kind.as_str(),
        _ => return Err(object.wrong(format!("a room needs the property `kind` of type string: {kinds}"))),
    };
    let Some(&(_, kind)) = ZoneKind::NAMES.iter().find(|(name, _)| *name == kind) else {
        return Err(object.wrong(format!("there is no kind of room `{kind}`; expected {kinds}")));
    };
    let capacity = match object.property("capacity") {
        Some(&PropertyValue::IntValue(capacity @ 1..=1000)) => capacity as u32,
        _ => return Err(object.wrong("a room needs the property `capacity` of type int, from 1 to 1000")),
    };
    Ok(Zone { name: object.name.clone(), kind, capacity, area: object.rectangle()?, podium: None })
}

fn spawns(objects: &[Object<'_>]) -> Result<Vec<Spawn>, MapError> {
    let read = |object: &Object<'_>| {
        if !matches!(object.data.shape, ObjectShape::Point(..)) {
            return Err(object.wrong("it is not a point; draw it with the point tool"));
        }
        let (x, y) = object.corner;
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else {
            return Err(object.wrong("it is outside of the map; move it inside"));
        };
        Ok(Spawn { name: object.name.clone(), position: Position::new(x, y) })
    };
    objects.iter().map(read).collect()
}

fn drawing(name: &str, map: &tiled::Map, files: &MapFiles) -> Result<Drawing, MapError> {
    let mut drawing = Drawing::default();
    for tileset in map.tilesets() {
        drawing.tilesets.push(tileset_of(name, tileset, files)?);
    }
    let expected = "a tile layer painted everywhere";
    find(map, GROUND).ok_or(MapError::MissingLayer { layer: GROUND, expected })?;
    find(map, THINGS).ok_or(MapError::MissingLayer { layer: THINGS, expected: THINGS_EXPECTED })?;
    let mut is_above = false;
    for layer in map.layers().filter(|layer| layer.visible) {
        match layer.layer_type() {
            LayerType::Tiles(tiles) => {
                let layer = tile_layer(map, &layer.name, tiles)?;
                if is_above { &mut drawing.above } else { &mut drawing.below }.push(layer);
            }
            LayerType::Objects(_) if layer.name == THINGS => {
                is_above = true;
                drawing.things = things(map, &drawing.tilesets)?;
            }
            _ => {}
        }
    }
    Ok(drawing)
}

fn tileset_of(name: &str, tileset: &tiled::Tileset, files: &MapFiles) -> Result<Tileset, MapError> {
    let wrong = |reason: &str| {
        let file = tileset.source.to_string_lossy().into_owned();
        MapError::Unreadable { file, reason: reason.to_owned() }
    };
    let image = tileset.image.as_ref().ok_or_else(|| wrong("it is a collection of images; use one picture"))?;
    if tileset.margin != 0 || tileset.spacing != 0 || tileset.columns == 0 {
        return Err(wrong("its picture has margins or spacing; expected none"));
    }
    let source: &PathBuf = &image.source;
    let file = source.to_str().unwrap_or_default();
    if !files.contains_key(file) {
        return Err(MapError::MissingFile { file: source.to_string_lossy().into_owned(), wanted_by: name.to_owned() });
    }
    Ok(Tileset {
        image: file.to_owned(),
        tile_width: tileset.tile_width,
        tile_height: tileset.tile_height,
        columns: tileset.columns,
        tiles: tileset.tilecount,
    })
}

fn tile_layer(map: &tiled::Map, name: &str, tiles: tiled::TileLayer<'_>) -> Result<TileLayer, MapError> {
    let mut layer = TileLayer { name: name.to_owned(), tiles: Vec::new() };
    for row in 0..map.height as i32 {
        for column in 0..map.width as i32 {
            let tile = tiles.get_tile(column, row).map(|tile| TileRef {
                tileset: tile.tileset_index(),
                tile: tile.id(),
                flip_horizontally: tile.flip_h,
                flip_vertically: tile.flip_v,
                flip_diagonally: tile.flip_d,
            });
            let known =
                |tile: &TileRef| map.tilesets().get(tile.tileset).is_some_and(|tileset| tile.tile < tileset.tilecount);
            if !tile.as_ref().is_none_or(known) {
                let reason = "its tileset has no such tile; paint it anew".to_owned();
                return Err(MapError::Tile { layer: name.to_owned(), column, row, reason });
            }
            layer.tiles.push(tile);
        }
    }
    Ok(layer)
}

fn things(map: &tiled::Map, tilesets: &[Tileset]) -> Result<Vec<Thing>, MapError> {
    let read = |object: &Object<'_>| {
        let Some(tile) = object.data.tile_data() else {
            return Err(object.wrong("it has no picture; insert things with the tile tool"));
        };
        let tiled::TilesetLocation::Map(tileset) = *tile.tileset_location() else {
            return Err(object.wrong("it is made from a template; detach it"));
        };
        if tilesets.get(tileset).is_none_or(|tileset| tile.id() >= tileset.tiles) {
            return Err(object.wrong("its tileset has no such tile; insert it anew"));
        }
        let (x, bottom) = (object.corner.0 as f32, object.corner.1 as f32);
        let depth =
            match map.tilesets()[tileset].get_tile(tile.id()).and_then(|tile| tile.properties.get("depth").cloned()) {
                Some(PropertyValue::FloatValue(depth)) if depth.is_finite() => depth,
                Some(PropertyValue::IntValue(depth)) => depth as f32,
                None => 0.0,
                Some(_) => return Err(object.wrong("the property `depth` of its tile is no number of pixels")),
            };
        let tile = TileRef {
            tileset,
            tile: tile.id(),
            flip_horizontally: tile.flip_h,
            flip_vertically: tile.flip_v,
            flip_diagonally: tile.flip_d,
        };
        Ok(Thing { tile, x, bottom, foot: bottom + depth })
    };
    objects(map, THINGS, THINGS_EXPECTED)?.iter().map(read).collect()
}
