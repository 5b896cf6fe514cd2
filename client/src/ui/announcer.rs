//! Says aloud, to those whose computer reads to them, who came and what was written where they are not looking.

use std::time::Duration;

use leptos::prelude::*;

use super::{Panel, Panels};
use crate::view::chat::tidings::tidings;

/// So long between two sentences: they would cut one another off.
const PAUSE: Duration = Duration::from_millis(1200);

/// What was said so far.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The number of the last news that was told.
    told: RwSignal<u64>,
}

impl Held {
    /// Nothing was said yet.
    pub(crate) fn new() -> Self {
        Self { told: RwSignal::new(0) }
    }
}

/// A place that is read out whenever it changes.
#[component]
pub(super) fn Announcer(panels: Panels) -> impl IntoView {
    let told = panels.announcer.told;
    let sentence = RwSignal::new(String::new());
    // Whether more is told after a pause.
    let is_pausing = RwSignal::new(false);
    let last = Memo::new(move |_| panels.view.with(|view| view.chat.news));
    Effect::new(move |_| {
        if last.get() > told.get_untracked() && !is_pausing.get() {
            let Some(mut now) = news(panels) else { return };
            if sentence.with_untracked(|before| *before == now) {
                // The same again is only heard if it is not quite the same.
                now.push('\u{a0}');
            }
            sentence.set(now);
            is_pausing.set(true);
            set_timeout(
                move || {
                    // Nobody tells anything any more once the language is another.
                    let _ = is_pausing.try_set(false);
                },
                PAUSE,
            );
        }
    });
    view! { <p class="sr-only" id="announcer" role="status" aria-live="polite">{sentence}</p> }
}

/// What is new, in words.
fn news(panels: Panels) -> Option<String> {
    let told = panels.announcer.told;
    let is_chat_open = panels.open.get_untracked() == Some(Panel::Chat);
    // What is said there is read out by the conversation itself.
    let open = panels.chat.conversation_untracked().filter(|_| is_chat_open);
    let news = panels.classroom().read(|session, _| tidings(session, told.get_untracked()));
    told.set(news.last);
    news.sentence(open.as_ref())
}
