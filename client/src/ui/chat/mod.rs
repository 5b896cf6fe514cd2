//! Conversations: the [`list`] of them, and the [`conversation`] that is open.
//!
//! A conversation is a [`log`] of [`message`]s and a [`composer`]; [`held`] is what outlives the elements, [`keys`] how
//! one gets here from the world.

mod composer;
mod conversation;
mod held;
mod keys;
mod list;
mod log;
mod message;

use leptos::prelude::*;

pub(super) use self::held::Held;
use super::{Panel, Panels};
use crate::{
    browser::{page, refresh},
    session::{Input, chat::Key},
};

/// The panel.
#[component]
pub(super) fn Chat(panels: Panels) -> impl IntoView {
    show_at_once(panels);
    tell_what_is_read(panels);
    count_in_title(panels);
    keys::listen(panels);
    let open = panels.chat.open;
    view! {
        <Show when=move || panels.is_open(Panel::Chat)>
            <aside
                class="panel chat"
                id="chat-panel"
                aria-labelledby="chat-title"
                on:keydown=move |event| if event.key() == "Escape" && !event.is_composing() { panels.close() }
            >
                {move || match open.get() {
                    Some(key) => conversation::conversation(panels, key).into_any(),
                    None => list::list(panels).into_any(),
                }}
            </aside>
        </Show>
    }
}

/// Whatever one goes to is shown at once.
fn show_at_once(panels: Panels) {
    Effect::new(move |_| {
        panels.open.track();
        panels.chat.open.track();
        panels.chat.at_least.track();
        refresh::look();
    });
}

/// A conversation is read while it is open, its end is seen, and the page too.
fn tell_what_is_read(panels: Panels) {
    let is_visible = RwSignal::new(page::is_visible());
    let listener = window_event_listener_untyped("visibilitychange", move |_| is_visible.set(page::is_visible()));
    on_cleanup(move || listener.remove());
    let read = Memo::new(move |_| {
        let is_seen = panels.is_open(Panel::Chat) && is_visible.get() && panels.chat.is_at_end.get();
        panels.chat.open.get().filter(|_| is_seen)
    });
    Effect::new(move |_| panels.classroom().tell(Input::Read(read.get())));
}

/// The page's title says how much is unread: it is all that is seen of a page in the background.
fn count_in_title(panels: Panels) {
    let unread = Memo::new(move |_| panels.view.with(|view| view.chat.unread));
    Effect::new(move |_| page::set_title_count(unread.get()));
}

/// A name for an element that belongs to a conversation.
fn id_of(key: &Key) -> String {
    match key {
        Key::Direct(with) => format!("chat-with-{with}"),
        Key::Nearby => "chat-nearby".to_owned(),
        // Its name may be anything.
        Key::Room(room) => format!("chat-room-{}", room.as_str().replace(char::is_whitespace, "-")),
        Key::Everyone => "chat-everyone".to_owned(),
    }
}
