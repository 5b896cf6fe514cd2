//! The conversation that is open.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::Panels;
use super::{composer::composer, list::picture, log::log};
use crate::{
    browser::page,
    session::chat::Key,
    view::chat::{Conversation, Presence},
    words::words,
};

/// With whom, what was said, and a box to say something.
pub(super) fn conversation(panels: Panels, key: Key) -> impl IntoView {
    let wanted = key.clone();
    let conversation: Memo<Option<Arc<Conversation>>> = Memo::new(move |_| {
        let open = panels.view.with(|view| view.chat.open.clone());
        open.filter(|open| open.key == wanted)
    });
    let of = move |what: fn(&Conversation) -> String| {
        move || conversation.with(|open| open.as_deref().map(what)).unwrap_or_default()
    };
    let look = Memo::new(move |_| conversation.with(|open| open.as_ref()?.look).unwrap_or_default());
    let is_gone =
        Memo::new(move |_| conversation.with(|open| open.as_ref().is_some_and(|open| open.presence == Presence::Gone)));
    let writing = Memo::new(move |_| conversation.with(|open| open.as_ref()?.writing.clone()));
    let elsewhere = Memo::new(move |_| {
        panels.view.with(|view| {
            let here = view.chat.open.as_ref().map_or(0, |open| open.unread);
            view.chat.unread.saturating_sub(here)
        })
    });
    if panels.chat.takes_keyboard() && !page::has_coarse_pointer() {
        page::soon(|| {
            page::focus_first(&["message", "messages"]);
        });
    }
    let to_end = RwSignal::new(0_u32);
    view! {
        <header class="talk" class:is-gone=is_gone>
            <button
                type="button"
                class="back"
                id="chat-back"
                aria-label=words().back_to_conversations
                title=words().back_to_conversations
                on:click=move |_| panels.chat.close()
            >
                {super::super::icon::Icon::Back.show()}
                {move || (elsewhere.get() != 0).then(|| view! {
                    <span class="badge" aria-hidden="true">{elsewhere.get()}</span>
                })}
            </button>
            {picture(&key, look)}
            <h2 id="chat-title" dir="auto">{of(|open| open.name.clone())}</h2>
            <p class="about" dir="auto">{of(|open| open.about.clone())}</p>
            <button type="button" class="close" aria-label=words().close on:click=move |_| panels.close()>
                <span aria-hidden="true">"✕"</span>
            </button>
        </header>
        {log(panels, conversation, to_end)}
        <p class="writing" dir="auto">{move || writing.get()}</p>
        {composer(panels, key, conversation, to_end)}
    }
}
