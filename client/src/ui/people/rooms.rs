//! The rooms, how many people are in each, and the way there.

use std::sync::Arc;

use leptos::prelude::*;

use super::person::give_way;
use crate::{
    session::Input,
    ui::{Panels, icon::Icon},
    view::{Room, is_found},
    words::{fill, words},
};

const LIST: &str = "rooms";

/// A heading that opens the list, which `is_shown` remembers; whoever searches sees the rooms of that name.
pub(super) fn rooms(panels: Panels, is_shown: RwSignal<bool>) -> impl IntoView {
    let held = panels.people;
    let rooms = Memo::new(move |_| panels.view.with(|view| Arc::clone(&view.rooms)));
    let found = Memo::new(move |_| {
        let search = held.search.get();
        let is_found = |room: &&Room| is_found(&room.name, &search);
        rooms.with(|rooms| rooms.iter().filter(is_found).map(|room| room.zone.clone()).collect::<Vec<_>>())
    });
    let is_searched = Memo::new(move |_| held.search.with(|search| !search.trim().is_empty()));
    let is_open = Memo::new(move |_| is_shown.get() || is_searched.get());
    let row = move |zone: String| {
        Memo::new(move |_| rooms.with(|rooms| rooms.iter().find(|room| room.zone == zone).cloned()))
    };
    view! {
        <section class="rooms" hidden=move || found.with(Vec::is_empty)>
            <button
                type="button"
                class="rooms-head"
                aria-expanded=move || is_open.get().to_string()
                aria-controls=move || is_open.get().then_some(LIST)
                hidden=move || is_searched.get()
                on:click=move |_| is_shown.update(|is_shown| *is_shown = !*is_shown)
            >
                {Icon::Room.show()}
                {words().rooms}
                {Icon::More.show()}
            </button>
            <Show when=move || is_open.get()>
                <ul id=LIST class="people" aria-label=words().rooms>
                    <For each=move || found.get() key=Clone::clone children=move |zone| room(panels, row(zone)) />
                </ul>
            </Show>
        </section>
    }
}

/// A row; it stays the same element, or its button would lose the keyboard whenever somebody walks in or out.
fn room(panels: Panels, row: Memo<Option<Room>>) -> impl IntoView {
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.name.clone())).unwrap_or_default());
    let detail = Memo::new(move |_| row.with(|row| row.as_ref().map(Room::detail)));
    let is_own = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.is_own)));
    let walk = move |_| {
        let Some(zone) = row.with_untracked(|row| row.as_ref().map(|row| row.zone.clone())) else { return };
        let classroom = panels.classroom();
        if let Some(place) = classroom.read(|session, now| session.spot_in(&zone, now)) {
            classroom.tell(Input::WalkTo(place));
            give_way(panels);
        }
    };
    view! {
        <li class="person room" class:is-own=move || is_own.get()>
            <div class="person-line">
                <span class="room-name">{name}</span>
                <span class="person-detail">{detail}</span>
                <button
                    type="button"
                    class="quiet"
                    aria-label=move || fill(words().walk_to_person, "name", &name.get())
                    title=words().walk_to
                    hidden=move || is_own.get()
                    on:click=walk
                >
                    {Icon::Walk.show()}
                    <span class="label">{words().walk_to}</span>
                </button>
            </div>
        </li>
    }
}
