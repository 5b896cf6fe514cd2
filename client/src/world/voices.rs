//! A ring on the ground around whoever speaks.

use std::collections::HashSet;

use bevy::{prelude::*, sprite::Anchor};
use shared::identity::UserId;

use super::{
    avatar::{Avatar, Stance},
    depth,
    emotes::Cells,
    place,
    poses::Poses,
    schedule::WorldSystems,
    sheet::Sheet,
};

/// Where the ring is in the picture of emotes.
const COLUMN: u32 = 0;
const ROW: u32 = 3;
/// Pixels from the feet up to the middle of the ring: they stand a little before it.
const RAISED: i32 = 2;

/// The ring around that person.
#[derive(Component)]
pub(super) struct Ring(UserId);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, show_rings.in_set(WorldSystems::Show));
}

fn show_rings(
    mut commands: Commands,
    poses: Res<Poses>,
    cells: Res<Cells>,
    sheet: Res<Sheet>,
    avatars: Query<(&Avatar, &Stance)>,
    mut rings: Query<(Entity, &Ring, &mut Transform)>,
) {
    let speakers: HashSet<UserId> =
        poses.people.iter().filter(|seen| seen.is_speaking).map(|seen| seen.user_id).collect();
    if speakers.is_empty() && rings.is_empty() {
        return;
    }
    let feet = |user_id: UserId| {
        let found = avatars.iter().find(|(avatar, _)| avatar.user_id == user_id);
        found.map(|(_, stance)| stance.feet)
    };
    let mut ringed = HashSet::new();
    for (entity, ring, mut transform) in &mut rings {
        match feet(ring.0).filter(|_| speakers.contains(&ring.0)) {
            Some(feet) => {
                transform.set_if_neq(around(feet));
                ringed.insert(ring.0);
            }
            None => commands.entity(entity).despawn(),
        }
    }
    for &user_id in speakers.difference(&ringed) {
        if let Some(feet) = feet(user_id) {
            let sprite = Sprite { image: sheet.image(), rect: Some(cells.cell(COLUMN, ROW)), ..default() };
            commands.spawn((Name::new("ring"), Ring(user_id), sprite, Anchor::CENTER, around(feet)));
        }
    }
}

fn around(feet: IVec2) -> Transform {
    Transform::from_translation(place::to_bevy(feet - IVec2::new(0, RAISED), depth::RINGS))
}
