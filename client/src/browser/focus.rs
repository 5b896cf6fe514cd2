//! Hiding, waking, leaving, losing the keyboard, and what happens in other tabs.

use std::cell::Cell;

use web_sys::{Event, StorageEvent, VisibilityState};

use super::{clock, listener::Listener, page, refresh, storage};
use crate::{
    classroom::Classroom,
    session::{Input, Session, memory::Entry},
};

/// A mouse moves more often than anybody needs to know whether somebody is there: milliseconds.
const STIRRED_EVERY_MS: f64 = 2000.0;

/// Watches the page until it is dropped.
pub(super) fn watch(classroom: &Classroom) -> Vec<Listener> {
    let (window, document) = (page::window(), page::document());
    let on = |input: Input| {
        let classroom = classroom.clone();
        move |_: Event| classroom.tell(input.clone())
    };
    let seen = classroom.clone();
    let left = classroom.clone();
    let other_tab = classroom.clone();
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
                clock::look();
                seen.tell(Input::LookAround);
                refresh::session_changed();
                #[cfg(feature = "world")]
                super::world::controls().wake();
            }
        }),
        Listener::new(&window, "pagehide", move |_| {
            keep_place(&left);
            storage::leave();
        }),
        Listener::new(&window, "storage", move |event| stored_elsewhere(&other_tab, &event)),
        Listener::new(&document, "keydown", prevent_scrolling),
    ]
    .into_iter()
    .chain(["keydown", "pointerdown", "pointermove", "wheel"].map(|kind| {
        let stirring = classroom.clone();
        let last = Cell::new(f64::MIN);
        Listener::new(&window, kind, move |_| {
            let now = page::milliseconds();
            if now - last.get() > STIRRED_EVERY_MS {
                last.set(now);
                stirring.tell(Input::Stirred);
            }
        })
    }))
    .collect()
}

/// Another tab kept something, or forgot it.
fn stored_elsewhere(classroom: &Classroom, event: &Event) {
    use wasm_bindgen::JsCast;
    let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
    let Some(key) = event.key().filter(|key| storage::is_ours(event.storage_area().as_ref(), key)) else { return };
    classroom.tell(Input::StoredElsewhere(Entry { key: key.into(), value: event.new_value() }));
}

/// Keeps where one is even while one walks: a page that is left is not asked again.
fn keep_place(classroom: &Classroom) {
    if let Some(pose) = classroom.read(Session::own_pose) {
        storage::keep(&Entry::place(pose.edge()));
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
