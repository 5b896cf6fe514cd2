//! One's own avatar: from keys and clicks to edges.
//!
//! The avatar is always where [`advance`] says that its last edge leads, so it is where everybody else sees it. Each
//! edge is put on the grid first, which moves the avatar by half a pixel of the art at most.

use std::{collections::VecDeque, time::Duration};

use shared::{
    map::{Collision, Map, path::Leg},
    movement::{Edge, Pose, advance},
    position::{Direction, Point, Position},
};

use super::Time;

/// How often a walker looks whether a wall is in the way, so that a stop is told soon enough to be of use.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// One's own avatar.
#[derive(Debug)]
pub struct Walker {
    edge: Edge,
    since: Time,
    /// Where the held keys lead; it waits while there is a route.
    steering: Option<Direction>,
    route: VecDeque<Leg>,
    looked: Time,
    edges: VecDeque<Edge>,
}

impl Walker {
    /// An avatar that was put there.
    pub fn new(now: Time, edge: Edge) -> Self {
        Self { edge, since: now, steering: None, route: VecDeque::new(), looked: now, edges: VecDeque::new() }
    }

    /// Where it is at that time.
    pub fn pose(&self, map: &Collision, now: Time) -> Pose {
        advance(map, self.edge.into(), now.saturating_sub(self.since))
    }

    /// Says where it is and what it does, to a relay that took it to be as in `known`.
    pub fn tell_again(&mut self, map: &Collision, now: Time, known: Edge) {
        self.edges.clear();
        let edge = self.pose(map, now).edge();
        if edge != known {
            (self.edge, self.since) = (edge, now);
            self.edges.push_back(edge);
        }
    }

    /// The next edge to tell the others.
    pub fn poll(&mut self) -> Option<Edge> {
        self.edges.pop_front()
    }

    /// When [`Self::step`] should be called at the latest.
    pub fn next_timeout(&self) -> Option<Time> {
        if !self.edge.is_moving {
            return None;
        }
        let look = self.looked + LOOK_EVERY;
        Some(self.leg_end().map_or(look, |end| end.min(look)))
    }

    /// The corners that are still ahead, and the end.
    pub fn route(&self) -> Vec<Position> {
        self.route.iter().map(|leg| leg.end).collect()
    }

    /// Walks in this direction from now on, or stands.
    pub fn steer(&mut self, map: &Map, now: Time, direction: Option<Direction>) {
        if direction.is_none() && (self.steering.is_none() || !self.route.is_empty()) {
            // Keys let go, or focus lost, while walking by the shortest way: that goes on.
            self.steering = None;
            return;
        }
        self.route.clear();
        self.steering = direction;
        let here = self.pose(&map.collision, now).edge();
        self.head(map, now, here.position, direction);
    }

    /// Walks there by the shortest way, or as near as one gets; then where a key that is still held leads.
    pub fn walk_to(&mut self, map: &Map, now: Time, to: Position) {
        let here = self.pose(&map.collision, now).edge().position;
        self.route = map.paths.find(&map.collision, here, to).into();
        self.head(map, now, here, self.next_direction());
    }

    /// Stands still if it walked by the shortest way, or goes where a key that is still held leads.
    pub fn stop_route(&mut self, map: &Map, now: Time) {
        if !self.route.is_empty() {
            self.route.clear();
            let here = self.pose(&map.collision, now).edge().position;
            self.head(map, now, here, self.steering);
        }
    }

    /// Turns at the corners of the way that were reached, and notices walls.
    pub fn step(&mut self, map: &Map, now: Time) {
        self.looked = now;
        while let Some(end) = self.leg_end().filter(|&end| end <= now) {
            // The turn is made when the corner was reached, however late this is called.
            let Some(leg) = self.route.pop_front() else { break };
            self.head(map, end, leg.end, self.next_direction());
        }
        let pose = self.pose(&map.collision, now);
        if self.edge.is_moving && !pose.is_moving {
            self.route.clear();
            self.head(map, now, pose.edge().position, None);
        }
    }

    /// Where the way leads on, or where the keys lead when there is none.
    fn next_direction(&self) -> Option<Direction> {
        self.route.front().map(|leg| leg.direction).or(self.steering)
    }

    /// When the present part of the way ends.
    fn leg_end(&self) -> Option<Time> {
        let leg = self.route.front().filter(|_| self.edge.is_moving)?;
        let (from, to) = (Point::from(self.edge.position), Point::from(leg.end));
        // One unit of way is one microsecond.
        let way = from.x.abs_diff(to.x) + from.y.abs_diff(to.y);
        Some(self.since + Duration::from_micros(u64::from(way)))
    }

    fn head(&mut self, map: &Map, now: Time, position: Position, direction: Option<Direction>) {
        let edge =
            Edge { position, direction: direction.unwrap_or(self.edge.direction), is_moving: direction.is_some() };
        // Walking against a wall is not moving.
        let is_moving = advance(&map.collision, edge.into(), Duration::ZERO).is_moving;
        let edge = Edge { is_moving, ..edge };
        let goes_on = (edge.direction, edge.is_moving) == (self.edge.direction, self.edge.is_moving);
        if goes_on {
            return;
        }
        self.edge = edge;
        self.since = now;
        self.edges.push_back(edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::{at, campus};

    /// Ten tiles east of the default spawn point, where the way is free.
    fn east(from: Position) -> Position {
        Position { x: from.x + 160, ..from }
    }

    fn walker(map: &Map) -> Walker {
        let position = map.default_spawn();
        Walker::new(at(0), Edge { position, direction: Direction::Down, is_moving: false })
    }

    /// Steps it as a frame does, until then.
    fn run(walker: &mut Walker, map: &Map, from_ms: u64, to_ms: u64) -> Pose {
        for ms in (from_ms..=to_ms).step_by(16) {
            walker.step(map, at(ms));
        }
        walker.pose(&map.collision, at(to_ms))
    }

    #[test]
    fn a_key_still_held_when_a_way_ends_leads_on() {
        let map = campus();
        let mut walker = walker(&map);
        walker.steer(&map, at(0), Some(Direction::Left));
        walker.walk_to(&map, at(100), east(map.default_spawn()));
        assert_eq!(run(&mut walker, &map, 100, 1000).direction, Direction::Right, "the click counts, it came later");
        let pose = run(&mut walker, &map, 1000, 3200);
        assert!(pose.is_moving && pose.direction == Direction::Left, "{pose:?}");
        walker.steer(&map, at(3200), None);
        assert!(!walker.pose(&map.collision, at(3200)).is_moving);
    }

    #[test]
    fn a_key_let_go_on_the_way_leaves_one_standing_at_its_end() {
        let map = campus();
        let mut walker = walker(&map);
        walker.steer(&map, at(0), Some(Direction::Right));
        walker.walk_to(&map, at(0), east(map.default_spawn()));
        walker.steer(&map, at(500), None);
        assert!(run(&mut walker, &map, 500, 1000).is_moving, "the way goes on");
        let pose = run(&mut walker, &map, 1000, 4000);
        assert!(!pose.is_moving);
        assert_eq!(pose.point.nearest_position(), east(map.default_spawn()));
    }

    #[test]
    fn a_key_pressed_on_the_way_ends_it() {
        let map = campus();
        let mut walker = walker(&map);
        walker.walk_to(&map, at(0), east(map.default_spawn()));
        walker.steer(&map, at(500), Some(Direction::Left));
        assert!(walker.route().is_empty());
        assert_eq!(run(&mut walker, &map, 500, 600).direction, Direction::Left);
    }

    #[test]
    fn a_way_given_up_goes_on_where_the_held_key_leads() {
        let map = campus();
        let mut walker = walker(&map);
        walker.steer(&map, at(0), Some(Direction::Left));
        walker.walk_to(&map, at(100), east(map.default_spawn()));
        walker.stop_route(&map, at(500));
        let pose = walker.pose(&map.collision, at(500));
        assert!(pose.is_moving && pose.direction == Direction::Left, "{pose:?}");
    }
}
