//! Somebody's face, or all of them, from the sheet of avatars.

use leptos::{html::Canvas, prelude::*};
use shared::profile::Appearance;

use crate::browser::face::{draw_body, draw_face};

/// The face of somebody who looks like that.
#[component]
pub(super) fn Face(#[prop(into)] look: Signal<Appearance>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            draw_face(&canvas, look.get());
        }
    });
    view! { <canvas class="face" node_ref=canvas width="20" height="20" aria-hidden="true"></canvas> }
}

/// Somebody who looks like that, from head to foot.
#[component]
pub(super) fn Body(#[prop(into)] look: Signal<Appearance>, label: &'static str) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            draw_body(&canvas, look.get());
        }
    });
    view! { <canvas class="body" node_ref=canvas width="20" height="28" role="img" aria-label=label></canvas> }
}
