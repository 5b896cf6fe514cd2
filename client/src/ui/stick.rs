//! The thumb stick on touch screens.

use leptos::{ev::PointerEvent, html::Div, prelude::*};
use shared::position::Direction;

use super::Panels;
use crate::{browser::page, session::Input, words::words};

/// How far from the middle a thumb must be, in pixels, for a direction to be meant.
const DEAD_ZONE: f64 = 10.0;

/// How far the knob follows the thumb, in pixels.
const REACH: f64 = 34.0;

/// A stick to drag.
#[component]
pub(super) fn Stick(panels: Panels) -> impl IntoView {
    let stick = NodeRef::<Div>::new();
    let offset = RwSignal::new((0.0, 0.0));
    let held = RwSignal::new(None::<i32>);
    let has_entered = Memo::new(move |_| panels.view.with(|view| view.has_entered));
    let steer = move |x: f64, y: f64| {
        let before = direction(offset.get_untracked());
        let far = x.hypot(y).max(1.0);
        let reach = far.min(REACH) / far;
        offset.set((x * reach, y * reach));
        let now = direction((x, y));
        if now != before {
            panels.classroom().tell(Input::Steer(now));
        }
    };
    let point = move |event: &PointerEvent| {
        let middle = stick.get_untracked().map(|stick| page::middle(&stick));
        if let Some((x, y)) = middle {
            steer(f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
        }
    };
    let let_go = move |event: PointerEvent| {
        if held.get_untracked() == Some(event.pointer_id()) {
            held.set(None);
            steer(0.0, 0.0);
        }
    };
    let is_of_use = page::has_coarse_pointer() && !page::is_world_off();
    is_of_use.then(|| {
        view! {
            <div
                class="stick"
                role="application"
                aria-label=words().walk_stick
                hidden=move || !has_entered.get()
                node_ref=stick
                on:pointerdown=move |event| {
                    event.prevent_default();
                    if let Some(stick) = stick.get_untracked() {
                        // The thumb may leave the stick and still steer.
                        let _ = stick.set_pointer_capture(event.pointer_id());
                    }
                    held.set(Some(event.pointer_id()));
                    point(&event);
                }
                on:pointermove=move |event| if held.get_untracked() == Some(event.pointer_id()) { point(&event) }
                on:pointerup=let_go
                on:pointercancel=let_go
            >
                <div
                    class="knob"
                    style:transform=move || { let (x, y) = offset.get(); format!("translate({x}px, {y}px)") }
                ></div>
            </div>
        }
    })
}

/// The direction that is meant by a thumb so far from the middle.
fn direction((x, y): (f64, f64)) -> Option<Direction> {
    if x.hypot(y) < DEAD_ZONE {
        return None;
    }
    Some(match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => Direction::Right,
        (true, false, _) => Direction::Left,
        (false, _, true) => Direction::Down,
        (false, _, false) => Direction::Up,
    })
}
