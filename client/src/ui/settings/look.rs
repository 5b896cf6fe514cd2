//! One's look, as in the lobby: layer by layer, or by chance.

use leptos::prelude::*;
use shared::profile::Appearance;

use crate::{
    browser::page,
    session::Input,
    ui::{Panels, face::Body},
    view::{Layer, layers, stepped, with_choice},
    words::words,
};

/// The mirror and the layers. Every choice is shown at once, here and to everybody.
pub(super) fn look(panels: Panels) -> impl IntoView {
    let own = Memo::new(move |_| panels.view.with(|view| view.own.appearance));
    let look = RwSignal::new(own.get_untracked());
    Effect::new(move |_| look.set(own.get()));
    let said = RwSignal::new(String::new());
    let choose = move |chosen: Appearance| {
        look.set(chosen);
        panels.classroom().tell(Input::SetAppearance(chosen));
    };
    let surprise = move |_| {
        let chosen = Appearance::from_number(page::random_number());
        choose(chosen);
        let names = layers()
            .into_iter()
            .zip(chosen.choices())
            .filter_map(|(layer, choice)| layer.choices.get(usize::from(choice)).copied());
        said.set(names.collect::<Vec<_>>().join(", "));
    };
    view! {
        <fieldset class="look">
            <legend>{words().your_look}</legend>
            <div class="mirror">
                <Body look label=words().preview_label />
                <button type="button" id="settings-surprise" on:click=surprise>{words().surprise_me}</button>
            </div>
            <div class="layers">
                {layers()
                    .into_iter()
                    .enumerate()
                    .map(|(place, of)| layer(place, of, look, choose, said))
                    .collect_view()}
            </div>
            <p class="sr-only" role="status">{said}</p>
        </fieldset>
    }
}

/// A layer: one back, one on, or one of its dots.
fn layer(
    place: usize,
    Layer { label, previous, next, choices }: Layer,
    look: RwSignal<Appearance>,
    choose: impl Fn(Appearance) + Copy + 'static,
    said: RwSignal<String>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| look.get().choices().get(place).copied().map_or(0, usize::from));
    let names = StoredValue::new(choices.clone());
    let name_of = move |choice: usize| names.with_value(|names| names.get(choice).copied().unwrap_or_default());
    let step = move |steps: i32| {
        let choice = stepped(look.get_untracked(), place, steps);
        choose(with_choice(look.get_untracked(), place, choice));
        said.set(name_of(choice).to_owned());
    };
    let label_id = format!("settings-look-{place}");
    let group = label_id.clone();
    let dot = move |(choice, name): (usize, &'static str)| {
        view! {
            <input
                type="radio"
                name=group.clone()
                aria-label=name
                prop:checked=move || chosen.get() == choice
                on:change=move |_| choose(with_choice(look.get_untracked(), place, choice))
            />
        }
    };
    view! {
        <div class="layer">
            <button type="button" class="step" aria-label=previous on:click=move |_| step(-1)></button>
            <div class="value" role="radiogroup" aria-labelledby=label_id.clone()>
                <span class="layer-label" id=label_id.clone()>{label}</span>
                <span class="names">{move || name_of(chosen.get())}</span>
                <span class="dots">{choices.into_iter().enumerate().map(dot).collect_view()}</span>
            </div>
            <button type="button" class="step next" aria-label=next on:click=move |_| step(1)></button>
        </div>
    }
}
