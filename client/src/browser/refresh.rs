//! When the panels are shown anew: at once if that was not done just now, ten times a second at most while people walk
//! about, once a frame at most while they write or come near, and now and then for distances, which change while nothing
//! is said.

use std::cell::{Cell, RefCell};

use wasm_bindgen::{JsCast, closure::Closure};

use super::{classroom, page};
#[cfg(feature = "ui")]
use crate::view::chat::Looking;
use crate::view::{Surroundings, View};

/// Ticks between two looks at distances.
const LOOK_EVERY: u32 = 5;

/// Milliseconds between two showings, unless somebody wrote or came near: a little less than a tick.
const SHOW_EVERY_MS: f64 = 90.0;

thread_local! {
    static HAS_CHANGED: Cell<bool> = const { Cell::new(true) };
    static TICKS: Cell<u32> = const { Cell::new(0) };
    static SURROUNDINGS: Cell<Surroundings> = const { Cell::new(Surroundings { world_died: false, map_changed: false, utc_offset_minutes: 0 }) };
    static SHOWN: RefCell<View> = RefCell::default();
    /// When something was shown last, in milliseconds since the page was opened.
    static SHOWN_AT: Cell<f64> = const { Cell::new(f64::MIN) };
    /// What [`urgent`] was then.
    static SHOWN_URGENT: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
    /// Whether the next frame shows something.
    static IS_AWAITED: Cell<bool> = const { Cell::new(false) };
}

/// Something changed besides the poses of those who walk.
pub(super) fn session_changed() {
    HAS_CHANGED.set(true);
    #[cfg(feature = "world")]
    super::world::look();
    if is_due() {
        show_next_frame();
    }
}

/// What is shown is to be said in another language, and at once.
pub(super) fn language_changed() {
    show();
}

/// Somebody looks at something else, and at once.
#[cfg(feature = "ui")]
pub(crate) fn look() {
    show();
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

/// Shows what there is to show; hidden pages have no frames to do it.
pub(super) fn tick() {
    // People walk into sight while nothing is said.
    #[cfg(feature = "world")]
    super::world::look();
    TICKS.set(TICKS.get().wrapping_add(1));
    if TICKS.get().is_multiple_of(LOOK_EVERY) || HAS_CHANGED.get() && is_due() {
        show();
    }
}

/// Whether what changed is not to wait any longer.
fn is_due() -> bool {
    page::milliseconds() - SHOWN_AT.get() >= SHOW_EVERY_MS || urgent() != SHOWN_URGENT.get()
}

/// The revisions of what is shown without delay: what is written, and who is near with what they share.
fn urgent() -> (u64, u64) {
    let classroom = classroom().filter(|classroom| !classroom.is_borrowed());
    let revisions = |classroom: crate::classroom::Classroom| {
        classroom.read(|session, _| (session.chats().revision(), session.media().company()))
    };
    classroom.map(revisions).unwrap_or_default()
}

fn show_next_frame() {
    if !IS_AWAITED.replace(true) {
        let frame = Closure::once_into_js(|| {
            IS_AWAITED.set(false);
            if HAS_CHANGED.get() {
                show();
            }
        });
        let _ = page::window().request_animation_frame(frame.unchecked_ref());
    }
}

fn show() {
    let Some(classroom) = classroom().filter(|classroom| !classroom.is_borrowed()) else { return };
    HAS_CHANGED.set(false);
    SHOWN_AT.set(page::milliseconds());
    SHOWN_URGENT.set(urgent());
    // Summer begins, or somebody travels.
    let utc_offset_minutes = -(js_sys::Date::new_0().get_timezone_offset() as i32);
    let surroundings = Surroundings { utc_offset_minutes, ..SURROUNDINGS.get() };
    let view = classroom.read(|session, now| {
        let view = View::of(session, now, surroundings);
        #[cfg(feature = "ui")]
        let view = view.with_chat(session, now, &looking());
        view
    });
    let is_new = SHOWN.with_borrow(|shown| *shown != view);
    if is_new {
        SHOWN.with_borrow_mut(|shown| shown.clone_from(&view));
        #[cfg(feature = "ui")]
        crate::ui::show(view);
    }
}

/// What of the conversations is looked at; the first message that is shown of one stays.
#[cfg(feature = "ui")]
fn looking() -> Looking {
    let looking = crate::ui::looking();
    let from = SHOWN.with_borrow(|shown| {
        let open = shown.chat.open.as_ref().filter(|open| looking.at.as_ref() == Some(&open.key))?;
        Some(open.lines.first()?.key)
    });
    Looking { from, day: super::times::local_day, ..looking }
}
