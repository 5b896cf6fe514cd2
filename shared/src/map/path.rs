//! The shortest way from one place to another, round what is in the way.
//!
//! Ways lead along a lattice of half tiles: fine enough for every door, coarse enough to be searched in a
//! millisecond. Where somebody stands between the lattice's points, the first steps lead onto it.

use std::collections::VecDeque;

use pathfinding::prelude::astar;

use super::{Collision, Rectangle};
use crate::position::{Direction, PIXELS_PER_TILE, Position};

/// Pixels between two points of the lattice.
const STEP: i32 = PIXELS_PER_TILE / 2;

/// What a turn costs, in pixels of way: among ways of nearly the same length the straighter one looks natural, and
/// each turn is one more message.
const TURN: i32 = 6;

/// How far from where somebody stands the lattice is looked for, in pixels.
const NEAR: i32 = PIXELS_PER_TILE;

/// How far it is looked for by somebody who is between the lattice's lines, as in the gap behind a cupboard.
const FAR: i32 = 4 * PIXELS_PER_TILE;

/// A straight part of a way: walk in this direction until there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The way to walk.
    pub direction: Direction,
    /// Where the leg ends.
    pub end: Position,
}

/// Which points of the lattice are free, and which of them are connected.
#[derive(Clone, Debug)]
pub struct Paths {
    columns: i32,
    rows: i32,
    /// For each point, 0 if it is blocked, else a number that connected points share.
    regions: Vec<u16>,
    /// The region with the most points: all but some narrow gaps.
    largest: u16,
}

/// A point of the lattice.
type Node = (i32, i32);

impl Paths {
    /// Looks at the whole map once.
    pub fn new(map: &Collision) -> Self {
        let (width, height) = map.size();
        let mut paths = Self { columns: width / STEP + 1, rows: height / STEP + 1, regions: Vec::new(), largest: 0 };
        paths.regions = vec![0; (paths.columns * paths.rows) as usize];
        let (mut region, mut most) = (0_u16, 0);
        for row in 0..paths.rows {
            for column in 0..paths.columns {
                let node = (column, row);
                if paths.region(node) == 0 && map.is_free(column * STEP, row * STEP) {
                    // More regions than fit are all taken for one: no sound map has so many.
                    region = region.saturating_add(1);
                    let points = paths.flood(map, node, region);
                    if points > most {
                        (paths.largest, most) = (region, points);
                    }
                }
            }
        }
        paths
    }

    /// Marks all that is connected with a point, and counts it.
    fn flood(&mut self, map: &Collision, start: Node, region: u16) -> usize {
        let mut points = 0;
        let mut queue = VecDeque::from([start]);
        self.mark(start, region);
        while let Some(node) = queue.pop_front() {
            points += 1;
            for direction in Direction::ALL {
                if let Some(next) = self.neighbour(map, node, direction)
                    && self.region(next) == 0
                {
                    self.mark(next, region);
                    queue.push_back(next);
                }
            }
        }
        points
    }

    fn index(&self, (column, row): Node) -> Option<usize> {
        let inside = (0..self.columns).contains(&column) && (0..self.rows).contains(&row);
        inside.then(|| (row * self.columns + column) as usize)
    }

    fn region(&self, node: Node) -> u16 {
        self.index(node).map_or(0, |index| self.regions[index])
    }

    fn mark(&mut self, node: Node, region: u16) {
        if let Some(index) = self.index(node) {
            self.regions[index] = region;
        }
    }

    /// The next point of the lattice that way, if one can walk straight to it.
    fn neighbour(&self, map: &Collision, (column, row): Node, direction: Direction) -> Option<Node> {
        let (dx, dy) = direction.step();
        let next = (column + dx, row + dy);
        self.index(next)?;
        let free = |pixels: i32| map.is_free(column * STEP + dx * pixels, row * STEP + dy * pixels);
        (1..=STEP).all(free).then_some(next)
    }

    /// Whether somebody at `from` can walk to some place inside of `area`.
    pub fn reaches_any(&self, from: Position, area: Rectangle) -> bool {
        let regions = self.regions_around(from);
        nodes(area).any(|node| regions.contains(&self.region(node)) && self.region(node) != 0)
    }

    /// The place in `area` nearest to its middle that one can walk to from nearly everywhere, if there is one.
    pub fn middle_of(&self, area: Rectangle) -> Option<Position> {
        let (x, y) = (area.x + area.width / 2, area.y + area.height / 2);
        let reachable = nodes(area).filter(|&node| self.largest != 0 && self.region(node) == self.largest);
        let places = reachable.map(|(column, row)| Position::new((column * STEP) as u16, (row * STEP) as u16));
        let distance = |place: &Position| (i32::from(place.x) - x).pow(2) + (i32::from(place.y) - y).pow(2);
        places.filter(|place| area.contains(*place)).min_by_key(distance)
    }

    fn regions_around(&self, from: Position) -> Vec<u16> {
        let (column, row) = (i32::from(from.x) / STEP, i32::from(from.y) / STEP);
        [(0, 0), (1, 0), (0, 1), (1, 1)].iter().map(|(dx, dy)| self.region((column + dx, row + dy))).collect()
    }

    /// The straight parts of the shortest way from `from` to the reachable place nearest to `to`; nothing if one is
    /// there already or cannot move at all.
    pub fn find(&self, map: &Collision, from: Position, to: Position) -> Vec<Leg> {
        let mut starts = onto_lattice(map, from, NEAR, true);
        if !starts.iter().any(|start| self.region(start.node) == self.largest) {
            starts = onto_lattice(map, from, FAR, false);
        }
        let Some(goal) = self.nearest_reachable(&starts, to) else { return Vec::new() };
        let Some(trail) = self.search(map, &starts, goal) else { return Vec::new() };
        let start = trail.first().and_then(|node| starts.iter().find(|start| start.node == *node));
        let mut pixels: Vec<(i32, i32)> = start.map(|start| start.trail.clone()).unwrap_or_default();
        pixels.extend(trail.iter().skip(1).map(|(column, row)| (column * STEP, row * STEP)));
        last_steps(map, &mut pixels, to);
        legs(from, &pixels)
    }

    fn nearest_reachable(&self, starts: &[Start], to: Position) -> Option<Node> {
        let regions: Vec<u16> =
            starts.iter().map(|start| self.region(start.node)).filter(|&region| region != 0).collect();
        let (x, y) = (i32::from(to.x), i32::from(to.y));
        let distance = |(column, row): Node| (column * STEP - x).pow(2) + (row * STEP - y).pow(2);
        (0..self.rows)
            .flat_map(|row| (0..self.columns).map(move |column| (column, row)))
            .filter(|&node| regions.contains(&self.region(node)))
            .min_by_key(|&node| distance(node))
    }

    fn search(&self, map: &Collision, starts: &[Start], goal: Node) -> Option<Vec<Node>> {
        // The state before the first step, from which all points near the start can be reached.
        let outset: (Option<Node>, Option<Direction>) = (None, None);
        let successors = |&(node, heading): &(Option<Node>, Option<Direction>)| match node {
            None => starts.iter().map(|start| ((Some(start.node), start.heading), start.trail.len() as i32)).collect(),
            Some(node) => {
                let step = |direction: Direction| {
                    let next = self.neighbour(map, node, direction)?;
                    let turn = if heading == Some(direction) || heading.is_none() { 0 } else { TURN };
                    Some(((Some(next), Some(direction)), STEP + turn))
                };
                Direction::ALL.into_iter().filter_map(step).collect::<Vec<_>>()
            }
        };
        let ahead = |&(node, _): &(Option<Node>, Option<Direction>)| {
            node.map_or(0, |(column, row)| ((column - goal.0).abs() + (row - goal.1).abs()) * STEP)
        };
        let (trail, _) = astar(&outset, successors, ahead, |&(node, _)| node == Some(goal))?;
        Some(trail.into_iter().filter_map(|(node, _)| node).collect())
    }
}

/// How one gets onto the lattice.
struct Start {
    node: Node,
    /// Pixels stepped on, the starting place first.
    trail: Vec<(i32, i32)>,
    heading: Option<Direction>,
}

/// The points of the lattice in an area, its sides included.
fn nodes(area: Rectangle) -> impl Iterator<Item = Node> {
    let first = |from: i32| (from.max(0) + STEP - 1) / STEP;
    let rows = first(area.y)..=area.bottom() / STEP;
    (first(area.x)..=area.right() / STEP).flat_map(move |column| rows.clone().map(move |row| (column, row)))
}

/// The points of the lattice so near to a place, each with the shortest way to it pixel by pixel; where asked for only
/// the first on each way.
fn onto_lattice(map: &Collision, from: Position, reach: i32, stop_at_first: bool) -> Vec<Start> {
    let origin = (i32::from(from.x), i32::from(from.y));
    let side = (2 * reach + 1) as usize;
    let cell = |(x, y): (i32, i32)| ((y - origin.1 + reach) as usize) * side + (x - origin.0 + reach) as usize;
    let mut came_from: Vec<Option<(i32, i32)>> = vec![None; side * side];
    let mut starts = Vec::new();
    let mut queue = VecDeque::new();
    if map.is_free(origin.0, origin.1) {
        came_from[cell(origin)] = Some(origin);
        queue.push_back(origin);
    }
    while let Some(here) = queue.pop_front() {
        if here.0 % STEP == 0 && here.1 % STEP == 0 {
            let mut trail = vec![here];
            while let Some(before) = trail.last().and_then(|&last| came_from[cell(last)])
                && Some(&before) != trail.last()
            {
                trail.push(before);
            }
            trail.reverse();
            let heading = trail.iter().nth_back(1).and_then(|&before| towards(before, here));
            starts.push(Start { node: (here.0 / STEP, here.1 / STEP), trail, heading });
            if stop_at_first {
                continue;
            }
        }
        for direction in Direction::ALL {
            let (dx, dy) = direction.step();
            let next = (here.0 + dx, here.1 + dy);
            let near = (next.0 - origin.0).abs() <= reach && (next.1 - origin.1).abs() <= reach;
            if near && came_from[cell(next)].is_none() && map.is_free(next.0, next.1) {
                came_from[cell(next)] = Some(here);
                queue.push_back(next);
            }
        }
    }
    starts
}

/// Goes on from the last point of the lattice to the very place asked for, if it is near and the way is free.
fn last_steps(map: &Collision, pixels: &mut Vec<(i32, i32)>, to: Position) {
    let Some(&(x, y)) = pixels.last() else { return };
    let (to_x, to_y) = (i32::from(to.x), i32::from(to.y));
    if (to_x - x).abs() > STEP || (to_y - y).abs() > STEP {
        return;
    }
    let between = |a: i32, b: i32| a.min(b)..=a.max(b);
    for corner in [(to_x, y), (x, to_y)] {
        let horizontal = between(x, to_x).all(|column| map.is_free(column, corner.1));
        let vertical = between(y, to_y).all(|row| map.is_free(corner.0, row));
        if horizontal && vertical {
            pixels.extend([corner, (to_x, to_y)]);
            return;
        }
    }
}

fn towards(from: (i32, i32), to: (i32, i32)) -> Option<Direction> {
    Direction::ALL.into_iter().find(|direction| {
        let (dx, dy) = direction.step();
        ((to.0 - from.0).signum(), (to.1 - from.1).signum()) == (dx, dy)
    })
}

/// Joins steps in the same direction.
fn legs(from: Position, pixels: &[(i32, i32)]) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    let mut here = (i32::from(from.x), i32::from(from.y));
    for &next in pixels {
        let Some(direction) = towards(here, next) else { continue };
        // Free places are on the map, and the map's pixels fit.
        let end = Position::new(next.0 as u16, next.1 as u16);
        match legs.last_mut() {
            Some(leg) if leg.direction == direction => leg.end = end,
            _ => legs.push(Leg { direction, end }),
        }
        here = next;
    }
    legs
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        map::Shape,
        movement::{Edge, advance},
        position::Point,
    };

    fn map(areas: &[(i32, i32, i32, i32)]) -> Collision {
        let shape = |&(x, y, width, height): &(i32, i32, i32, i32)| Shape {
            area: Rectangle { x, y, width, height },
            blocks_sound: true,
        };
        Collision::new(12, 12, &areas.iter().map(shape).collect::<Vec<_>>())
    }

    /// Walks the legs with the rules of movement.
    fn walk(map: &Collision, from: Position, legs: &[Leg]) -> Position {
        legs.iter().fold(from, |position, leg| {
            let pose = Edge { position, direction: leg.direction, is_moving: true }.into();
            let way = Point::from(position).distance_tiles(leg.end.into());
            let age = Duration::from_micros((f64::from(way) * 250_000.0).round() as u64);
            let end = advance(map, pose, age).edge().position;
            assert_eq!(end, leg.end, "a leg is walked straight");
            end
        })
    }

    #[test]
    fn a_way_leads_round_a_wall() {
        let map = map(&[(64, 32, 16, 128)]);
        let (from, to) = (Position::new(40, 96), Position::new(120, 96));
        let legs = Paths::new(&map).find(&map, from, to);
        assert_eq!(walk(&map, from, &legs), to);
        assert_eq!(legs.len(), 3, "up or down, past it, and back: {legs:?}");
    }

    #[test]
    fn a_click_on_a_tree_leads_beside_it() {
        let map = map(&[(96, 96, 16, 16)]);
        let from = Position::new(33, 51);
        let end = walk(&map, from, &Paths::new(&map).find(&map, from, Position::new(104, 104)));
        assert!(Point::from(end).distance_tiles(Position::new(104, 104).into()) <= 1.0, "{end:?}");
    }

    #[test]
    fn nobody_walks_out_of_a_cell() {
        let map = map(&[(0, 64, 192, 16)]);
        let paths = Paths::new(&map);
        let from = Position::new(96, 32);
        let end = walk(&map, from, &paths.find(&map, from, Position::new(96, 160)));
        assert!(end.y <= 61, "as near as one gets: {end:?}");
        let beyond = Rectangle { x: 0, y: 96, width: 64, height: 64 };
        assert!(!paths.reaches_any(from, beyond));
        assert!(paths.reaches_any(Position::new(96, 160), beyond));
    }

    #[test]
    fn the_middle_of_a_room_is_beside_the_table_that_stands_there() {
        let paths = Paths::new(&map(&[(64, 64, 48, 32)]));
        let room = Rectangle { x: 32, y: 32, width: 112, height: 96 };
        let middle = paths.middle_of(room).expect("a place");
        assert!(room.contains(middle), "{middle:?}");
        assert!(Point::from(middle).distance_tiles(Position::new(88, 80).into()) <= 2.0, "{middle:?}");
        assert_eq!(paths.middle_of(Rectangle { x: 66, y: 66, width: 16, height: 16 }), None, "inside of the table");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn every_way_can_be_walked(
            areas in prop::collection::vec((0..190, 0..190, 1..60, 1..60), 0..10),
            x in 0..=192u16, y in 0..=192u16, to_x in 0..=192u16, to_y in 0..=192u16,
        ) {
            let map = map(&areas);
            let from = Position::new(x, y);
            prop_assume!(map.is_walkable(from));
            let legs = Paths::new(&map).find(&map, from, Position::new(to_x, to_y));
            let end = walk(&map, from, &legs);
            prop_assert!(map.is_walkable(end));
        }
    }
}
