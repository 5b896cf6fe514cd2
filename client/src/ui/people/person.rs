//! A row: who somebody is, and the two things one does most.

use leptos::prelude::*;
use shared::{identity::UserId, profile::Status};

use super::actions::actions;
use crate::{
    browser::{calendar, page},
    session::{Input, chat::Key},
    ui::{Panels, emotes::Picture, face::Face, icon::Icon, status_code},
    view::{Row, Unit},
    words::{self, fill, words},
};

/// A row. It stays the same element for as long as the person is listed, or its buttons would lose the keyboard with
/// each step that somebody makes.
pub(super) fn person(
    panels: Panels,
    user_id: UserId,
    row: Memo<Option<Row>>,
    first_gone: Memo<Option<UserId>>,
) -> impl IntoView {
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.name.clone())).unwrap_or_default());
    let look = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.appearance)).unwrap_or_default());
    let emote = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.emote)));
    let detail = Memo::new(move |_| row.with(|row| row.as_ref().map(detail)));
    let is = move |what: fn(&Row) -> bool| Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(what)));
    let (is_online, is_blocked, waves) = (is(|row| row.is_online), is(|row| row.is_blocked), is(|row| row.waves));
    let (is_in_call, is_speaking) = (is(|row| row.is_in_call), is(|row| row.is_speaking));
    let status = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.status)).unwrap_or_default());
    // Green says it to the eye.
    let is_plainly_here = is(|row| row.is_online && row.status == Status::Available && !row.place.is_empty());
    let chosen = panels.people.chosen;
    let is_chosen = Memo::new(move |_| chosen.get() == Some(user_id));
    let head = format!("person-{user_id}");
    let below = format!("{head}-actions");
    let controlled = below.clone();
    view! {
        <li
            class="person"
            class:is-gone=move || !is_online.get()
            class:is-blocked=move || is_blocked.get()
            class:is-chosen=move || is_chosen.get()
            class:waves=move || waves.get()
            data-heading=move || (first_gone.get() == Some(user_id)).then_some(words().people_met)
        >
            <div class="person-line">
                <button
                    type="button"
                    class="person-head"
                    id=head
                    aria-expanded=move || is_chosen.get().to_string()
                    aria-controls=move || is_chosen.get().then(|| controlled.clone())
                    on:click=move |_| chosen.set((!is_chosen.get_untracked()).then_some(user_id))
                >
                    <Face look />
                    <span class="person-name" dir="auto">{name}</span>
                    {move || emote.get().map(|emote| view! { <Picture emote /> })}
                    <span class="person-detail">
                        <span
                            class="dot"
                            data-status=move || is_online.get().then(|| status_code(status.get()))
                        ></span>
                        {move || is_in_call.get().then(|| call(is_speaking.get()))}
                        {move || waves.get().then(|| view! { <strong>{words().person_waves}" · "</strong> })}
                        {detail}
                        {move || is_plainly_here.get().then(|| view! {
                            <span class="sr-only">", "{words().status_available}</span>
                        })}
                    </span>
                    {Icon::More.show()}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label=move || fill(words().message_person, "name", &name.get())
                    title=words().message_to
                    on:click=move |_| panels.open_conversation(Key::Direct(user_id))
                >
                    {Icon::Message.show()}
                    <span class="label">{words().message_to}</span>
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label=move || fill(words().walk_to_person, "name", &name.get())
                    title=words().walk_to
                    hidden=move || !is_online.get()
                    on:click=move |_| walk_to(panels, user_id)
                >
                    {Icon::Walk.show()}
                    <span class="label">{words().walk_to}</span>
                </button>
            </div>
            {move || {
                let id = below.clone();
                is_chosen.get().then(|| actions(panels, user_id, row, name, id))
            }}
        </li>
    }
}

/// That there is a call with somebody, and whether they speak.
fn call(is_speaking: bool) -> impl IntoView {
    let (icon, sentence) =
        if is_speaking { (Icon::Volume, words().person_speaks) } else { (Icon::Nearby, words().person_in_call) };
    view! {
        <span class="call" class:speaks=is_speaking title=sentence>{icon.show()}</span>
        <span class="sr-only">{sentence}", "</span>
    }
}

/// How somebody is and where, or when they were seen last.
fn detail(row: &Row) -> String {
    let blocked = row.is_blocked.then(|| words().person_blocked.to_owned());
    let status = (row.is_online && (row.status != Status::Available || row.place.is_empty()))
        .then(|| words::status(row.status).to_owned());
    let place = Some(row.place.clone()).filter(|place| !place.is_empty());
    let seen = row.seen.map(|ago| match ago.unit {
        Unit::Second => words().person_just_left.to_owned(),
        _ => fill(words().person_seen, "when", &calendar::said(ago)),
    });
    [blocked, status, place, seen].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn walk_to(panels: Panels, user_id: UserId) {
    let classroom = panels.classroom();
    if let Some(place) = classroom.read(|session, now| session.spot_beside(user_id, now)) {
        classroom.tell(Input::WalkTo(place));
        give_way(panels);
    }
}

/// Lets a person see the world that they asked to see something in.
pub(super) fn give_way(panels: Panels) {
    if page::is_narrow() && !page::is_world_off() {
        panels.close();
    }
}
