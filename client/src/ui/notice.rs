//! What a person should know at once.

use leptos::prelude::*;

use super::Panels;
use crate::{browser::page, words::words};

/// The notices, and how to walk for those who came in first.
#[component]
pub(super) fn Notices(panels: Panels) -> impl IntoView {
    let surroundings = Memo::new(move |_| panels.view.with(|view| view.surroundings));
    let sentence = move || {
        let surroundings = surroundings.get();
        if surroundings.world_died {
            Some(words().world_died)
        } else {
            surroundings.map_changed.then_some(words().map_changed)
        }
    };
    let forgets = Memo::new(move |_| panels.view.with(|view| view.chat.forgets));
    let knows = panels.forgetting_is_dismissed;
    let has_entered = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    let is_dismissed = panels.hint_is_dismissed;
    let room = Memo::new(move |_| panels.view.with(|view| view.calls.notice.clone()));
    view! {
        // Always there: what comes into it is read out.
        <div class="room-notice" role="status">
            {move || room.get().map(|notice| view! { <p dir="auto">{notice.sentence()}</p> })}
        </div>
        {move || sentence().map(|sentence| view! {
            <div class="notice" role="alert">
                <p>{sentence}</p>
                <button type="button" on:click=|_| page::reload()>{words().reload}</button>
            </div>
        })}
        {move || (forgets.get() && !knows.get() && sentence().is_none()).then(|| view! {
            <div class="notice" role="alert">
                <p>{words().forgets}</p>
                <button type="button" on:click=move |_| knows.set(true)>{words().dismiss}</button>
            </div>
        })}
        {move || (has_entered.get() && !is_dismissed.get() && sentence().is_none()).then(|| view! {
            <div class="hint">
                <p>{words().keys_hint}</p>
                <button type="button" on:click=move |_| {
                    is_dismissed.set(true);
                    page::focus("world");
                }>{words().dismiss}</button>
            </div>
        })}
    }
}
