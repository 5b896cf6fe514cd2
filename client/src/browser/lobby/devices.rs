//! Microphone and camera in the lobby: what they give is shown to oneself alone, and is others' too from the first step on.
//!
//! The loader turns them on and off (`data-microphone` and `data-camera` on the form), before this module has arrived
//! too; here they are tried, and taken back where they do not work.

use std::cell::RefCell;

use web_sys::{HtmlElement, HtmlVideoElement};

use super::{
    super::{
        listener::Listener,
        media::{Preview, own_level},
        page,
    },
    FORM, choices,
};
use crate::{
    classroom::Classroom,
    media::{Device, Failure},
    view::media::controls::what_to_do,
};

/// What can be on from the first step.
const DEVICES: [Device; 2] = [Device::Microphone, Device::Camera];

const PICTURE: &str = "lobby-picture";
const LEVEL: &str = "lobby-level";

thread_local! {
    /// The devices that are tried; there is one lobby to a module.
    static TRIED: RefCell<[Option<Preview>; DEVICES.len()]> = const { RefCell::new([None, None]) };
}

/// Follows what the person turns on and off in the lobby.
pub(super) fn follow(classroom: &Classroom) -> Listener {
    let chosen = classroom.clone();
    look(classroom);
    Listener::new(&page::document(), "classroom-devices", move |_| look(&chosen))
}

/// What is to be on from the first step.
pub(super) fn wanted() -> Vec<Device> {
    DEVICES.into_iter().filter(|device| is_wanted(*device)).collect()
}

/// Nothing is tried any more. What is shared meanwhile goes on: asked for anew, it might not be had.
pub(super) fn leave() {
    TRIED.take();
    choices::close();
}

/// Whether a device is tried right now.
pub(super) fn is_tried(device: Device) -> bool {
    TRIED.with_borrow(|tried| tried[usize::from(device == Device::Camera)].is_some())
}

/// Shows how loud one is.
pub(in super::super) fn tick() {
    if is_tried(Device::Microphone)
        && let Some(level) = page::element::<HtmlElement>(LEVEL)
    {
        // A meter's own interface has no other way that all browsers have.
        let _ = level.set_attribute("value", &format!("{:.2}", own_level()));
    }
}

/// Tries what is wanted, and lets go what is not.
fn look(classroom: &Classroom) {
    // Whoever is in turns things on and off with other buttons.
    if page::root_data("state").as_deref() != Some("lobby") {
        return;
    }
    let preferences = classroom.read(|session, _| session.media().preferences().clone());
    for (place, device) in DEVICES.into_iter().enumerate() {
        let is_tried = is_tried(device);
        let is_wanted = is_wanted(device);
        if is_wanted == is_tried {
            continue;
        }
        if is_wanted {
            page::set_shown(problem(device), false);
            let id = if device == Device::Camera { &preferences.camera } else { &preferences.microphone };
            let video = page::element::<HtmlVideoElement>(PICTURE).filter(|_| device == Device::Camera);
            let tried = classroom.clone();
            let preview = Preview::start(device, id.as_deref(), video.as_ref(), move |result| match result {
                Ok(()) => choices::offer(&tried),
                // Not while it is being begun.
                Err(failure) => wasm_bindgen_futures::spawn_local(async move { take_back(device, failure) }),
            });
            TRIED.with_borrow_mut(|tried| tried[place] = Some(preview));
        } else {
            TRIED.with_borrow_mut(|tried| tried[place] = None);
            choices::hide(device);
        }
        page::set_shown(if device == Device::Camera { PICTURE } else { LEVEL }, is_wanted);
    }
}

/// A device does not work: it is off again, and one hears what to do.
fn take_back(device: Device, failure: Failure) {
    if let Some(form) = page::element::<HtmlElement>(FORM) {
        form.dataset().delete(key(device));
    }
    let place = usize::from(device == Device::Camera);
    TRIED.with_borrow_mut(|tried| tried[place] = None);
    choices::hide(device);
    page::set_shown(if device == Device::Camera { PICTURE } else { LEVEL }, false);
    if let Some(element) = page::element::<HtmlElement>(problem(device)) {
        element.set_text_content(Some(what_to_do(device, failure)));
        element.set_hidden(false);
    }
}

fn is_wanted(device: Device) -> bool {
    let form = page::element::<HtmlElement>(FORM);
    form.and_then(|form| form.dataset().get(key(device))).as_deref() == Some("true")
}

/// Under which the loader says that a device is to be on.
const fn key(device: Device) -> &'static str {
    if matches!(device, Device::Camera) { "camera" } else { "microphone" }
}

/// Where it is said what is the matter with a device.
const fn problem(device: Device) -> &'static str {
    if matches!(device, Device::Camera) { "lobby-camera-problem" } else { "lobby-microphone-problem" }
}
