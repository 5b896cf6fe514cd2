//! Hands out the short numbers of participants.

use std::collections::HashSet;

use shared::protocol::Number;

/// The numbers in use. They are given in turn, so one that was given back comes round as late as possible, and a
/// message about somebody who left is not taken for one about somebody new.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    next: u16,
    used: HashSet<Number>,
}

impl Numbers {
    /// A number that is not in use, unless all are.
    pub(super) fn take(&mut self) -> Option<Number> {
        for _ in 0..=u16::MAX {
            let number = Number(self.next);
            self.next = self.next.wrapping_add(1);
            if self.used.insert(number) {
                return Some(number);
            }
        }
        None
    }

    /// Gives a number back.
    pub(super) fn give_back(&mut self, number: Number) {
        self.used.remove(&number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_round_as_late_as_possible() {
        let mut numbers = Numbers::default();
        let first = numbers.take().expect("a number");
        numbers.give_back(first);
        for _ in 0..u16::MAX {
            let number = numbers.take().expect("a number");
            assert_ne!(number, first);
            numbers.give_back(number);
        }
        assert_eq!(numbers.take(), Some(first));
    }

    #[test]
    fn numbers_in_use_are_skipped_and_run_out() {
        let mut numbers = Numbers::default();
        let all: HashSet<_> = (0..=u16::MAX).filter_map(|_| numbers.take()).collect();
        assert_eq!(all.len(), 65536);
        assert_eq!(numbers.take(), None);
        numbers.give_back(Number(7));
        assert_eq!(numbers.take(), Some(Number(7)));
    }
}
