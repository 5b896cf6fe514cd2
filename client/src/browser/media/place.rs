//! One device: who wants it, and what became of asking for it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use shared::rate::{Bucket, Rate};

use super::{super::page, captured::Captured};
use crate::media::Failure;

/// How often a device is asked for that nobody asked for anew, because it was pulled out or is back: one that fails as
/// soon as it is on would go on and off for ever.
const ASKED_AGAIN: Rate = Rate::every_seconds(3, 4);

/// A device as it is shared, tried and asked for.
#[derive(Default)]
pub(super) struct Place {
    pub(super) is_shared: Cell<bool>,
    /// The previews that show it, by their numbers.
    pub(super) previews: RefCell<Vec<(u32, Told)>>,
    /// Grows with everything that is asked for: what comes of something earlier is let go.
    pub(super) asked: Cell<u32>,
    pub(super) is_asking: Cell<bool>,
    /// Whether it is asked for because another one was chosen.
    pub(super) is_chosen_anew: Cell<bool>,
    pub(super) asked_again: Cell<Bucket>,
    pub(super) captured: RefCell<Option<Captured>>,
    /// The id of the one that vanished while it was on: where nothing else was chosen it is used again.
    pub(super) lost: RefCell<Option<String>>,
    /// Whether that is back, and is shared again next: no other one then.
    pub(super) is_back: Cell<bool>,
}

/// Hears that a device is on, or why it cannot be had; again whenever that changes.
pub(super) type Told = Rc<dyn Fn(Result<(), Failure>)>;

impl Place {
    pub(super) fn is_wanted(&self) -> bool {
        self.is_shared.get() || !self.previews.borrow().is_empty()
    }

    /// Whether it may be asked for though nobody asked for it anew.
    pub(super) fn may_ask_again(&self) -> bool {
        let mut bucket = self.asked_again.get();
        let now = Duration::from_millis(page::milliseconds() as u64);
        let may = bucket.take(now, ASKED_AGAIN, 1);
        self.asked_again.set(bucket);
        may
    }

    pub(super) fn tell_previews(&self, outcome: Result<(), Failure>) {
        // They may end while they hear it.
        let told: Vec<_> = self.previews.borrow().iter().map(|(_, told)| Rc::clone(told)).collect();
        for tell in told {
            tell(outcome);
        }
    }
}
