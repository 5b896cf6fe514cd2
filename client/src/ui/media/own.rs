//! Oneself, in the corner beside the controls: what others see, and a button to hold for those without a space bar.

use leptos::{ev::KeyboardEvent, html::Button, prelude::*};

use super::{picture::own_picture, tell};
use crate::{
    browser::page,
    media::{Device, MediaInput, Switch},
    ui::{Panels, icon::Icon},
    words::words,
};

/// One's own picture, and the button.
#[component]
pub(in crate::ui) fn Own(panels: Panels) -> impl IntoView {
    let shown = Memo::new(move |_| panels.view.with(|view| view.calls.own_picture().filter(|_| view.has_entered)));
    let is_speaking = Memo::new(move |_| panels.view.with(|view| view.calls.is_speaking));
    let has_button = Memo::new(move |_| {
        panels.view.with(|view| {
            let is_on = view.calls.switch(Device::Microphone) == Switch::On;
            is_on && view.calls.preferences.push_to_talk && page::has_coarse_pointer()
        })
    });
    view! {
        <div class="own" hidden=move || shown.get().is_none() && !has_button.get()>
            {move || shown.get().map(|device| {
                let (label, caption) = if device == Device::Screen {
                    (words().own_screen, words().own_screen)
                } else {
                    (words().own_picture, words().chat_you)
                };
                view! {
                    <figure class="own-picture" class:is-speaking=move || is_speaking.get() aria-label=label>
                        {own_picture(device)}
                        <figcaption aria-hidden="true">{caption}</figcaption>
                    </figure>
                }
            })}
            {move || has_button.get().then(|| hold_to_talk(panels))}
        </div>
    }
}

/// A button that is held like the space bar.
fn hold_to_talk(panels: Panels) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let is_held = RwSignal::new(false);
    let hold = move |holds: bool| {
        if is_held.get_untracked() != holds {
            is_held.set(holds);
            tell(panels, MediaInput::Talk(holds));
        }
    };
    let is_press = |event: &KeyboardEvent| matches!(event.key().as_str(), " " | "Enter");
    on_cleanup(move || {
        if is_held.try_get_untracked() == Some(true) {
            tell(panels, MediaInput::Talk(false));
        }
    });
    view! {
        <button
            type="button"
            class="hold-to-talk"
            class:is-held=move || is_held.get()
            node_ref=button
            aria-pressed=move || is_held.get().to_string()
            on:pointerdown=move |event| {
                if let Some(button) = button.get_untracked() {
                    // The finger may slip off and one still talks.
                    let _ = button.set_pointer_capture(event.pointer_id());
                }
                hold(true);
            }
            on:pointerup=move |_| hold(false)
            on:pointercancel=move |_| hold(false)
            on:contextmenu=move |event| event.prevent_default()
            on:keydown=move |event| if is_press(&event) && !event.repeat() { hold(true) }
            on:keyup=move |event| if is_press(&event) { hold(false) }
            on:blur=move |_| hold(false)
        >
            {Icon::Microphone.show()}
            {words().hold_to_talk}
        </button>
    }
}
