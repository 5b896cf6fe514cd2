//! What one may switch off in this browser, at later visits too.

use std::cell::Cell;

#[cfg(feature = "ui")]
use super::storage;
use super::storage::Kept;
#[cfg(feature = "ui")]
use crate::session::memory::Entry;
use crate::session::memory::Store;

const OFF: &str = "off";

/// Something that is on until it is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// Little sounds.
    Sounds,
    /// Letters that press buttons. Whoever dictates, or whose hand trembles, presses letters that were not meant.
    #[cfg_attr(not(feature = "ui"), allow(dead_code, reason = "there are no buttons without panels"))]
    Letters,
}

thread_local! {
    /// Each of them, once it was asked: it holds even where nothing can be kept.
    static IS_ON: Cell<[Option<bool>; 2]> = const { Cell::new([None; 2]) };
}

impl Preference {
    /// Where it is kept that it is off.
    const fn key(self) -> &'static str {
        match self {
            Self::Sounds => "classroom.sounds",
            Self::Letters => "classroom.letters",
        }
    }

    /// Whether it is wanted.
    pub(crate) fn is_on(self) -> bool {
        IS_ON.get()[self as usize].unwrap_or_else(|| {
            let is_on = Kept.read(self.key()).as_deref() != Some(OFF);
            self.remember(is_on);
            is_on
        })
    }

    /// From now on, and at later visits.
    #[cfg(feature = "ui")]
    pub(crate) fn set_on(self, is_on: bool) {
        self.remember(is_on);
        let key = self.key();
        storage::keep(&if is_on { Entry::gone(key) } else { Entry::text(key, OFF.to_owned()) });
    }

    fn remember(self, is_on: bool) {
        let mut all = IS_ON.get();
        all[self as usize] = Some(is_on);
        IS_ON.set(all);
    }
}
