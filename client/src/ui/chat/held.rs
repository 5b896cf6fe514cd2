//! What the conversations hold while their elements come and go: which one is open, and what was begun to be written
//! in each.

use leptos::prelude::*;

use crate::session::chat::Key;

/// What outlives the elements.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The conversation that is open; without one, the list of them is.
    pub(crate) open: RwSignal<Option<Key>>,
}

impl Held {
    /// Nothing was opened or written yet.
    pub(crate) fn new() -> Self {
        Self { open: RwSignal::new(None) }
    }
}
