//! What one may switch off: little sounds, and letters that press buttons.

use leptos::prelude::*;

use crate::{browser::preference::Preference, words::words};

/// Whether there are chimes.
pub(super) fn sounds() -> impl IntoView {
    let sounds = Preference::Sounds;
    tick("settings-chimes", words().sounds_chime, move || sounds.is_on(), move |is_on| sounds.set_on(is_on))
}

thread_local! {
    static HAS_LETTERS: ArcRwSignal<bool> = ArcRwSignal::new(Preference::Letters.is_on());
}

/// Whether letters press buttons.
pub(in crate::ui) fn has_letters() -> ArcRwSignal<bool> {
    HAS_LETTERS.with(Clone::clone)
}

/// The choice whether they do.
pub(super) fn letters() -> impl IntoView {
    let set = |is_on| {
        Preference::Letters.set_on(is_on);
        has_letters().set(is_on);
    };
    view! {
        {tick("settings-letters", words().letters, || has_letters().get(), set)}
        <p class="means">{words().letters_explained}</p>
    }
}

/// A box to tick.
pub(super) fn tick(
    id: &'static str,
    name: &'static str,
    is_on: impl Fn() -> bool + Send + 'static,
    set: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                prop:checked=is_on
                on:change=move |event| set(event_target_checked(&event))
            />
            <span class="choice-name">{name}</span>
        </label>
    }
}
