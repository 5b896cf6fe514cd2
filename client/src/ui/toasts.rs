//! Small cards that say for a moment who wrote or waved, where one is not looking; a press leads there.

use std::time::Duration;

use leptos::prelude::*;

use super::{Panel, Panels};
use crate::{
    browser::page,
    session::chat::{Key, Returned},
    view::chat::{self, tidings::tidings},
    words::{fill, words},
};

/// How long one is shown.
const SHOWN: Duration = Duration::from_secs(7);

/// One that somebody is at is shown for so much longer.
const LONGER: Duration = Duration::from_secs(3);

/// Most that are shown at a time: the newest.
const MOST: usize = 3;

/// The cards.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The number of the last news that was looked at.
    seen: RwSignal<u64>,
    cards: RwSignal<Cards>,
}

#[derive(Clone, Debug, Default)]
struct Cards {
    /// How many there were.
    count: u64,
    shown: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Card {
    number: u64,
    /// Where it leads.
    key: Key,
    title: String,
    text: String,
}

impl Held {
    /// There are none yet.
    pub(crate) fn new() -> Self {
        Self { seen: RwSignal::new(0), cards: RwSignal::new(Cards::default()) }
    }

    /// Shows one, instead of an earlier one that leads to the same place.
    fn show(self, key: Key, title: String, text: String) {
        let number = self.cards.with_untracked(|cards| cards.count) + 1;
        self.cards.update(|Cards { count, shown }| {
            *count = number;
            shown.retain(|card| card.key != key);
            shown.push(Card { number, key, title, text });
            let too_many = shown.len().saturating_sub(MOST);
            shown.drain(..too_many);
        });
        self.remove_after(number, SHOWN);
    }

    fn remove_after(self, number: u64, wait: Duration) {
        let remove = move || {
            if page::is_attended(&id(number)) {
                return self.remove_after(number, LONGER);
            }
            self.cards.update(|cards| cards.shown.retain(|card| card.number != number));
        };
        set_timeout(remove, wait);
    }

    /// Those that lead to a conversation are of no use once it is open.
    fn remove_for(self, key: &Key) {
        if self.cards.with_untracked(|cards| cards.shown.iter().any(|card| card.key == *key)) {
            self.cards.update(|cards| cards.shown.retain(|card| card.key != *key));
        }
    }
}

/// The cards, the newest below.
#[component]
pub(super) fn Toasts(panels: Panels) -> impl IntoView {
    let held = panels.toasts;
    let last = Memo::new(move |_| panels.view.with(|view| view.chat.news));
    Effect::new(move |_| {
        if last.get() > held.seen.get_untracked() {
            look(panels);
        }
    });
    Effect::new(move |_| {
        let open = panels.chat.conversation();
        if let Some(key) = open.filter(|_| panels.is_open(Panel::Chat)) {
            held.remove_for(&key);
        }
    });
    view! {
        <div class="toasts">
            <For each=move || held.cards.with(|cards| cards.shown.clone()) key=|card| card.number children=move |card| toast(panels, card) />
        </div>
    }
}

fn toast(panels: Panels, card: Card) -> impl IntoView {
    let Card { number, key, title, text } = card;
    view! {
        <button type="button" class="toast" id=id(number) on:click=move |_| panels.open_conversation(key.clone())>
            <span class="toast-title" dir="auto">{title}</span>
            <span class="toast-text" dir="auto">{text}</span>
        </button>
    }
}

fn id(number: u64) -> String {
    format!("toast-{number}")
}

/// Shows what is new and not in sight.
fn look(panels: Panels) {
    let held = panels.toasts;
    let news = panels.classroom().read(|session, _| tidings(session, held.seen.get_untracked()));
    held.seen.set(news.last);
    let is_chat_open = panels.open.get_untracked() == Some(Panel::Chat);
    let open = panels.chat.conversation_untracked();
    for heard in news.heard {
        // The list of conversations says it too.
        let is_in_sight = is_chat_open && open.as_ref().is_none_or(|open| *open == heard.key);
        if !is_in_sight {
            held.show(heard.key.clone(), heard.title(), heard.text);
        }
    }
    for (who, name) in news.waved {
        held.show(Key::Direct(who), fill(words().waves_at_you, "name", &name), String::new());
    }
}

/// Says that a text is back where it was written, if that is out of sight.
pub(super) fn show_returned(panels: Panels, returned: &Returned) {
    let is_chat_open = panels.open.get_untracked() == Some(Panel::Chat);
    if is_chat_open && panels.chat.conversation_untracked().as_ref() == Some(&returned.key) {
        return;
    }
    let name = panels.classroom().read(|session, _| chat::name(session, &returned.key));
    let title = fill(words().not_sent_in, "name", &name);
    panels.toasts.show(returned.key.clone(), title, returned.text.as_str().to_owned());
}
