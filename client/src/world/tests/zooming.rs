//! The wheel and two fingers show the world larger and smaller, within bounds.

use bevy::input::{
    mouse::{MouseScrollUnit, MouseWheel},
    touch::{TouchInput, TouchPhase},
};

use super::*;

/// What is of use in a window of 1280 pixels: 40 tiles side by side at least zoomed, 8 at most.
const LEAST: u32 = 2;
const MOST: u32 = 10;

/// The zoom is that, and the view shows so much of the map.
#[track_caller]
fn assert_zoom(stage: &mut Stage, zoom: u32, why: &str) {
    // The wheel turns after the view was laid out.
    stage.frame(16);
    assert_eq!(stage.zoom(), zoom, "{why}");
    assert_eq!(stage.view().size, Vec2::new(1280.0, 720.0) / zoom as f32, "{why}");
}

fn turn(stage: &mut Stage, unit: MouseScrollUnit, y: f32) {
    let window = stage.window();
    stage.app.world_mut().write_message(MouseWheel { unit, x: 0.0, y, window, phase: TouchPhase::Moved });
    stage.frame(16);
}

fn touch(stage: &mut Stage, id: u64, phase: TouchPhase, x: f32) {
    let window = stage.window();
    let position = Vec2::new(x, 300.0);
    stage.app.world_mut().write_message(TouchInput { phase, position, window, force: None, id });
    stage.frame(16);
}

#[test]
fn a_wheel_turned_to_both_ends_stays_in_bounds_and_turns_back_at_once() {
    let mut stage = Stage::new();
    stage.frame(0);
    assert_zoom(&mut stage, 4, "at first");
    for (unit, notch) in [(MouseScrollUnit::Line, 1.0), (MouseScrollUnit::Pixel, 100.0)] {
        for _ in 0..20 {
            turn(&mut stage, unit, notch);
            assert!((LEAST..=MOST).contains(&stage.zoom()), "{}", stage.zoom());
        }
        assert_zoom(&mut stage, MOST, "notch by notch");
        turn(&mut stage, unit, -notch);
        assert_zoom(&mut stage, MOST - 1, "what was turned beyond the end is forgotten");
        turn(&mut stage, unit, -1e9 * notch);
        assert_zoom(&mut stage, LEAST, "all at once");
        turn(&mut stage, unit, notch);
        assert_zoom(&mut stage, LEAST + 1, "what was turned beyond the end is forgotten");
        turn(&mut stage, unit, 1e9 * notch);
        assert_zoom(&mut stage, MOST, "all at once");
    }
}

#[test]
fn a_pinch_to_both_ends_stays_in_bounds_and_leads_back_to_where_it_began() {
    let mut stage = Stage::new();
    stage.frame(0);
    touch(&mut stage, 1, TouchPhase::Started, 100.0);
    touch(&mut stage, 2, TouchPhase::Started, 200.0);
    for (x, zoom, why) in [
        (225.0, 5, "a quarter further apart"),
        (1200.0, MOST, "as far apart as the window has room for"),
        (1e9, MOST, "and further"),
        (101.0, LEAST, "together"),
        (100.0, LEAST, "on one another"),
        (200.0, 4, "back"),
    ] {
        touch(&mut stage, 2, TouchPhase::Moved, x);
        assert_zoom(&mut stage, zoom, why);
    }
}
