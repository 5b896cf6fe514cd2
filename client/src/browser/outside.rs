//! Presses beside what is open, which close it.

use std::any::Any;

use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{listener::Listener, page};

/// Calls back whenever a finger or the mouse is pressed anywhere but in the element of that id, until it is dropped.
pub(crate) fn watch(id: &'static str, pressed: impl Fn() + 'static) -> Box<dyn Any> {
    Box::new(Listener::new(&page::document(), "pointerdown", move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_within = element.is_some_and(|element| element.closest(&format!("#{id}")).ok().flatten().is_some());
        if !is_within {
            pressed();
        }
    }))
}
