//! When the panels are shown anew: soon after something changed, ten times a second at most, and now and then for
//! distances, which change while nothing is said.

use std::cell::{Cell, RefCell};

use super::classroom;
use crate::view::{Surroundings, View};

/// Ticks between two looks at distances.
const LOOK_EVERY: u32 = 5;

thread_local! {
    static HAS_CHANGED: Cell<bool> = const { Cell::new(true) };
    static TICKS: Cell<u32> = const { Cell::new(0) };
    static SURROUNDINGS: Cell<Surroundings> = const { Cell::new(Surroundings { world_died: false, map_changed: false, utc_offset_minutes: 0 }) };
    static SHOWN: RefCell<View> = RefCell::default();
}

/// Something changed besides the poses of those who walk.
pub(super) fn session_changed() {
    HAS_CHANGED.set(true);
    #[cfg(feature = "world")]
    super::world::look();
}

/// What is shown is to be said in another language, and at once.
pub(super) fn language_changed() {
    HAS_CHANGED.set(true);
    tick();
}

/// The world is not drawn any more.
pub(super) fn world_died() {
    let surroundings = SURROUNDINGS.get();
    SURROUNDINGS.set(Surroundings { world_died: true, ..surroundings });
    HAS_CHANGED.set(true);
}

/// The relay has another map than the one that is drawn.
pub(super) fn map_changed() {
    let surroundings = SURROUNDINGS.get();
    SURROUNDINGS.set(Surroundings { map_changed: true, ..surroundings });
    HAS_CHANGED.set(true);
}

/// Shows what there is to show.
pub(super) fn tick() {
    // People walk into sight while nothing is said.
    #[cfg(feature = "world")]
    super::world::look();
    TICKS.set(TICKS.get().wrapping_add(1));
    let has_changed = HAS_CHANGED.replace(false);
    if !has_changed && !TICKS.get().is_multiple_of(LOOK_EVERY) {
        return;
    }
    let Some(classroom) = classroom().filter(|classroom| !classroom.is_borrowed()) else { return };
    // Summer begins, or somebody travels.
    let utc_offset_minutes = -(js_sys::Date::new_0().get_timezone_offset() as i32);
    let surroundings = Surroundings { utc_offset_minutes, ..SURROUNDINGS.get() };
    let view = classroom.read(|session, now| View::of(session, now, surroundings));
    let is_new = SHOWN.with_borrow(|shown| *shown != view);
    if is_new {
        SHOWN.with_borrow_mut(|shown| shown.clone_from(&view));
        #[cfg(feature = "ui")]
        crate::ui::show(view);
    }
}
