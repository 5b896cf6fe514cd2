//! Emotes: the button that offers them, and their pictures.

use leptos::prelude::*;
use shared::chat::Emote;

use super::{Panels, icon::Icon};
use crate::{
    browser::{outside, page},
    session::Input,
    words::{self, words},
};

/// What holds the button and what it opens: a press beside it closes.
const PLACE: &str = "emotes";
const BUTTON: &str = "react-button";

/// The picture of an emote.
#[component]
pub(super) fn Picture(emote: Emote) -> impl IntoView {
    view! { <span class="emote" role="img" aria-label=words::emote(emote) data-emote=place(emote)></span> }
}

/// Where it stands among all, from 0.
fn place(emote: Emote) -> usize {
    Emote::ALL.iter().position(|other| *other == emote).unwrap_or_default()
}

/// The button in the bar, and the emotes above it.
#[component]
pub(super) fn React(panels: Panels) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let watching = StoredValue::new_local(Some(outside::watch(PLACE, move || is_open.set(false))));
    on_cleanup(move || watching.set_value(None));
    let leave = move || {
        is_open.set(false);
        page::focus(if page::is_world_off() { BUTTON } else { super::WORLD });
    };
    let choose = move |emote: Emote| {
        panels.classroom().tell(Input::Emote(emote));
        leave();
    };
    view! {
        <div
            class="react"
            id=PLACE
            on:keydown=move |event| {
                if !is_open.get_untracked() {
                    return;
                }
                if event.key() == "Escape" {
                    // The panel beside it stays.
                    event.stop_propagation();
                    leave();
                } else if let Some(emote) = of_key(&event.key()) {
                    choose(emote);
                }
            }
        >
            <button
                type="button"
                id=BUTTON
                aria-label=words().react
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                {Icon::React.show()}
                <span>{words().react}</span>
            </button>
            {move || is_open.get().then(|| view! {
                <div class="emotes" role="group" aria-label=words().react>
                    {Emote::ALL.map(|emote| choice(emote, choose))}
                </div>
            })}
        </div>
    }
}

/// An emote to choose, with the key that shows it in the world.
fn choice(emote: Emote, choose: impl Fn(Emote) + 'static) -> impl IntoView {
    let key = place(emote) + 1;
    let button = NodeRef::<leptos::html::Button>::new();
    // The first of them has the keyboard when they appear.
    Effect::new(move |_| {
        if let Some(button) = button.get().filter(|_| place(emote) == 0) {
            let _ = button.focus();
        }
    });
    view! {
        <button
            type="button"
            node_ref=button
            aria-keyshortcuts=key.to_string()
            title=words::emote(emote)
            on:click=move |_| choose(emote)
        >
            <Picture emote />
            <kbd aria-hidden="true">{key}</kbd>
        </button>
    }
}

/// The emote of a key from 1 on.
fn of_key(key: &str) -> Option<Emote> {
    let number: usize = key.parse().ok()?;
    Emote::ALL.get(number.checked_sub(1)?).copied()
}
