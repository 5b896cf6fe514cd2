//! The world as one sees it, drawn with Bevy from what the session knows.

mod controls;
mod zoom;

use std::{cell::Cell, rc::Rc, sync::Arc};

use shared::{identity::UserId, map::Map, profile::Status};

pub use self::{
    controls::Controls,
    zoom::{default_zoom, zooms},
};
use crate::{classroom::Classroom, session::snapshot::Frames};

/// The pictures that the world is drawn with, as PNG files.
pub struct Art {
    /// One for each of the map's tilesets, in their order.
    pub tilesets: Vec<Vec<u8>>,
    /// The sheet of avatar layers.
    pub avatars: Vec<u8>,
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
pub fn start(setup: Setup) {
    drop(setup);
}
