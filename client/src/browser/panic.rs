//! What is left after a panic.
//!
//! A panic ends the callback it happened in and nothing else: memory, sockets and timers stay. If it happened while the
//! world was drawn, the world is buried and everything else goes on. If it happened while the session was borrowed,
//! nothing can be trusted any more: nobody hears or sees one any longer, and the page says so.

use std::cell::Cell;

use web_sys::HtmlElement;

use super::{classroom, media, page, refresh};

thread_local! {
    static HAS_PANICKED: Cell<bool> = const { Cell::new(false) };
}

/// Notes panics and logs them.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        HAS_PANICKED.set(true);
        web_sys::console::error_1(&info.to_string().into());
    }));
}

/// Takes the world away if it died since this was last called: its callbacks would panic over and over.
pub(super) fn bury_the_dead() {
    if !HAS_PANICKED.replace(false) {
        return;
    }
    if classroom().is_some_and(|classroom| classroom.is_borrowed()) {
        // Nothing listens to the person any more: what others see and hear of them ends here.
        media::fall_silent();
        page::show_problem("problem-crashed");
        return;
    }
    bury_world();
}

/// Takes the world away and says so; all else goes on.
pub(super) fn bury_world() {
    #[cfg(feature = "world")]
    super::world::bury();
    if let Some(stage) = page::element::<HtmlElement>("stage") {
        stage.remove();
    }
    page::set_shown("name-tags", false);
    refresh::world_died();
}
