//! One's name and status.

use leptos::{html::Input as Field, prelude::*};
use shared::profile::{Name, NameError, Status};

use crate::{
    session::Input,
    ui::{Panels, status_code},
    words::{self, fill, status_meaning, words},
};

/// All statuses, in the order in which they are offered.
const STATUSES: [Status; 4] = [Status::Available, Status::Away, Status::Busy, Status::DoNotDisturb];

/// The name, and the status.
pub(super) fn you(panels: Panels) -> impl IntoView {
    (name(panels), status(panels))
}

fn name(panels: Panels) -> impl IntoView {
    let own = Memo::new(move |_| panels.view.with(|view| view.own.name.clone()));
    let field = NodeRef::<Field>::new();
    let problem = RwSignal::new(None);
    let said = RwSignal::new(String::new());
    let show = move |name: &str| {
        if let Some(field) = field.get_untracked() {
            field.set_value(name);
        }
    };
    let change = move |typed: String| {
        // A field that goes with the panel changes once more on its way: whoever left by Escape did not mean it.
        if own.try_get_untracked().is_none() {
            return;
        }
        match Name::new(&typed) {
            Ok(name) => {
                problem.set(None);
                show(name.as_str());
                if own.with_untracked(|own| own != name.as_str()) {
                    said.set(fill(words().name_changed, "name", name.as_str()));
                    panels.classroom().tell(Input::SetName(name));
                }
            }
            Err(error) => {
                said.set(String::new());
                problem.set(Some(error));
            }
        }
    };
    let sentence = move || {
        problem.get().map(|problem| match problem {
            NameError::Empty => words().name_empty,
            NameError::TooLong => words().name_too_long,
            NameError::Control => words().name_control,
        })
    };
    view! {
        <div class="field">
            <label for="settings-name">{words().your_name}</label>
            <input
                type="text"
                id="settings-name"
                node_ref=field
                maxlength="128"
                autocomplete="nickname"
                spellcheck="false"
                enterkeyhint="done"
                aria-describedby="settings-name-problem"
                aria-invalid=move || problem.get().map(|_| "true")
                prop:value=move || own.get()
                on:change=move |event| change(event_target_value(&event))
                on:keydown=move |event| if event.key() == "Escape" { own.with_untracked(|own| show(own)) }
            />
            <p class="problem" id="settings-name-problem" role="alert">{sentence}</p>
            <p class="sr-only" role="status">{said}</p>
        </div>
    }
}

fn status(panels: Panels) -> impl IntoView {
    let own = Memo::new(move |_| panels.view.with(|view| view.own.status));
    let is_by_itself = Memo::new(move |_| panels.view.with(|view| view.own.is_away_by_itself));
    view! {
        <fieldset class="choices">
            <legend>{words().status_label}</legend>
            {STATUSES.map(|status| {
                let code = status_code(status);
                view! {
                    <label class="choice">
                        <input
                            type="radio"
                            name="settings-status"
                            id=format!("settings-status-{code}")
                            aria-labelledby=format!("status-{code}-name")
                            aria-describedby=format!("status-{code}-means")
                            prop:checked=move || own.get() == status
                            on:change=move |_| panels.classroom().tell(Input::SetStatus(status))
                        />
                        <span class="choice-name" id=format!("status-{code}-name")>
                            <span class="dot" data-status=code></span>
                            <span>{words::status(status)}</span>
                        </span>
                        <span class="choice-means" id=format!("status-{code}-means")>{status_meaning(status)}</span>
                    </label>
                }
            })}
            <p role="status" class="by-itself">{move || is_by_itself.get().then_some(words().away_by_itself)}</p>
        </fieldset>
    }
}
