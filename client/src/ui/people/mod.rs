//! Everybody else: those who are here, and those one met.
//!
//! [`list`] keeps the order, [`person`] is a row, [`actions`] what one can do about somebody when the row is open;
//! [`rooms`] is where they might be; [`held`] is what outlives the elements.

mod actions;
mod held;
mod list;
mod person;
mod rooms;

use std::sync::Arc;

use leptos::prelude::*;

pub(super) use self::held::Held;
use super::{Panel, Panels, icon::Icon};
use crate::{
    browser::page,
    view::Row,
    words::{fill, words},
};

const SEARCH: &str = "people-search";
const TITLE: &str = "people-title";

/// Everybody else, and what one can do about them.
#[component]
pub(super) fn People(panels: Panels) -> impl IntoView {
    let rows = Memo::new(move |_| panels.view.with(|view| Arc::clone(&view.people)));
    let online = Memo::new(move |_| panels.view.with(|view| view.online));
    let shows_rooms = RwSignal::new(false);
    // A keyboard that slides over half of a phone waits until it is asked for.
    panels.focus_when_opened(Panel::People, if page::has_coarse_pointer() { TITLE } else { SEARCH });
    view! {
        <Show when=move || panels.is_open(Panel::People)>
            <aside
                class="panel"
                id="people-panel"
                aria-labelledby=TITLE
                on:keydown=move |event| if event.key() == "Escape" { panels.close() }
            >
                <header>
                    <h2 id=TITLE tabindex="-1">{words().people}</h2>
                    <span class="count">{move || fill(words().people_here, "count", &online.get().to_string())}</span>
                    {(!page::is_world_off()).then(|| view! {
                        <button
                            type="button"
                            class="close"
                            aria-label=words().close
                            on:click=move |_| panels.close()
                        >
                            "✕"
                        </button>
                    })}
                </header>
                {search(panels)}
                {rooms::rooms(panels, shows_rooms)}
                {nobody_yet(rows)}
                {list::list(panels, rows)}
                <p class="said" role="status">{move || panels.people.said.get()}</p>
            </aside>
        </Show>
    }
}

/// The box for a name.
fn search(panels: Panels) -> impl IntoView {
    let search = panels.people.search;
    view! {
        <div class="search">
            {Icon::Search.show()}
            <input
                type="search"
                id=SEARCH
                aria-label=words().people_search
                placeholder=words().people_search
                autocomplete="off"
                spellcheck="false"
                maxlength="128"
                prop:value=move || search.get()
                on:input=move |event| search.set(event_target_value(&event))
            />
        </div>
    }
}

fn nobody_yet(rows: Memo<Arc<[Row]>>) -> impl IntoView {
    move || rows.with(|rows| rows.is_empty()).then(|| view! { <p class="empty">{words().people_none}</p> })
}
