//! What was said: the newest messages at the end, earlier ones on request.

use std::{collections::HashMap, sync::Arc, time::Duration};

use leptos::{html::Div, prelude::*};

use super::{super::Panels, message::message};
use crate::{
    browser::{page, scrolling::Scrolling},
    session::chat::Key,
    view::chat::{Conversation, Line, MessageKey, SHOWN},
    words::{fill, words},
};

/// So long after many messages were added at once whoever listens is told of each further one: before, all would be
/// read out.
const QUIET: Duration = Duration::from_millis(1500);

/// The messages; `to_end` changes when the end is to be seen whatever is read.
pub(super) fn log(
    panels: Panels,
    conversation: Memo<Option<Arc<Conversation>>>,
    to_end: RwSignal<u32>,
) -> impl IntoView {
    let chat = panels.chat;
    let list = NodeRef::<Div>::new();
    let scrolling = StoredValue::new_local(None::<Scrolling>);
    let is_at_end = chat.is_at_end;
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            // By their texts: a day above one goes when an earlier message of that day is shown.
            let tell = move |at_end| is_at_end.set(at_end);
            scrolling.set_value(Scrolling::follow((*list).clone(), ".bubble", ".line.is-fresh", tell));
        }
    });
    Effect::new(move |_| {
        let is_empty = conversation.with(|open| open.as_ref().is_some_and(|open| open.lines.is_empty()));
        if is_empty && list.get().is_some() {
            scrolling.with_value(|scrolling| scrolling.iter().for_each(Scrolling::is_empty));
        }
    });
    let go_to_end = move || scrolling.with_value(|scrolling| scrolling.iter().for_each(Scrolling::to_end));
    Effect::new(move |before: Option<u32>| {
        let now = to_end.get();
        if before.is_some_and(|before| before != now) {
            go_to_end();
        }
        now
    });
    mark_fresh(panels, conversation);

    let is_quiet = RwSignal::new(true);
    let quiet = move || {
        is_quiet.set(true);
        // Gone by then if the conversation is closed.
        set_timeout(
            move || {
                let _ = is_quiet.try_set(false);
            },
            QUIET,
        );
    };
    quiet();
    let earlier = Memo::new(move |_| conversation.with(|open| open.as_ref().map_or(0, |open| open.earlier)));
    let show_earlier = move |_| {
        quiet();
        let shown = conversation.with_untracked(|open| open.as_ref().map_or(0, |open| open.lines.len()));
        if earlier.get_untracked() <= SHOWN {
            // The button goes, and the keyboard with it.
            page::focus("messages");
        }
        chat.at_least.set(shown + SHOWN);
    };
    let is_trimmed = Memo::new(move |_| conversation.with(|open| open.as_ref().is_some_and(|open| open.is_trimmed)));
    let is_empty =
        Memo::new(move |_| conversation.with(|open| open.as_ref().is_some_and(|open| open.lines.is_empty())));
    view! {
        <div class="log">
            <div
                class="messages"
                id="messages"
                role="log"
                aria-label=words().messages
                aria-live=move || if is_quiet.get() { "off" } else { "polite" }
                aria-relevant="additions"
                tabindex="0"
                node_ref=list
            >
                {move || (earlier.get() > 0).then(|| view! {
                    <button type="button" class="earlier" on:click=show_earlier>{words().messages_earlier}</button>
                })}
                {move || (is_trimmed.get() && earlier.get() == 0).then(|| view! {
                    <p class="trimmed">{words().messages_trimmed}</p>
                })}
                {move || is_empty.get().then(|| view! { <p class="nothing">{words().chat_nothing_yet}</p> })}
                {lines(panels, conversation)}
            </div>
            {to_end_button(panels, conversation, go_to_end)}
        </div>
    }
}

/// The rows. Each stays the same element for as long as it is shown.
fn lines(panels: Panels, conversation: Memo<Option<Arc<Conversation>>>) -> impl IntoView {
    let all = move || conversation.with(|open| open.as_ref().map(|open| open.lines.clone()).unwrap_or_default());
    let by_key: Memo<Arc<HashMap<MessageKey, Arc<Line>>>> =
        Memo::new(move |_| Arc::new(all().into_iter().map(|line| (line.key, line)).collect()));
    let is_several = conversation
        .with_untracked(|open| open.as_ref().map(|open| !matches!(open.key, Key::Direct(_))))
        .or_else(|| panels.chat.open.with_untracked(|open| open.as_ref().map(|key| !matches!(key, Key::Direct(_)))));
    let is_several = is_several.unwrap_or_default();
    view! {
        <For
            each=all
            key=|line| line.key
            children=move |first| {
                let line = Memo::new(move |_| {
                    by_key.with(|lines| lines.get(&first.key).cloned()).unwrap_or_else(|| Arc::clone(&first))
                });
                message(panels, line, is_several)
            }
        />
    }
}

/// What comes while one reads something else begins with a line of its own.
fn mark_fresh(panels: Panels, conversation: Memo<Option<Arc<Conversation>>>) {
    let first = Memo::new(move |_| conversation.with(|open| open.as_ref()?.first_unread));
    Effect::new(move |before: Option<Option<MessageKey>>| {
        let now = first.get();
        if before == Some(None) && now.is_some() {
            panels.chat.fresh.set(now);
        }
        now
    });
}

/// The way to the end, with what is new there.
fn to_end_button(
    panels: Panels,
    conversation: Memo<Option<Arc<Conversation>>>,
    go_to_end: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let unread = Memo::new(move |_| conversation.with(|open| open.as_ref().map_or(0, |open| open.unread)));
    let has_lines =
        Memo::new(move |_| conversation.with(|open| open.as_ref().is_some_and(|open| !open.lines.is_empty())));
    let label = move || match unread.get() {
        0 => words().messages_to_end.to_owned(),
        1 => words().chat_new_one.to_owned(),
        many => fill(words().chat_new_many, "count", &many.to_string()),
    };
    view! {
        <button
            type="button"
            class="to-end"
            class:has-new=move || unread.get() != 0
            hidden=move || panels.chat.is_at_end.get() || !has_lines.get()
            on:click=move |_| {
                go_to_end();
                page::focus("messages");
            }
        >
            <span>{label}</span>
            {super::super::icon::Icon::More.show()}
        </button>
    }
}
