//! Finds things in the document, and asks the browser small questions.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, UrlSearchParams, Window};

/// The window; a page always has one.
pub(super) fn window() -> Window {
    web_sys::window().unwrap_or_else(|| unreachable!("this module runs in a page"))
}

/// The document; a window of a page always has one.
pub(super) fn document() -> Document {
    window().document().unwrap_or_else(|| unreachable!("this module runs in a page"))
}

/// The element of that id, if it is of that kind.
pub(super) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Shows an element of that id, or hides it.
pub(super) fn set_shown(id: &str, is_shown: bool) {
    if let Some(element) = element::<HtmlElement>(id) {
        element.set_hidden(!is_shown);
    }
}

/// Shows one of the problems that the page has sentences for.
pub(super) fn show_problem(id: &str) {
    set_shown(id, true);
}

/// Writes `data-KEY` on the root of the document: style sheet and loader go by it.
pub(super) fn set_root_data(key: &str, value: &str) {
    if let Some(root) = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.dataset().set(key, value);
    }
}

/// Reads `data-KEY` of the root of the document.
pub(super) fn root_data(key: &str) -> Option<String> {
    let root = document().document_element()?.dyn_into::<HtmlElement>().ok()?;
    root.dataset().get(key)
}

/// A parameter of the page's URL.
pub(super) fn parameter(name: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

/// Whether the page is to do without the world.
pub(crate) fn is_world_off() -> bool {
    parameter("world").as_deref() == Some("off") || !cfg!(feature = "world")
}

/// Pixels of the screen to one of the style sheet.
#[cfg(feature = "world")]
pub(super) fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().max(0.1)
}

/// Milliseconds since the page was opened.
pub(super) fn milliseconds() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Random bytes that nobody can guess, where the browser has them.
pub(super) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// Any number, for choices that nobody minds being guessed.
#[cfg(feature = "ui")]
pub(crate) fn random_number() -> u64 {
    random().map_or(0, u64::from_le_bytes)
}

/// Moves the keyboard's focus to the element of that id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// The id of the element that has the keyboard's focus, if it has one.
#[cfg(feature = "ui")]
pub(crate) fn focused() -> Option<String> {
    document().active_element().map(|element| element.id()).filter(|id| !id.is_empty())
}

/// Loads the page anew.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Loads the page anew as whoever opens it for the first time: an address that names a person and goes in at once would
/// bring back the one who leaves.
#[cfg(feature = "ui")]
pub(super) fn begin_anew() {
    let location = window().location();
    let Ok(query) = UrlSearchParams::new_with_str(&location.search().unwrap_or_default()) else { return reload() };
    query.delete("name");
    query.delete("enter");
    let address = format!("{}?{}", location.pathname().unwrap_or_default(), query.to_string());
    if location.replace(&address).is_err() {
        reload();
    }
}

/// Whether the page is as narrow as a phone: a panel covers the world then. The style sheet goes by the same width.
#[cfg(feature = "ui")]
pub(crate) fn is_narrow() -> bool {
    window().match_media("(max-width: 480px)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the pointer is a finger.
pub(crate) fn has_coarse_pointer() -> bool {
    window().match_media("(any-pointer: coarse)").ok().flatten().is_some_and(|query| query.matches())
}

/// Where the panels go.
pub(crate) fn panels() -> Option<HtmlElement> {
    element("ui")
}

/// The middle of an element, in pixels from the left and top of the view.
pub(crate) fn middle(element: &HtmlElement) -> (f64, f64) {
    let area = element.get_bounding_client_rect();
    (area.x() + area.width() / 2.0, area.y() + area.height() / 2.0)
}
