//! Whose tiles are in view: of those that are scrolled out of it no picture is asked for.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use shared::identity::UserId;

/// How long a tile may be out of view before its picture is let go: whoever scrolls past comes back, and a picture that
/// begins anew costs its sender a whole frame.
const PATIENCE: Duration = Duration::from_secs(1);

/// See the module. Whoever nothing was said of is in view: not every client watches its tiles.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// Those whose tile just went out of view, and until when that may be a whim.
    leaving: HashMap<UserId, Duration>,
    out: HashSet<UserId>,
}

impl Sight {
    /// Somebody's tile is in view from now on, or no more.
    pub(super) fn tell(&mut self, now: Duration, user_id: UserId, is_in_view: bool) {
        if is_in_view {
            self.leaving.remove(&user_id);
            self.out.remove(&user_id);
        } else if !self.out.contains(&user_id) {
            self.leaving.entry(user_id).or_insert(now + PATIENCE);
        }
    }

    /// Gives up those who have been out of view for long enough.
    pub(super) fn tick(&mut self, now: Duration) {
        self.out.extend(self.leaving.extract_if(|_, until| now >= *until).map(|(user_id, _)| user_id));
    }

    /// When [`Self::tick`] should come at the latest.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        self.leaving.values().min().copied()
    }

    /// Forgets all others.
    pub(super) fn keep(&mut self, is_there: impl Fn(UserId) -> bool) {
        self.leaving.retain(|user_id, _| is_there(*user_id));
        self.out.retain(|user_id| is_there(*user_id));
    }

    /// Whether the picture in somebody's tile is looked at.
    pub(super) fn sees(&self, user_id: UserId) -> bool {
        !self.out.contains(&user_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_tile_out_of_view_is_given_up_after_a_second_and_seen_again_at_once() {
        let mut sight = Sight::default();
        let tile = person(1);
        sight.tell(at(0), tile, false);
        sight.tell(at(900), tile, false);
        sight.tick(at(999));
        assert!(sight.sees(tile));
        assert_eq!(sight.next_timeout(), Some(at(1000)), "said twice, it is not longer ago");
        sight.tick(at(1000));
        assert_eq!((sight.sees(tile), sight.next_timeout()), (false, None));
        sight.tell(at(1001), tile, true);
        assert!(sight.sees(tile));
    }

    #[test]
    fn a_tile_that_is_scrolled_past_stays() {
        let mut sight = Sight::default();
        sight.tell(at(0), person(1), false);
        sight.tell(at(800), person(1), true);
        sight.tick(at(5000));
        assert!(sight.sees(person(1)) && sight.next_timeout().is_none());
    }

    #[test]
    fn whoever_comes_back_is_seen() {
        let mut sight = Sight::default();
        sight.tell(at(0), person(1), false);
        sight.tick(at(1000));
        sight.keep(|user_id| user_id != person(1));
        assert!(sight.sees(person(1)));
    }
}
