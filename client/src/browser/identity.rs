//! One's identity in one's own hands: shown, brought in from another browser, forgotten.

use shared::identity::Identity;

use super::{page, storage, storage::Kept};
#[cfg(feature = "ui")]
use crate::session::memory::{CodeError, read_identity_code};
use crate::session::memory::{Entry, IDENTITY_KEY, Store, read_identity};

/// Who one is: as kept, or a new identity, which is kept with [`keep`]. None where the browser has nothing random:
/// everybody could guess a key made without.
pub(super) fn find() -> Option<Identity> {
    read_identity(Kept.read(IDENTITY_KEY)).or_else(|| Some(Identity::from_secret(&page::random()?)))
}

/// Keeps who one is.
pub(super) fn keep(identity: &Identity) {
    storage::keep(&Entry::identity(identity));
}

/// Whether others use this computer too, and one is remembered by the tab alone.
#[cfg(feature = "ui")]
pub(crate) fn is_on_shared_computer() -> bool {
    storage::is_shared()
}

/// Becomes the person of that code and loads the page anew.
///
/// # Errors
/// If it is not a code, or nothing can be kept here.
#[cfg(feature = "ui")]
pub(crate) fn bring_in(code: &str) -> Result<(), CodeError> {
    let identity = read_identity_code(code)?;
    if !storage::become_another(&Entry::identity(&identity)) {
        return Err(CodeError::NotKept);
    }
    page::reload();
    Ok(())
}

/// Forgets everything this browser knows of oneself, and begins anew in the lobby.
#[cfg(feature = "ui")]
pub(crate) fn forget() {
    storage::forget_all();
    page::begin_anew();
}
