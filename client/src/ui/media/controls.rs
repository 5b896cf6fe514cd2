//! The buttons of microphone, camera and screen, and what there is to say about them.

use std::sync::Arc;

use leptos::prelude::*;

use super::{keys, press};
use crate::{
    browser::page,
    media::{Device, Switch},
    ui::{Panels, icon::Icon, settings::has_letters},
    view::media::{
        Control, Spoken,
        controls::{key, name},
    },
    words::words,
};

/// The buttons in the bar. Their names stay, however the devices stand: that is said by what describes them.
#[component]
pub(in crate::ui) fn Devices(panels: Panels) -> impl IntoView {
    keys::listen(panels);
    let has_calls = Memo::new(move |_| panels.view.with(|view| !view.calls.controls.is_empty()));
    view! {
        <div class="devices" role="group" aria-label=words().own_sharing hidden=move || !has_calls.get()>
            {Device::ALL.map(|device| button(panels, device))}
            <div class="device-cards">{Device::ALL.map(|device| card(panels, device))}</div>
            {announcer(panels)}
        </div>
    }
}

/// What is read out of calls.
fn announcer(panels: Panels) -> impl IntoView {
    let spoken = StoredValue::new(Spoken::default());
    let said = RwSignal::new(String::new());
    let calls =
        Memo::new(move |_| panels.view.with(|view| (view.calls.controls.clone(), Arc::clone(&view.calls.tiles))));
    Effect::new(move |_| {
        calls.track();
        let at_button_of = Device::ALL.into_iter().find(|device| page::has_focus(id(*device)));
        let next = panels
            .view
            .with_untracked(|view| spoken.try_update_value(|spoken| spoken.next(&view.calls, at_button_of)).flatten());
        if let Some(next) = next {
            said.set(next);
        }
    });
    view! { <p class="sr-only" role="status">{said}</p> }
}

fn control(panels: Panels, device: Device) -> Memo<Option<Control>> {
    Memo::new(move |_| {
        panels.view.with(|view| view.calls.controls.iter().find(|control| control.device == device).cloned())
    })
}

fn button(panels: Panels, device: Device) -> impl IntoView {
    let control = control(panels, device);
    let of = move |what: fn(&Control) -> String| control.with(|control| control.as_ref().map(what));
    let switch = Memo::new(move |_| control.with(|control| control.as_ref().map(|control| control.switch)));
    let has_failed = move || matches!(switch.get(), Some(Switch::Failed(_)));
    let is_own_voice = device == Device::Microphone;
    let is_speaking = Memo::new(move |_| is_own_voice && panels.view.with(|view| view.calls.is_speaking));
    let is_waiting = Memo::new(move |_| {
        let is_on = switch.get() == Some(Switch::On);
        is_own_voice && is_on && panels.view.with(|view| !view.calls.is_heard)
    });
    view! {
        <button
            type="button"
            class="device"
            class:is-speaking=move || is_speaking.get()
            class:is-waiting=move || is_waiting.get()
            id=id(device)
            title=move || of(|control| control.about.clone())
            aria-keyshortcuts=move || has_letters().get().then(|| key(device))
            aria-pressed=move || of(|control| control.is_pressed().to_string())
            data-switch=move || of(|control| control.code().to_owned())
            on:click=move |_| press(panels, device)
        >
            {move || icon(device, switch.get().unwrap_or_default()).show()}
            <span>{name(device)}</span>
            {move || has_failed().then(|| view! { <span class="device-mark">{Icon::Trouble.show()}</span> })}
        </button>
    }
}

/// What to do, until somebody knows.
fn card(panels: Panels, device: Device) -> impl IntoView {
    let control = control(panels, device);
    let closed = panels.media.closed();
    let is_well =
        Memo::new(move |_| control.with(|control| control.as_ref().is_none_or(|control| control.card.is_none())));
    Effect::new(move |_| {
        let has_closed = |closed: &Vec<_>| closed.iter().any(|(of, _)| *of == device);
        if is_well.get() && closed.with_untracked(has_closed) {
            closed.update(|closed| closed.retain(|(of, _)| *of != device));
        }
    });
    let card = Memo::new(move |_| {
        let control = control.get()?;
        let card = control.card.filter(|card| !closed.with(|closed| closed.contains(&(device, card.sentence))))?;
        Some((control.switch, card))
    });
    move || {
        card.get().map(|(switch, card)| {
            let close = move |_| {
                closed.update(|closed| closed.push((device, card.sentence)));
                page::focus(id(device));
            };
            view! {
                <div
                    class="device-card"
                    class:is-asking=!card.is_failure
                    role=if card.is_failure { "alert" } else { "status" }
                >
                    {icon(device, switch).show()}
                    <p><strong>{name(device)}</strong>" "{card.sentence}</p>
                    <button type="button" class="close" aria-label=words().close on:click=close>"✕"</button>
                </div>
            }
        })
    }
}

const fn id(device: Device) -> &'static str {
    match device {
        Device::Microphone => "microphone-button",
        Device::Camera => "camera-button",
        Device::Screen => "screen-button",
    }
}

const fn icon(device: Device, switch: Switch) -> Icon {
    let is_off = matches!(switch, Switch::Off | Switch::Failed(_));
    match (device, is_off) {
        (Device::Microphone, false) => Icon::Microphone,
        (Device::Microphone, true) => Icon::NoMicrophone,
        (Device::Camera, false) => Icon::Camera,
        (Device::Camera, true) => Icon::NoCamera,
        (Device::Screen, _) => Icon::Screen,
    }
}
