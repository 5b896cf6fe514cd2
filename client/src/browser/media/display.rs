//! Pictures beside the page, and over the whole screen, where the browser can do that.

use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlVideoElement};

use super::{super::page, js};

/// Phones by Apple show nothing but pictures over the whole screen, by a method of their own.
const PICTURE_FULL_SCREEN: &str = "webkitEnterFullscreen";

/// Whether pictures can have a window of their own.
pub(crate) fn has_picture_in_picture() -> bool {
    can("HTMLVideoElement", "requestPictureInPicture")
}

/// Whether something can be shown over the whole screen, if there is a picture in it or not.
pub(crate) fn has_full_screen(has_picture: bool) -> bool {
    can("Element", "requestFullscreen") || (has_picture && can("HTMLVideoElement", PICTURE_FULL_SCREEN))
}

/// Shows a picture in a window of its own, or puts it back.
pub(crate) fn picture_in_picture(element: &HtmlVideoElement) {
    toggle("pictureInPictureElement", "exitPictureInPicture", element, "requestPictureInPicture");
}

/// Shows something over the whole screen, or puts it back; where the browser can do that with pictures alone, the
/// picture in it.
pub(crate) fn full_screen(element: &Element, picture: Option<&HtmlVideoElement>) {
    if js::can(element, "requestFullscreen") {
        toggle("fullscreenElement", "exitFullscreen", element, "requestFullscreen");
    } else if let Some(picture) = picture {
        // Refused before the first picture has come.
        js::ignore(js::invoke(picture, PICTURE_FULL_SCREEN, &[]));
    }
}

/// Whether all objects of that class have that method.
fn can(class: &str, method: &str) -> bool {
    let class = js::get(&page::window(), class);
    class.and_then(|class| js::get(&class, "prototype")).is_some_and(|prototype| js::can(&prototype, method))
}

fn toggle(shown: &str, put_back: &'static str, element: &JsValue, show: &'static str) {
    let document: JsValue = page::document().into();
    let is_shown = js::get(&document, shown).as_ref() == Some(element);
    let (object, method) = if is_shown { (document, put_back) } else { (element.clone(), show) };
    // Called at once, while the press still counts. What the browser refuses stays as it is.
    js::ignore(js::invoke(&object, method, &[]));
}
