//! Sound and picture: the devices, how calls reach others, and what one hears of it.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{preference::tick, trial::trial};
use crate::{
    browser::media::{self, DeviceChoice, DeviceKind, DeviceWatch, Reach},
    media::{Device, Preferences, Switch},
    ui::{Panels, media::prefer},
    words::{fill_all, words},
};

/// The test says so little while it runs that it must be seen to have run.
const TEST_AT_LEAST: Duration = Duration::from_millis(600);

/// All of it.
pub(super) fn calls(panels: Panels) -> impl IntoView {
    (devices(panels), talking(panels), pictures(panels), address(panels), reach(panels))
}

fn preferences(panels: Panels) -> Memo<Preferences> {
    Memo::new(move |_| panels.view.with(|view| view.calls.preferences.clone()))
}

// Devices

fn devices(panels: Panels) -> impl IntoView {
    let found = RwSignal::new(Vec::new());
    let is_trying = RwSignal::new(false);
    let in_use = Memo::new(move |_| {
        let is_on = |device| panels.view.with(|view| view.calls.switch(device) == Switch::On);
        (is_on(Device::Microphone), is_on(Device::Camera), is_trying.get())
    });
    let changes = RwSignal::new(0_u32);
    // For as long as the panel is open.
    StoredValue::new_local(DeviceWatch::new(move || {
        let _ = changes.try_update(|changes| *changes = changes.wrapping_add(1));
    }));
    Effect::new(move |_| {
        // Browsers tell more of them once one is in use.
        in_use.track();
        changes.track();
        spawn_local(async move {
            let devices = media::devices().await;
            // The panel may be closed by now.
            let _ = found.try_set(devices);
        });
    });
    let is_nameless = move || found.with(|found| found.iter().all(|device| device.label.is_empty()));
    view! {
        {[DeviceKind::Microphone, DeviceKind::Camera, DeviceKind::Speaker].map(|kind| device(panels, kind, found))}
        <p class="means" hidden=move || !is_nameless()>{words().devices_unnamed}</p>
        {trial(panels, is_trying)}
    }
}

/// One kind of device to choose from; not there where a browser has none to choose.
fn device(panels: Panels, kind: DeviceKind, found: RwSignal<Vec<DeviceChoice>>) -> impl IntoView {
    let preferences = preferences(panels);
    let chosen = Memo::new(move |_| preferences.with(|preferences| place(preferences, kind).cloned()));
    let choices = Memo::new(move |_| {
        let of_kind =
            found.with(|found| found.iter().filter(|device| device.kind == kind).cloned().collect::<Vec<_>>());
        (of_kind, kind)
    });
    let choose = move |id: String| {
        prefer(panels, |preferences| *place_mut(preferences, kind) = Some(id).filter(|id| !id.is_empty()));
    };
    let (id, label) = match kind {
        DeviceKind::Microphone => ("settings-microphone", words().microphone),
        DeviceKind::Camera => ("settings-camera", words().camera),
        DeviceKind::Speaker => ("settings-speaker", words().settings_speaker),
    };
    let option = move |(number, device): (usize, DeviceChoice)| {
        let name = if device.label.is_empty() {
            fill_all(words().devices_nameless, &[("device", label), ("number", &(number + 1).to_string())])
        } else {
            device.label
        };
        let value = device.id.clone();
        let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&device.id));
        view! { <option value=value prop:selected=is_chosen>{name}</option> }
    };
    view! {
        <div class="field" hidden=move || choices.with(|(choices, _)| choices.is_empty())>
            <label for=id>{label}</label>
            <select id=id on:change=move |event| choose(event_target_value(&event))>
                <option value="" prop:selected=move || chosen.with(Option::is_none)>{words().devices_default}</option>
                {move || choices.with(|(choices, _)| choices.clone()).into_iter().enumerate().map(option).collect_view()}
            </select>
        </div>
    }
}

fn place(preferences: &Preferences, kind: DeviceKind) -> Option<&String> {
    match kind {
        DeviceKind::Microphone => preferences.microphone.as_ref(),
        DeviceKind::Camera => preferences.camera.as_ref(),
        DeviceKind::Speaker => preferences.speaker.as_ref(),
    }
}

const fn place_mut(preferences: &mut Preferences, kind: DeviceKind) -> &mut Option<String> {
    match kind {
        DeviceKind::Microphone => &mut preferences.microphone,
        DeviceKind::Camera => &mut preferences.camera,
        DeviceKind::Speaker => &mut preferences.speaker,
    }
}

// How one talks, and who learns one's address

fn talking(panels: Panels) -> impl IntoView {
    let preferences = preferences(panels);
    let is_on = Memo::new(move |_| preferences.with(|preferences| preferences.push_to_talk));
    choice("settings-push-to-talk", words().push_to_talk, words().push_to_talk_means, is_on, move |is_on| {
        prefer(panels, |preferences| preferences.push_to_talk = is_on);
    })
}

fn pictures(panels: Panels) -> impl IntoView {
    let preferences = preferences(panels);
    let is_on = Memo::new(move |_| preferences.with(|preferences| preferences.sound_only));
    choice("settings-sound-only", words().sound_only, words().sound_only_means, is_on, move |is_on| {
        prefer(panels, |preferences| preferences.sound_only = is_on);
    })
}

fn address(panels: Panels) -> impl IntoView {
    let preferences = preferences(panels);
    let is_on = Memo::new(move |_| preferences.with(|preferences| preferences.hide_address));
    choice("settings-hide-address", words().hide_address, words().hide_address_means, is_on, move |is_on| {
        prefer(panels, |preferences| preferences.hide_address = is_on);
    })
}

/// A sound when somebody comes near; it belongs to the other sounds.
pub(super) fn arrivals(panels: Panels) -> impl IntoView {
    let preferences = preferences(panels);
    let is_on = Memo::new(move |_| preferences.with(|preferences| !preferences.silent_arrivals));
    tick(
        "settings-arrivals",
        words().sounds_arrival,
        move || is_on.get(),
        move |is_on| {
            prefer(panels, |preferences| preferences.silent_arrivals = !is_on);
        },
    )
}

/// A box to tick, and what that means.
fn choice(
    id: &'static str,
    name: &'static str,
    means: &'static str,
    is_on: Memo<bool>,
    set: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                aria-labelledby=format!("{id}-name")
                aria-describedby=format!("{id}-means")
                prop:checked=move || is_on.get()
                on:change=move |event| set(event_target_checked(&event))
            />
            <span class="choice-name" id=format!("{id}-name")><strong>{name}</strong></span>
            <span class="choice-means" id=format!("{id}-means")>{means}</span>
        </label>
    }
}

// Whether calls get through

/// How far a test has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    NotYet,
    Running,
    Done(Reach),
}

fn reach(panels: Panels) -> impl IntoView {
    let test = RwSignal::new(Test::NotYet);
    let begin = move |_| {
        if test.get_untracked() == Test::Running {
            return;
        }
        test.set(Test::Running);
        let classroom = panels.classroom();
        let (ice, begun) = classroom.read(|session, now| (session.media().ice(), now));
        spawn_local(async move {
            let found = media::test_connectivity(ice).await;
            let took = classroom.now().saturating_sub(begun);
            set_timeout(
                move || {
                    let _ = test.try_set(Test::Done(found));
                },
                TEST_AT_LEAST.saturating_sub(took),
            );
        });
    };
    let sentence = move || match test.get() {
        Test::NotYet => None,
        Test::Running => Some(words().reach_testing),
        Test::Done(Reach::Direct) => Some(words().reach_direct),
        Test::Done(Reach::Nearby) => Some(words().reach_nearby),
        Test::Done(Reach::Relayed) => Some(words().reach_relayed),
        Test::Done(Reach::WithoutRelay) => Some(words().reach_without_relay),
        Test::Done(Reach::Impossible) => Some(words().reach_impossible),
    };
    let code = move || match test.get() {
        Test::Done(Reach::Direct) => Some("direct"),
        Test::Done(Reach::Nearby) => Some("nearby"),
        Test::Done(Reach::Relayed) => Some("relayed"),
        Test::Done(Reach::WithoutRelay | Reach::Impossible) => Some("impossible"),
        Test::NotYet | Test::Running => None,
    };
    view! {
        <div class="buttons">
            <button type="button" id="settings-reach" on:click=begin>{words().reach_test}</button>
        </div>
        <p class="reach" role="status" data-reach=code>{sentence}</p>
    }
}
