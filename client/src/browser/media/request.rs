//! How one's own devices are asked for, and why they may not be had.

use js_sys::Promise;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDevices, MediaStream};

use super::{super::page, js};
use crate::media::{
    Device, Failure,
    encoding::{CAMERA_RATE, CAMERA_SIZE, PODIUM_SIZE, SCREEN_RATE, SCREEN_SIZE},
};

/// Which of several devices is asked for.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// The system's own choice.
    Any,
    /// That of this id if it is there, or else the system's own choice.
    Rather(&'a str),
    /// That of this id, or none.
    Only(&'a str),
}

/// Asks for a device. At once, because browsers show screens only to somebody who just pressed something.
///
/// # Errors
/// If it is clear already that it cannot be had.
pub(super) fn ask(device: Device, which: Which, is_at_podium: bool) -> Result<Promise, Failure> {
    let devices = media_devices()?;
    let (method, constraints) = match device {
        Device::Microphone => ("getUserMedia", microphone(which)),
        Device::Camera => ("getUserMedia", camera(which, is_at_podium)),
        Device::Screen => ("getDisplayMedia", screen()),
    };
    if !js::can(&devices, method) {
        return Err(Failure::Unsupported);
    }
    let asked = js::invoke(&devices, method, &[&js::dictionary(&constraints)]);
    asked.map(|promise| Promise::resolve(&promise)).map_err(|error| failure(&error))
}

/// Waits until it is there.
///
/// # Errors
/// If it cannot be had: why.
pub(super) async fn given(promise: Promise) -> Result<MediaStream, Failure> {
    let stream = JsFuture::from(promise).await.map_err(|error| failure(&error))?;
    stream.dyn_into().map_err(|_| Failure::Unsupported)
}

/// What knows the devices.
///
/// # Errors
/// Where the browser shows them to nobody.
pub(super) fn media_devices() -> Result<MediaDevices, Failure> {
    let devices = js::get(&page::window().navigator(), "mediaDevices");
    let missing = if page::window().is_secure_context() { Failure::Unsupported } else { Failure::Insecure };
    devices.map(JsCast::unchecked_into).ok_or(missing)
}

fn failure(error: &JsValue) -> Failure {
    match js::error_name(error).as_str() {
        "NotFoundError" | "OverconstrainedError" => Failure::Missing,
        "NotReadableError" | "AbortError" => Failure::Busy,
        "NotSupportedError" | "TypeError" => Failure::Unsupported,
        // `NotAllowedError`; `InvalidStateError` for a screen that nobody just asked for, `SecurityError` where the
        // page is in another one that does not let it.
        _ => Failure::Refused,
    }
}

fn microphone(which: Which) -> Value {
    let mut audio = json!({ "echoCancellation": true, "noiseSuppression": true, "autoGainControl": true });
    choose(&mut audio, which);
    json!({ "audio": audio })
}

/// What the camera is to give, at a podium or elsewhere.
pub(super) fn pictures(is_at_podium: bool) -> Value {
    let (width, height) = if is_at_podium { PODIUM_SIZE } else { CAMERA_SIZE };
    json!({
        "width": { "ideal": width },
        "height": { "ideal": height },
        "frameRate": { "ideal": CAMERA_RATE, "max": 30 },
    })
}

fn camera(which: Which, is_at_podium: bool) -> Value {
    let mut video = pictures(is_at_podium);
    if matches!(which, Which::Any) {
        video["facingMode"] = json!({ "ideal": "user" });
    }
    choose(&mut video, which);
    json!({ "video": video })
}

fn choose(constraints: &mut Value, which: Which) {
    match which {
        Which::Any => {}
        Which::Rather(id) => constraints["deviceId"] = json!({ "ideal": id }),
        Which::Only(id) => constraints["deviceId"] = json!({ "exact": id }),
    }
}

fn screen() -> Value {
    let (width, height) = SCREEN_SIZE;
    json!({
        "video": { "width": { "max": width }, "height": { "max": height }, "frameRate": { "max": SCREEN_RATE } },
        "audio": true,
        // A tab's own sound is fine; that of the whole machine would send the others' voices back to them.
        "systemAudio": "exclude",
        "selfBrowserSurface": "exclude",
        "surfaceSwitching": "include",
    })
}
