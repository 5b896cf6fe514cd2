//! What the panel of people holds while its elements come and go.

use std::time::Duration;

use leptos::prelude::*;
use shared::identity::UserId;

/// So many of those who are not here are listed, and so many more each time one asks for more.
pub(super) const A_FEW: usize = 50;

/// How long what was done is said.
const SAID_FOR: Duration = Duration::from_secs(6);

/// What outlives the elements.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The name that is searched for.
    pub(super) search: RwSignal<String>,
    /// The person whose row is open.
    pub(super) chosen: RwSignal<Option<UserId>>,
    /// How many of those who are not here are listed.
    pub(super) gone: RwSignal<usize>,
    /// What was done last, in words.
    pub(super) said: RwSignal<String>,
}

impl Held {
    /// Nobody was chosen yet.
    pub(crate) fn new() -> Self {
        Self {
            search: RwSignal::new(String::new()),
            chosen: RwSignal::new(None),
            gone: RwSignal::new(A_FEW),
            said: RwSignal::new(String::new()),
        }
    }

    /// Says for a while what was done.
    pub(super) fn say(&self, sentence: String) {
        let said = self.said;
        said.set(sentence.clone());
        let clear = move || {
            if said.with_untracked(|said| *said == sentence) {
                said.set(String::new());
            }
        };
        set_timeout(clear, SAID_FOR);
    }
}
