//! Who of a room has a tile: a few of many, and always those who speak. Nobody changes places because somebody else
//! speaks: a newcomer takes the place of whoever was silent longest.

use std::{collections::HashMap, time::Duration};

use shared::{identity::UserId, protocol::room::CAMERA_SLOTS};

/// Most tiles of a room: as many pictures can come.
pub(in crate::media) const SEATS: usize = CAMERA_SLOTS;

/// Somebody in the call, as far as tiles go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guest {
    /// Who.
    pub(super) user_id: UserId,
    /// Whether there would be something to see.
    pub(super) has_picture: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Seats {
    seats: Vec<UserId>,
    /// When somebody spoke last.
    heard_at: HashMap<UserId, Duration>,
}

impl Seats {
    /// Seats those who are there. Those in `pinned` must have a tile, whether they speak or not.
    pub(super) fn seat(&mut self, now: Duration, guests: &[Guest], speakers: &[UserId], pinned: &[UserId]) {
        let is_there = |user_id: UserId| guests.iter().any(|guest| guest.user_id == user_id);
        self.heard_at.retain(|user_id, _| is_there(*user_id));
        for speaker in speakers.iter().filter(|speaker| is_there(**speaker)) {
            self.heard_at.insert(*speaker, now);
        }
        self.fill_gaps(guests);
        let wanted = pinned.iter().chain(speakers).copied().filter(|user_id| is_there(*user_id));
        for user_id in wanted.take(SEATS) {
            if self.seats.contains(&user_id) {
                continue;
            }
            let may_go = |seated: &UserId| !pinned.contains(seated) && !speakers.contains(seated);
            if self.seats.len() < SEATS {
                self.seats.push(user_id);
            } else if let Some(seat) = self.longest_silent(may_go) {
                self.seats[seat] = user_id;
            }
        }
    }

    /// Those who have a tile, in the order of the tiles.
    pub(super) fn seated(&self) -> &[UserId] {
        &self.seats
    }

    /// Nobody is there any more.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whoever left leaves their place to somebody who has none, those with a picture first.
    fn fill_gaps(&mut self, guests: &[Guest]) {
        let mut waiting: Vec<_> = guests.iter().filter(|guest| !self.seats.contains(&guest.user_id)).collect();
        waiting.sort_by_key(|guest| !guest.has_picture);
        let mut waiting = waiting.into_iter().map(|guest| guest.user_id);
        let seats = std::mem::take(&mut self.seats);
        let stays = |user_id: &UserId| guests.iter().any(|guest| guest.user_id == *user_id);
        self.seats = seats.into_iter().filter_map(|seat| Some(seat).filter(stays).or_else(|| waiting.next())).collect();
        let free = SEATS.saturating_sub(self.seats.len());
        self.seats.extend(waiting.take(free));
    }

    /// The seat of whoever was silent longest; of several who never spoke the last.
    fn longest_silent(&self, may_go: impl Fn(&UserId) -> bool) -> Option<usize> {
        let seats = self.seats.iter().enumerate().filter(|(_, seated)| may_go(seated));
        let seats = seats.map(|(seat, seated)| (self.heard_at.get(seated).copied(), std::cmp::Reverse(seat)));
        seats.min().map(|(_, std::cmp::Reverse(seat))| seat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    fn guests(numbers: impl IntoIterator<Item = u8>) -> Vec<Guest> {
        numbers.into_iter().map(|number| Guest { user_id: person(number), has_picture: false }).collect()
    }

    fn people(numbers: impl IntoIterator<Item = u8>) -> Vec<UserId> {
        numbers.into_iter().map(person).collect()
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_speaker_takes_the_place_of_the_longest_silent_and_nobody_else_moves() {
        let mut seats = Seats::default();
        let all = guests(1..=12);
        seats.seat(at(0), &all, &[], &[]);
        assert_eq!(seats.seated(), people(1..=9));
        for (seconds, speaker) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 9)] {
            seats.seat(at(seconds), &all, &people([speaker]), &[]);
        }
        assert_eq!(seats.seated(), people(1..=9), "whoever speaks stays");
        seats.seat(at(10), &all, &people([12]), &[]);
        assert_eq!(seats.seated(), people([12, 2, 3, 4, 5, 6, 7, 8, 9]));
        seats.seat(at(11), &all, &people([11, 12]), &[]);
        assert_eq!(seats.seated(), people([12, 11, 3, 4, 5, 6, 7, 8, 9]));
        seats.seat(at(60), &all, &[], &[]);
        assert_eq!(seats.seated(), people([12, 11, 3, 4, 5, 6, 7, 8, 9]), "silence moves nobody");
    }

    #[test]
    fn whoever_never_spoke_gives_way_from_the_end() {
        let mut seats = Seats::default();
        seats.seat(at(0), &guests(1..=10), &[], &[]);
        seats.seat(at(1), &guests(1..=10), &people([10]), &[]);
        assert_eq!(seats.seated(), people([1, 2, 3, 4, 5, 6, 7, 8, 10]));
    }

    #[test]
    fn whoever_must_be_seen_has_a_tile_and_keeps_it() {
        let mut seats = Seats::default();
        let all = guests(1..=20);
        seats.seat(at(0), &all, &[], &people([15]));
        assert_eq!(seats.seated(), people([1, 2, 3, 4, 5, 6, 7, 8, 15]));
        for second in 1..30 {
            seats.seat(at(second), &all, &people([(second % 14) as u8 + 1]), &people([15]));
            assert!(seats.seated().contains(&person(15)), "{second}");
        }
    }

    #[test]
    fn more_speakers_than_tiles_do_not_push_one_another_about() {
        let mut seats = Seats::default();
        let all = guests(1..=20);
        let everybody = people(1..=20);
        seats.seat(at(0), &all, &everybody, &[]);
        let before = seats.seated().to_vec();
        seats.seat(at(1), &all, &everybody, &[]);
        assert_eq!(seats.seated(), before);
    }

    #[test]
    fn whoever_leaves_leaves_the_place_to_somebody_with_a_picture() {
        let mut seats = Seats::default();
        seats.seat(at(0), &guests(1..=11), &[], &[]);
        let mut without = guests((1..=11).filter(|number| *number != 4));
        without.last_mut().expect("somebody").has_picture = true;
        seats.seat(at(1), &without, &[], &[]);
        assert_eq!(seats.seated(), people([1, 2, 3, 11, 5, 6, 7, 8, 9]));
        seats.seat(at(2), &guests([2, 3]), &[], &[]);
        assert_eq!(seats.seated(), people([2, 3]));
        seats.seat(at(3), &[], &[], &[]);
        assert!(seats.seated().is_empty());
    }
}
