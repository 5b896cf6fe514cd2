//! The buttons at the bottom.

use leptos::prelude::*;

use super::{Panel, Panels};
use crate::words::{fill, words};

/// What one can open.
#[component]
pub(super) fn Bar(panels: Panels) -> impl IntoView {
    let has_entered = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    let online = Memo::new(move |_| panels.view.with(|view| view.online));
    view! {
        <nav
            class="bar"
            hidden=move || !has_entered.get()
            on:keydown=move |event| if event.key() == "Escape" { panels.close() }
        >
            {button(panels, Panel::Chat, "chat-button", words().chat, ())}
            {button(panels, Panel::People, "people-button", words().people, view! {
                <span class="count" title=move || fill(words().people_here, "count", &online.get().to_string())>
                    {move || online.get()}
                </span>
            })}
            {button(panels, Panel::Settings, "settings-button", words().settings, ())}
        </nav>
    }
}

/// The button that opens a panel, with something beside its name.
fn button(panels: Panels, panel: Panel, id: &'static str, name: &'static str, beside: impl IntoView) -> impl IntoView {
    view! {
        <button
            type="button"
            id=id
            aria-label=name
            aria-expanded=move || panels.is_open(panel).to_string()
            on:click=move |_| panels.toggle(panel)
        >
            <span>{name}</span>
            {beside}
        </button>
    }
}
