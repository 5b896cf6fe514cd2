//! Clients and relay in virtual time: whatever people do and the network does to them, all agree on where everybody is.

use std::time::Duration;

use client::session::Input;
use e2e::{Network, campus};
use proptest::prelude::*;
use shared::{
    map::{
        Map, Shape,
        collision::{BODY_HEIGHT, BODY_WIDTH},
    },
    movement::Pose,
    position::{Direction, Point, Position, UNITS_PER_PIXEL},
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn online(network: &mut Network) {
    network.run(seconds(2));
    assert!((0..network.clients.len()).all(|index| network.is_online(index)), "all are in");
}

fn distance(a: Pose, b: Pose) -> f32 {
    a.point.distance_tiles(b.point)
}

/// What somebody exactly there stands in. By the shapes themselves: the grid that people walk on does not know what is
/// between its places.
fn wall_at(map: &Map, Point { x, y }: Point) -> Option<&Shape> {
    let within = |at: i32, from: i32, to: i32, half_body: i32| {
        (from - half_body) * UNITS_PER_PIXEL < at && at < (to + half_body) * UNITS_PER_PIXEL
    };
    map.shapes.iter().find(|Shape { area, .. }| {
        within(x, area.x, area.right(), BODY_WIDTH / 2) && within(y, area.y, area.bottom(), BODY_HEIGHT / 2)
    })
}

#[test]
fn one_is_seen_where_one_walks() {
    let mut network = Network::new(campus(), 1, 60);
    let (ada, bob) = (network.enter("Ada"), network.enter("Bob"));
    online(&mut network);
    network.tell(bob, Input::WalkTo(network.map.spawn("classroom-b").expect("a spawn point")));
    for _ in 0..300 {
        network.run(Duration::from_millis(50));
        let (own, seen) = (network.own(bob).expect("Bob is in"), network.seen(ada, bob).expect("Ada sees Bob"));
        assert!(distance(own, seen) < 1.0, "{own:?} is seen at {seen:?}");
    }
    let (own, seen) = (network.own(bob), network.seen(ada, bob));
    assert_eq!(own, seen, "at rest exactly");
    assert!(own.is_some_and(|pose| !pose.is_moving));
}

#[test]
fn a_late_joiner_sees_a_walker_where_it_is() {
    let mut network = Network::new(campus(), 2, 60);
    let bob = network.enter("Bob");
    online(&mut network);
    network.tell(bob, Input::Steer(Some(Direction::Right)));
    network.run(Duration::from_millis(1500));
    let cem = network.enter("Cem");
    while network.seen(cem, bob).is_none() {
        network.run(Duration::from_millis(1));
    }
    let (own, seen) = (network.own(bob).expect("Bob is in"), network.seen(cem, bob).expect("Cem sees Bob"));
    assert!(own.is_moving && distance(own, seen) < 1.0, "{own:?} is seen at {seen:?}");
}

#[test]
fn a_walker_whose_connection_dies_stops_and_leaves() {
    let mut network = Network::new(campus(), 3, 20);
    let (ada, bob) = (network.enter("Ada"), network.enter("Bob"));
    online(&mut network);
    network.tell(bob, Input::Steer(Some(Direction::Left)));
    network.run(Duration::from_millis(200));
    network.cut(bob);
    // The machine is gone: it does not even try to come back.
    network.clients[bob].frame = seconds(3600);
    network.run(seconds(11));
    let seen = network.seen(ada, bob).expect("a grace");
    assert!(!seen.is_moving);
    network.run(seconds(11));
    assert_eq!(network.seen(ada, bob), None);
}

#[test]
fn a_relay_killed_and_started_again_has_all_back_in_their_places() {
    let mut network = Network::new(campus(), 4, 20);
    for name in ["Ada", "Bob", "Cem"] {
        network.enter(name);
    }
    online(&mut network);
    for (index, room) in ["lounge", "library", "meeting-2"].into_iter().enumerate() {
        network.tell(index, Input::WalkTo(network.map.spawn(room).expect("a spawn point")));
    }
    network.run(seconds(40));
    let before: Vec<_> = (0..3).map(|index| network.own(index)).collect();
    network.kill_relay();
    network.run(seconds(30));
    network.start_relay();
    network.run(seconds(5));
    for (index, &place) in before.iter().enumerate() {
        assert!(network.is_online(index));
        assert_eq!(network.own(index), place, "in the same place");
        for by in (0..3).filter(|&by| by != index) {
            assert_eq!(network.seen(by, index), place);
            assert_eq!(network.clients[by].session.roster().people().count(), 2, "nobody is doubled");
        }
    }
}

#[test]
fn ten_minutes_in_a_hidden_tab_change_nothing() {
    let mut network = Network::new(campus(), 5, 40);
    let (ada, bob) = (network.enter("Ada"), network.enter("Bob"));
    online(&mut network);
    // No frames; a timer in a worker is all that is left.
    network.clients[ada].frame = Duration::from_millis(100);
    network.tell(ada, Input::Steer(None));
    let rooms =
        ["classroom-a", "lounge", "courtyard", "meeting-3"].map(|room| network.map.spawn(room).expect("a room"));
    for minute in 0..10 {
        network.tell(bob, Input::WalkTo(rooms[minute % rooms.len()]));
        for _ in 0..60 {
            network.run(seconds(1));
            let (own, seen) = (network.own(bob).expect("Bob is in"), network.seen(ada, bob).expect("Ada sees Bob"));
            assert!(distance(own, seen) < 1.0, "minute {minute}: {own:?} is seen at {seen:?}");
            assert!(network.is_online(ada) && network.is_online(bob));
        }
        assert_eq!(network.own(bob), network.seen(ada, bob));
    }
    // A walk by click goes on in the hidden tab, and others see its corners in time.
    network.tell(ada, Input::WalkTo(rooms[1]));
    for _ in 0..40 {
        network.run(seconds(1));
        let (own, seen) = (network.own(ada).expect("Ada is in"), network.seen(bob, ada).expect("Bob sees Ada"));
        assert!(distance(own, seen) < 1.0, "{own:?} is seen at {seen:?}");
    }
    assert_eq!(network.own(ada).map(|pose| pose.edge().position), Some(rooms[1]));
}

#[test]
fn a_timer_that_fires_once_a_minute_keeps_one_in() {
    let mut network = Network::new(campus(), 6, 40);
    let (ada, bob) = (network.enter("Ada"), network.enter("Bob"));
    online(&mut network);
    network.clients[ada].frame = seconds(60);
    network.tell(bob, Input::WalkTo(network.map.spawn("library").expect("a room")));
    network.run(seconds(600));
    assert!(network.is_online(ada));
    assert_eq!(network.own(bob), network.seen(ada, bob));
}

/// Something that happens to somebody.
#[derive(Clone, Debug)]
enum Event {
    Steer(Option<Direction>),
    WalkTo(u16, u16),
    StopRoute,
    Frame(u64),
    Cut,
    Drop,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => prop::sample::select(Direction::ALL.to_vec()).prop_map(|direction| Event::Steer(Some(direction))),
        3 => Just(Event::Steer(None)),
        3 => (0..1216_u16, 0..960_u16).prop_map(|(x, y)| Event::WalkTo(x, y)),
        1 => Just(Event::StopRoute),
        1 => (1..1000_u64).prop_map(Event::Frame),
        1 => Just(Event::Cut),
        1 => Just(Event::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn all_agree_whatever_happens(
        seed: u64, delay_ms in 0..400_u64,
        events in prop::collection::vec((0..3_usize, event(), 40..1500_u64), 1..60),
    ) {
        let mut network = Network::new(campus(), seed, delay_ms);
        for name in ["Ada", "Bob", "Cem"] {
            network.enter(name);
        }
        network.run(seconds(3));
        for (who, event, pause) in events {
            match event {
                Event::Steer(direction) => network.tell(who, Input::Steer(direction)),
                Event::WalkTo(x, y) => network.tell(who, Input::WalkTo(Position::new(x, y))),
                Event::StopRoute => network.tell(who, Input::StopRoute),
                Event::Frame(ms) => network.clients[who].frame = Duration::from_millis(ms),
                Event::Cut => network.cut(who),
                Event::Drop => network.drop_connection(who),
            }
            network.run(Duration::from_millis(pause));
            for whom in 0..3 {
                let own = network.own(whom);
                let seen = (0..3).filter(|&by| by != whom).filter_map(|by| network.seen(by, whom));
                for pose in own.into_iter().chain(seen) {
                    prop_assert!(network.map.collision.is_walkable(pose.edge().position), "in a wall: {pose:?}");
                    prop_assert_eq!(wall_at(&network.map, pose.point), None, "in a wall: {:?}", pose);
                }
            }
        }
        for index in 0..3 {
            network.tell(index, Input::Steer(Some(Direction::Up)));
            network.tell(index, Input::Steer(None));
        }
        network.run(seconds(45));
        for whom in 0..3 {
            prop_assert!(network.is_online(whom));
            for by in (0..3).filter(|&by| by != whom) {
                prop_assert_eq!(network.seen(by, whom), network.own(whom), "{} as seen by {}", whom, by);
            }
        }
    }
}
