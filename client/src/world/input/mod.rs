//! What keys, mouse and fingers ask for, told to the session. How one walks is the session's business.
//!
//! [`keys`] and [`touch`] each know a direction that is asked for; it is told when it changes. [`pointer`] has clicks
//! and the wheel.

mod keys;
mod pointer;
mod touch;

use bevy::prelude::*;
use shared::position::{Direction, PIXELS_PER_TILE, Position};

use super::{camera::View, lens::Glass, map::WorldMap, schedule::WorldSystems};
use crate::{classroom::Classroom, session::Input};

/// A tap is shorter: seconds.
const TAP_SECONDS: f64 = 0.5;
/// A tap moves less: pixels of the screen for a mouse or a thumb, whatever the zoom.
const TAP_PIXELS: f32 = 12.0;

/// The direction that was told last.
#[derive(Default, Resource)]
struct Told(Option<Direction>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Told>()
        .add_plugins((keys::plugin, pointer::plugin, touch::plugin))
        .add_systems(Update, tell_direction.in_set(WorldSystems::Listen).after(keys::listen).after(touch::listen));
}

fn tell_direction(
    keys: Res<keys::Walking>,
    thumb: Res<touch::Fingers>,
    mut told: ResMut<Told>,
    classroom: NonSend<Classroom>,
) {
    let wanted = keys.direction().or(thumb.direction());
    if told.0 != wanted {
        told.0 = wanted;
        classroom.tell(Input::Steer(wanted));
    }
}

/// Walks to what is seen at a place so many drawn pixels from the view's top left corner.
fn walk_to(drawn: Vec2, view: &View, glass: &Glass, map: &WorldMap, classroom: &Classroom) {
    let pixels = view.corner.as_vec2() + drawn / glass.drawn_zoom() as f32;
    let size = UVec2::new(map.0.width_tiles, map.0.height_tiles).as_vec2() * PIXELS_PER_TILE as f32;
    let tiles = pixels.clamp(Vec2::ZERO, size) / PIXELS_PER_TILE as f32;
    classroom.tell(Input::WalkTo(Position::from_tiles(tiles.x, tiles.y)));
}
