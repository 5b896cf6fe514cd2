//! Marks the names of those who speak, over their heads. The tags themselves are the world's (`name_tags`).

use std::cell::RefCell;

use shared::identity::UserId;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::page;

/// What the tag of somebody who speaks is marked with, for the style sheet.
const MARK: &str = "speaks";

thread_local! {
    /// Who speaks: a tag that is made anew meanwhile is marked too.
    static SPEAKERS: RefCell<Vec<UserId>> = const { RefCell::new(Vec::new()) };
}

/// Marks these and nobody else.
pub(crate) fn mark(speakers: &[UserId]) {
    SPEAKERS.with_borrow_mut(|before| speakers.clone_into(before));
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

/// Makes an element somebody's tag.
pub(super) fn adopt(tag: &Element, user_id: UserId) {
    tag.set_id(&id(user_id));
    if SPEAKERS.with_borrow(|speakers| speakers.contains(&user_id)) {
        tag.set_class_name(MARK);
    }
}

fn id(user_id: UserId) -> String {
    format!("name-tag-{user_id}")
}
