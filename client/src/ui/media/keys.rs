//! Keys of calls: a letter for each device, and the space bar that is held to talk.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::{enlarge, press, tell};
use crate::{
    browser::typing::{Place, is_shortcut, place},
    media::{Device, MediaInput, Switch},
    ui::{Panels, settings::has_letters},
    view::media::controls::of_key,
};

/// Listens for as long as the buttons are there.
pub(super) fn listen(panels: Panels) {
    let is_held = StoredValue::new(false);
    let let_go = move || {
        if is_held.get_value() {
            is_held.set_value(false);
            tell(panels, MediaInput::Talk(false));
        }
    };
    let down = window_event_listener(ev::keydown, move |event| {
        let has_entered = panels.view.with_untracked(|view| view.has_entered);
        if !has_entered || is_shortcut(&event) || event.default_prevented() {
            return;
        }
        match event.key().as_str() {
            " " => hold(panels, &event, is_held),
            "Escape" if place(&event) == Place::World => enlarge_nobody(panels),
            key => {
                let is_meant = || has_letters().get_untracked() && !event.repeat() && place(&event) != Place::Writing;
                let device = of_key(key).filter(|_| is_meant());
                if let Some(device) = device {
                    event.prevent_default();
                    press(panels, device);
                }
            }
        }
    });
    let up = window_event_listener(ev::keyup, move |event| {
        // macOS tells of no other key that is let go while the command key is down.
        if matches!(event.key().as_str(), " " | "Meta") {
            let_go();
        }
    });
    // A key that was down when the page lost the keyboard is never let go.
    let blur = window_event_listener(ev::blur, move |_| let_go());
    on_cleanup(move || {
        down.remove();
        up.remove();
        blur.remove();
        let_go();
    });
}

/// One talks for as long as the space bar is down, unless it writes or presses something.
fn hold(panels: Panels, event: &KeyboardEvent, is_held: StoredValue<bool>) {
    let has_key = panels.view.with_untracked(|view| {
        view.calls.preferences.push_to_talk && view.calls.switch(Device::Microphone) == Switch::On
    });
    if !has_key || !matches!(place(event), Place::World | Place::Elsewhere) {
        return;
    }
    // It would scroll the page.
    event.prevent_default();
    if !event.repeat() && !is_held.get_value() {
        is_held.set_value(true);
        tell(panels, MediaInput::Talk(true));
    }
}

fn enlarge_nobody(panels: Panels) {
    if panels.view.with_untracked(|view| view.calls.staged.is_some()) {
        enlarge(panels, None);
    }
}
