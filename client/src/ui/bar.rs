//! The buttons at the bottom.

use leptos::prelude::*;

use super::Panels;
use crate::{
    browser::page,
    words::{fill, words},
};

/// What one can open.
#[component]
pub(super) fn Bar(panels: Panels) -> impl IntoView {
    let has_entered = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    let online = Memo::new(move |_| panels.view.with(|view| view.online));
    let toggle = move |_| {
        panels.shows_people.update(|shows| *shows = !*shows);
        if !panels.shows_people.get_untracked() {
            page::focus(super::WORLD);
        }
    };
    view! {
        <nav
            class="bar"
            hidden=move || !has_entered.get()
            on:keydown=move |event| if event.key() == "Escape" { panels.close_people() }
        >
            <button
                type="button"
                id="people-button"
                aria-label=words().people
                aria-expanded=move || panels.shows_people.get().to_string()
                on:click=toggle
            >
                <span>{words().people}</span>
                <span class="count" title=move || fill(words().people_here, "count", &online.get().to_string())>
                    {move || online.get()}
                </span>
            </button>
        </nav>
    }
}
