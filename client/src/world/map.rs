//! The map: layers of tiles below and above everybody, and things that stand between the people.

use std::sync::Arc;

use bevy::{platform::collections::HashMap, prelude::*, sprite::Anchor};
use bevy_ecs_tilemap::prelude::*;
use shared::{
    map::{
        Map,
        drawing::{Thing, TileLayer},
    },
    position::PIXELS_PER_TILE,
};

use super::{art::Picture, depth, place, schedule::WorldSystems, sheet::Sheet};

/// Tiles on a side of what is drawn in one go, and left out when it is out of sight.
const CHUNK: UVec2 = UVec2::splat(32);
/// Tiles spawned in one frame: a few milliseconds of work, so that the page stays alive meanwhile.
const TILES_A_FRAME: usize = 2000;

/// The map that is drawn.
#[derive(Resource)]
pub(super) struct WorldMap(pub(super) Arc<Map>);

/// The pictures of its tilesets, until they are on the graphics card.
#[derive(Resource)]
pub(super) struct Tilesets(pub(super) Vec<Picture>);

/// Tiles that are not there yet, the ground last: tiles are taken from the end.
#[derive(Default, Resource)]
pub(super) struct Pending(Vec<TileBundle>);

impl Pending {
    /// Whether the whole map is there.
    pub(super) fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pending>()
        .add_systems(Startup, (lay_out_layers, place_things))
        .add_systems(Update, spawn_tiles.in_set(WorldSystems::Gather));
}

/// Makes an empty tilemap for each layer and tileset: a tilemap draws tiles of one picture.
fn lay_out_layers(
    mut commands: Commands,
    map: Res<WorldMap>,
    tilesets: Res<Tilesets>,
    mut images: ResMut<Assets<Image>>,
    mut pending: ResMut<Pending>,
) {
    let textures: Vec<Handle<Image>> = tilesets.0.iter().map(|picture| images.add(picture.image())).collect();
    let drawing = &map.0.drawing;
    let below = drawing.below.iter().enumerate().map(|(index, layer)| (depth::below(index), layer));
    let above = drawing.above.iter().enumerate().map(|(index, layer)| (depth::above(index), layer));
    let size = TilemapSize::new(map.0.width_tiles, map.0.height_tiles);
    let mut tiles = Vec::new();
    for (z, layer) in below.chain(above) {
        let mut tilemaps: HashMap<usize, Entity> = HashMap::default();
        for (index, tile) in layer.tiles.iter().enumerate() {
            let Some(tile) = tile else { continue };
            let tilemap = *tilemaps.entry(tile.tileset).or_insert_with(|| commands.spawn_empty().id());
            let (column, row) = (index as u32 % size.x, index as u32 / size.x);
            // The map is read from its top, tilemaps from their bottom.
            let position = TilePos { x: column, y: size.y - 1 - row };
            let flip = TileFlip { x: tile.flip_horizontally, y: tile.flip_vertically, d: tile.flip_diagonally };
            tiles.push(TileBundle {
                position,
                texture_index: TileTextureIndex(tile.tile),
                tilemap_id: TilemapId(tilemap),
                flip,
                ..default()
            });
        }
        for (tileset, entity) in tilemaps {
            let texture = textures.get(tileset).cloned().unwrap_or_default();
            commands.entity(entity).insert(tilemap(layer, size, texture, z));
        }
    }
    tiles.reverse();
    pending.0 = tiles;
}

fn tilemap(layer: &TileLayer, size: TilemapSize, texture: Handle<Image>, z: f32) -> impl Bundle {
    let tile = PIXELS_PER_TILE as f32;
    let bundle = TilemapBundle {
        grid_size: TilemapGridSize::new(tile, tile),
        tile_size: TilemapTileSize::new(tile, tile),
        size,
        // Nobody asks which tile is where: the session does, of the map.
        storage: TileStorage::empty(size),
        texture: TilemapTexture::Single(texture),
        transform: Transform::from_translation(place::to_bevy(IVec2::ZERO, z)),
        anchor: TilemapAnchor::TopLeft,
        render_settings: TilemapRenderSettings { render_chunk_size: CHUNK, ..default() },
        ..default()
    };
    (Name::new(format!("layer {}", layer.name)), bundle)
}

fn spawn_tiles(mut commands: Commands, mut pending: ResMut<Pending>) {
    if pending.is_done() {
        return;
    }
    let rest = pending.0.len().saturating_sub(TILES_A_FRAME);
    commands.spawn_batch(pending.0.split_off(rest));
}

pub(super) fn place_things(
    mut commands: Commands,
    map: Res<WorldMap>,
    tilesets: Res<Tilesets>,
    mut sheet: ResMut<Sheet>,
) {
    let drawing = &map.0.drawing;
    let mut places: HashMap<usize, UVec2> = HashMap::default();
    let order = drawing.things.len().max(1) as f32;
    for (index, thing) in drawing.things.iter().enumerate() {
        let tileset = thing.tile.tileset;
        let (Some(description), Some(picture)) = (drawing.tilesets.get(tileset), tilesets.0.get(tileset)) else {
            continue;
        };
        let place = *places.entry(tileset).or_insert_with(|| sheet.put(picture));
        let size = UVec2::new(description.tile_width, description.tile_height);
        let columns = description.columns.max(1);
        let corner = place + UVec2::new(thing.tile.tile % columns, thing.tile.tile / columns) * size;
        let area = URect::from_corners(corner, corner + size).as_rect();
        commands.spawn(standing_thing(thing, sheet.image(), area, index as f32 / order * 0.4));
    }
}

fn standing_thing(thing: &Thing, image: Handle<Image>, area: Rect, rank: f32) -> impl Bundle {
    let corner = Vec2::new(thing.x, thing.bottom).round().as_ivec2();
    let z = depth::standing(thing.foot, rank);
    let sprite = Sprite {
        image,
        rect: Some(area),
        flip_x: thing.tile.flip_horizontally,
        flip_y: thing.tile.flip_vertically,
        ..default()
    };
    let transform = Transform::from_translation(place::to_bevy(corner, z));
    (Name::new("thing"), sprite, Anchor::BOTTOM_LEFT, transform)
}
