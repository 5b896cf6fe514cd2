//! One's own avatar: from keys and clicks to edges.
//!
//! The avatar is always where [`advance`] says that its last edge leads, so it is where everybody else sees it. Each
//! edge is put on the grid first, which moves the avatar by half a pixel of the art at most.
//!
//! Rooms may be closed ([`Walker::close`]): the avatar stops at their door as at a wall. Only its owner knows of that,
//! so others are told of the stop, a moment before they would see it inside.

use std::{collections::VecDeque, time::Duration};

use shared::{
    map::{Collision, Map, Rectangle, path::Leg},
    movement::{Edge, Pose, advance},
    position::{Direction, Point, Position, UNITS_PER_PIXEL},
};

use super::Time;

/// How often a walker looks whether a wall is in the way, so that a stop is told soon enough to be of use.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The time in which a walker goes a pixel: one unit of way is one microsecond.
const PIXEL: Duration = Duration::from_micros(UNITS_PER_PIXEL as u64);

/// A room that nobody else can walk into for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedRoom {
    /// What it is called.
    pub name: String,
    /// Its floor.
    pub area: Rectangle,
}

/// One's own avatar.
#[derive(Debug)]
pub struct Walker {
    edge: Edge,
    since: Time,
    /// Where the held keys lead; it waits while there is a route.
    steering: Option<Direction>,
    route: VecDeque<Leg>,
    looked: Time,
    closed: Vec<ClosedRoom>,
    /// The closed room it would walk into, and stands before.
    at_door: Option<String>,
    /// When it will have reached the door of a closed room.
    door_reached: Option<Time>,
    edges: VecDeque<Edge>,
}

impl Walker {
    /// An avatar that was put there.
    pub fn new(now: Time, edge: Edge) -> Self {
        Self {
            edge,
            since: now,
            steering: None,
            route: VecDeque::new(),
            looked: now,
            closed: Vec::new(),
            at_door: None,
            door_reached: None,
            edges: VecDeque::new(),
        }
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
        if !self.is_under_way() {
            return None;
        }
        let look = self.looked + LOOK_EVERY;
        [Some(look), self.leg_end(), self.door_reached].into_iter().flatten().min()
    }

    /// Whether it matters which rooms are closed.
    pub fn is_under_way(&self) -> bool {
        self.edge.is_moving || self.at_door.is_some()
    }

    /// These rooms cannot be walked into from now on. Who waits at a door that opens and still wants in goes on.
    pub fn close(&mut self, map: &Map, now: Time, closed: Vec<ClosedRoom>) {
        if closed == self.closed {
            return;
        }
        self.closed = closed;
        let is_open = self.at_door.as_ref().is_some_and(|name| self.closed.iter().all(|room| room.name != *name));
        if is_open {
            self.at_door = None;
            self.head(map, now, self.edge.position, self.steering);
        }
    }

    /// The closed room it stands before, and would walk into.
    pub fn at_door(&self) -> Option<&str> {
        self.at_door.as_deref()
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
        let mut from = std::mem::replace(&mut self.looked, now);
        loop {
            let end = self.leg_end().filter(|&end| end <= now);
            if let Some((at, place, name)) = self.next_door(map, from, end.unwrap_or(now)) {
                self.stop_at(at, place, name);
                break;
            }
            // The turn is made when the corner was reached, however late this is called.
            let Some(end) = end else { break };
            let Some(leg) = self.route.pop_front() else { break };
            self.head(map, end, leg.end, self.next_direction());
            from = end;
        }
        self.door_reached = self.next_door(map, now, now + LOOK_EVERY).map(|(at, ..)| at);
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

    /// The closed room into which a step from one place to another leads.
    fn entered(&self, from: Position, to: Position) -> Option<&ClosedRoom> {
        self.closed.iter().find(|room| room.area.contains(to) && !room.area.contains(from))
    }

    /// When it walks into a closed room in that time, the last place before, and the name of the room.
    fn next_door(&self, map: &Map, from: Time, until: Time) -> Option<(Time, Position, String)> {
        if !self.edge.is_moving || self.closed.is_empty() {
            return None;
        }
        let place = |at| self.pose(&map.collision, at).point.nearest_position();
        let mut at = from.max(self.since);
        let mut before = place(at);
        while at < until {
            at = (at + PIXEL).min(until);
            let here = place(at);
            if let Some(room) = self.entered(before, here) {
                return Some((at, before, room.name.clone()));
            }
            before = here;
        }
        None
    }

    fn stop_at(&mut self, at: Time, position: Position, name: String) {
        self.route.clear();
        self.edge = Edge { position, direction: self.edge.direction, is_moving: false };
        (self.since, self.at_door) = (at, Some(name));
        self.edges.push_back(self.edge);
    }

    fn head(&mut self, map: &Map, now: Time, position: Position, direction: Option<Direction>) {
        let edge =
            Edge { position, direction: direction.unwrap_or(self.edge.direction), is_moving: direction.is_some() };
        if direction.is_some() {
            let ahead = advance(&map.collision, edge.into(), PIXEL).point.nearest_position();
            self.at_door = self.entered(position, ahead).map(|room| room.name.clone());
        }
        let edge = Edge { is_moving: edge.is_moving && self.at_door.is_none(), ..edge };
        if direction.is_some() && self.at_door.is_some() {
            self.route.clear();
        }
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

    /// The room *meeting-1*, and a place so many pixels below the middle of its door.
    fn meeting(map: &Map, below: u16) -> (ClosedRoom, Position) {
        let zone = map.zones.iter().find(|zone| zone.name == "meeting-1").expect("a room");
        let spawn = map.spawn("meeting-1").expect("a place inside");
        let room = ClosedRoom { name: zone.name.clone(), area: zone.area };
        (room, Position::new(spawn.x, zone.area.bottom() as u16 + below))
    }

    fn before_the_door(map: &Map) -> (ClosedRoom, Walker) {
        let (room, place) = meeting(map, 64);
        let walker = Walker::new(at(0), Edge { position: place, direction: Direction::Down, is_moving: false });
        (room, walker)
    }

    #[test]
    fn an_open_door_is_walked_through() {
        let map = campus();
        let (room, mut walker) = before_the_door(&map);
        walker.steer(&map, at(0), Some(Direction::Up));
        let pose = run(&mut walker, &map, 0, 1600);
        assert!(room.area.contains(pose.point.nearest_position()), "{pose:?}");
    }

    #[test]
    fn a_closed_room_stops_whoever_steers_and_whoever_clicked() {
        let map = campus();
        for by_click in [false, true] {
            let (room, mut walker) = before_the_door(&map);
            walker.close(&map, at(0), vec![room.clone()]);
            if by_click {
                walker.walk_to(&map, at(0), map.spawn("meeting-1").expect("a place inside"));
            } else {
                walker.steer(&map, at(0), Some(Direction::Up));
            }
            // Looked at as rarely as a hidden page may.
            for ms in (0..=4000).step_by(97) {
                walker.step(&map, at(ms));
                assert!(!room.area.contains(walker.pose(&map.collision, at(ms)).point.nearest_position()), "{ms}");
            }
            let pose = walker.pose(&map.collision, at(4000));
            assert!(!pose.is_moving && walker.route().is_empty());
            assert_eq!(walker.at_door(), Some("meeting-1"));
            let stops = std::iter::from_fn(|| walker.poll()).filter(|edge| !edge.is_moving).count();
            assert_eq!(stops, 1);
            walker.steer(&map, at(4100), Some(Direction::Up));
            assert!(!walker.pose(&map.collision, at(4200)).is_moving, "nor on a second try");
            walker.steer(&map, at(4300), Some(Direction::Down));
            assert!(walker.pose(&map.collision, at(4400)).is_moving && walker.at_door().is_none());
        }
    }

    #[test]
    fn whoever_waits_with_the_key_held_goes_in_when_somebody_left() {
        let map = campus();
        let (room, mut walker) = before_the_door(&map);
        walker.close(&map, at(0), vec![room.clone()]);
        walker.steer(&map, at(0), Some(Direction::Up));
        run(&mut walker, &map, 0, 3000);
        assert!(walker.at_door().is_some());
        walker.close(&map, at(3000), Vec::new());
        assert!(walker.at_door().is_none());
        let pose = run(&mut walker, &map, 3000, 3500);
        assert!(room.area.contains(pose.point.nearest_position()));
    }

    #[test]
    fn whoever_is_inside_of_a_full_room_walks_about_and_out() {
        let map = campus();
        let (room, _) = meeting(&map, 0);
        let inside = map.spawn("meeting-1").expect("a place inside");
        let mut walker = Walker::new(at(0), Edge { position: inside, direction: Direction::Up, is_moving: false });
        walker.close(&map, at(0), vec![room.clone()]);
        walker.steer(&map, at(0), Some(Direction::Down));
        let pose = run(&mut walker, &map, 0, 2000);
        assert!(!room.area.contains(pose.point.nearest_position()) && walker.at_door().is_none(), "{pose:?}");
        walker.steer(&map, at(2000), Some(Direction::Up));
        run(&mut walker, &map, 2000, 5000);
        assert_eq!(walker.at_door(), Some("meeting-1"), "but not in again");
    }
}
