//! The browser's local storage, which may be blocked, full or damaged.

use shared::identity::Identity;

use super::page;
use crate::session::memory::{Entry, IDENTITY_KEY, read_identity};

/// The storage, or nothing where it is blocked.
pub(super) struct Storage {
    storage: Option<web_sys::Storage>,
}

impl Storage {
    /// Opens it and tries whether it keeps anything.
    pub(super) fn open() -> Self {
        const TRIAL: &str = "classroom.trial";
        let storage = page::window().local_storage().ok().flatten();
        let storage = storage.filter(|storage| storage.set_item(TRIAL, TRIAL).is_ok());
        if let Some(storage) = &storage {
            let _ = storage.remove_item(TRIAL);
        }
        Self { storage }
    }

    /// Whether anything is kept.
    pub(super) fn works(&self) -> bool {
        self.storage.is_some()
    }

    /// The text under that key.
    pub(super) fn read(&self, key: &str) -> Option<String> {
        self.storage.as_ref()?.get_item(key).ok().flatten()
    }

    /// Keeps something; where that fails it is not there at the next visit, which the page has said.
    pub(super) fn keep(&self, entry: &Entry) {
        if let Some(storage) = &self.storage {
            let _ = storage.set_item(entry.key, &entry.value);
        }
    }

    /// Who one is: as kept, or a new identity. None where the browser has nothing random: everybody could guess a key
    /// made without.
    pub(super) fn identity(&self) -> Option<Identity> {
        if let Some(identity) = read_identity(self.read(IDENTITY_KEY)) {
            return Some(identity);
        }
        let identity = Identity::from_secret(&page::random()?);
        self.keep(&Entry::identity(&identity));
        Some(identity)
    }
}
