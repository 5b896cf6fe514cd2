//! Somebody's face, from the sheet of avatars.

use leptos::{html::Canvas, prelude::*};
use shared::profile::Appearance;

use crate::browser::face::draw_face;

/// The face of somebody who looks like that.
#[component]
pub(super) fn Face(look: Memo<Appearance>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            draw_face(&canvas, look.get());
        }
    });
    view! { <canvas class="face" node_ref=canvas width="20" height="20" aria-hidden="true"></canvas> }
}
