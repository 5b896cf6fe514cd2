//! A question that is answered before something is lost for good.

use leptos::{html::Button, prelude::*};

/// The question, with the harmless answer under the keyboard.
pub(super) fn ask(
    question: Signal<String>,
    yes: &'static str,
    no: &'static str,
    answer: impl Fn(bool) + Clone + 'static,
) -> impl IntoView {
    let harmless = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = harmless.get() {
            let _ = button.focus();
        }
    });
    let agreed = answer.clone();
    view! {
        <div class="ask" role="group" aria-label=question>
            <p>{question}</p>
            <button type="button" class="danger" on:click=move |_| agreed(true)>{yes}</button>
            <button type="button" node_ref=harmless on:click=move |_| answer(false)>{no}</button>
        </div>
    }
}
