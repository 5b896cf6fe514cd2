//! Where a key is pressed: many keys mean something else, or nothing at all, while somebody writes.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a letter is typed into.
const WRITING: &str = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/// What the space bar presses.
const PRESSED: &str = "button, a, input, summary, [role=button]";

/// What has the keyboard as a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The world, or nothing.
    World,
    /// Something that is written in, where letters are letters.
    Writing,
    /// Something that the space bar presses.
    Control,
    /// Something that is only looked at.
    Elsewhere,
}

/// Where that key was pressed. What has the keyboard now may be something else: others heard of the key before.
pub(crate) fn place(event: &KeyboardEvent) -> Place {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return Place::World;
    };
    let is = |selector: &str| element.matches(selector).unwrap_or_default();
    if is("#world, body") {
        Place::World
    } else if is(WRITING) {
        Place::Writing
    } else if is(PRESSED) {
        Place::Control
    } else {
        Place::Elsewhere
    }
}

/// Whether a key is one for the browser or the system.
pub(crate) fn is_shortcut(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.alt_key() || event.meta_key()
}
