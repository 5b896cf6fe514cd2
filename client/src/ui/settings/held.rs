//! What the settings hold while their elements come and go.

use leptos::prelude::*;

/// What outlives the elements.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The key of another browser, as far as it was typed.
    pub(super) code: RwSignal<String>,
}

impl Held {
    /// Nothing was typed yet.
    pub(crate) fn new() -> Self {
        Self { code: RwSignal::new(String::new()) }
    }
}
