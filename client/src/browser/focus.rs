//! Hiding, waking, leaving, and losing the keyboard.

use web_sys::{Event, VisibilityState};

use super::{listener::Listener, page, refresh, storage::Storage};
use crate::{
    classroom::Classroom,
    session::{Input, Session, memory::Entry},
};

/// Watches the page until it is dropped.
pub(super) fn watch(classroom: &Classroom) -> Vec<Listener> {
    let (window, document) = (page::window(), page::document());
    let on = |input: Input| {
        let classroom = classroom.clone();
        move |_: Event| classroom.tell(input.clone())
    };
    let seen = classroom.clone();
    let left = classroom.clone();
    vec![
        // Keys that were down when the page lost the keyboard are never let go.
        Listener::new(&window, "blur", on(Input::Steer(None))),
        Listener::new(&window, "online", on(Input::LookAround)),
        Listener::new(&document, "resume", on(Input::LookAround)),
        Listener::new(&document, "visibilitychange", move |_| {
            if page::document().visibility_state() == VisibilityState::Hidden {
                seen.tell(Input::Steer(None));
                keep_place(&seen);
            } else {
                seen.tell(Input::LookAround);
                refresh::session_changed();
            }
        }),
        Listener::new(&window, "pagehide", move |_| keep_place(&left)),
        Listener::new(&document, "keydown", prevent_scrolling),
    ]
}

/// Keeps where one is even while one walks: a page that is left is not asked again.
fn keep_place(classroom: &Classroom) {
    if let Some(pose) = classroom.read(Session::own_pose) {
        Storage::open().keep(&Entry::place(pose.edge()));
    }
}

/// Arrows and space would scroll the page while the world has the keyboard.
fn prevent_scrolling(event: Event) {
    use wasm_bindgen::JsCast;
    let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
    let in_world = page::document().active_element().is_some_and(|element| element.id() == "world");
    let scrolls = matches!(key.key().as_str(), "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | " ");
    if in_world && scrolls && !key.ctrl_key() && !key.alt_key() && !key.meta_key() {
        event.prevent_default();
    }
}
