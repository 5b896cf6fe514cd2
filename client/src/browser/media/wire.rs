//! One line of a connection: what is sent on it, and within which limits.

use std::cell::RefCell;

use js_sys::Array;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamTrack, RtcRtpSender, RtcRtpTransceiver};

use super::{super::page, js};

/// A line. What is sent changes by exchanging tracks and setting limits, of which the negotiation hears nothing.
pub(super) struct Wire {
    pub(super) transceiver: RtcRtpTransceiver,
    /// What arrives, for elements to play.
    pub(super) stream: MediaStream,
    /// What the sender was told to keep to.
    limits: RefCell<Option<Value>>,
}

impl Wire {
    /// A line that is there. None if the browser has no stream for what arrives.
    pub(super) fn new(transceiver: RtcRtpTransceiver) -> Option<Self> {
        let stream = MediaStream::new_with_tracks(&Array::of1(&transceiver.receiver().track())).ok()?;
        Some(Self { transceiver, stream, limits: RefCell::default() })
    }

    /// Whether something is sent.
    pub(super) fn is_sending(&self) -> bool {
        self.transceiver.sender().track().is_some()
    }

    /// Sends that from now on.
    ///
    /// # Errors
    /// If the browser refuses the track.
    pub(super) async fn carry(&self, track: Option<&MediaStreamTrack>) -> Result<(), JsValue> {
        let sender: RtcRtpSender = self.transceiver.sender();
        if sender.track().as_ref() == track {
            return Ok(());
        }
        JsFuture::from(sender.replace_track(track)).await.map(drop)
    }

    /// The other side may have changed the limits: an answer has a say in which encodings are sent.
    pub(super) fn forget_limits(&self) {
        self.limits.take();
    }

    /// Sets the limits of what is sent: `encodings` are those of its encodings in their order, all else is the sender's.
    /// A browser that does not take them sends as it sees fit, and is told again when there is occasion.
    pub(super) async fn limit(&self, limits: Value) {
        if self.limits.borrow().as_ref() == Some(&limits) {
            return;
        }
        let sender = self.transceiver.sender();
        let Ok(parameters) = js::invoke(&sender, "getParameters", &[]) else { return };
        let encodings = js::get(&parameters, "encodings").map(|encodings| Array::from(&encodings));
        let Some(encodings) = encodings.filter(|encodings| encodings.length() > 0) else { return };
        for (name, value) in limits.as_object().into_iter().flatten() {
            match value.as_array().filter(|_| name == "encodings") {
                Some(all) => all.iter().zip(encodings.iter()).for_each(|(limits, encoding)| set_all(&encoding, limits)),
                None => js::set(&parameters, name, &js::dictionary(value)),
            }
        }
        if js::perform(&sender, "setParameters", &[&parameters]).await.is_ok() {
            self.limits.replace(Some(limits));
        }
    }
}

/// Sends that on those lines, within those limits. What is not to be sent any more goes first, before anything that may
/// take a while.
///
/// # Errors
/// If the browser refuses a track.
pub(super) async fn send(lines: Vec<(&Wire, Option<MediaStreamTrack>, Option<Value>)>) -> Result<(), JsValue> {
    for (wire, ..) in lines.iter().filter(|(_, track, _)| track.is_none()) {
        wire.carry(None).await?;
    }
    for (wire, track, limits) in lines {
        // First: an encoder that has begun would begin again with them, or send for a moment what nobody wants.
        if let Some(limits) = limits {
            wire.limit(limits).await;
        }
        wire.carry(track.as_ref()).await?;
    }
    Ok(())
}

fn set_all(object: &JsValue, values: &Value) {
    for (name, value) in values.as_object().into_iter().flatten() {
        js::set(object, name, &js::dictionary(value));
    }
}

/// Adds a line of that kind to a connection: `audio` or `video`.
pub(super) fn add(connection: &JsValue, kind: &str, init: &Value) -> Option<RtcRtpTransceiver> {
    let init: JsValue = js::dictionary(init);
    let made = js::invoke(connection, "addTransceiver", &[&kind.into(), &init]).ok()?;
    Some(made.unchecked_into())
}

/// Has a line speak these codecs alone, where browsers let one choose: each one more makes descriptions longer.
pub(super) fn prefer(transceiver: &RtcRtpTransceiver, kind: &str, codecs: &[&str]) {
    if !js::can(transceiver, "setCodecPreferences") {
        return;
    }
    let capabilities = js::get(&page::window(), "RTCRtpReceiver")
        .and_then(|receiver| js::invoke(&receiver, "getCapabilities", &[&kind.into()]).ok());
    let Some(all) = capabilities.and_then(|capabilities| js::get(&capabilities, "codecs")) else { return };
    let is_wanted = |codec: &JsValue| {
        let name = js::text(codec, "mimeType").unwrap_or_default();
        codecs.iter().any(|codec| name.eq_ignore_ascii_case(codec))
    };
    let wanted: Array = Array::from(&all).iter().filter(is_wanted).collect();
    if wanted.length() > 0 {
        // One that it does not take leaves all codecs in place.
        let _ = js::invoke(transceiver, "setCodecPreferences", &[&wanted]);
    }
}

/// How wide and high a track's pictures are as they are captured; zero while that is not known.
pub(super) fn size(track: &MediaStreamTrack) -> (u32, u32) {
    let settings = track.get_settings();
    let side = |name| js::number(&settings, name).unwrap_or_default() as u32;
    (side("width"), side("height"))
}
