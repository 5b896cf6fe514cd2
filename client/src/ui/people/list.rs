//! The rows of the list, and their order.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use shared::identity::UserId;

use super::{held::A_FEW, person};
use crate::{
    ui::Panels,
    view::{Row, listed, steady},
    words::{fill, words},
};

/// The rows. While a finger, the mouse or the keyboard is at them none of them moves: it would be missed, and an
/// element that is moved loses the keyboard.
pub(super) fn list(panels: Panels, rows: Memo<Arc<[Row]>>) -> impl IntoView {
    let held = panels.people;
    let (has_keyboard, has_pointer) = (RwSignal::new(false), RwSignal::new(false));
    let listed = Memo::new(move |_| rows.with(|rows| held.search.with(|search| listed(rows, search, held.gone.get()))));
    let order = Memo::new(move |before: Option<&(String, Vec<UserId>)>| {
        let search = held.search.get();
        let now = listed.with(|listed| listed.people.clone());
        let people = match before {
            Some((searched, before)) if *searched == search && (has_keyboard.get() || has_pointer.get()) => {
                steady(before, &now)
            }
            _ => now,
        };
        (search, people)
    });
    let places = Memo::new(move |_| {
        let place = |(place, row): (usize, &Row)| (row.user_id, place);
        rows.with(|rows| rows.iter().enumerate().map(place).collect::<HashMap<_, _>>())
    });
    let row = move |user_id: UserId| {
        Memo::new(move |_| {
            let place = places.with(|places| places.get(&user_id).copied());
            rows.with(|rows| rows.get(place?).cloned())
        })
    };
    // Those who are not here come last, and the first of them says so; who left just now may stand further up.
    let first_gone = Memo::new(move |_| {
        let is_gone = |user_id: &&UserId| {
            let place = places.with(|places| places.get(*user_id).copied());
            rows.with(|rows| place.and_then(|place| rows.get(place)).is_some_and(|row| !row.is_online))
        };
        order.with(|(_, people)| people.iter().rev().take_while(is_gone).last().copied())
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
                each=move || order.with(|(_, people)| people.clone())
                key=|user_id| *user_id
                children=move |user_id| person::person(panels, user_id, row(user_id), first_gone)
            />
            {move || listed.with(|listed| listed.more > 0).then(|| view! {
                <li class="more">
                    <button type="button" on:click=move |_| held.gone.update(|gone| *gone += A_FEW)>
                        {move || {
                            let more = listed.with(|listed| listed.more.min(A_FEW));
                            fill(words().people_more, "count", &more.to_string())
                        }}
                    </button>
                </li>
            })}
        </ul>
        {move || {
            let is_nobody = rows.with(|rows| !rows.is_empty()) && listed.with(|listed| listed.people.is_empty());
            is_nobody.then(|| view! { <p class="empty" role="status">{words().people_none_found}</p> })
        }}
    }
}
