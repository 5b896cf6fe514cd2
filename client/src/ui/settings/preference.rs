//! What one may switch off: little sounds, and letters that press buttons.

use leptos::prelude::*;

use crate::{
    browser::preference::Preference,
    words::{Words, words},
};

/// Whether there are chimes.
pub(super) fn sounds() -> impl IntoView {
    choice("settings-chimes", Preference::Sounds, |words| words.sounds_chime, |_| {})
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
    view! {
        {choice("settings-letters", Preference::Letters, |words| words.letters, |is_on| has_letters().set(is_on))}
        <p class="means">{words().letters_explained}</p>
    }
}

fn choice(
    id: &'static str,
    preference: Preference,
    name: fn(&Words) -> &'static str,
    changed: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                prop:checked=preference.is_on()
                on:change=move |event| {
                    let is_on = event_target_checked(&event);
                    preference.set_on(is_on);
                    changed(is_on);
                }
            />
            <span class="choice-name">{name(words())}</span>
        </label>
    }
}
