//! Clicks on the ground, and the wheel.

use bevy::{
    input::mouse::{MouseScrollUnit, MouseWheel},
    prelude::*,
    window::PrimaryWindow,
};

use super::{
    super::{camera::View, lens::Glass, map::WorldMap, schedule::WorldSystems},
    TAP_PIXELS, TAP_SECONDS, walk_to,
};
use crate::classroom::Classroom;

/// Pixels that a touchpad scrolls for what a wheel does with a notch.
const NOTCH_PIXELS: f32 = 100.0;

/// Where, in drawn pixels, and when the button was pressed.
#[derive(Default, Resource)]
struct Pressed(Option<(Vec2, f64)>);

/// Notches that were turned and have not changed the zoom yet.
#[derive(Default, Resource)]
struct Turned(f32);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pressed>()
        .init_resource::<Turned>()
        .add_systems(Update, (click, turn).in_set(WorldSystems::Listen));
}

#[allow(clippy::too_many_arguments, reason = "all that makes a click a place")]
fn click(
    buttons: Res<ButtonInput<MouseButton>>,
    window: Single<&Window, With<PrimaryWindow>>,
    time: Res<Time<Real>>,
    mut pressed: ResMut<Pressed>,
    view: Res<View>,
    glass: NonSend<Glass>,
    map: Res<WorldMap>,
    classroom: NonSend<Classroom>,
) {
    let now = time.elapsed_secs_f64();
    let here = window.physical_cursor_position();
    if buttons.just_pressed(MouseButton::Left) {
        pressed.0 = here.map(|here| (here, now));
    }
    if buttons.just_released(MouseButton::Left)
        && let Some((from, since)) = pressed.0.take()
        && let Some(here) = here
    {
        let screen_pixels = from.distance(here) * (glass.zoom() / glass.drawn_zoom()) as f32;
        if screen_pixels <= TAP_PIXELS && now - since <= TAP_SECONDS {
            walk_to(here, &view, &glass, &map, &classroom);
        }
    }
}

fn turn(
    mut wheel: MessageReader<MouseWheel>,
    mut turned: ResMut<Turned>,
    view: Res<View>,
    mut glass: NonSendMut<Glass>,
) {
    for event in wheel.read() {
        turned.0 += match event.unit {
            MouseScrollUnit::Line => event.y,
            MouseScrollUnit::Pixel => event.y / NOTCH_PIXELS,
        };
    }
    let notches = turned.0.trunc();
    if notches != 0.0 {
        turned.0 -= notches;
        // A cast from float saturates.
        let zoom = glass.zoom().saturating_add_signed(notches as i32);
        glass.set_zoom(zoom, view.drawn);
    }
}
