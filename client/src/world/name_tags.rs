//! Says what floats over the heads that are seen, and where; the shell paints it, or the desktop's Bevy.

use bevy::prelude::*;

use super::{
    NameTag, NameTagPainter,
    avatar::{Avatar, HEIGHT, Stance},
    camera::View,
    lens::Glass,
    poses::Poses,
    schedule::WorldSystems,
};

/// So far beside the view, in pixels, somebody's tag may still be seen.
const MARGIN: i32 = 48;

/// How high a tag is, in pixels of the style sheet: letters of 13 pixels with what is left free around them.
const HEIGHT_ON_PAGE: f32 = 23.0;

/// Pixels of the art that a tag covers above a head, at so many pixels of the screen to one of the style sheet, and
/// so many to one of the art.
pub(super) fn height(pixel_ratio: f32, zoom: u32) -> i32 {
    // A cast from float saturates.
    (HEIGHT_ON_PAGE * pixel_ratio / zoom.max(1) as f32).ceil() as i32
}

/// The tags of this frame.
#[derive(Debug, Default, Resource)]
pub(super) struct Tags {
    /// Those who are further down later, so that they are over the others.
    pub(super) tags: Vec<NameTag>,
}

/// Who paints them, and with which zoom they were painted last.
pub(super) struct Painter {
    pub(super) painter: Option<Box<dyn NameTagPainter>>,
    pub(super) painted_zoom: u32,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Tags>().add_systems(Update, (write_tags, paint_tags).chain().in_set(WorldSystems::Show));
}

pub(super) fn write_tags(
    poses: Res<Poses>,
    view: Res<View>,
    avatars: Query<(&Avatar, &Stance)>,
    mut tags: ResMut<Tags>,
) {
    let seen = avatars.iter().filter(|(_, stance)| view.contains(stance.feet, MARGIN));
    let mut seen: Vec<_> = seen.collect();
    seen.sort_unstable_by_key(|(avatar, stance)| (avatar.is_own, stance.feet.y, avatar.user_id));
    let new = seen.iter().filter_map(|(avatar, stance)| {
        let profile = poses.profiles.get(&avatar.user_id)?;
        let head = stance.feet - IVec2::new(0, HEIGHT) - view.corner;
        Some((avatar, profile, head.as_vec2()))
    });
    let is_same = new.clone().count() == tags.tags.len()
        && new.clone().zip(&tags.tags).all(|((avatar, profile, head), tag)| {
            (avatar.user_id, head) == (tag.user_id, Vec2::new(tag.x, tag.y))
                && (profile.name.as_str(), profile.status) == (&tag.name, tag.status)
        });
    if !is_same {
        tags.tags = new
            .map(|(avatar, profile, head)| NameTag {
                user_id: avatar.user_id,
                name: profile.name.to_string(),
                status: profile.status,
                is_own: avatar.is_own,
                x: head.x,
                y: head.y,
            })
            .collect();
    }
}

fn paint_tags(tags: Res<Tags>, view: Res<View>, glass: NonSend<Glass>, mut painter: NonSendMut<Painter>) {
    let zoom = glass.zoom();
    // A view of another size has a canvas of another size, which is empty.
    if tags.is_changed() || view.is_changed() || painter.painted_zoom != zoom {
        painter.painted_zoom = zoom;
        if let Some(painter) = &mut painter.painter {
            painter.paint(&tags.tags, zoom);
        }
    }
}
