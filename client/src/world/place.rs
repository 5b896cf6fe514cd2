//! Where the map's places are in Bevy's space: the only file that knows that the one's y grows downwards and the
//! other's upwards. One unit is one pixel of the art in both, and both begin at the map's top left corner.

use bevy::math::{IVec2, Vec2, Vec3};
use shared::position::{Point, Position, UNITS_PER_PIXEL};

/// The place in Bevy's space of a place so many pixels from the left and the top of the map.
pub(super) fn to_bevy(pixels: IVec2, z: f32) -> Vec3 {
    Vec3::new(pixels.x as f32, -pixels.y as f32, z)
}

/// Pixels from the left and the top of the map.
pub(super) fn pixels(point: Point) -> Vec2 {
    Vec2::new(point.x as f32, point.y as f32) / UNITS_PER_PIXEL as f32
}

/// Whole pixels from the left and the top of the map.
pub(super) fn pixel(position: Position) -> IVec2 {
    IVec2::new(position.x.into(), position.y.into())
}
