//! Who hears whom: a pure function of where two people are, what is between them, and what they want.
//!
//! The same in every client and in the relay. It is symmetric; what only one side wants (muting somebody, a volume of
//! one's own) is added where it is known. [`Neighbours`] says with whom one talks, [`hearing`] how loud they are.

mod neighbours;

use std::time::Duration;

pub use self::neighbours::{Acquaintance, Bystander, Neighbours};
use crate::{
    map::{Map, Rectangle, Zone, ZoneKind},
    position::{Point, UNITS_PER_PIXEL},
    profile::Status,
};

/// Up to here, in tiles, everybody is at full volume.
pub const FULL_WITHIN_TILES: f32 = 2.0;

/// From here on, in tiles, nobody is heard; and a call opens this near.
pub const SILENT_FROM_TILES: f32 = 5.0;

/// Beyond this, in tiles, a call is let go after [`LET_GO_AFTER`]: whoever stands at the edge does not flicker.
pub const LET_GO_BEYOND_TILES: f32 = 6.0;

/// How long two people may be out of reach before their call ends.
pub const LET_GO_AFTER: Duration = Duration::from_secs(1);

/// From here on, in tiles, a call is prepared: its connection stands when the two are near enough to talk, and nothing
/// goes over it before. They walk 4 tiles a second, so there are 375 ms for what takes a third of a second.
pub const PREPARE_WITHIN_TILES: f32 = 6.5;

/// Beyond this, in tiles, a call that is prepared is let go after [`LET_GO_AFTER`].
pub const UNPREPARED_BEYOND_TILES: f32 = 6.75;

/// From here on, in tiles, the relay introduces two people to one another: the link between them stands when a call is
/// to be prepared.
pub const INTRODUCE_WITHIN_TILES: f32 = 8.0;

/// This near to a door of the room they are in, in tiles, two may be about to walk out together: a second of a walk, in
/// which what they need to go on talking outside is made ready.
pub const DOOR_WITHIN_TILES: f32 = 4.0;

/// Somebody, as far as hearing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Where their feet are.
    pub point: Point,
    /// Whether they want to be spoken to.
    pub status: Status,
}

/// Whether two people can hear one another, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hearing {
    /// Not at all, however near.
    Cut,
    /// By distance: so many tiles.
    Apart(f32),
    /// In one room, at full volume.
    SameRoom,
}

impl Hearing {
    /// The volume, from 0 to 1: 1 within [`FULL_WITHIN_TILES`], falling smoothly to 0 at [`SILENT_FROM_TILES`]
    /// (the cubic of Hermite, flat at both ends, so that no step is heard).
    pub fn gain(self) -> f32 {
        match self {
            Self::Cut => 0.0,
            Self::SameRoom => 1.0,
            Self::Apart(tiles) => {
                let way = (SILENT_FROM_TILES - tiles) / (SILENT_FROM_TILES - FULL_WITHIN_TILES);
                let way = way.clamp(0.0, 1.0);
                way * way * (3.0 - 2.0 * way)
            }
        }
    }
}

/// How the two hear one another on that map.
pub fn hearing(map: &Map, a: Listener, b: Listener) -> Hearing {
    hearing_within(map, a, b, LET_GO_BEYOND_TILES)
}

/// Whether the relay tells two people of one another, so that they can connect: if they are about to hear each other
/// outside of rooms, where people talk from machine to machine.
pub fn may_be_introduced(map: &Map, a: Listener, b: Listener) -> bool {
    match hearing_within(map, a, b, INTRODUCE_WITHIN_TILES) {
        Hearing::Apart(_) => true,
        Hearing::SameRoom => are_at_one_door(map, a, b),
        Hearing::Cut => false,
    }
}

/// Whether two people are at one door of a room with a call, on whichever side of it, and so near one another that they
/// would hear each other in the open.
pub fn are_at_one_door(map: &Map, a: Listener, b: Listener) -> bool {
    let is_deaf = |listener: Listener| listener.status == Status::DoNotDisturb;
    if is_deaf(a) || is_deaf(b) || a.point.distance_tiles(b.point) >= SILENT_FROM_TILES {
        return false;
    }
    let mut doors = map.doors.iter().filter(|door| map.zones.get(door.zone).is_some_and(is_shared));
    doors.any(|door| {
        let door = Point::from(door.position);
        [a, b].iter().all(|listener| listener.point.distance_tiles(door) <= DOOR_WITHIN_TILES)
    })
}

fn hearing_within(map: &Map, a: Listener, b: Listener, reach_tiles: f32) -> Hearing {
    let is_deaf = |listener: Listener| listener.status == Status::DoNotDisturb;
    if is_deaf(a) || is_deaf(b) {
        return Hearing::Cut;
    }
    let zone = |listener: Listener| map.zone_at(listener.point.nearest_position());
    match (zone(a), zone(b)) {
        (None, None) => {}
        (Some(one), Some(other)) if one.name == other.name && is_shared(one) => return Hearing::SameRoom,
        // A room's boundary, or the silence of a library.
        _ => return Hearing::Cut,
    }
    let tiles = a.point.distance_tiles(b.point);
    // Rays cost more than distances, and nothing is heard from so far anyway.
    if tiles > reach_tiles || has_wall_between(map, a.point, b.point) {
        return Hearing::Cut;
    }
    Hearing::Apart(tiles)
}

/// Whether somebody talks with whoever is near, from machine to machine: in no room, and not *do not disturb*.
pub fn is_in_the_open(map: &Map, listener: Listener) -> bool {
    listener.status != Status::DoNotDisturb && map.zone_at(listener.point.nearest_position()).is_none()
}

/// Whether the people of a room share one call.
pub const fn is_shared(zone: &Zone) -> bool {
    !matches!(zone.kind, ZoneKind::Quiet)
}

/// Whether the straight line between two points crosses a shape that blocks sound.
fn has_wall_between(map: &Map, a: Point, b: Point) -> bool {
    map.shapes.iter().any(|shape| shape.blocks_sound && crosses(shape.area, a, b))
}

/// Whether the line from `a` to `b` passes through the inside of a rectangle; grazing its side does not count, so
/// that two who walk along a wall hear each other (Liang and Barsky 1984, in whole numbers).
fn crosses(area: Rectangle, a: Point, b: Point) -> bool {
    let wide = |pixels: i32| i64::from(pixels) * i64::from(UNITS_PER_PIXEL);
    let (ax, ay) = (i64::from(a.x), i64::from(a.y));
    let (dx, dy) = (i64::from(b.x) - ax, i64::from(b.y) - ay);
    // The part of the line that is inside, from `enter` to `leave`, each a fraction of its length.
    let (mut enter, mut leave) = ((0_i64, 1_i64), (1_i64, 1_i64));
    for (step, room) in [
        (-dx, ax - wide(area.x)),
        (dx, wide(area.right()) - ax),
        (-dy, ay - wide(area.y)),
        (dy, wide(area.bottom()) - ay),
    ] {
        match step.signum() {
            // Along this side: inside of it for the whole way, or not at all.
            0 if room <= 0 => return false,
            0 => {}
            // On the way in: later than so far.
            -1 if is_less(enter, (-room, -step)) => enter = (-room, -step),
            1 if is_less((room, step), leave) => leave = (room, step),
            _ => {}
        }
    }
    is_less(enter, leave)
}

/// Whether one fraction is less than another; both have a denominator above 0.
fn is_less(a: (i64, i64), b: (i64, i64)) -> bool {
    i128::from(a.0) * i128::from(b.1) < i128::from(b.0) * i128::from(a.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::position::UNITS_PER_TILE;

    const WALL: Rectangle = Rectangle { x: 32, y: 32, width: 16, height: 16 };

    fn pixels(x: i32, y: i32) -> Point {
        Point { x: x * UNITS_PER_PIXEL, y: y * UNITS_PER_PIXEL }
    }

    #[test]
    fn the_gain_is_full_within_two_tiles_and_gone_at_five() {
        for (tiles, gain) in
            [(0.0, 1.0), (2.0, 1.0), (2.75, 0.843_75), (3.5, 0.5), (4.25, 0.156_25), (5.0, 0.0), (5.5, 0.0)]
        {
            let heard = Hearing::Apart(tiles).gain();
            assert!((heard - gain).abs() < 1e-6, "{tiles} tiles: {heard}");
        }
        assert_eq!((Hearing::SameRoom.gain(), Hearing::Cut.gain()), (1.0, 0.0));
    }

    #[test]
    fn a_line_is_cut_by_what_it_passes_through_and_not_by_what_it_grazes() {
        for (a, b, is_cut) in [
            (pixels(20, 40), pixels(60, 40), true),
            (pixels(40, 60), pixels(40, 20), true),
            (pixels(30, 30), pixels(50, 50), true),
            (pixels(20, 32), pixels(60, 32), false),
            (pixels(48, 20), pixels(48, 60), false),
            (pixels(20, 40), pixels(31, 40), false),
            (pixels(20, 40), pixels(32, 40), false),
            (pixels(28, 40), pixels(40, 28), true),
            (pixels(27, 37), pixels(37, 27), false),
            (pixels(40, 40), pixels(60, 60), true),
            (pixels(40, 40), pixels(40, 40), true),
            (pixels(20, 20), pixels(20, 20), false),
        ] {
            assert_eq!(crosses(WALL, a, b), is_cut, "{a:?} {b:?}");
            assert_eq!(crosses(WALL, b, a), is_cut, "{b:?} {a:?}");
        }
    }

    proptest! {
        #[test]
        fn a_line_is_cut_the_same_from_both_ends(ax in 0..80, ay in 0..80, bx in 0..80, by in 0..80) {
            let (a, b) = (pixels(ax, ay), pixels(bx, by));
            prop_assert_eq!(crosses(WALL, a, b), crosses(WALL, b, a));
            // Sampled: whatever is found inside must have been cut.
            let is_inside = (1..200).any(|step| {
                let at = |a: i32, b: i32| i64::from(a) + (i64::from(b) - i64::from(a)) * step / 200;
                let (x, y) = (at(a.x, b.x), at(a.y, b.y));
                let side = |pixels: i32| i64::from(pixels * UNITS_PER_PIXEL);
                (side(32) + 1..side(48)).contains(&x) && (side(32) + 1..side(48)).contains(&y)
            });
            prop_assert!(!is_inside || crosses(WALL, a, b));
        }

        #[test]
        fn the_gain_falls_with_distance(near in 0.0..8.0_f32, further in 0.0..2.0_f32) {
            prop_assert!(Hearing::Apart(near).gain() >= Hearing::Apart(near + further).gain());
        }
    }

    #[test]
    fn distances_are_in_tiles() {
        let a = Point { x: 0, y: 0 };
        assert!((a.distance_tiles(Point { x: 3 * UNITS_PER_TILE, y: 4 * UNITS_PER_TILE }) - 5.0).abs() < 1e-6);
    }
}
