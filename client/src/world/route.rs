//! Shows where one is walking to by the shortest way: a mark at the end, and dots on the way there.

use bevy::{prelude::*, sprite::Anchor};

use super::{
    art::Picture,
    avatar::{Avatar, Stance},
    depth, place,
    poses::Poses,
    schedule::WorldSystems,
    sheet::Sheet,
};

/// Pixels from one dot to the next.
const SPACING: i32 = 8;
/// A way with more dots shows the last of them.
const DOTS_AT_MOST: usize = 256;

/// A mark around the place: light, with a dark rim to be seen on any ground.
const TARGET: [&str; 9] = [
    "....ooooo....",
    "..oo#####oo..",
    ".o##ooooo##o.",
    "o#oo.....oo#o",
    "o#o..o#o..o#o",
    "o#oo.....oo#o",
    ".o##ooooo##o.",
    "..oo#####oo..",
    "....ooooo....",
];
/// A dot on the way.
const DOT: [&str; 4] = [".oo.", "o##o", "o##o", ".oo."];
/// The palette's lightest yellow ...
const LIGHT: [u8; 4] = [255, 241, 170, 255];
/// ... and its ink, half transparent.
const RIM: [u8; 4] = [34, 28, 53, 140];

/// Where the marks are on the sheet.
#[derive(Resource)]
struct Marks {
    target: Rect,
    dot: Rect,
}

/// A mark on the ground. There are as many as the longest way so far needed; those that are too many are hidden.
#[derive(Component)]
pub(super) struct Mark;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, draw_marks.before(super::map::place_things))
        .add_systems(Update, show_route.in_set(WorldSystems::Show));
}

fn draw_marks(mut commands: Commands, mut sheet: ResMut<Sheet>) {
    let [target, dot] = [TARGET.as_slice(), DOT.as_slice()].map(|lines| {
        let picture = drawn(lines);
        let corner = sheet.put(&picture);
        URect::from_corners(corner, corner + picture.size).as_rect()
    });
    commands.insert_resource(Marks { target, dot });
}

fn drawn(lines: &[&str]) -> Picture {
    let size = UVec2::new(lines[0].len() as u32, lines.len() as u32);
    let pixels = lines.iter().flat_map(|line| line.bytes());
    let pixels = pixels.map(|pixel| match pixel {
        b'#' => LIGHT,
        b'o' => RIM,
        _ => [0; 4],
    });
    Picture { size, pixels: pixels.collect() }
}

fn show_route(
    mut commands: Commands,
    poses: Res<Poses>,
    marks: Res<Marks>,
    sheet: Res<Sheet>,
    avatars: Query<(&Avatar, &Stance)>,
    mut shown: Query<(&mut Transform, &mut Sprite, &mut Visibility), With<Mark>>,
) {
    let feet = avatars.iter().find(|(avatar, _)| avatar.is_own).map(|(_, stance)| stance.feet);
    let corners: Vec<IVec2> = poses.route.iter().copied().map(place::pixel).collect();
    let dots = feet.map(|feet| dots(feet, &corners)).unwrap_or_default();
    let target = feet.and(corners.last()).map(|end| (marks.target, *end));
    let mut wanted = target.into_iter().chain(dots.into_iter().map(|dot| (marks.dot, dot)));
    for (mut transform, mut sprite, mut visibility) in &mut shown {
        let Some((area, middle)) = wanted.next() else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        transform.set_if_neq(at(middle, area));
        if sprite.rect != Some(area) {
            sprite.rect = Some(area);
        }
    }
    for (area, middle) in wanted {
        let sprite = Sprite { image: sheet.image(), rect: Some(area), ..default() };
        commands.spawn((Name::new("mark"), Mark, sprite, Anchor::TOP_LEFT, at(middle, area)));
    }
}

fn at(middle: IVec2, area: Rect) -> Transform {
    let half = (area.size() / 2.0).floor().as_ivec2();
    Transform::from_translation(place::to_bevy(middle - half, depth::MARKS))
}

/// Places on the way from the feet over the corners to the end, counted back from the end so that they stay where
/// they are while one walks, neither under the feet nor in the mark.
fn dots(feet: IVec2, corners: &[IVec2]) -> Vec<IVec2> {
    let mut dots = Vec::new();
    let mut next = SPACING + SPACING / 2;
    let befores = std::iter::once(&feet).chain(corners).rev().skip(1);
    for (&to, &from) in corners.iter().rev().zip(befores) {
        let step = (from - to).signum();
        let length = (from - to).abs().max_element();
        while next < length && dots.len() < DOTS_AT_MOST {
            dots.push(to + step * next);
            next += SPACING;
        }
        next -= length;
    }
    dots.retain(|dot| (*dot - feet).abs().max_element() >= SPACING);
    dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stay_where_they_are_while_one_walks() {
        let corners = [IVec2::new(100, 10), IVec2::new(100, 60)];
        let far = dots(IVec2::new(10, 10), &corners);
        let near = dots(IVec2::new(43, 10), &corners);
        assert!(near.len() < far.len());
        assert_eq!(near, far[..near.len()], "those behind are gone, the others did not move");
        assert!(far.iter().all(|dot| dot.y == 10 || dot.x == 100), "all are on the way: {far:?}");
    }

    #[test]
    fn a_way_of_any_length_has_a_bounded_number_of_dots() {
        assert_eq!(dots(IVec2::ZERO, &[IVec2::new(100_000, 0)]).len(), DOTS_AT_MOST);
        assert!(dots(IVec2::ZERO, &[]).is_empty());
    }
}
