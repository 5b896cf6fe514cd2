//! The box to write in.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, html::Textarea, prelude::*};

use super::super::{Panels, icon::Icon};
use crate::{
    browser::page,
    session::{
        Input,
        chat::{Key, Unsaid},
    },
    view::chat::{
        Conversation, explain,
        length::{self, is_too_long},
    },
    words::{fill, fill_all, words},
};
use shared::{chat::ChatTextError, limits::CHAT_CHARACTERS};

/// Enter sends, Shift and Enter break the line; what cannot be said stays, with the reason. `to_end` is changed when
/// something was said.
pub(super) fn composer(
    panels: Panels,
    key: Key,
    conversation: Memo<Option<Arc<Conversation>>>,
    to_end: RwSignal<u32>,
) -> impl IntoView {
    let chat = panels.chat;
    let area = NodeRef::<Textarea>::new();
    let key = StoredValue::new(key);
    let draft = Memo::new(move |_| key.with_value(|key| chat.draft(key)));
    let text = Memo::new(move |_| draft.with(|draft| draft.text.clone()));
    let barred = Memo::new(move |_| conversation.with(|open| open.as_ref().and_then(|open| open.barred)));
    let length = Memo::new(move |_| text.with(|text| length::told(text)));
    let is_over = Memo::new(move |_| length.get().is_some_and(is_too_long));
    let problem = move || {
        let over = is_over.get().then_some(Unsaid::Text(ChatTextError::TooLong));
        barred.get().or_else(|| draft.with(|draft| draft.problem).or(over).map(explain))
    };
    let problem = Memo::new(move |_| problem());
    Effect::new(move |_| {
        text.track();
        if let Some(area) = area.get() {
            // Once it has the text.
            page::soon(move || page::fit_height(&area));
        }
    });
    let send = move || {
        say(panels, &key.get_value(), to_end);
        page::focus("message");
    };
    let pressed = move |event: KeyboardEvent| {
        // Input methods take Enter to choose a word; some tell it by nothing but that code.
        let is_composing = event.is_composing() || event.key_code() == 229;
        let breaks_line = event.shift_key() || event.alt_key();
        if event.key() == "Enter" && !is_composing && !breaks_line {
            event.prevent_default();
            send();
        }
    };
    let written = move |text: String| {
        let is_writing = !text.trim().is_empty();
        key.with_value(|key| {
            chat.write(key, text);
            if let Key::Direct(with) = key
                && is_writing
            {
                panels.classroom().tell(Input::WriteTo(*with));
            }
        });
    };
    let placeholder = move || match key.get_value() {
        Key::Everyone => words().message_to_everyone.to_owned(),
        Key::Nearby => words().message_to_nearby.to_owned(),
        Key::Direct(_) | Key::Room(_) => {
            let name = conversation.with(|open| open.as_ref().map(|open| open.name.clone())).unwrap_or_default();
            fill(words().message_to_name, "name", &name)
        }
    };
    view! {
        <form class="composer" novalidate on:submit=move |event| {
            event.prevent_default();
            send();
        }>
            <p class="problem" id="message-problem" role="status">{move || problem.get()}</p>
            <textarea
                id="message"
                rows="1"
                dir="auto"
                aria-label=words().message
                aria-describedby="message-problem message-length"
                aria-invalid=move || is_over.get().then_some("true")
                placeholder=placeholder
                autocomplete="off"
                enterkeyhint="send"
                disabled=move || barred.get().is_some()
                node_ref=area
                prop:value=text
                on:input=move |event| written(event_target_value(&event))
                on:keydown=pressed
            ></textarea>
            <button type="submit" class="send" aria-label=words().send disabled=move || barred.get().is_some()>
                {Icon::Send.show()}
            </button>
            <p class="length" id="message-length" class:is-over=is_over>
                {move || length.get().map(|count| {
                    let count = count.to_string();
                    fill_all(words().message_length, &[("count", &count), ("most", &CHAT_CHARACTERS.to_string())])
                })}
            </p>
        </form>
    }
}

/// Says what was written, if it can be said.
fn say(panels: Panels, key: &Key, to_end: RwSignal<u32>) {
    let chat = panels.chat;
    let text = untrack(|| chat.draft(key)).text;
    let classroom = panels.classroom();
    match classroom.read(|session, now| session.check(now, key, &text)) {
        Ok(text) => {
            chat.write(key, String::new());
            // Whoever answers has read.
            chat.fresh.set(None);
            classroom.tell(Input::Say { key: key.clone(), text });
            to_end.update(|times| *times = times.wrapping_add(1));
        }
        Err(Unsaid::Text(ChatTextError::Empty)) if text.is_empty() => {}
        Err(why) => chat.complain(key, why),
    }
}
