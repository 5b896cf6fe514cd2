//! What is captured of one device.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};

use super::{super::listener::Listener, js};
use crate::media::Device;

/// What is captured of a device; let go when it is dropped.
pub(super) struct Captured {
    pub(super) stream: MediaStream,
    _listeners: Vec<Listener>,
}

impl Captured {
    /// Takes what the browser gave; the listeners on it end with it.
    pub(super) fn new(device: Device, stream: MediaStream, listeners: Vec<Listener>) -> Self {
        for track in stream.get_tracks().iter() {
            js::set(&track, "contentHint", &hint(device, &track).into());
        }
        Self { stream, _listeners: listeners }
    }

    /// The browser's id of the device.
    pub(super) fn id(&self) -> Option<String> {
        let track = self.stream.get_tracks().get(0).dyn_into::<MediaStreamTrack>().ok()?;
        js::text(&track.get_settings(), "deviceId")
    }

    /// Whether it still is.
    pub(super) fn is_live(&self) -> bool {
        let is_live =
            |track: JsValue| track.unchecked_into::<MediaStreamTrack>().ready_state() == MediaStreamTrackState::Live;
        self.stream.get_tracks().iter().any(is_live)
    }

    /// Whether the system holds back what it gives.
    pub(super) fn is_muted(&self) -> bool {
        self.stream.get_tracks().iter().any(|track| track.unchecked_into::<MediaStreamTrack>().muted())
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        stop(&self.stream);
    }
}

/// Stops a device; its light goes out.
pub(super) fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// What a track shows, for encoders to know (W3C, *`MediaStreamTrack` Content Hints*).
fn hint(device: Device, track: &JsValue) -> &'static str {
    match (device, js::text(track, "kind").as_deref()) {
        (Device::Microphone, _) => "speech",
        (Device::Camera, _) => "motion",
        (Device::Screen, Some("video")) => "detail",
        (Device::Screen, _) => "music",
    }
}
