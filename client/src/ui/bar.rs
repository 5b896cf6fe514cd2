//! The buttons at the bottom.

use leptos::prelude::*;

use super::{
    Panel, Panels,
    emotes::{Picture, React},
    face::Face,
    icon::Icon,
    media::Devices,
    settings::has_letters,
    status_code,
};
use crate::words::{self, fill, words};

/// What one shares, and what one can open.
#[component]
pub(super) fn Bar(panels: Panels) -> impl IntoView {
    let has_entered = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    let online = Memo::new(move |_| panels.view.with(|view| view.online));
    let unread = Memo::new(move |_| panels.view.with(|view| view.chat.unread));
    view! {
        <nav
            class="bar"
            hidden=move || !has_entered.get()
            on:keydown=move |event| if event.key() == "Escape" { panels.close() }
        >
            {you(panels)}
            <Devices panels />
            {button(panels, Panel::Chat, "chat-button", Icon::Message, words().chat, view! {
                <span class="badge" hidden=move || unread.get() == 0 aria-hidden="true">{move || unread.get()}</span>
            })}
            {button(panels, Panel::People, "people-button", Icon::People, words().people, view! {
                <span class="count" aria-hidden="true">{move || online.get()}</span>
            })}
            <React panels />
            {button(panels, Panel::Settings, "settings-button", Icon::Settings, words().settings, ())}
        </nav>
    }
}

/// Oneself, as others see one; how to change that is a press away.
fn you(panels: Panels) -> impl IntoView {
    let own = Memo::new(move |_| panels.view.with(|view| view.own.clone()));
    let look = Memo::new(move |_| own.with(|own| own.appearance));
    let emote = Memo::new(move |_| own.with(|own| own.emote));
    let label = move || {
        own.with(|own| {
            let named = fill(words().own_profile, "status", words::status(own.status));
            fill(&named, "name", &own.name)
        })
    };
    view! {
        <button
            type="button"
            class="you"
            id="you-button"
            aria-label=label
            on:click=move |_| panels.toggle(Panel::Settings)
        >
            <Face look />
            <span class="you-name" dir="auto">{move || own.with(|own| own.name.clone())}</span>
            <span class="dot" data-status=move || own.with(|own| status_code(own.status))></span>
            {move || emote.get().map(|emote| view! { <Picture emote /> })}
        </button>
    }
}

/// The button that opens a panel, with something beside its name that is no part of it.
fn button(
    panels: Panels,
    panel: Panel,
    id: &'static str,
    icon: Icon,
    name: &'static str,
    beside: impl IntoView,
) -> impl IntoView {
    let is_chat = panel == Panel::Chat;
    view! {
        <button
            type="button"
            id=id
            title=move || about(panels, panel)
            aria-keyshortcuts=move || {
                is_chat.then(|| if has_letters().get() { "Enter C" } else { "Enter" })
            }
            aria-expanded=move || panels.is_open(panel).to_string()
            on:click=move |_| panels.toggle(panel)
        >
            {icon.show()}
            <span>{name}</span>
            {beside}
        </button>
    }
}

/// What there is to know before one opens a panel.
fn about(panels: Panels, panel: Panel) -> Option<String> {
    match panel {
        Panel::Chat => Some(about_chat(panels)),
        Panel::People => {
            let online = panels.view.with(|view| view.online);
            Some(fill(words().people_here, "count", &online.to_string()))
        }
        Panel::Settings => None,
    }
}

/// How much is unread, and the keys that lead there.
fn about_chat(panels: Panels) -> String {
    match panels.view.with(|view| view.chat.unread) {
        0 => words().chat_enter.to_owned(),
        1 => format!("{} · {}", words().chat_unread_all_one, words().chat_enter),
        unread => format!("{} · {}", fill(words().chat_unread_all, "count", &unread.to_string()), words().chat_enter),
    }
}
