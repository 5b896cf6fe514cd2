//! How people walk: [`advance`] says where somebody is, a while after they set out.
//!
//! Everybody draws everybody with it, oneself included, from the few [`Edge`]s that were sent, so all agree and
//! nobody ever needs to be asked for the way in between. Time is in whole microseconds and way in
//! [`crate::position::UNITS_PER_TILE`], so the arithmetic is exact and a walk computed in one step or in a thousand
//! ends in the same place.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    map::Collision,
    position::{Direction, PIXELS_PER_TILE, Point, Position, UNITS_PER_PIXEL},
};

/// How far to the side a walker gives way to get round a corner or into a door: half a tile.
const GIVE_WAY_PIXELS: i32 = PIXELS_PER_TILE / 2;

/// What is sent when somebody sets out, turns or stops: always a place on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Where it happened.
    pub position: Position,
    /// The way one looks, and walks if one does.
    pub direction: Direction,
    /// Whether one walks from then on.
    pub is_moving: bool,
}

/// Where somebody is at some moment, and what they are about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pose {
    /// The feet.
    pub point: Point,
    /// The way one looks, and walks if one does.
    pub direction: Direction,
    /// Whether one walks. Walking against a wall is not moving.
    pub is_moving: bool,
}

impl From<Edge> for Pose {
    fn from(edge: Edge) -> Self {
        Self { point: edge.position.into(), direction: edge.direction, is_moving: edge.is_moving }
    }
}

impl Pose {
    /// The edge that says so, on the grid. A walker between two free places of the grid goes to the nearer of them,
    /// so an edge made of an advanced pose is never in a wall.
    pub fn edge(self) -> Edge {
        Edge { position: self.point.nearest_position(), direction: self.direction, is_moving: self.is_moving }
    }
}

/// Where somebody who was at `pose` is `age` later.
///
/// They go straight on at 4 tiles a second. Where something is in the way they give way to the side that is sooner
/// free, by up to half a tile; where neither side is, they stop for good.
///
/// For all ages `advance(a + b) = advance(b) ∘ advance(a)`: what happens next depends on the pose alone.
pub fn advance(map: &Collision, pose: Pose, age: Duration) -> Pose {
    let mut pose = pose;
    // Whoever walks so long has reached the end of any map; the cut keeps the arithmetic in range.
    let mut left = i32::try_from(age.as_micros()).unwrap_or(i32::MAX);
    while pose.is_moving {
        let Some((way, reach)) = course(map, pose) else {
            pose.is_moving = false;
            break;
        };
        if left == 0 {
            break;
        }
        let distance = reach.min(left);
        let (dx, dy) = way.step();
        pose.point.x += dx * distance;
        pose.point.y += dy * distance;
        left -= distance;
    }
    pose
}

/// Which way a walker goes from here and how many units it surely goes that way, or nothing where it is stuck.
fn course(map: &Collision, pose: Pose) -> Option<(Direction, i32)> {
    let Point { x, y } = pose.point;
    let (column, row) = (x.div_euclid(UNITS_PER_PIXEL), y.div_euclid(UNITS_PER_PIXEL));
    let (over_x, over_y) = (x.rem_euclid(UNITS_PER_PIXEL), y.rem_euclid(UNITS_PER_PIXEL));
    let forward = pose.direction;
    let [along, across] = if forward.is_horizontal() { [over_x, over_y] } else { [over_y, over_x] };
    let ahead = |way: Direction, over: i32| {
        let (dx, dy) = way.step();
        let is_rising = dx + dy > 0;
        if over == 0 || is_rising { UNITS_PER_PIXEL - over } else { over }
    };
    match (along, across) {
        (0, 0) => decide(map, forward, column, row).map(|way| (way, UNITS_PER_PIXEL)),
        // Between two places of the grid on the way forward: the one ahead was free when it was left for.
        (_, 0) => {
            let (dx, dy) = forward.step();
            let (next_x, next_y) = (column + dx.max(0), row + dy.max(0));
            map.is_free(next_x, next_y).then(|| (forward, ahead(forward, along)))
        }
        // Giving way: on to whichever side the places on both sides agree on.
        (0, _) => forward.sides().into_iter().find_map(|side| {
            let (dx, dy) = side.step();
            // The place this step to the side began at: left and up lead towards smaller numbers.
            let (from_x, from_y) = (column - dx.min(0), row - dy.min(0));
            (decide(map, forward, from_x, from_y) == Some(side)).then(|| (side, ahead(side, across)))
        }),
        // No walk on the grid ends up here.
        _ => None,
    }
}

/// Which way a walker goes from a place of the grid.
fn decide(map: &Collision, forward: Direction, x: i32, y: i32) -> Option<Direction> {
    if !map.is_free(x, y) {
        return None;
    }
    let (dx, dy) = forward.step();
    if map.is_free(x + dx, y + dy) {
        return Some(forward);
    }
    let mut open = [true; 2];
    for pixels in 1..=GIVE_WAY_PIXELS {
        for (index, side) in forward.sides().into_iter().enumerate() {
            let (side_x, side_y) = side.step();
            let (x, y) = (x + side_x * pixels, y + side_y * pixels);
            open[index] &= map.is_free(x, y);
            if open[index] && map.is_free(x + dx, y + dy) {
                return Some(side);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::map::{Rectangle, Shape};

    const TILE: Duration = Duration::from_millis(250);

    fn room(areas: &[(i32, i32, i32, i32)]) -> Collision {
        let shape = |&(x, y, width, height): &(i32, i32, i32, i32)| Shape {
            area: Rectangle { x, y, width, height },
            blocks_sound: true,
        };
        Collision::new(12, 12, &areas.iter().map(shape).collect::<Vec<_>>())
    }

    fn walk(x: u16, y: u16, direction: Direction) -> Pose {
        Edge { position: Position::new(x, y), direction, is_moving: true }.into()
    }

    #[test]
    fn a_straight_walk_covers_four_tiles_a_second() {
        let map = room(&[]);
        let after = advance(&map, walk(32, 32, Direction::Right), TILE * 4);
        assert_eq!(
            after.edge(),
            Edge { position: Position::new(96, 32), direction: Direction::Right, is_moving: true }
        );
    }

    #[test]
    fn a_walk_against_a_wall_ends_there_and_is_not_moving() {
        let map = room(&[(64, 0, 16, 192)]);
        let after = advance(&map, walk(32, 32, Direction::Right), TILE * 100);
        assert_eq!(
            after.edge(),
            Edge { position: Position::new(59, 32), direction: Direction::Right, is_moving: false }
        );
        let at_the_wall = advance(&map, walk(59, 32, Direction::Right), Duration::ZERO);
        assert!(!at_the_wall.is_moving);
    }

    #[test]
    fn a_door_half_a_tile_aside_is_entered() {
        // A wall across the map with a gap one tile wide from 96 to 112.
        let map = room(&[(0, 64, 96, 16), (112, 64, 80, 16)]);
        for (x, enters) in [(104, true), (100, true), (93, true), (92, false), (115, true), (116, false)] {
            let after = advance(&map, walk(x, 32 + 64, Direction::Up), TILE * 4);
            assert_eq!(after.edge().position.y < 60, enters, "from x = {x}: {after:?}");
        }
    }

    #[test]
    fn whoever_stands_in_a_wall_stays() {
        let map = room(&[(64, 64, 32, 32)]);
        let pose = walk(80, 80, Direction::Left);
        assert_eq!(advance(&map, pose, TILE), Pose { is_moving: false, ..pose });
    }

    fn direction() -> impl Strategy<Value = Direction> {
        prop::sample::select(Direction::ALL.to_vec())
    }

    fn shapes() -> impl Strategy<Value = Vec<(i32, i32, i32, i32)>> {
        prop::collection::vec((0..190, 0..190, 1..60, 1..60), 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_walk_in_two_parts_is_the_walk_in_one(
            areas in shapes(), x in 0..=192u16, y in 0..=192u16, direction in direction(),
            first in 0..4_000_000u64, second in 0..4_000_000u64,
        ) {
            let map = room(&areas);
            let pose = walk(x, y, direction);
            let [a, b] = [first, second].map(Duration::from_micros);
            prop_assert_eq!(advance(&map, pose, a + b), advance(&map, advance(&map, pose, a), b));
        }

        #[test]
        fn no_walk_enters_a_wall(
            areas in shapes(), x in 0..=192u16, y in 0..=192u16, direction in direction(), age in 0..4_000_000u64,
        ) {
            let map = room(&areas);
            prop_assume!(map.is_walkable(Position::new(x, y)));
            let after = advance(&map, walk(x, y, direction), Duration::from_micros(age));
            prop_assert!(map.is_walkable(after.edge().position));
            // Exactly, too: both places of the grid around the point are free.
            let around = |units: i32| [units.div_euclid(UNITS_PER_PIXEL), -(-units).div_euclid(UNITS_PER_PIXEL)];
            for column in around(after.point.x) {
                for row in around(after.point.y) {
                    prop_assert!(map.is_free(column, row), "{:?}", after.point);
                }
            }
        }

        #[test]
        fn any_number_of_frames_leads_to_the_same_place(
            areas in shapes(), x in 0..=192u16, y in 0..=192u16, direction in direction(),
            frames in prop::collection::vec(0..40_000u64, 1..40),
        ) {
            let map = room(&areas);
            let start = walk(x, y, direction);
            let stepped = frames.iter().fold(start, |pose, &age| advance(&map, pose, Duration::from_micros(age)));
            let at_once = advance(&map, start, Duration::from_micros(frames.iter().sum()));
            prop_assert_eq!(stepped, at_once);
        }
    }
}
