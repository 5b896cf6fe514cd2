//! The *Connection* status.

use leptos::prelude::*;

use super::Panels;
use crate::{browser::page, session::Input, view::Tone, words::words};

/// Says how things stand with the relay, and offers what helps.
#[component]
pub(super) fn Status(panels: Panels) -> impl IntoView {
    let standing = Memo::new(move |_| panels.view.with(|view| view.standing.clone()));
    let class = move || match standing.with(|standing| standing.tone) {
        Tone::Fine => "status is-online",
        Tone::Warning => "status is-warning",
        Tone::Error => "status is-error",
    };
    let is_shown = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    view! {
        <div class=class role="status" aria-label=words().connection_label hidden=move || !is_shown.get()>
            <span class="state">{move || standing.with(|standing| standing.state.clone())}</span>
            {move || standing.with(|standing| standing.explanation.clone()).map(|text| view! { <p>{text}</p> })}
            {move || standing.with(|standing| standing.way_back).map(|label| view! {
                <button type="button" on:click=move |_| panels.classroom().tell(Input::ComeBack)>{label}</button>
            })}
            {move || standing.with(|standing| standing.reload_helps).then(|| view! {
                <button type="button" on:click=|_| page::reload()>{words().reload}</button>
            })}
        </div>
    }
}
