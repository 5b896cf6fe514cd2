//! Trying one's devices, without anybody else.

use std::time::Duration;

use leptos::{html::Video, prelude::*};

use crate::{
    browser::media::{self, Preview},
    media::{Device, Failure},
    ui::Panels,
    view::media::controls::what_to_do,
    words::words,
};

/// So often the level is shown: as a bar that follows the voice.
const LEVEL_EVERY: Duration = Duration::from_millis(80);

/// A button, and what camera and microphone give while they are tried.
pub(super) fn trial(panels: Panels, is_trying: RwSignal<bool>) -> impl IntoView {
    let problems = RwSignal::new(Vec::new());
    // Nobody is in here any more: no light of a camera is to say otherwise.
    let is_over = Memo::new(move |_| panels.view.with(|view| view.calls.is_over));
    Effect::new(move |_| {
        if is_over.get() {
            is_trying.set(false);
        }
    });
    let button = move || if is_trying.get() { words().devices_try_end } else { words().devices_try };
    let toggle = move |_| {
        problems.set(Vec::new());
        is_trying.update(|is_trying| *is_trying = !*is_trying);
    };
    view! {
        <div class="trial">
            <button
                type="button"
                id="settings-try"
                disabled=move || is_over.get()
                aria-expanded=move || is_trying.get().to_string()
                on:click=toggle
            >
                {button}
            </button>
            {move || is_trying.get().then(|| shown(panels, problems))}
        </div>
    }
}

fn shown(panels: Panels, problems: RwSignal<Vec<(Device, Failure)>>) -> impl IntoView {
    let video = NodeRef::<Video>::new();
    // The devices are let go with the elements.
    let previews = StoredValue::new_local(Vec::<Preview>::new());
    on_cleanup(move || previews.set_value(Vec::new()));
    // Tried anew with what was chosen anew.
    let chosen = Memo::new(move |_| {
        panels.view.with(|view| (view.calls.preferences.microphone.clone(), view.calls.preferences.camera.clone()))
    });
    Effect::new(move |_| {
        let (microphone, camera) = chosen.get();
        let Some(video) = video.get() else { return };
        previews.set_value(Vec::new());
        problems.set(Vec::new());
        let failed = move |device| {
            move |result: Result<(), Failure>| {
                let _ = problems.try_update(|problems| {
                    problems.retain(|(other, _)| *other != device);
                    problems.extend(result.err().map(|failure| (device, failure)));
                });
            }
        };
        previews.set_value(vec![
            Preview::start(Device::Microphone, microphone.as_deref(), None, failed(Device::Microphone)),
            Preview::start(Device::Camera, camera.as_deref(), Some(&video), failed(Device::Camera)),
        ]);
    });
    let is_camera_missing =
        move || problems.with(|problems| problems.iter().any(|(device, _)| *device == Device::Camera));
    let sentences = move || {
        let of = |(device, failure): &(Device, Failure)| what_to_do(*device, *failure);
        let mut sentences = problems.with(|problems| problems.iter().map(of).collect::<Vec<_>>());
        // What is the matter with both is said once.
        sentences.dedup();
        sentences
    };
    view! {
        <video
            node_ref=video
            autoplay=true
            playsinline=true
            prop:muted=true
            aria-label=words().lobby_picture
            hidden=is_camera_missing
        ></video>
        {level()}
        <p class="means">{words().devices_trying}</p>
        {move || sentences().into_iter().map(|sentence| view! { <p class="problem" role="alert">{sentence}</p> }).collect_view()}
    }
}

/// How loud one is just now.
fn level() -> impl IntoView {
    let level = RwSignal::new(0.0_f32);
    let show = move || {
        let _ = level.try_set(media::own_level());
    };
    if let Ok(interval) = set_interval_with_handle(show, LEVEL_EVERY) {
        on_cleanup(move || interval.clear());
    }
    view! {
        <meter class="level" min="0" max="1" aria-label=words().devices_level prop:value=move || f64::from(level.get())></meter>
    }
}
