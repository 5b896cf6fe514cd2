//! The buttons that show the world larger or smaller, for those without a wheel.

use leptos::prelude::*;

use super::Panels;
use crate::{
    browser::{page, zoom_by},
    words::words,
};

/// Two buttons, for as long as there is a world to look at.
#[component]
pub(super) fn Zoom(panels: Panels) -> impl IntoView {
    let is_shown = Memo::new(move |_| panels.view.with(|view| view.has_entered && !view.surroundings.world_died));
    // The keyboard stays with the button: whoever zooms by key zooms again.
    (!page::is_world_off()).then(|| {
        view! {
            <div class="zoom" hidden=move || !is_shown.get()>
                <button type="button" aria-label=words().zoom_out on:click=|_| zoom_by(-1)>"−"</button>
                <button type="button" aria-label=words().zoom_in on:click=|_| zoom_by(1)>"+"</button>
            </div>
        }
    })
}
