//! What people paste elsewhere.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::page;

/// Copies a text, and says whether that worked.
pub(crate) fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let written = write(text);
    spawn_local(async move {
        then(match written {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
}

/// Begins to write to the clipboard. Pages that came unencrypted from elsewhere than this machine have none, which the
/// bindings do not know of.
fn write(text: &str) -> Option<Promise> {
    let clipboard = Reflect::get(&page::window().navigator(), &"clipboard".into()).ok()?;
    let write_text: Function = Reflect::get(&clipboard, &"writeText".into()).ok()?.dyn_into().ok()?;
    write_text.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
}
