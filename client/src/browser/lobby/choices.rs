//! Which microphone and which camera, chosen in the lobby: to be seen while one is tried and there are several.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlOptionElement, HtmlSelectElement};

use super::super::{
    listener::Listener,
    media::{DeviceChoice, DeviceKind, DeviceWatch, devices},
    page,
};
use crate::{
    classroom::Classroom,
    media::{Device, MediaInput, Preferences},
    session::Input,
};

thread_local! {
    /// What is listened to while the lobby is open.
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Held for its end.
struct Open {
    _lists: [Option<Listener>; 2],
    _devices: Option<DeviceWatch>,
}

/// Offers what there is from now on, and takes what is chosen.
pub(super) fn open(classroom: &Classroom) {
    let plugged = classroom.clone();
    let lists = [Device::Microphone, Device::Camera].map(|device| listen(classroom, device));
    OPEN.set(Some(Open { _lists: lists, _devices: DeviceWatch::new(move || offer(&plugged)) }));
}

/// Nothing is chosen here any more.
pub(super) fn close() {
    OPEN.take();
}

/// Shows what there is to choose from. Browsers name devices once one is in use.
pub(super) fn offer(classroom: &Classroom) {
    let classroom = classroom.clone();
    spawn_local(async move {
        let found = devices().await;
        let preferences = classroom.read(|session, _| session.media().preferences().clone());
        fill(Device::Microphone, &of_kind(&found, DeviceKind::Microphone), preferences.microphone.as_deref());
        fill(Device::Camera, &of_kind(&found, DeviceKind::Camera), preferences.camera.as_deref());
    });
}

/// Hides the choice of a device that is not tried any more.
pub(super) fn hide(device: Device) {
    page::set_shown(place(device), false);
}

fn of_kind(found: &[DeviceChoice], kind: DeviceKind) -> Vec<DeviceChoice> {
    found.iter().filter(|choice| choice.kind == kind && !choice.label.is_empty()).cloned().collect()
}

fn fill(device: Device, choices: &[DeviceChoice], chosen: Option<&str>) {
    let Some(select) = page::element::<HtmlSelectElement>(list(device)) else { return };
    // The first is the system's choice and stays.
    select.set_length(1);
    for DeviceChoice { id, label, .. } in choices {
        if let Ok(option) = HtmlOptionElement::new_with_text_and_value(label, id) {
            let _ = select.append_child(&option);
        }
    }
    let is_there = |id: &&str| choices.iter().any(|choice| choice.id == *id);
    select.set_value(chosen.filter(is_there).unwrap_or_default());
    page::set_shown(place(device), super::devices::is_tried(device) && choices.len() > 1);
}

fn listen(classroom: &Classroom, device: Device) -> Option<Listener> {
    let select = page::element::<HtmlSelectElement>(list(device))?;
    let (classroom, chosen) = (classroom.clone(), select.clone());
    Some(Listener::new(select.unchecked_ref(), "change", move |_| {
        let id = Some(chosen.value()).filter(|id| !id.is_empty());
        let preferences = classroom.read(|session, _| session.media().preferences().clone());
        let preferences = match device {
            Device::Camera => Preferences { camera: id, ..preferences },
            _ => Preferences { microphone: id, ..preferences },
        };
        classroom.tell(Input::Media(MediaInput::Prefer(preferences)));
    }))
}

/// What is shown and hidden as a whole.
const fn place(device: Device) -> &'static str {
    if matches!(device, Device::Camera) { "lobby-camera-choice" } else { "lobby-microphone-choice" }
}

const fn list(device: Device) -> &'static str {
    if matches!(device, Device::Camera) { "lobby-camera-list" } else { "lobby-microphone-list" }
}
