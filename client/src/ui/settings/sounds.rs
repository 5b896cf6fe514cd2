//! Which sounds the page makes.

use leptos::prelude::*;

use crate::{browser::chime, words::words};

/// Whether there are chimes.
pub(super) fn sounds() -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id="settings-chimes"
                prop:checked=chime::is_on()
                on:change=move |event| chime::set_on(event_target_checked(&event))
            />
            <span class="choice-name">{words().sounds_chime}</span>
        </label>
    }
}
