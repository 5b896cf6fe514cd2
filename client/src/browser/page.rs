//! Finds things in the document, and asks the browser small questions.

use wasm_bindgen::JsCast;
#[cfg(feature = "ui")]
use wasm_bindgen::closure::Closure;
#[cfg(feature = "ui")]
use web_sys::VisibilityState;
use web_sys::{Document, HtmlElement, UrlSearchParams, Window};

#[cfg(feature = "ui")]
use crate::words::words;

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

/// Whether the keyboard's focus is within the element of that id.
#[cfg(feature = "ui")]
pub(crate) fn has_focus(id: &str) -> bool {
    element::<HtmlElement>(id).is_some_and(|element| element.matches(":focus-within").unwrap_or_default())
}

/// Moves the keyboard's focus to the first of these elements that takes it. Whether one did.
#[cfg(feature = "ui")]
pub(crate) fn focus_first(ids: &[&str]) -> bool {
    ids.iter().any(|id| {
        focus(id);
        focused().as_deref() == Some(id)
    })
}

/// Moves the keyboard's focus to the first element within another that the selector finds.
#[cfg(feature = "ui")]
pub(crate) fn focus_within(id: &str, selector: &str) {
    let found = element::<HtmlElement>(id).and_then(|element| element.query_selector(selector).ok().flatten());
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// Does something once what is being shown is there: elements come after the effects of one change.
#[cfg(feature = "ui")]
pub(crate) fn soon(what: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(what);
    let _ = window().set_timeout_with_callback(callback.unchecked_ref());
}

/// Whether the world has the keyboard, or nothing has.
#[cfg(feature = "ui")]
pub(crate) fn is_in_world() -> bool {
    document().active_element().is_none_or(|element| element.id() == "world" || element.tag_name() == "BODY")
}

/// Whether somebody is at that element, with the pointer or the keyboard.
#[cfg(feature = "ui")]
pub(crate) fn is_attended(id: &str) -> bool {
    let is_it = |element: HtmlElement| element.matches(":hover, :focus-within").unwrap_or_default();
    element::<HtmlElement>(id).is_some_and(is_it)
}

/// Whether that element was not hidden.
#[cfg(feature = "ui")]
pub(crate) fn is_shown(id: &str) -> bool {
    element::<HtmlElement>(id).is_some_and(|element| !element.hidden())
}

/// Whether the page is in sight.
#[cfg(feature = "ui")]
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Writes a number before the page's title, unless it is 0.
#[cfg(feature = "ui")]
pub(crate) fn set_title_count(count: u32) {
    let title = words().title;
    document().set_title(&if count == 0 { title.to_owned() } else { format!("({count}) {title}") });
}

/// Makes an element as high as its text; the style sheet has the limits.
#[cfg(feature = "ui")]
pub(crate) fn fit_height(element: &HtmlElement) {
    let style = element.style();
    let _ = style.set_property("height", "auto");
    let borders = element.offset_height() - element.client_height();
    let _ = style.set_property("height", &format!("{}px", element.scroll_height() + borders));
}

/// Whether there is room for two panels. The style sheet goes by the same width.
#[cfg(feature = "ui")]
pub(crate) fn is_wide() -> bool {
    window().match_media("(min-width: 900px)").ok().flatten().is_some_and(|query| query.matches())
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
