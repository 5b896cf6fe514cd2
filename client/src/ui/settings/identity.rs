//! One's identity in one's own hands: shown, copied, brought in from another browser, forgotten.

use leptos::prelude::*;

use crate::{
    browser::{clipboard, identity as browser, page},
    session::memory::{CodeError, identity_code, read_identity_code},
    ui::{Panels, ask::ask},
    words::words,
};

const SHOW: &str = "identity-show";
const BRING_IN: &str = "identity-bring-in";
const CODE: &str = "identity-code";
const FORGET: &str = "identity-forget";

/// On a computer that others use too: how to leave nothing behind.
pub(super) fn shared_computer() -> impl IntoView {
    browser::is_on_shared_computer().then(|| {
        view! {
            <div class="shared-here">
                <p>{words().shared_here}</p>
                <button type="button" on:click=|_| browser::forget()>{words().leave_and_forget_me}</button>
            </div>
        }
    })
}

/// What an identity is, and all that can be done with it.
pub(super) fn identity(panels: Panels) -> impl IntoView {
    let is_bringing_in = RwSignal::new(panels.settings.code.with_untracked(|code| !code.is_empty()));
    view! {
        <p>{words().identity_explained}</p>
        <p><strong>{words().identity_warning}</strong></p>
        {own_code(panels)}
        <div class="buttons">
            <button
                type="button"
                id=BRING_IN
                aria-expanded=move || is_bringing_in.get().to_string()
                on:click=move |_| is_bringing_in.update(|is_bringing_in| *is_bringing_in = !*is_bringing_in)
            >
                {words().identity_bring_in}
            </button>
        </div>
        {move || is_bringing_in.get().then(|| bring_in(panels))}
        {forget()}
    }
}

/// The code of oneself, hidden until it is asked for.
fn own_code(panels: Panels) -> impl IntoView {
    let code = move || panels.classroom().read(|session, _| identity_code(session.identity()));
    let is_shown = RwSignal::new(false);
    let said = RwSignal::new(None);
    let copy = move |_| {
        said.set(None);
        clipboard::copy(&code(), move |is_copied| {
            said.set(Some(if is_copied { words().identity_copied } else { words().identity_not_copied }));
        });
    };
    view! {
        <div class="buttons">
            <button type="button" on:click=copy>{words().identity_copy}</button>
            <button
                type="button"
                id=SHOW
                aria-expanded=move || is_shown.get().to_string()
                on:click=move |_| is_shown.update(|is_shown| *is_shown = !*is_shown)
            >
                {move || if is_shown.get() { words().identity_hide } else { words().identity_show }}
            </button>
        </div>
        {move || is_shown.get().then(|| view! {
            <textarea class="code" rows="3" readonly spellcheck="false" aria-label=words().identity_key prop:value=code()>
            </textarea>
        })}
        <p role="status" class="done">{said}</p>
    }
}

/// The code of another browser.
fn bring_in(panels: Panels) -> impl IntoView {
    let typed = panels.settings.code;
    let problem = RwSignal::new(None);
    let is_asking = RwSignal::new(false);
    let go_on = move |_| {
        let own = panels.classroom().read(|session, _| session.user_id());
        let read = typed.with_untracked(|typed| read_identity_code(typed));
        problem.set(match &read {
            Ok(identity) if identity.user_id() == own => Some(words().identity_same),
            Ok(_) => None,
            Err(error) => Some(sentence(*error)),
        });
        is_asking.set(problem.with_untracked(Option::is_none));
        if !is_asking.get_untracked() {
            page::focus(CODE);
        }
    };
    let answer = move |is_yes: bool| {
        is_asking.set(false);
        if is_yes {
            // If that works, the page is on its way out.
            problem.set(typed.with_untracked(|typed| browser::bring_in(typed)).err().map(sentence));
        }
        page::focus(CODE);
    };
    view! {
        <div class="field">
            <label for=CODE>{words().identity_paste}</label>
            <textarea
                class="code"
                id=CODE
                rows="3"
                maxlength="1000"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="identity-problem"
                aria-invalid=move || problem.get().map(|_| "true")
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    problem.set(None);
                    is_asking.set(false);
                }
            ></textarea>
            <p class="problem" id="identity-problem" role="alert">{problem}</p>
            {move || if is_asking.get() {
                let question = Signal::stored(words().identity_replace_explained.to_owned());
                ask(question, words().identity_replace, words().cancel, answer).into_any()
            } else {
                view! { <button type="button" on:click=go_on>{words().identity_continue}</button> }.into_any()
            }}
        </div>
    }
}

fn sentence(error: CodeError) -> &'static str {
    match error {
        CodeError::NoCode => words().identity_no_code,
        CodeError::Mistyped => words().identity_mistyped,
        CodeError::NotKept => words().identity_not_kept,
    }
}

/// The way out for good.
fn forget() -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let answer = move |is_yes: bool| {
        if is_yes {
            browser::forget();
        } else {
            is_asking.set(false);
            page::focus(FORGET);
        }
    };
    view! {
        <div class="buttons">
            <button
                type="button"
                class="danger"
                id=FORGET
                aria-expanded=move || is_asking.get().to_string()
                on:click=move |_| is_asking.update(|is_asking| *is_asking = !*is_asking)
            >
                {words().forget_me}
            </button>
        </div>
        {move || is_asking.get().then(|| {
            let question = Signal::stored(words().forget_me_explained.to_owned());
            ask(question, words().forget_me_yes, words().cancel, answer)
        })}
    }
}
