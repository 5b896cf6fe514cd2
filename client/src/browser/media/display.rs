//! Pictures beside the page, and over the whole screen, where the browser can do that.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlVideoElement};

use super::{super::page, js};

/// Shows a picture in a window of its own, or puts it back.
pub(crate) fn picture_in_picture(element: &HtmlVideoElement) {
    toggle("pictureInPictureElement", "exitPictureInPicture", element, "requestPictureInPicture");
}

/// Shows something over the whole screen, or puts it back.
pub(crate) fn full_screen(element: &Element) {
    toggle("fullscreenElement", "exitFullscreen", element, "requestFullscreen");
}

fn toggle(shown: &str, put_back: &'static str, element: &JsValue, show: &'static str) {
    let document: JsValue = page::document().into();
    let is_shown = js::get(&document, shown).as_ref() == Some(element);
    let (object, method) = if is_shown { (document, put_back) } else { (element.clone(), show) };
    // Called at once, while the press still counts. What the browser refuses stays as it is.
    let asked = js::invoke(&object, method, &[]).map(|promise| js_sys::Promise::resolve(&promise));
    if let Ok(promise) = asked {
        spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        });
    }
}
