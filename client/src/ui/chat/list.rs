//! The list of conversations.

use leptos::prelude::*;

use super::{
    super::{Panel, Panels, face::Face, icon::Icon},
    id_of,
};
use crate::{
    browser::{page, times},
    session::chat::Key,
    view::{
        chat::{Entry, Presence},
        steady,
    },
    words::{self, fill, words},
};

/// Everyone, who is near, the room one is in, and people by the latest message.
pub(super) fn list(panels: Panels) -> impl IntoView {
    let entries = Memo::new(move |_| panels.view.with(|view| view.chat.entries.clone()));
    let is_held = RwSignal::new(false);
    // Nothing moves while a pointer or the keyboard is at it: it would be missed.
    let order = Memo::new(move |before: Option<&Vec<Key>>| {
        let now: Vec<_> = entries.with(|entries| entries.iter().map(|entry| entry.key.clone()).collect());
        match before {
            Some(before) if is_held.get() => steady(before, &now),
            _ => now,
        }
    });
    if panels.chat.takes_keyboard() {
        page::soon(|| page::focus_within("chat-panel", ".conversation"));
    }
    view! {
        <header>
            <h2 id="chat-title">{words().conversations}</h2>
            <button type="button" class="close" aria-label=words().close on:click=move |_| panels.close()>
                <span aria-hidden="true">"✕"</span>
            </button>
        </header>
        <div class="conversations">
            <ul
                aria-label=words().conversations
                on:focusin=move |_| is_held.set(true)
                on:focusout=move |_| is_held.set(false)
                on:pointerenter=move |_| is_held.set(true)
                on:pointerleave=move |_| is_held.set(false)
            >
                <For
                    each=move || order.get()
                    key=Key::clone
                    children=move |key| entry(panels, entries, key)
                />
            </ul>
            <p class="empty">{words().chat_people_hint}</p>
            <button type="button" class="to-people" on:click=move |_| panels.show(Panel::People)>
                {words().people}
            </button>
        </div>
    }
}

fn entry(panels: Panels, entries: Memo<std::sync::Arc<[Entry]>>, key: Key) -> impl IntoView {
    let id = id_of(&key);
    let found = key.clone();
    let entry = Memo::new(move |_| entries.with(|entries| entries.iter().find(|entry| entry.key == found).cloned()));
    let of = move |what: fn(&Entry) -> String| move || entry.with(|entry| entry.as_ref().map(what)).unwrap_or_default();
    let at = Memo::new(move |_| entry.with(|entry| entry.as_ref().and_then(|entry| entry.at_ms)));
    let unread = Memo::new(move |_| entry.with(|entry| entry.as_ref().map_or(0, |entry| entry.unread)));
    let is_writing = Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.is_writing)));
    let picture = picture(&key, Memo::new(move |_| entry.with(|entry| entry.as_ref()?.look).unwrap_or_default()));
    let presence =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().map_or(Presence::Several, |entry| entry.presence)));
    view! {
        <li>
            <button
                type="button"
                class="conversation"
                id=id
                class:is-unread=move || unread.get() != 0
                on:click=move |_| panels.chat.go_to(&panels.classroom(), key.clone())
            >
                {picture}
                {move || dot(presence.get())}
                <span class="conversation-name" dir="auto">{of(|entry| entry.name.clone())}</span>
                <span class="conversation-last" dir="auto">
                    {move || if is_writing.get() { words().chat_is_writing.to_owned() } else { of(|entry| entry.last.clone())() }}
                </span>
                {move || at.get().map(|at| view! {
                    <time class="conversation-time" datetime=times::for_programs(at)>{times::brief(at)}</time>
                })}
                {move || (unread.get() != 0).then(|| view! {
                    <span class="badge">
                        <span aria-hidden="true">{unread.get()}</span>
                        <span class="sr-only">{match unread.get() {
                            1 => words().chat_unread_one.to_owned(),
                            unread => fill(words().chat_unread, "count", &unread.to_string()),
                        }}</span>
                    </span>
                })}
            </button>
        </li>
    }
}

/// The face of one person, or what stands for several.
pub(super) fn picture(key: &Key, look: Memo<shared::profile::Appearance>) -> AnyView {
    let icon = match key {
        Key::Direct(_) => return view! { <Face look /> }.into_any(),
        Key::Nearby => Icon::Nearby,
        Key::Room(_) => Icon::Room,
        Key::Everyone => Icon::Everyone,
    };
    view! { <span class="glyph">{icon.show()}</span> }.into_any()
}

/// Whether somebody is there, as a dot.
fn dot(presence: Presence) -> Option<impl IntoView> {
    let (status, label) = match presence {
        Presence::Several => return None,
        Presence::Here(status) => (super::super::status_code(status), words::status(status)),
        Presence::Gone => ("gone", words().chat_not_here),
    };
    Some(view! { <span class="dot" data-status=status role="img" aria-label=label></span> })
}
