//! What a connection is told to do, in its turn.
//!
//! What takes time is done one after another. What is to be sent is a state, not an order: only the last one counts, so
//! no more than one order to go by it waits at any time, however often it changes. The other side says how large it
//! shows one's picture, as often as it likes; whatever it says, one's microphone never waits behind it to go silent.

use std::collections::VecDeque;

/// What waits for its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn<C> {
    /// Do this.
    Command(C),
    /// Send what is to be sent by now.
    Refresh,
}

/// See the module.
#[derive(Debug)]
pub struct Turns<C> {
    waiting: VecDeque<Turn<C>>,
    is_refresh_waiting: bool,
}

impl<C> Default for Turns<C> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), is_refresh_waiting: false }
    }
}

impl<C> Turns<C> {
    /// This is to be done after everything that waits.
    pub fn command(&mut self, command: C) {
        self.waiting.push_back(Turn::Command(command));
    }

    /// Something else is to be sent than before.
    pub fn refresh(&mut self) {
        if !std::mem::replace(&mut self.is_refresh_waiting, true) {
            self.waiting.push_back(Turn::Refresh);
        }
    }

    /// Whose turn it is.
    pub fn pop(&mut self) -> Option<Turn<C>> {
        let turn = self.waiting.pop_front()?;
        if matches!(turn, Turn::Refresh) {
            // What changes while it is done needs another.
            self.is_refresh_waiting = false;
        }
        Some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(turns: &mut Turns<u8>) -> Vec<Turn<u8>> {
        std::iter::from_fn(|| turns.pop()).collect()
    }

    #[test]
    fn commands_are_done_in_their_order() {
        let mut turns = Turns::default();
        (1..=3).for_each(|command| turns.command(command));
        assert_eq!(all(&mut turns), [1, 2, 3].map(Turn::Command));
    }

    #[test]
    fn however_often_what_is_sent_changes_one_order_to_go_by_it_waits() {
        let mut turns = Turns::default();
        turns.command(1);
        (0..1000).for_each(|_| turns.refresh());
        turns.command(2);
        turns.refresh();
        assert_eq!(all(&mut turns), [Turn::Command(1), Turn::Refresh, Turn::Command(2)]);
    }

    #[test]
    fn what_changes_while_it_is_gone_by_is_gone_by_anew() {
        let mut turns = Turns::<u8>::default();
        turns.refresh();
        assert_eq!(turns.pop(), Some(Turn::Refresh));
        turns.refresh();
        turns.refresh();
        assert_eq!(all(&mut turns), [Turn::Refresh]);
    }
}
