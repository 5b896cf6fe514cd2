//! The world as one sees it, drawn with Bevy from what the session knows.
//!
//! Read [`schedule`] for the order of a frame and [`poses`] for how the session is looked at; then each file is one
//! thing that is seen or done: [`map`], [`avatar`], [`route`], [`emotes`], [`voices`], [`marker`], [`name_tags`], [`camera`] and where
//! it looks ([`gaze`]), [`input`]. [`idle`] and [`watch`] decide when a frame is made at all, [`sheet`] is the one picture that people and things are cut out of, [`place`] and
//! [`depth`] say where in Bevy's space something goes, and [`engine`] names the parts of Bevy in use.
//!
//! Nothing here knows whether it runs in a page: what the page must do for it is in [`Setup`].

mod art;
mod avatar;
mod camera;
mod controls;
mod depth;
mod emotes;
mod engine;
mod frames;
mod gaze;
mod idle;
mod input;
mod lens;
mod map;
mod marker;
mod name_tags;
mod place;
mod poses;
mod route;
mod schedule;
mod sheet;
#[cfg(test)]
mod tests;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod text;
mod voices;
mod watch;
mod zoom;

use std::{cell::Cell, rc::Rc, sync::Arc};

use bevy::prelude::*;
use shared::{
    identity::UserId,
    map::{Map, drawing::Tileset},
    profile::Status,
};

pub use self::{
    art::ArtError,
    controls::Controls,
    zoom::{default_zoom, zooms},
};
use self::{
    art::Picture,
    avatar::Layers,
    emotes::EmoteArt,
    frames::Counter,
    lens::Glass,
    map::{Tilesets, WorldMap},
    name_tags::Painter,
    sheet::Sheet,
};
use crate::{classroom::Classroom, session::snapshot::Frames};

/// The pictures that the world is drawn with, as PNG files.
pub struct Art {
    /// One for each of the map's tilesets, in their order.
    pub tilesets: Vec<Vec<u8>>,
    /// The sheet of avatar layers.
    pub avatars: Vec<u8>,
    /// What people show over their heads.
    pub emotes: Vec<u8>,
}

/// What floats over somebody's head.
#[derive(Clone, Debug, PartialEq)]
pub struct NameTag {
    /// Whose.
    pub user_id: UserId,
    /// What it says.
    pub name: String,
    /// Shown beside it.
    pub status: Status,
    /// Whether it is one's own.
    pub is_own: bool,
    /// Art pixels from the left edge of the view to the middle of the head.
    pub x: f32,
    /// Art pixels from the top edge of the view to the top of the head.
    pub y: f32,
}

/// Draws name tags above the world at full resolution, each frame anew.
pub trait NameTagPainter {
    /// Draws these and nothing else; `scale` is the size of an art pixel in pixels of the screen.
    fn paint(&mut self, tags: &[NameTag], scale: u32);
}

/// How large the view is shown. The world asks for another zoom when a wheel turns or fingers pinch, always one that
/// [`zooms`] allows; whoever shows the view then gives it another size, and keeps what it begins with
/// ([`default_zoom`]).
pub trait Lens {
    /// Pixels of the screen on a side of a pixel of the art.
    fn zoom(&self) -> u32;

    /// Shows the world at this zoom from now on, and sizes its view accordingly.
    fn set_zoom(&self, zoom: u32);
}

/// All that the world needs.
pub struct Setup {
    /// Where it reads what to draw, and tells what keys, mouse and fingers ask for.
    pub classroom: Classroom,
    /// The map that is drawn.
    pub map: Arc<Map>,
    /// With what.
    pub art: Art,
    /// Who draws the names; the desktop does without and has them drawn by Bevy.
    pub name_tags: Option<Box<dyn NameTagPainter>>,
    /// Who shows the view larger or smaller; the desktop does without and has it done by Bevy.
    pub lens: Option<Box<dyn Lens>>,
    /// How it runs, for others to see.
    pub frames: Rc<Cell<Frames>>,
    /// What it is reached by once it runs.
    pub controls: Controls,
}

/// Draws the world. In a page it returns at once and goes on by itself, on the desktop it returns when the window is
/// closed.
///
/// # Errors
/// If the pictures are not what the map needs.
pub fn start(setup: Setup) -> Result<(), ArtError> {
    build(setup)?.run();
    Ok(())
}

/// The world, ready to run.
pub(crate) fn build(setup: Setup) -> Result<App, ArtError> {
    let tilesets = read_tilesets(&setup.map.drawing.tilesets, &setup.art.tilesets)?;
    let layers = Picture::read("avatars.png", &setup.art.avatars, avatar::LAYERS)?;
    let emotes = Picture::read("emotes.png", &setup.art.emotes, emotes::PICTURE)?;
    let mut app = App::new();
    app.insert_resource(setup.controls)
        .insert_resource(WorldMap(setup.map))
        .insert_resource(Tilesets(tilesets))
        .insert_resource(Layers(layers))
        .insert_resource(EmoteArt(emotes))
        .insert_non_send(Glass::new(setup.lens))
        .insert_non_send(Painter { painter: setup.name_tags, painted_zoom: 0 })
        .insert_non_send(Counter { shown: setup.frames, since: setup.classroom.now(), frames: 0 })
        .insert_non_send(setup.classroom);
    app.add_plugins((engine::plugin, schedule::plugin, controls::plugin, poses::plugin, input::plugin));
    let sheet = Sheet::new(&mut app.world_mut().resource_mut::<Assets<Image>>());
    app.insert_resource(sheet);
    app.add_plugins((
        sheet::plugin,
        map::plugin,
        avatar::plugin,
        gaze::plugin,
        camera::plugin,
        route::plugin,
        emotes::plugin,
        voices::plugin,
        marker::plugin,
        name_tags::plugin,
        frames::plugin,
        idle::plugin,
    ));
    #[cfg(not(target_arch = "wasm32"))]
    app.add_plugins(text::plugin);
    Ok(app)
}

fn read_tilesets(descriptions: &[Tileset], pictures: &[Vec<u8>]) -> Result<Vec<Picture>, ArtError> {
    if descriptions.len() != pictures.len() {
        return Err(ArtError::Missing { tilesets: descriptions.len(), pictures: pictures.len() });
    }
    descriptions.iter().zip(pictures).map(|(tileset, png)| Picture::tileset(tileset, png)).collect()
}
