//! What one can do about somebody whose row is open.

use leptos::prelude::*;
use shared::identity::UserId;

use super::person::give_way;
use crate::{
    browser::page,
    session::{Input, Session},
    ui::{
        Panels,
        ask::ask,
        icon::Icon,
        media::{labelled_sound, tile_of},
    },
    view::Row,
    words::{fill, words},
};

/// The buttons, and what blocking means.
pub(super) fn actions(
    panels: Panels,
    user_id: UserId,
    row: Memo<Option<Row>>,
    name: Memo<String>,
    id: String,
) -> impl IntoView {
    let is = move |what: fn(&Row) -> bool| Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(what)));
    let (is_online, is_blocked, is_sought) =
        (is(|row| row.is_online), is(|row| row.is_blocked), is(|row| row.is_sought));
    let has_conversation = is(|row| row.has_conversation);
    let tile = tile_of(panels, user_id);
    let has_tile = Memo::new(move |_| tile.with(Option::is_some));
    let may_wave = Memo::new(move |_| panels.view.with(|view| view.may_wave));
    let is_asking = RwSignal::new(false);
    let about = move |sentence: &'static str| fill(sentence, "name", &name.get());
    let said = move |sentence: &str| panels.people.say(fill(sentence, "name", &name.get_untracked()));
    let tell = move |input: Input| panels.classroom().tell(input);

    let find = move |_| {
        let is_found = is_sought.get_untracked();
        tell(Input::Find((!is_found).then_some(user_id)));
        if !is_found {
            give_way(panels);
        }
    };
    // Asked of the session itself: what is shown may be a moment old.
    let wave = move |_| {
        if panels.classroom().read(Session::may_wave) {
            tell(Input::Wave(user_id));
            said(words().waved_at);
        }
    };
    let block = move |_| {
        let is_blocked = !is_blocked.get_untracked();
        tell(Input::Block(user_id, is_blocked));
        said(if is_blocked { words().blocked_now } else { words().unblocked_now });
    };
    let forget = format!("{id}-forget");
    let forget_button = forget.clone();
    let answer = move |is_yes: bool| {
        is_asking.set(false);
        if is_yes {
            tell(Input::ForgetConversation(user_id));
            said(words().conversation_forgotten);
            page::focus(&format!("person-{user_id}"));
        } else {
            page::focus(&forget);
        }
    };
    view! {
        <div class="actions" id=id role="group" aria-label=name>
            {move || has_tile.get().then(|| labelled_sound(panels, user_id, tile))}
            <button
                type="button"
                hidden=move || !is_online.get() || page::is_world_off()
                aria-label=move || about(words().find_person)
                aria-pressed=move || is_sought.get().to_string()
                on:click=find
            >
                {Icon::Find.show()}
                {words().find}
            </button>
            <button
                type="button"
                hidden=move || !is_online.get() || is_blocked.get()
                aria-label=move || about(words().wave_at_person)
                aria-disabled=move || (!may_wave.get()).then_some("true")
                on:click=wave
            >
                {Icon::Wave.show()}
                {words().wave}
            </button>
            <button
                type="button"
                aria-label=move || about(if is_blocked.get() { words().unblock_person } else { words().block_person })
                aria-describedby=format!("{id}-block")
                on:click=block
            >
                {Icon::Block.show()}
                {move || if is_blocked.get() { words().unblock } else { words().block }}
            </button>
            <button
                type="button"
                id=forget_button
                hidden=move || !has_conversation.get()
                aria-label=move || about(words().forget_conversation_with)
                aria-expanded=move || is_asking.get().to_string()
                on:click=move |_| is_asking.update(|is_asking| *is_asking = !*is_asking)
            >
                {Icon::Forget.show()}
                {words().forget_conversation}
            </button>
            <p id=format!("{id}-block")>
                {move || about(if is_blocked.get() { words().unblock_explained } else { words().block_explained })}
            </p>
            {move || is_asking.get().then(|| {
                let question = Signal::derive(move || about(words().forget_conversation_explained));
                ask(question, words().forget_conversation_yes, words().keep, answer.clone())
            })}
        </div>
    }
}
