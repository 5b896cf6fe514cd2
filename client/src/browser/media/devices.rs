//! Which devices there are to choose from.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{MediaDeviceInfo, MediaDeviceKind};

use super::{super::listener::Listener, js, request};

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceKind {
    Microphone,
    Camera,
    Speaker,
}

/// A device one can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceChoice {
    pub(crate) kind: DeviceKind,
    /// The browser's id, as in the preferences.
    pub(crate) id: String,
    /// Its name, empty until the browser may tell it.
    pub(crate) label: String,
}

/// The devices there are, as far as the browser tells: before the person has allowed one, it names none of them.
pub(crate) async fn devices() -> Vec<DeviceChoice> {
    let Ok(devices) = request::media_devices() else { return Vec::new() };
    let Ok(found) = js::perform(&devices, "enumerateDevices", &[]).await else { return Vec::new() };
    let found = Array::from(&found);
    let choices = found.iter().filter_map(|device| choice(&device.unchecked_into()));
    choices.filter(|choice| !choice.id.is_empty()).collect()
}

/// Calls back whenever devices come or go, until it is dropped.
pub(crate) struct DeviceWatch(#[allow(dead_code, reason = "held for its end")] Listener);

impl DeviceWatch {
    /// None where the browser shows no devices.
    pub(crate) fn new(mut call: impl FnMut() + 'static) -> Option<Self> {
        let devices = request::media_devices().ok()?;
        Some(Self(Listener::new(&devices, "devicechange", move |_| call())))
    }
}

fn choice(device: &MediaDeviceInfo) -> Option<DeviceChoice> {
    let kind = match device.kind() {
        MediaDeviceKind::Audioinput => DeviceKind::Microphone,
        MediaDeviceKind::Videoinput => DeviceKind::Camera,
        MediaDeviceKind::Audiooutput => DeviceKind::Speaker,
        _ => return None,
    };
    Some(DeviceChoice { kind, id: device.device_id(), label: device.label() })
}
