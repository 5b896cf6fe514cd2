//! One's identity in one's own hands: shown, brought in from another browser, forgotten.

use shared::identity::Identity;

use super::{page, storage, storage::Kept};
use crate::session::memory::{CodeError, Entry, IDENTITY_KEY, Store, identity_code, read_identity, read_identity_code};

/// Who one is: as kept, or a new identity, which is kept with [`keep`]. None where the browser has nothing random:
/// everybody could guess a key made without.
pub(super) fn find() -> Option<Identity> {
    read_identity(Kept.read(IDENTITY_KEY)).or_else(|| Some(Identity::from_secret(&page::random()?)))
}

/// Keeps who one is.
pub(super) fn keep(identity: &Identity) {
    storage::keep(&Entry::identity(identity));
}

/// The code with which one is the same person in another browser. Whoever has it can be that person.
pub(crate) fn code() -> Option<String> {
    read_identity(Kept.read(IDENTITY_KEY)).map(|identity| identity_code(&identity))
}

/// Becomes the person of that code and loads the page anew.
///
/// # Errors
/// If it is not a code, or nothing can be kept here.
pub(crate) fn bring_in(code: &str) -> Result<(), CodeError> {
    let identity = read_identity_code(code)?;
    if !storage::become_another(&Entry::identity(&identity)) {
        return Err(CodeError::NotKept);
    }
    page::reload();
    Ok(())
}

/// Forgets everything this browser knows of oneself, and begins anew.
pub(crate) fn forget() {
    storage::forget_all();
    page::reload();
}
