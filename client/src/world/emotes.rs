//! What people show over their heads for a moment: speech bubbles that pop up and move a little.

use std::{collections::HashMap, time::Duration};

use bevy::{prelude::*, sprite::Anchor, window::PrimaryWindow};
use shared::{chat::Emote, identity::UserId};

use super::{
    art::Picture,
    avatar::{Avatar, HEIGHT, Stance},
    camera::View,
    controls::Controls,
    depth,
    idle::Stir,
    lens::Glass,
    name_tags, place,
    poses::Poses,
    schedule::WorldSystems,
    sheet::Sheet,
    watch::MARGIN,
};
use crate::session::Time;

/// Pixels across and down a cell of `emotes.png`, and how many there are; `xtask/art/src/emotes` says what they show.
pub(super) const CELL: u32 = 24;
/// Pixels of the whole picture.
pub(super) const PICTURE: UVec2 = UVec2::new(8 * CELL, 4 * CELL);
/// How long each of the two pictures of an emote is shown.
const BEAT: Duration = Duration::from_millis(250);
/// How long a bubble pops up ...
const POP: Duration = Duration::from_millis(160);
/// ... and its sizes meanwhile, and pixels above its place: small, a little too high, there.
const POPPING: [(f32, i32); 3] = [(0.5, 0), (1.0, 3), (1.0, 1)];
/// Pixels from the middle of the head to a bubble beside it.
const BESIDE: i32 = 21;

/// The picture, until it is on the sheet.
#[derive(Resource)]
pub(super) struct EmoteArt(pub(super) Picture);

/// Where it is on the sheet.
#[derive(Clone, Copy, Resource)]
pub(super) struct Cells(UVec2);

impl Cells {
    /// The cell in that column and row.
    pub(super) fn cell(self, column: u32, row: u32) -> Rect {
        let corner = self.0 + UVec2::new(column, row) * CELL;
        URect::from_corners(corner, corner + CELL).as_rect()
    }
}

/// A bubble.
#[derive(Component)]
pub(super) struct Bubble;

/// Who shows which bubble, what, and since when.
#[derive(Default, Resource)]
struct Bubbles(HashMap<UserId, (Entity, Emote, Time)>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Bubbles>()
        .add_systems(Startup, lay_out.before(super::map::place_things))
        .add_systems(Update, show_emotes.in_set(WorldSystems::Show));
}

fn lay_out(mut commands: Commands, art: Res<EmoteArt>, mut sheet: ResMut<Sheet>) {
    let corner = sheet.put(&art.0);
    commands.insert_resource(Cells(corner));
    commands.remove_resource::<EmoteArt>();
}

/// What decides where over a head something is: how large names are, and what is in view.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct Overhead<'w, 's> {
    window: Single<'w, 's, &'static Window, With<PrimaryWindow>>,
    glass: NonSend<'w, Glass>,
    pub(super) view: Res<'w, View>,
}

impl Overhead<'_, '_> {
    /// The middle of the lower edge of what hangs over somebody's name.
    pub(super) fn above_name(&self, feet: IVec2) -> IVec2 {
        let tag = name_tags::height(self.window.scale_factor(), self.glass.zoom());
        feet - IVec2::new(0, HEIGHT + tag + 1)
    }

    /// The middle of the lower edge of somebody's bubble: over the name, or beside the head where the view ends.
    fn bubble(&self, feet: IVec2) -> IVec2 {
        let above = self.above_name(feet);
        if above.y - (CELL as i32) < self.view.corner.y {
            feet + IVec2::new(BESIDE, CELL as i32 - HEIGHT)
        } else {
            above
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "all that makes a bubble")]
fn show_emotes(
    mut commands: Commands,
    poses: Res<Poses>,
    controls: Res<Controls>,
    cells: Res<Cells>,
    sheet: Res<Sheet>,
    overhead: Overhead,
    avatars: Query<(&Avatar, &Stance)>,
    mut bubbles: ResMut<Bubbles>,
    mut shown: Query<(&mut Transform, &mut Sprite), With<Bubble>>,
    mut stir: ResMut<Stir>,
) {
    let emotes: HashMap<UserId, Emote> =
        poses.people.iter().filter_map(|seen| Some((seen.user_id, seen.emote?))).collect();
    if emotes.is_empty() && bubbles.0.is_empty() {
        return;
    }
    bubbles.0.retain(|user_id, (bubble, ..)| {
        let stays = emotes.contains_key(user_id);
        if !stays {
            commands.entity(*bubble).despawn();
        }
        stays
    });
    for (avatar, stance) in &avatars {
        let Some(&emote) = emotes.get(&avatar.user_id) else { continue };
        let (bubble, is, since) = bubbles.0.entry(avatar.user_id).or_insert_with(|| {
            let bubble = commands.spawn((Name::new("bubble"), Bubble, Anchor::BOTTOM_CENTER)).id();
            (bubble, emote, poses.now)
        });
        if *is != emote {
            (*is, *since) = (emote, poses.now);
        }
        let age = poses.now.saturating_sub(*since);
        let frame = if controls.is_calm() { Frame::STILL } else { Frame::after(age) };
        if overhead.view.contains(stance.feet, MARGIN) && !controls.is_calm() {
            stir.each_frame |= age < POP;
            stir.beats = true;
        }
        let feet = overhead.bubble(stance.feet) - IVec2::new(0, frame.height);
        let z = depth::bubble(stance.feet.y as f32, avatar.rank);
        let transform = Transform { translation: place::to_bevy(feet, z), scale: Vec3::splat(frame.size), ..default() };
        let area = Some(cells.cell(emote as u32, frame.row));
        if let Ok((mut before, mut sprite)) = shown.get_mut(*bubble) {
            before.set_if_neq(transform);
            if sprite.rect != area {
                sprite.rect = area;
            }
        } else {
            // It is spawned when this system is done.
            let sprite = Sprite { image: sheet.image(), rect: area, ..default() };
            commands.entity(*bubble).insert((transform, sprite));
        }
    }
}

/// How a bubble looks at some moment.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    row: u32,
    /// Part of its full size.
    size: f32,
    /// Pixels above its place.
    height: i32,
}

impl Frame {
    const STILL: Self = Self { row: 0, size: 1.0, height: 0 };

    fn after(age: Duration) -> Self {
        let step = (age.as_millis() * POPPING.len() as u128 / POP.as_millis()) as usize;
        let (size, height) = POPPING.get(step).copied().unwrap_or((1.0, 0));
        let row = (age.as_millis() / BEAT.as_millis() % 2) as u32;
        Self { row, size, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bubble_pops_up_and_then_changes_four_times_a_second() {
        let after = |ms| Frame::after(Duration::from_millis(ms));
        assert!(after(0).size < 1.0 && after(60).height > after(120).height);
        assert_eq!(after(160), Frame::STILL);
        assert_eq!([240, 260, 490, 510].map(|ms| after(ms).row), [0, 1, 1, 0]);
    }

    #[test]
    fn every_emote_has_its_column() {
        for (column, emote) in (0..).zip(Emote::ALL) {
            assert_eq!(emote as u32, column);
        }
    }
}
