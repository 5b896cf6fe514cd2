//! The people: each an avatar with the look of its profile, standing or walking where the session says.
//!
//! [`atlas`] gives out strips of the sheet, [`animation`] picks a cell of them, [`easing`] smooths corrections.

mod animation;
mod atlas;
mod easing;

use std::collections::HashMap;

use bevy::{prelude::*, sprite::Anchor};
use shared::{
    identity::UserId,
    movement::{Edge, Pose, advance},
    position::Direction,
    profile::{Appearance, Profile},
};

use self::{
    animation::{CELL, FEET},
    atlas::Wardrobe,
    easing::Easing,
};
use super::{
    art::Picture,
    depth,
    map::WorldMap,
    place,
    poses::{Poses, Seen},
    schedule::WorldSystems,
    sheet::Sheet,
};
use crate::session::Time;

/// Pixels from the feet up to the top of the tallest hair.
pub(super) const HEIGHT: i32 = FEET.y as i32;

/// Somebody's body.
#[derive(Component)]
pub(super) struct Avatar {
    pub(super) user_id: UserId,
    pub(super) is_own: bool,
    /// Who is before whom where two stand equally far down; see [`depth::standing`].
    pub(super) rank: f32,
}

/// How somebody is drawn right now.
#[derive(Clone, Copy, Component, Debug, PartialEq)]
pub(super) struct Stance {
    /// Whole pixels from the left and the top of the map to the feet.
    pub(super) feet: IVec2,
    pub(super) direction: Direction,
    /// Whether it will be drawn differently in the next frame.
    pub(super) is_in_motion: bool,
}

/// What must be remembered of a walk from frame to frame.
#[derive(Component)]
struct Walk {
    edge: Edge,
    since: Time,
    walking_since: Option<Time>,
    easing: Easing,
}

/// The strip that somebody wears.
#[derive(Clone, Copy, Component)]
struct Clothes {
    wanted: Appearance,
    worn: Appearance,
    strip: usize,
}

/// Everybody's body.
#[derive(Default, Resource)]
struct Bodies(HashMap<UserId, Entity>);

/// The layers that looks are made of.
#[derive(Resource)]
pub(super) struct Layers(pub(super) Picture);

/// Pixels of the whole sheet of layers: [`Appearance::rows`] never leads beyond it.
pub(super) const LAYERS: UVec2 = UVec2::new(240, 2520);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Bodies>()
        .add_systems(Startup, open_wardrobe.after(super::map::place_things))
        .add_systems(Update, (come_and_go, dress).chain().in_set(WorldSystems::Gather))
        .add_systems(Update, place_avatars.in_set(WorldSystems::Place));
}

fn open_wardrobe(mut commands: Commands, sheet: Res<Sheet>) {
    commands.insert_resource(Wardrobe::new(sheet.strips_at_most()));
}

fn come_and_go(
    mut commands: Commands,
    poses: Res<Poses>,
    mut bodies: ResMut<Bodies>,
    mut wardrobe: ResMut<Wardrobe>,
    clothes: Query<&Clothes>,
) {
    // Whoever walks somewhere is there already: only news bring somebody in or out.
    if !poses.has_news && bodies.0.len() == poses.people.len() {
        return;
    }
    let present: HashMap<UserId, &Seen> = poses.people.iter().map(|seen| (seen.user_id, seen)).collect();
    bodies.0.retain(|user_id, body| {
        let stays = present.contains_key(user_id);
        if !stays {
            if let Ok(clothes) = clothes.get(*body) {
                wardrobe.take_off(clothes.worn);
            }
            commands.entity(*body).despawn();
        }
        stays
    });
    for (user_id, seen) in present {
        bodies.0.entry(user_id).or_insert_with(|| commands.spawn(body(seen)).id());
    }
}

fn body(seen: &Seen) -> impl Bundle {
    (
        Name::new(format!("avatar {}", seen.user_id)),
        Avatar { user_id: seen.user_id, is_own: seen.is_own, rank: rank(seen) },
        Stance { feet: feet(seen.pose), direction: seen.pose.direction, is_in_motion: false },
        Walk { edge: seen.edge, since: seen.since, walking_since: None, easing: Easing::default() },
        Transform::default(),
        Anchor::BOTTOM_LEFT,
        Visibility::default(),
    )
}

fn dress(
    mut commands: Commands,
    poses: Res<Poses>,
    layers: Res<Layers>,
    mut sheet: ResMut<Sheet>,
    mut wardrobe: ResMut<Wardrobe>,
    avatars: Query<(Entity, &Avatar, Option<&Clothes>)>,
) {
    if !poses.has_news {
        return;
    }
    for (body, avatar, clothes) in &avatars {
        let Some(&Profile { appearance: wanted, .. }) = poses.profiles.get(&avatar.user_id) else { continue };
        if clothes.is_some_and(|clothes| clothes.wanted == wanted) {
            continue;
        }
        if let Some(old) = clothes {
            wardrobe.take_off(old.worn);
        }
        let worn = wardrobe.wear(wanted);
        if worn.is_new {
            sheet.paint_strip(worn.index, &layers.0, &worn.appearance.rows());
        }
        commands.entity(body).insert(Clothes { wanted, worn: worn.appearance, strip: worn.index });
        if clothes.is_none() {
            commands.entity(body).insert(Sprite { image: sheet.image(), ..default() });
        }
    }
}

/// All of an avatar; its clothes come a moment later than the rest.
type Whole<'world> = (
    &'world Avatar,
    &'world mut Walk,
    &'world mut Stance,
    &'world mut Transform,
    Option<(&'world mut Sprite, &'world Clothes)>,
);

fn place_avatars(
    poses: Res<Poses>,
    map: Res<WorldMap>,
    sheet: Res<Sheet>,
    bodies: Res<Bodies>,
    mut avatars: Query<Whole>,
) {
    for seen in &poses.people {
        let Some(body) = bodies.0.get(&seen.user_id) else { continue };
        let Ok((avatar, mut walk, mut stance, mut transform, dressed)) = avatars.get_mut(*body) else { continue };
        walk.follow(seen, &map, &poses);
        let exact = place::pixels(seen.pose.point);
        let feet = (exact + walk.easing.offset(poses.now)).round().as_ivec2();
        let is_in_motion = seen.pose.is_moving || walk.easing.is_at_work(poses.now);
        stance.set_if_neq(Stance { feet, direction: seen.pose.direction, is_in_motion });
        let z = depth::standing(feet.y as f32, avatar.rank);
        // The cell's bottom left corner, on whole pixels.
        let corner = feet + IVec2::new(-(FEET.x as i32), (CELL.y - FEET.y) as i32);
        transform.set_if_neq(Transform::from_translation(place::to_bevy(corner, z)));
        if let Some((mut sprite, clothes)) = dressed {
            let strip = sheet.strip(clothes.strip);
            let cell = animation::cell(seen.pose.direction, walk.walking_since, poses.now);
            let area = Some(Rect::from_corners((strip + cell.min).as_vec2(), (strip + cell.max).as_vec2()));
            if sprite.rect != area {
                sprite.rect = area;
            }
        }
    }
}

impl Walk {
    /// Takes in what is new about a walk.
    fn follow(&mut self, seen: &Seen, map: &WorldMap, poses: &Poses) {
        let is_news = (seen.edge, seen.since) != (self.edge, self.since);
        if is_news && !seen.is_own {
            let expected = advance(&map.0.collision, self.edge.into(), poses.now.saturating_sub(self.since));
            let drawn = place::pixels(expected.point) + self.easing.offset(poses.now);
            self.easing.correct(poses.now, drawn - place::pixels(seen.pose.point));
        }
        if poses.is_after_a_gap() {
            self.easing = Easing::default();
        }
        (self.edge, self.since) = (seen.edge, seen.since);
        self.walking_since = seen.pose.is_moving.then(|| self.walking_since.unwrap_or(poses.now));
    }
}

fn feet(pose: Pose) -> IVec2 {
    place::pixels(pose.point).round().as_ivec2()
}

/// Things, then people in an order that stays, then oneself.
fn rank(seen: &Seen) -> f32 {
    let hash = seen.user_id.to_string().bytes().fold(0_u8, |sum, digit| sum.wrapping_mul(31).wrapping_add(digit));
    if seen.is_own { 1.0 } else { 0.5 + f32::from(hash) / 1024.0 }
}
