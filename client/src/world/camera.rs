//! What part of the map is seen: whomever [`super::gaze`] follows in the middle, or as near to it as the map's edges
//! allow.

use bevy::{
    camera::{ClearColorConfig, OrthographicProjection, Projection},
    prelude::*,
    window::PrimaryWindow,
};
use shared::position::PIXELS_PER_TILE;

use super::{avatar::HEIGHT, depth, gaze::Gaze, lens::Glass, map::WorldMap, place, schedule::WorldSystems};

/// Beyond the edge of a map that is smaller than the view: the darkest green of the palette.
const BEYOND: Color = Color::srgb_u8(27, 64, 62);

/// The part of the map that is seen, in pixels of the art.
#[derive(Clone, Copy, Debug, Default, PartialEq, Resource)]
pub(super) struct View {
    /// From the left and the top of the map to the view's top left corner: whole pixels, so that nothing trembles.
    pub(super) corner: IVec2,
    /// What fits in.
    pub(super) size: Vec2,
    /// Pixels that Bevy draws, of which a pixel of the art has [`Glass::drawn_zoom`] on a side.
    pub(super) drawn: UVec2,
}

impl View {
    /// Whether a place is seen, or would be in a view larger by so many pixels on each side.
    pub(super) fn contains(&self, pixel: IVec2, margin: i32) -> bool {
        let from_corner = pixel - self.corner;
        let size = self.size.as_ivec2();
        from_corner.cmpge(IVec2::splat(-margin)).all() && from_corner.cmple(size + margin).all()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<View>()
        .insert_resource(ClearColor(BEYOND))
        .add_systems(Startup, set_up_camera)
        .add_systems(Update, look.in_set(WorldSystems::Look));
}

fn set_up_camera(mut commands: Commands) {
    let camera = Camera { clear_color: ClearColorConfig::Default, ..default() };
    commands.spawn((Name::new("camera"), Camera2d, camera, Msaa::Off, projection(1.0)));
}

/// The camera is where the view's top left corner is.
fn projection(scale: f32) -> Projection {
    let viewport_origin = Vec2::new(0.0, 1.0);
    Projection::Orthographic(OrthographicProjection { viewport_origin, scale, ..OrthographicProjection::default_2d() })
}

pub(super) fn look(
    window: Single<&Window, With<PrimaryWindow>>,
    map: Res<WorldMap>,
    gaze: Res<Gaze>,
    mut glass: NonSendMut<Glass>,
    mut view: ResMut<View>,
    mut camera: Single<(&mut Transform, &mut Projection), With<Camera2d>>,
) {
    let drawn = window.physical_size();
    let scale_factor = window.scale_factor();
    glass.begin(drawn, scale_factor);
    let zoom = glass.drawn_zoom() as f32;
    let size = drawn.as_vec2() / zoom;
    let middle = gaze.feet() - IVec2::new(0, HEIGHT / 2);
    let map_size = UVec2::new(map.0.width_tiles, map.0.height_tiles).as_ivec2() * PIXELS_PER_TILE;
    let corner = IVec2::new(corner(middle.x, size.x, map_size.x), corner(middle.y, size.y, map_size.y));
    view.set_if_neq(View { corner, size, drawn });
    let (transform, projection_now) = &mut *camera;
    transform.set_if_neq(Transform::from_translation(place::to_bevy(corner, depth::CAMERA)));
    // Bevy's logical pixels are those of the style sheet; we count those that are drawn.
    let scale = scale_factor / zoom;
    if !matches!(&**projection_now, Projection::Orthographic(now) if (now.scale - scale).abs() < f32::EPSILON) {
        **projection_now = projection(scale);
    }
}

/// Where a view of that size begins, along one axis.
fn corner(middle: i32, view: f32, map: i32) -> i32 {
    let view = view.floor() as i32;
    if view >= map { (map - view).div_euclid(2) } else { (middle - view / 2).clamp(0, map - view) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_ends_where_the_map_ends() {
        for (what, middle, view, map, expected) in [
            ("in the middle", 500, 200.0, 1000, 400),
            ("at the left edge", 10, 200.0, 1000, 0),
            ("at the right edge", 990, 200.0, 1000, 800),
            ("a view of broken pixels", 990, 200.5, 1000, 800),
            ("a map as large as the view", 3, 1000.0, 1000, 0),
            ("a map smaller than the view", 3, 1101.0, 1000, -51),
        ] {
            assert_eq!(corner(middle, view, map), expected, "{what}");
        }
    }
}
