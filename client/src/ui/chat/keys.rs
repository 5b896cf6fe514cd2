//! From the world to what one writes with one key.

use leptos::{ev, prelude::*};

use super::super::{Panel, Panels, settings::has_letters};
use crate::browser::page;

/// Enter or C goes to the conversations while the world has the keyboard, or nothing has.
pub(super) fn listen(panels: Panels) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let has_entered = panels.view.with_untracked(|view| view.has_entered);
        let is_asked = match event.key().as_str() {
            "Enter" => true,
            "c" | "C" => has_letters().get_untracked(),
            _ => false,
        };
        let is_asked = is_asked && !event.repeat();
        let is_shortcut = event.ctrl_key() || event.alt_key() || event.meta_key();
        if has_entered && is_asked && !is_shortcut && !event.default_prevented() && page::is_in_world() {
            event.prevent_default();
            go(panels);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Goes to the conversations, or to what is open of them.
fn go(panels: Panels) {
    if panels.open.get_untracked() != Some(Panel::Chat) {
        panels.show(Panel::Chat);
    } else if !page::focus_first(&["message", "messages"]) {
        page::focus_within("chat-panel", ".conversation");
    }
}
