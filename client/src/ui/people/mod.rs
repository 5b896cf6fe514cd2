//! The list of people.

use leptos::prelude::*;
use shared::identity::UserId;

use super::{Panel, Panels, face::Face};
use crate::{
    browser::page,
    session::Input,
    view::{Row, steady},
    words::{fill, words},
};

/// Everybody else, with the way to them.
#[component]
pub(super) fn People(panels: Panels) -> impl IntoView {
    let rows = Memo::new(move |_| panels.view.with(|view| view.people.clone()));
    let online = Memo::new(move |_| panels.view.with(|view| view.online));
    view! {
        <Show when=move || panels.is_open(Panel::People)>
            <aside
                class="panel"
                id="people-panel"
                aria-labelledby="people-title"
                on:keydown=move |event| if event.key() == "Escape" { panels.close() }
            >
                <header>
                    <h2 id="people-title">{words().people}</h2>
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
                {move || rows.with(Vec::is_empty).then(|| view! { <p class="empty">{words().people_none}</p> })}
                {list(panels, rows)}
            </aside>
        </Show>
    }
}

/// The rows. While a finger, the mouse or the keyboard is at them none of them moves: it would be missed, and an
/// element that is moved loses the keyboard.
fn list(panels: Panels, rows: Memo<Vec<Row>>) -> impl IntoView {
    let (has_keyboard, has_pointer) = (RwSignal::new(false), RwSignal::new(false));
    let order = Memo::new(move |before: Option<&Vec<UserId>>| {
        let now: Vec<_> = rows.with(|rows| rows.iter().map(|row| row.user_id).collect());
        match before {
            Some(before) if has_keyboard.get() || has_pointer.get() => steady(before, &now),
            _ => now,
        }
    });
    view! {
        <ul
            class="people"
            aria-label=words().people
            on:focusin=move |_| has_keyboard.set(true)
            on:focusout=move |_| has_keyboard.set(false)
            on:pointerenter=move |_| has_pointer.set(true)
            on:pointerleave=move |_| has_pointer.set(false)
        >
            <For
                each=move || order.get()
                key=|user_id| *user_id
                children=move |user_id| person(panels, rows, user_id)
            />
        </ul>
    }
}

/// A row. It stays the same element for as long as the person is listed, or its button would lose the keyboard with
/// each step that somebody makes.
fn person(panels: Panels, rows: Memo<Vec<Row>>, user_id: UserId) -> impl IntoView {
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.user_id == user_id).cloned()));
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.name.clone())).unwrap_or_default());
    let look = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.appearance)).unwrap_or_default());
    let detail = move || row.with(|row| row.as_ref().map(|row| row.detail.clone()));
    let is_online = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.is_online)));
    view! {
        <li class="person" class:is-gone=move || !is_online.get()>
            <Face look />
            <span class="person-name" dir="auto">{name}</span>
            <span class="person-detail">{detail}</span>
            <button
                type="button"
                aria-label=move || fill(words().walk_to_person, "name", &name.get())
                hidden=move || !is_online.get()
                on:click=move |_| walk_to(panels, user_id)
            >
                {words().walk_to}
            </button>
        </li>
    }
}

fn walk_to(panels: Panels, user_id: UserId) {
    let classroom = panels.classroom();
    let place = classroom.read(|session, now| {
        let map = session.map()?;
        let person = session.roster().person(user_id)?;
        Some(person.pose(Some(&map.collision), now).edge().position)
    });
    if let Some(place) = place {
        classroom.tell(Input::WalkTo(place));
    }
}
