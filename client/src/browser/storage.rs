//! Where the browser keeps things, which may be blocked, full or damaged.
//!
//! Usually that is the local storage. On a shared computer it is the tab's own storage, which the browser forgets with
//! the tab; and since browsers can open closed tabs again, what was left some time ago is not read any more.

use std::cell::RefCell;

use web_sys::Storage;

use super::page;
use crate::session::memory::{Entry, IDENTITY_KEY, PREFIX, Store};

/// In the tab's storage: that this is a shared computer.
const SHARED_KEY: &str = "classroom.shared";

/// In the tab's storage: when the page was left, in milliseconds since 1970.
const LEFT_KEY: &str = "classroom.left";

/// Whoever comes back to the tab of a shared computer after so many milliseconds is taken for somebody else. Loading a
/// page again takes less, even on slow machines.
const COMES_BACK_WITHIN_MS: f64 = 60_000.0;

thread_local! {
    static DRAWER: RefCell<Drawer> = RefCell::default();
}

/// The storage in use.
#[derive(Default)]
struct Drawer {
    storage: Option<Storage>,
    is_shared: bool,
    /// Nothing is kept any more: the person wants to be forgotten.
    is_closed: bool,
}

/// What is kept in the storage in use.
pub(super) struct Kept;

impl Store for Kept {
    fn read(&self, key: &str) -> Option<String> {
        DRAWER.with_borrow(|drawer| drawer.storage.as_ref()?.get_item(key).ok().flatten())
    }

    fn keys(&self) -> Vec<String> {
        DRAWER.with_borrow(|drawer| drawer.storage.as_ref().map(keys).unwrap_or_default())
    }
}

/// Opens the storage that the person chose at an earlier visit, and says whether anything can be kept there.
pub(super) fn open() -> bool {
    const TRIAL: &str = "classroom.trial";
    let tab = tab_storage();
    let is_shared = tab.as_ref().is_some_and(|tab| get(tab, SHARED_KEY).as_deref() == Some("true"));
    if let Some(tab) = tab.as_ref().filter(|_| is_shared) {
        let left: Option<f64> = get(tab, LEFT_KEY).and_then(|left| left.parse().ok());
        if left.is_some_and(|left| js_sys::Date::now() - left > COMES_BACK_WITHIN_MS) {
            clear(tab, |_| true);
            return open();
        }
    }
    let storage = if is_shared { tab } else { local_storage() };
    let works = storage.as_ref().is_some_and(|storage| storage.set_item(TRIAL, TRIAL).is_ok());
    if let Some(storage) = &storage {
        let _ = storage.remove_item(TRIAL);
    }
    DRAWER.with_borrow_mut(|drawer| *drawer = Drawer { storage, is_shared, is_closed: false });
    works
}

/// Keeps things in the tab alone from now on, or for later visits too. Whether that is a change.
pub(super) fn share(is_shared: bool) -> bool {
    if DRAWER.with_borrow(|drawer| drawer.is_shared) == is_shared {
        return false;
    }
    if let Some(tab) = tab_storage() {
        clear(&tab, |_| true);
        if is_shared {
            let _ = tab.set_item(SHARED_KEY, "true");
        }
    }
    open();
    // Where the tab has no storage either, nothing at all is kept.
    DRAWER.with_borrow_mut(|drawer| {
        if drawer.is_shared != is_shared {
            *drawer = Drawer { storage: None, is_shared, is_closed: false };
        }
    });
    true
}

/// Whether this is a shared computer: nothing is kept but in the tab.
#[cfg(feature = "ui")]
pub(super) fn is_shared() -> bool {
    DRAWER.with_borrow(|drawer| drawer.is_shared)
}

/// Keeps something, or forgets it. Whether that worked; if not, it is as before at the next visit.
pub(super) fn keep(entry: &Entry) -> bool {
    DRAWER.with_borrow(|drawer| {
        let Some(storage) = drawer.storage.as_ref().filter(|_| !drawer.is_closed) else { return drawer.is_closed };
        match &entry.value {
            Some(value) => storage.set_item(&entry.key, value).is_ok(),
            None => storage.remove_item(&entry.key).is_ok(),
        }
    })
}

/// The page is left, perhaps only to be loaded again.
pub(super) fn leave() {
    DRAWER.with_borrow(|drawer| {
        if let Some(storage) = drawer.storage.as_ref().filter(|_| drawer.is_shared && !drawer.is_closed) {
            let _ = storage.set_item(LEFT_KEY, &js_sys::Date::now().to_string());
        }
    });
}

/// Forgets everything that was ever kept, and keeps nothing any more until the page is loaded again.
pub(super) fn forget_all() {
    for storage in [local_storage(), tab_storage()].into_iter().flatten() {
        clear(&storage, |_| true);
    }
    DRAWER.with_borrow_mut(|drawer| {
        drawer.is_closed = true;
        // The computer is shared all the same: whoever comes next is asked to say otherwise.
        if let Some(tab) = tab_storage().filter(|_| drawer.is_shared) {
            let _ = tab.set_item(SHARED_KEY, "true");
        }
    });
}

/// Becomes somebody else at the next loading of the page: what others wrote to the one before is forgotten.
pub(super) fn become_another(identity: &Entry) -> bool {
    if !keep(identity) {
        return false;
    }
    DRAWER.with_borrow_mut(|drawer| {
        if let Some(storage) = &drawer.storage {
            clear(storage, |key| key.starts_with("classroom.chat."));
        }
        drawer.is_closed = true;
    });
    true
}

/// Whether that storage is the one in use, and the key is one of ours that other tabs write too.
pub(super) fn is_ours(storage: Option<&Storage>, key: &str) -> bool {
    let is_it = DRAWER.with_borrow(|drawer| drawer.storage.is_some() && drawer.storage.as_ref() == storage);
    is_it && key.starts_with(PREFIX) && key != IDENTITY_KEY
}

fn local_storage() -> Option<Storage> {
    page::window().local_storage().ok().flatten()
}

fn tab_storage() -> Option<Storage> {
    page::window().session_storage().ok().flatten()
}

fn get(storage: &Storage, key: &str) -> Option<String> {
    storage.get_item(key).ok().flatten()
}

/// All keys of ours.
fn keys(storage: &Storage) -> Vec<String> {
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(PREFIX)).collect()
}

fn clear(storage: &Storage, is_gone: impl Fn(&str) -> bool) {
    for key in keys(storage).iter().filter(|key| is_gone(key)) {
        let _ = storage.remove_item(key);
    }
}
