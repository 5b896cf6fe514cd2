//! The language of the page.

use leptos::prelude::*;

use crate::{
    browser::language::{choose, current},
    words::{Language, words},
};

/// One radio button a language, each under the name that those call it who speak it.
pub(super) fn language() -> impl IntoView {
    view! {
        <fieldset class="choices in-a-row">
            <legend class="sr-only">{words().settings_language}</legend>
            {Language::ALL.map(|language| view! {
                <label class="choice" lang=language.code()>
                    <input
                        type="radio"
                        name="settings-language"
                        id=format!("settings-language-{}", language.code())
                        prop:checked=language == current()
                        on:change=move |_| choose(language)
                    />
                    <span class="choice-name">{language.own_name()}</span>
                </label>
            })}
        </fieldset>
    }
}
