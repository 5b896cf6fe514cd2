//! Marks the names of those who speak, over their heads. The tags themselves are the world's (`name_tags`).

use shared::identity::UserId;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::page;

/// What the tag of somebody who speaks is marked with, for the style sheet.
const MARK: &str = "speaks";

/// Marks these and nobody else.
pub(crate) fn mark(speakers: &[UserId]) {
    let Ok(marked) = page::document().query_selector_all(&format!("#name-tags .{MARK}")) else { return };
    for tag in (0..marked.length()).filter_map(|index| marked.get(index)?.dyn_into::<Element>().ok()) {
        tag.set_class_name("");
    }
    for user_id in speakers {
        if let Some(tag) = page::element::<Element>(&id(*user_id)) {
            tag.set_class_name(MARK);
        }
    }
}

/// The id of somebody's tag.
pub(super) fn id(user_id: UserId) -> String {
    format!("name-tag-{user_id}")
}
