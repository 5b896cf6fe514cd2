//! A message: who said it, what, when, and how far it has come.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::{Panels, face::Face, icon::Icon};
use crate::{
    browser::times,
    session::chat::message::State,
    view::chat::{
        Day, Line,
        link::{Part, parts},
    },
    words::words,
};

/// A message, with the day or the line above it if one begins there. Where several speak, with who does.
pub(super) fn message(panels: Panels, line: Memo<Arc<Line>>, is_several: bool) -> impl IntoView {
    let first = line.get_untracked();
    let (key, at_ms, is_own) = (first.key, first.at_ms, first.is_own);
    let is_fresh = Memo::new(move |_| panels.chat.fresh.get() == Some(key));
    let opens_day = Memo::new(move |_| line.with(|line| line.day == Day::Later));
    let opens_turn = Memo::new(move |_| line.with(|line| line.opens_turn) || is_fresh.get());
    let speaker = Memo::new(move |_| line.with(|line| line.speaker.clone()));
    let look = Memo::new(move |_| line.with(|line| line.look));
    let is_late = Memo::new(move |_| line.with(|line| line.day == Day::Earlier));
    let has_face = is_several && !is_own;
    view! {
        <div
            class="line"
            class:is-own=is_own
            class:is-fresh=is_fresh
            class:opens-turn=opens_turn
            class:has-face=has_face
        >
            {move || opens_day.get().then(|| view! { <p class="day"><span>{times::day(at_ms)}</span></p> })}
            {move || is_fresh.get().then(|| view! { <p class="fresh"><span>{words().messages_new}</span></p> })}
            <div class="turn">
                {move || (has_face && opens_turn.get()).then(|| view! { <Face look /> })}
                <div class="bubble">
                    <span class="speaker" class:sr-only=move || !(has_face && opens_turn.get()) dir="auto">{speaker}</span>
                    <p class="text" dir="auto">{text(&first.text)}</p>
                    <span class="stamp">
                        <time datetime=times::for_programs(at_ms) title=times::whole(at_ms)>
                            {move || if is_late.get() { times::whole(at_ms) } else { times::time(at_ms) }}
                        </time>
                        {is_own.then(|| state(line, is_several))}
                    </span>
                </div>
            </div>
        </div>
    }
}

/// What it says, with its links: all else is text, whatever it looks like.
fn text(text: &str) -> Vec<AnyView> {
    let part = |part| match part {
        Part::Text(text) => text.to_owned().into_any(),
        Part::Link(link) => view! {
            <a href=link.to_owned() target="_blank" rel="noopener noreferrer">{link.to_owned()}</a>
        }
        .into_any(),
    };
    parts(text).into_iter().map(part).collect()
}

/// How far one's own message has come. What is said to several is on its way, or said.
fn state(line: Memo<Arc<Line>>, is_several: bool) -> impl IntoView {
    let state = Memo::new(move |_| line.with(|line| line.state));
    move || {
        let (icon, label) = match state.get() {
            State::Sending => (Icon::Waiting, words().state_sending),
            State::Sent | State::Delivered | State::Received if is_several => return None,
            State::Sent => (Icon::Sent, words().state_sent),
            State::Delivered | State::Received => (Icon::Delivered, words().state_delivered),
        };
        Some(view! { <span class="state" role="img" aria-label=label title=label>{icon.show()}</span> })
    }
}
