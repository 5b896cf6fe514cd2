//! The language of the page, which can be changed at any time without loading the page again: that would end a call.
//!
//! `client/web/language.js` chooses by the same rule and translates the static page before this module has arrived. The
//! two speak through the document: `data-language` on the root is the language that is wanted, and the event
//! `classroom-language` says that another one was chosen in the lobby.

use std::collections::HashMap;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{listener::Listener, page, refresh};
use crate::words::{self, Language, Words};

/// Where a language that was chosen by hand is kept for the next visit.
const KEY: &str = "classroom.language";

/// The language in use.
#[cfg(feature = "ui")]
pub(crate) fn current() -> Language {
    words::language()
}

/// Chooses another language, now and for the visits to come. The panels are made anew once the caller is done.
#[cfg(feature = "ui")]
pub(crate) fn choose(language: Language) {
    // Where nothing can be kept, which the page has said, it is forgotten with the page.
    if let Some(storage) = page::window().local_storage().ok().flatten() {
        let _ = storage.set_item(KEY, language.code());
    }
    change(language);
}

/// Speaks the language of this person from the first sentence on, and follows what is chosen in the lobby.
pub(super) fn begin() -> Listener {
    let kept = || page::window().local_storage().ok().flatten()?.get_item(KEY).ok().flatten();
    // What was chosen in the lobby counts even where nothing can be kept.
    let chosen = page::root_data("language").or_else(kept);
    let asked_for = page::window().navigator().languages();
    speak(Language::choose(chosen.as_deref(), asked_for.iter().filter_map(|tag| tag.as_string())));
    Listener::new(&page::document(), "classroom-language", |_| {
        if let Some(language) = page::root_data("language").and_then(|code| Language::of_tag(&code)) {
            change(language);
        }
    })
}

/// Shows everything in that language.
fn change(language: Language) {
    speak(language);
    refresh::language_changed();
    // Not at once: whoever chose is in one of the panels, and its callback is still running.
    #[cfg(feature = "ui")]
    wasm_bindgen_futures::spawn_local(async { crate::ui::mount_anew() });
}

/// Sentences are of that language from now on; the static page says its own again.
fn speak(language: Language) {
    words::set_language(language);
    let code = language.code();
    page::set_root_data("language", code);
    let Some(root) = page::document().document_element() else { return };
    if root.get_attribute("lang").as_deref() == Some(code) {
        return;
    }
    set_attribute(&root, "lang", code);
    translate(language.words());
    if let Some(choice) = page::element::<HtmlInputElement>(&format!("language-{code}")) {
        choice.set_checked(true);
    }
}

/// Fills in the sentences of `index.html`.
fn translate(words: &Words) {
    let sentences: HashMap<_, _> = words.all().into_iter().collect();
    let fill = |mark: &str, fill_in: &dyn Fn(&Element, &str)| {
        let Ok(marked) = page::document().query_selector_all(&format!("[{mark}]")) else { return };
        for element in (0..marked.length()).filter_map(|index| marked.get(index)?.dyn_into::<Element>().ok()) {
            let key = element.get_attribute(mark).unwrap_or_default();
            if let Some(sentence) = sentences.get(key.as_str()) {
                fill_in(&element, sentence);
            }
        }
    };
    fill("data-word", &|element, sentence| element.set_text_content(Some(sentence)));
    fill("data-word-label", &|element, sentence| set_attribute(element, "aria-label", sentence));
    fill("data-word-placeholder", &|element, sentence| set_attribute(element, "placeholder", sentence));
}

fn set_attribute(element: &Element, name: &str, value: &str) {
    // Fails for no name that exists.
    let _ = element.set_attribute(name, value);
}
