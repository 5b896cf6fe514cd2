//! Who is near whom, of all who can be introduced: for each person the nearest few.
//!
//! In a crowd that fills a square there are a million pairs, and a machine could not answer a thousand others anyway;
//! whoever talks with one another is among the other's nearest four. So each person has a list of bounded length, and
//! the two of a pair must be on each other's. Only people in neighbouring cells of the map are compared.

use std::collections::HashMap;

use shared::{
    identity::UserId,
    map::Map,
    proximity::{Listener, is_in_the_open},
};

use crate::limits::{INTRODUCED_AT_ONCE, INTRODUCED_UP_TO_TILES};

/// Where somebody is on the list of another: how many are nearer, and how many tiles away they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) rank: usize,
    pub(super) tiles: f32,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Nearness {
    /// For each pair at most [`INTRODUCED_UP_TO_TILES`] apart, the smaller first: the worse of their two places.
    pairs: HashMap<(UserId, UserId), Place>,
}

impl Nearness {
    /// Of all these people. Those in rooms, and those who do not want to be disturbed, are near nobody.
    pub(super) fn new(map: &Map, people: &HashMap<UserId, Listener>) -> Self {
        let is_open = |(_, listener): &(&UserId, &Listener)| is_in_the_open(map, **listener);
        let open: Vec<_> = people.iter().filter(is_open).map(|(id, at)| (*id, *at)).collect();
        let mut cells: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        for (index, (_, listener)) in open.iter().enumerate() {
            cells.entry(cell(*listener)).or_default().push(index);
        }
        let mut once = HashMap::new();
        let mut pairs = HashMap::new();
        for own in &open {
            for (rank, (tiles, other)) in nearest(&open, &cells, *own).into_iter().enumerate() {
                let place = Place { rank, tiles };
                let pair = (own.0.min(other), own.0.max(other));
                // The second time it is found, from its other end, it is one.
                match once.remove(&pair) {
                    Some(Place { rank: other_rank, .. }) => {
                        pairs.insert(pair, Place { rank: rank.max(other_rank), tiles });
                    }
                    None => {
                        once.insert(pair, place);
                    }
                }
            }
        }
        Self { pairs }
    }

    /// How near the two of a pair are, if they are; the smaller user id comes first.
    pub(super) fn of(&self, pair: (UserId, UserId)) -> Option<Place> {
        self.pairs.get(&pair).copied()
    }

    /// All pairs, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((UserId, UserId), Place)> {
        self.pairs.iter().map(|(pair, place)| (*pair, *place))
    }
}

/// The part of the map somebody is in: whoever is near is in the same or in a neighbouring one.
fn cell(listener: Listener) -> (i32, i32) {
    let (x, y) = listener.point.tiles();
    ((x / INTRODUCED_UP_TO_TILES) as i32, (y / INTRODUCED_UP_TO_TILES) as i32)
}

/// The nearest [`INTRODUCED_AT_ONCE`] with their distances, the nearest first; of two at the same distance everybody
/// chooses the same.
fn nearest(
    open: &[(UserId, Listener)],
    cells: &HashMap<(i32, i32), Vec<usize>>,
    (own, listener): (UserId, Listener),
) -> Vec<(f32, UserId)> {
    let (x, y) = cell(listener);
    let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
    let indexes = around.filter_map(|cell| cells.get(&cell)).flatten();
    let mut near: Vec<_> = indexes
        .map(|index| (listener.point.distance_tiles(open[*index].1.point), open[*index].0))
        .filter(|(tiles, other)| *tiles <= INTRODUCED_UP_TO_TILES && *other != own)
        .collect();
    let order = |a: &(f32, UserId), b: &(f32, UserId)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    // A crowd is not sorted for the few who count.
    if near.len() > INTRODUCED_AT_ONCE {
        near.select_nth_unstable_by(INTRODUCED_AT_ONCE, order);
        near.truncate(INTRODUCED_AT_ONCE);
    }
    near.sort_unstable_by(order);
    near
}
