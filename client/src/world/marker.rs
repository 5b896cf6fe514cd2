//! An arrow that shows where somebody is whom one looks for: over their head, or at the edge of the view.

use std::time::Duration;

use bevy::{prelude::*, sprite::Anchor};

use super::{
    avatar::{Avatar, HEIGHT, Stance},
    camera::View,
    controls::Controls,
    depth,
    emotes::{CELL, Cells, Overhead},
    idle::Stir,
    place,
    poses::Poses,
    schedule::WorldSystems,
    sheet::Sheet,
};

/// The row of the arrows in the picture.
const ROW: u32 = 2;
/// The arrow that points down.
const DOWN: u32 = 2;
/// Pixels between the edges of the view and the middle of the arrow.
const INSET: i32 = 22;
/// Who is so near to the edge, in pixels, counts as out of view: of their head nothing would be seen.
const BARELY: i32 = 6;
/// Pixels from the middle of an arrow to its tip.
const TIP: i32 = 8;
/// Pixels that it is drawn back, beat by beat: it bounces ...
const BOUNCE: [i32; 4] = [0, 2, 3, 2];
const BEAT: Duration = Duration::from_millis(125);
/// ... for as long as that; then it stays still, and the laptop cool.
const BOUNCES_FOR: Duration = Duration::from_secs(10);

/// The arrow.
#[derive(Component)]
pub(super) struct Marker;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, point.in_set(WorldSystems::Show));
}

#[allow(clippy::too_many_arguments, reason = "all that makes an arrow")]
fn point(
    mut commands: Commands,
    poses: Res<Poses>,
    controls: Res<Controls>,
    cells: Res<Cells>,
    sheet: Res<Sheet>,
    overhead: Overhead,
    avatars: Query<(&Avatar, &Stance)>,
    mut marker: Query<(Entity, &mut Transform, &mut Sprite), With<Marker>>,
    mut stir: ResMut<Stir>,
) {
    let found = poses.finding.and_then(|(whom, since)| {
        let found = avatars.iter().find(|(avatar, _)| avatar.user_id == whom && !avatar.is_own);
        let shows = poses.people.iter().any(|seen| seen.user_id == whom && seen.emote.is_some());
        found.map(|(_, stance)| (stance.feet, shows, poses.now.saturating_sub(since)))
    });
    let Some((feet, shows_emote, age)) = found else {
        for (marker, ..) in &marker {
            commands.entity(marker).despawn();
        }
        return;
    };
    let bounces = age < BOUNCES_FOR && !controls.is_calm();
    stir.beats |= bounces;
    let back = if bounces { BOUNCE[(age.as_millis() / BEAT.as_millis()) as usize % BOUNCE.len()] } else { 0 };
    let bubble = if shows_emote { CELL as i32 } else { 0 };
    let head = overhead.above_name(feet) - IVec2::new(0, bubble);
    let Arrow { middle, direction } = Arrow::to(&overhead.view, feet, head);
    let middle = middle - unit(direction) * back;
    let transform = Transform::from_translation(place::to_bevy(middle, depth::MARKERS));
    let area = Some(cells.cell(direction, ROW));
    if let Ok((_, mut before, mut sprite)) = marker.single_mut() {
        before.set_if_neq(transform);
        if sprite.rect != area {
            sprite.rect = area;
        }
    } else {
        let sprite = Sprite { image: sheet.image(), rect: area, ..default() };
        commands.spawn((Name::new("marker"), Marker, sprite, Anchor::CENTER, transform));
    }
}

/// Where an arrow is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Arrow {
    /// Pixels from the left and the top of the map.
    middle: IVec2,
    /// Eighths of a turn clockwise from the right.
    direction: u32,
}

impl Arrow {
    /// The arrow to somebody standing there; in view it hangs over `head`.
    fn to(view: &View, feet: IVec2, head: IVec2) -> Self {
        let (least, most) = (view.corner + INSET, view.corner + view.size.as_ivec2() - INSET);
        let body = feet - IVec2::new(0, HEIGHT / 2);
        let center = view.corner.as_vec2() + view.size / 2.0;
        if view.contains(body, -BARELY) {
            let middle = head - IVec2::new(0, TIP);
            return Self { middle: middle.max(view.corner + IVec2::new(0, CELL as i32 / 2)), direction: DOWN };
        }
        let way = body.as_vec2() - center;
        // Both half as large as what is left of the view, at least a pixel.
        let half = ((most - least).as_vec2() / 2.0).max(Vec2::ONE);
        let beyond = (way.abs() / half).max_element().max(1.0);
        let middle = (center + way / beyond).round().as_ivec2();
        let eighths = (way.to_angle() / std::f32::consts::FRAC_PI_4).round() as i32;
        Self { middle, direction: eighths.rem_euclid(8) as u32 }
    }
}

/// A step to where an arrow points.
fn unit(direction: u32) -> IVec2 {
    const STEPS: [(i32, i32); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];
    STEPS[direction as usize % STEPS.len()].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { corner: IVec2::new(100, 200), size: Vec2::new(300.0, 200.0), drawn: UVec2::ZERO };

    fn arrow(x: i32, y: i32) -> Arrow {
        let feet = IVec2::new(x, y + HEIGHT / 2);
        Arrow::to(&VIEW, feet, feet - IVec2::new(0, 33))
    }

    #[test]
    fn it_hangs_over_who_is_in_view() {
        let Arrow { middle, direction } = arrow(200, 300);
        assert_eq!(direction, DOWN);
        assert_eq!(middle.x, 200);
        assert!(middle.y + TIP < 300 - HEIGHT / 2, "over the name: {middle}");
        assert!(VIEW.contains(arrow(200, 210).middle, -11), "all of it, whoever stands at the top");
    }

    #[test]
    fn it_is_at_the_edge_and_points_to_who_is_not() {
        for (what, (x, y), middle, direction) in [
            ("to the right", (1000, 300), IVec2::new(378, 300), 0),
            ("far to the right below", (1000, 1000), IVec2::new(334, 378), 1),
            ("below", (250, 1000), IVec2::new(250, 378), 2),
            ("to the left", (-500, 300), IVec2::new(122, 300), 4),
            ("above", (250, -500), IVec2::new(250, 222), 6),
            ("to the right above", (1000, -300), IVec2::new(347, 222), 7),
        ] {
            let found = arrow(x, y);
            assert_eq!(found.direction, direction, "{what}");
            assert!((found.middle - middle).abs().max_element() <= 1, "{what}: {found:?}");
        }
    }

    #[test]
    fn a_view_of_no_size_has_an_arrow_too() {
        let view = View::default();
        assert_eq!(Arrow::to(&view, IVec2::new(50, HEIGHT / 2), IVec2::ZERO).direction, 0);
    }
}
