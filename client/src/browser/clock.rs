//! The wall clock, which is not the page's own: that one may stand still while the machine sleeps.

use std::cell::Cell;

use super::tell;
use crate::session::Input;

/// Ticks of a tenth of a second between two looks at it.
const LOOK_EVERY: u32 = 100;

thread_local! {
    static TICKS: Cell<u32> = const { Cell::new(0) };
}

/// A tenth of a second passed.
pub(super) fn tick() {
    let ticks = TICKS.get();
    TICKS.set((ticks + 1) % LOOK_EVERY);
    if ticks == 0 {
        look();
    }
}

/// Tells the session what it shows.
pub(super) fn look() {
    tell(Input::Clock(js_sys::Date::now() as u64));
}
