//! Slots that people take turns in, sticky: whoever has one keeps it as long as they are wanted.

use std::time::{Duration, Instant};

use super::ParticipantKey;

/// Some slots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots<const N: usize> {
    held: [Option<Held>; N],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    by: ParticipantKey,
    since: Instant,
}

impl<const N: usize> Default for Slots<N> {
    fn default() -> Self {
        Self { held: [None; N] }
    }
}

impl<const N: usize> Slots<N> {
    /// Gives slots to those who are wanted, the most important first; those who have one stay in it. Whoever got theirs
    /// less than `immune_for` ago keeps it, unless they are not among `allowed`. Says which slots changed.
    pub(super) fn assign(
        &mut self,
        now: Instant,
        wanted: &[ParticipantKey],
        allowed: impl Fn(ParticipantKey) -> bool,
        immune_for: Duration,
    ) -> Vec<usize> {
        let mut changed = Vec::new();
        for (index, slot) in self.held.iter_mut().enumerate() {
            if slot.is_some_and(|held| !allowed(held.by)) {
                *slot = None;
                changed.push(index);
            }
        }
        let wanted = &wanted[..wanted.len().min(N)];
        for who in wanted {
            if self.slot_of(*who).is_some() {
                continue;
            }
            let may_go = |held: &Held| !wanted.contains(&held.by) && now >= held.since + immune_for;
            let free = self.held.iter().position(Option::is_none);
            let taken = || self.held.iter().position(|held| held.as_ref().is_some_and(may_go));
            if let Some(index) = free.or_else(taken) {
                self.held[index] = Some(Held { by: *who, since: now });
                changed.push(index);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Empties the slots of those who are not wanted any more. Says which.
    pub(super) fn retain(&mut self, is_wanted: impl Fn(ParticipantKey) -> bool) -> Vec<usize> {
        let mut changed = Vec::new();
        for (index, slot) in self.held.iter_mut().enumerate() {
            if slot.is_some_and(|held| !is_wanted(held.by)) {
                *slot = None;
                changed.push(index);
            }
        }
        changed
    }

    /// In which slot somebody is.
    pub(super) fn slot_of(&self, who: ParticipantKey) -> Option<usize> {
        self.held.iter().position(|held| held.is_some_and(|held| held.by == who))
    }

    /// Who is in which slot.
    pub(super) fn holders(&self) -> [Option<ParticipantKey>; N] {
        self.held.map(|held| held.map(|held| held.by))
    }
}

#[cfg(test)]
mod tests {
    use shared::protocol::Number;

    use super::*;

    fn key(number: u16) -> ParticipantKey {
        ParticipantKey { number: Number(number), entry: 0 }
    }

    #[test]
    fn whoever_has_a_slot_stays_in_it_however_the_order_changes() {
        let now = Instant::now();
        let mut slots = Slots::<3>::default();
        assert_eq!(slots.assign(now, &[key(1), key(2), key(3)], |_| true, Duration::ZERO), [0, 1, 2]);
        assert!(slots.assign(now, &[key(3), key(1), key(2)], |_| true, Duration::ZERO).is_empty());
        assert_eq!(slots.assign(now, &[key(4), key(3), key(1)], |_| true, Duration::ZERO), [1]);
        assert_eq!(slots.holders(), [Some(key(1)), Some(key(4)), Some(key(3))]);
    }

    #[test]
    fn a_new_holder_is_immune_for_a_while_but_not_if_they_may_not_be_heard() {
        let now = Instant::now();
        let immune = Duration::from_millis(300);
        let mut slots = Slots::<1>::default();
        slots.assign(now, &[key(1)], |_| true, immune);
        let soon = now + Duration::from_millis(299);
        assert!(slots.assign(soon, &[key(2)], |_| true, immune).is_empty());
        assert_eq!(slots.assign(now + immune, &[key(2)], |_| true, immune), [0]);
        assert_eq!(slots.assign(now + immune, &[key(1)], |who| who == key(1), immune), [0]);
        assert_eq!(slots.holders(), [Some(key(1))]);
    }

    #[test]
    fn who_is_not_wanted_stays_while_nobody_needs_the_slot() {
        let now = Instant::now();
        let mut slots = Slots::<2>::default();
        slots.assign(now, &[key(1), key(2)], |_| true, Duration::ZERO);
        assert!(slots.assign(now, &[key(2)], |_| true, Duration::ZERO).is_empty());
        assert_eq!(slots.retain(|who| who == key(2)), [0]);
        assert_eq!(slots.holders(), [None, Some(key(2))]);
    }
}
