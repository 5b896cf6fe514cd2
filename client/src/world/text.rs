//! Letters drawn by Bevy, for the desktop: names where no shell paints them, and a text in the corner.

use bevy::{
    prelude::*,
    sprite::{Anchor, Text2dShadow},
};

use super::{
    camera::View,
    depth,
    name_tags::{Painter, Tags},
    place,
    schedule::WorldSystems,
};

/// Height of the letters in pixels of the screen.
const SIZE: f32 = 13.0;
const OWN: Color = Color::srgb(1.0, 0.94, 0.72);

/// What is written in the view's top left corner.
#[derive(Default, Resource)]
pub(crate) struct Corner(pub(crate) String);

/// A name over a head; those that are too many are empty.
#[derive(Component)]
struct Label;

#[derive(Component)]
struct CornerText;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(bevy::text::TextPlugin)
        .init_resource::<Corner>()
        .add_systems(Startup, |mut commands: Commands| {
            commands.spawn((Name::new("corner"), CornerText, letters(), Anchor::TOP_LEFT));
        })
        .add_systems(
            Update,
            (write_corner, write_labels).in_set(WorldSystems::Show).after(super::name_tags::write_tags),
        );
}

fn letters() -> impl Bundle {
    (Text2d::default(), TextFont::from_font_size(SIZE), Text2dShadow { offset: Vec2::new(1.0, -1.0), ..default() })
}

/// Letters keep their size whatever the zoom: each of their pixels is one of the screen.
fn scale(projection: &Projection) -> Vec3 {
    let Projection::Orthographic(projection) = projection else { return Vec3::ONE };
    Vec3::new(projection.scale, projection.scale, 1.0)
}

fn write_corner(
    corner: Res<Corner>,
    view: Res<View>,
    projection: Single<&Projection, With<Camera2d>>,
    mut text: Single<(&mut Text2d, &mut Transform), With<CornerText>>,
) {
    let (text, transform) = &mut *text;
    if text.0 != corner.0 {
        text.0.clone_from(&corner.0);
    }
    let translation = place::to_bevy(view.corner + IVec2::splat(2), depth::LABELS + 1.0);
    transform.set_if_neq(Transform { translation, scale: scale(&projection), ..default() });
}

fn write_labels(
    mut commands: Commands,
    tags: Res<Tags>,
    view: Res<View>,
    painter: NonSend<Painter>,
    projection: Single<&Projection, With<Camera2d>>,
    mut labels: Query<(&mut Text2d, &mut Transform, &mut TextColor), With<Label>>,
) {
    if painter.painter.is_some() {
        return;
    }
    let mut tags = tags.tags.iter();
    let color = |is_own: bool| TextColor(if is_own { OWN } else { Color::WHITE });
    for (mut text, mut transform, mut letters) in &mut labels {
        let Some(tag) = tags.next() else {
            if !text.0.is_empty() {
                text.0.clear();
            }
            continue;
        };
        if text.0 != tag.name {
            text.0.clone_from(&tag.name);
        }
        letters.set_if_neq(color(tag.is_own));
        let head = view.corner + Vec2::new(tag.x, tag.y).as_ivec2();
        let translation = place::to_bevy(head, depth::LABELS);
        transform.set_if_neq(Transform { translation, scale: scale(&projection), ..default() });
    }
    // They get their places in the next frame.
    for _ in tags {
        commands.spawn((Name::new("label"), Label, letters(), Anchor::BOTTOM_CENTER));
    }
}
