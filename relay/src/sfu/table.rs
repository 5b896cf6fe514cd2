//! Who may hear and see whom: a table of pairs, and the rooms that fill it.
//!
//! Whoever is in no pair with somebody gets nothing of them: this is the only place that allows it. Pairs and not rooms,
//! so that people outside of rooms, where nearness is not transitive, can be put in as well.

use std::collections::{BTreeSet, HashMap};

use shared::protocol::Number;

use super::{ParticipantKey, RoomKey};

/// The table.
#[derive(Debug, Default)]
pub(super) struct Table {
    heard_by: HashMap<ParticipantKey, BTreeSet<ParticipantKey>>,
    rooms: HashMap<RoomKey, BTreeSet<ParticipantKey>>,
    room_of: HashMap<ParticipantKey, RoomKey>,
}

impl Table {
    /// Puts somebody into a room, and out of every other. Says whether that changes anything.
    pub(super) fn place(&mut self, who: ParticipantKey, room: Option<RoomKey>) -> bool {
        if self.room_of.get(&who).copied() == room {
            return false;
        }
        if let Some(before) = self.room_of.remove(&who) {
            let others = self.rooms.get_mut(&before).map(|members| {
                members.remove(&who);
                members.iter().copied().collect::<Vec<_>>()
            });
            for other in others.into_iter().flatten() {
                self.part(who, other);
            }
            if self.rooms.get(&before).is_some_and(BTreeSet::is_empty) {
                self.rooms.remove(&before);
            }
        }
        if let Some(room) = room {
            let members = self.rooms.entry(room).or_default();
            let others: Vec<_> = members.iter().copied().collect();
            members.insert(who);
            self.room_of.insert(who, room);
            for other in others {
                self.pair(who, other);
            }
        }
        true
    }

    /// Whether one may hear the other.
    #[cfg(test)]
    pub(super) fn hears(&self, who: ParticipantKey, other: ParticipantKey) -> bool {
        self.heard_by.get(&who).is_some_and(|others| others.contains(&other))
    }

    /// Who may be heard by somebody, and whom they may hear: it is mutual.
    pub(super) fn others(&self, who: ParticipantKey) -> impl Iterator<Item = ParticipantKey> + use<'_> {
        self.heard_by.get(&who).into_iter().flatten().copied()
    }

    /// Who of those whom somebody may hear has that number.
    pub(super) fn find(&self, who: ParticipantKey, number: Number) -> Option<ParticipantKey> {
        let all = ParticipantKey { number, entry: 0 }..=ParticipantKey { number, entry: u64::MAX };
        self.heard_by.get(&who)?.range(all).next().copied()
    }

    /// The room somebody is in.
    pub(super) fn room_of(&self, who: ParticipantKey) -> Option<RoomKey> {
        self.room_of.get(&who).copied()
    }

    /// Everybody who is in a room.
    pub(super) fn members(&self) -> impl Iterator<Item = ParticipantKey> + use<'_> {
        self.room_of.keys().copied()
    }

    fn pair(&mut self, a: ParticipantKey, b: ParticipantKey) {
        self.heard_by.entry(a).or_default().insert(b);
        self.heard_by.entry(b).or_default().insert(a);
    }

    fn part(&mut self, a: ParticipantKey, b: ParticipantKey) {
        for (one, other) in [(a, b), (b, a)] {
            let is_empty = self.heard_by.get_mut(&one).is_some_and(|others| {
                others.remove(&other);
                others.is_empty()
            });
            if is_empty {
                self.heard_by.remove(&one);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(number: u16) -> ParticipantKey {
        ParticipantKey { number: Number(number), entry: u64::from(number) }
    }

    proptest! {
        #[test]
        fn two_hear_each_other_exactly_while_they_are_in_one_room(
            steps in prop::collection::vec((0..8_u16, prop::option::of(0..3_u16)), 0..60),
        ) {
            let mut table = Table::default();
            let mut rooms = [None; 8];
            for (who, room) in steps {
                table.place(key(who), room.map(RoomKey));
                rooms[usize::from(who)] = room;
                for a in 0..8_u16 {
                    for b in 0..8_u16 {
                        let together = a != b && rooms[usize::from(a)].is_some() && rooms[usize::from(a)] == rooms[usize::from(b)];
                        prop_assert_eq!(table.hears(key(a), key(b)), together);
                    }
                }
            }
            prop_assert_eq!(table.members().count(), rooms.iter().flatten().count());
        }
    }
}
