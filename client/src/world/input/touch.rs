//! Fingers: a tap walks there, a thumb that is dragged walks that way, two fingers zoom.

use bevy::{
    input::touch::{TouchInput, TouchPhase},
    prelude::*,
    window::PrimaryWindow,
};
use shared::position::Direction;

use super::{
    super::{camera::View, lens::Glass, map::WorldMap, schedule::WorldSystems},
    TAP_PIXELS, TAP_SECONDS, walk_to,
};
use crate::classroom::Classroom;

/// A thumb dragged so far walks, in pixels of the screen and of the style sheet both.
const DRAG_PIXELS: f32 = 24.0;

/// The fingers on the screen, in the order in which they came.
#[derive(Debug, Default, Resource)]
pub(super) struct Fingers {
    down: Vec<Finger>,
    /// Where a dragged thumb leads.
    direction: Option<Direction>,
    pinch: Option<Pinch>,
    /// Whether what goes on is more than a tap can be.
    is_gesture: bool,
}

/// A finger; places are in pixels of the screen, so that they mean the same at every zoom.
#[derive(Clone, Copy, Debug)]
struct Finger {
    id: u64,
    start: Vec2,
    since: f64,
    here: Vec2,
}

/// Two fingers that came together when the zoom was this.
#[derive(Clone, Copy, Debug)]
struct Pinch {
    distance: f32,
    zoom: u32,
}

/// What came of a movement of fingers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gesture {
    /// A tap there.
    Tapped(Vec2),
    /// This zoom is asked for.
    Pinched(u32),
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Fingers>().add_systems(Update, listen.in_set(WorldSystems::Listen));
}

#[allow(clippy::too_many_arguments, reason = "all that makes a tap a place")]
pub(super) fn listen(
    mut touches: MessageReader<TouchInput>,
    window: Single<&Window, With<PrimaryWindow>>,
    time: Res<Time<Real>>,
    mut fingers: ResMut<Fingers>,
    view: Res<View>,
    mut glass: NonSendMut<Glass>,
    map: Res<WorldMap>,
    classroom: NonSend<Classroom>,
) {
    for touch in touches.read() {
        let to_screen = (glass.zoom() / glass.drawn_zoom()) as f32;
        let place = touch.position * window.scale_factor() * to_screen;
        match fingers.moved(touch.id, touch.phase, place, time.elapsed_secs_f64(), glass.zoom()) {
            Some(Gesture::Tapped(place)) => walk_to(place / to_screen, &view, &glass, &map, &classroom),
            Some(Gesture::Pinched(zoom)) => glass.set_zoom(zoom, view.drawn),
            None => {}
        }
    }
}

impl Fingers {
    /// Where a dragged thumb leads.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.direction
    }

    fn moved(&mut self, id: u64, phase: TouchPhase, here: Vec2, now: f64, zoom: u32) -> Option<Gesture> {
        match phase {
            TouchPhase::Started => {
                self.down.retain(|finger| finger.id != id);
                self.is_gesture = !self.down.is_empty();
                self.down.push(Finger { id, start: here, since: now, here });
                self.direction = None;
                self.pinch = self.distance().map(|distance| Pinch { distance, zoom });
                None
            }
            TouchPhase::Moved => {
                let finger = self.down.iter_mut().find(|finger| finger.id == id)?;
                finger.here = here;
                self.dragged()
            }
            TouchPhase::Ended | TouchPhase::Canceled => {
                let index = self.down.iter().position(|finger| finger.id == id)?;
                let finger = self.down.remove(index);
                (self.direction, self.pinch) = (None, None);
                let is_tap = phase == TouchPhase::Ended
                    && !self.is_gesture
                    && now - finger.since <= TAP_SECONDS
                    && finger.start.distance(here) <= TAP_PIXELS;
                is_tap.then_some(Gesture::Tapped(here))
            }
        }
    }

    fn dragged(&mut self) -> Option<Gesture> {
        if let (Some(pinch), Some(distance)) = (self.pinch, self.distance()) {
            let zoom = (pinch.zoom as f32 * distance / pinch.distance).round() as u32;
            return Some(Gesture::Pinched(zoom));
        }
        // Of a pinch that ended with one finger still down, nobody walks.
        let [thumb] = self.down.as_slice() else { return None };
        let way = thumb.here - thumb.start;
        if self.direction.is_some() || (!self.is_gesture && way.length() >= DRAG_PIXELS) {
            self.is_gesture = true;
            self.direction = Some(towards(way));
        }
        None
    }

    /// Between the first two fingers.
    fn distance(&self) -> Option<f32> {
        let [first, second, ..] = self.down.as_slice() else { return None };
        Some(first.here.distance(second.here).max(1.0))
    }
}

/// The nearest of the four directions.
fn towards(way: Vec2) -> Direction {
    match (way.x.abs() > way.y.abs(), way.x > 0.0, way.y > 0.0) {
        (true, true, _) => Direction::Right,
        (true, false, _) => Direction::Left,
        (false, _, true) => Direction::Down,
        (false, _, false) => Direction::Up,
    }
}

#[cfg(test)]
mod tests {
    use TouchPhase::{Canceled, Ended, Moved, Started};

    use super::*;

    fn at(x: f32, y: f32) -> Vec2 {
        Vec2::new(x, y)
    }

    #[test]
    fn a_short_touch_is_a_tap_and_a_long_one_is_not() {
        for (phase, end, seconds, is_tap) in [
            (Ended, at(103.0, 100.0), 0.2, true),
            (Ended, at(120.0, 100.0), 0.2, false),
            (Ended, at(100.0, 100.0), 0.9, false),
            (Canceled, at(100.0, 100.0), 0.2, false),
        ] {
            let mut fingers = Fingers::default();
            fingers.moved(1, Started, at(100.0, 100.0), 5.0, 3);
            let gesture = fingers.moved(1, phase, end, 5.0 + seconds, 3);
            assert_eq!(gesture.is_some(), is_tap, "{phase:?} at {end} after {seconds}");
        }
    }

    #[test]
    fn a_dragged_thumb_walks_until_it_is_lifted() {
        let mut fingers = Fingers::default();
        fingers.moved(1, Started, at(100.0, 100.0), 0.0, 3);
        fingers.moved(1, Moved, at(110.0, 100.0), 0.1, 3);
        assert_eq!(fingers.direction(), None);
        fingers.moved(1, Moved, at(140.0, 110.0), 0.2, 3);
        assert_eq!(fingers.direction(), Some(Direction::Right));
        fingers.moved(1, Moved, at(105.0, 80.0), 0.3, 3);
        assert_eq!(fingers.direction(), Some(Direction::Up));
        assert_eq!(fingers.moved(1, Ended, at(100.0, 100.0), 0.4, 3), None, "that was no tap");
        assert_eq!(fingers.direction(), None);
    }

    #[test]
    fn two_fingers_zoom_and_do_nothing_else() {
        let mut fingers = Fingers::default();
        fingers.moved(1, Started, at(100.0, 100.0), 0.0, 4);
        fingers.moved(2, Started, at(200.0, 100.0), 0.0, 4);
        assert_eq!(fingers.moved(2, Moved, at(250.0, 100.0), 0.1, 4), Some(Gesture::Pinched(6)));
        assert_eq!(fingers.moved(2, Moved, at(150.0, 100.0), 0.1, 6), Some(Gesture::Pinched(2)));
        assert_eq!(fingers.moved(2, Ended, at(150.0, 100.0), 0.2, 2), None);
        assert_eq!(fingers.moved(1, Moved, at(10.0, 10.0), 0.2, 2), None);
        assert_eq!((fingers.moved(1, Ended, at(10.0, 10.0), 0.2, 2), fingers.direction()), (None, None));
    }
}
