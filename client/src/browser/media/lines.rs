//! The lines of a call: microphone, camera, screen and the screen's sound, each in both directions.
//!
//! They are negotiated once. What is sent on them changes by exchanging tracks and setting limits, of which the other
//! side's negotiation hears nothing.

use std::{cell::RefCell, rc::Rc};

use js_sys::Array;
use serde_json::json;
use shared::protocol::link::PictureSize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpSender, RtcRtpTransceiver};

use super::{capture::Capture, js};
use crate::media::{
    Sending,
    encoding::{Limits, MICROPHONE_BITS, SCREEN_SOUND_BITS},
};

/// One of them, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Microphone,
    Camera,
    Screen,
    ScreenSound,
}

impl Line {
    pub(super) const ALL: [Self; 4] = [Self::Microphone, Self::Camera, Self::Screen, Self::ScreenSound];

    fn kind(self) -> &'static str {
        match self {
            Self::Microphone | Self::ScreenSound => "audio",
            Self::Camera | Self::Screen => "video",
        }
    }
}

/// The four of a call; clones are the same lines.
#[derive(Clone)]
pub(super) struct Lines(Rc<[Wire; 4]>);

struct Wire {
    transceiver: RtcRtpTransceiver,
    /// What arrives, for elements to play.
    stream: MediaStream,
    /// What the sender was told to keep to.
    limits: RefCell<Option<serde_json::Value>>,
}

impl Lines {
    /// Makes them, on the side that offers first.
    pub(super) fn make(connection: &RtcPeerConnection) -> Option<Self> {
        let init: JsValue = js::dictionary(&json!({ "direction": "sendrecv" }));
        let transceiver = |line: Line| {
            let made = js::invoke(connection, "addTransceiver", &[&line.kind().into(), &init]).ok()?;
            Some(made.unchecked_into())
        };
        let [microphone, camera, screen, sound] = Line::ALL.map(transceiver);
        Self::of([microphone?, camera?, screen?, sound?])
    }

    /// Takes them over from the first offer of the other side, and has both sides send on them.
    pub(super) fn take_over(connection: &RtcPeerConnection) -> Option<Self> {
        let transceivers: Vec<RtcRtpTransceiver> =
            connection.get_transceivers().iter().map(JsCast::unchecked_into).collect();
        let transceivers = <[_; 4]>::try_from(transceivers).ok()?;
        for transceiver in &transceivers {
            // Refused for a line that the other side has rejected; nothing is sent on it then.
            js::set(transceiver, "direction", &"sendrecv".into());
        }
        Self::of(transceivers)
    }

    fn of(transceivers: [RtcRtpTransceiver; 4]) -> Option<Self> {
        let wire = |transceiver: RtcRtpTransceiver| {
            let stream = MediaStream::new_with_tracks(&Array::of1(&transceiver.receiver().track())).ok()?;
            Some(Wire { transceiver, stream, limits: RefCell::default() })
        };
        let [microphone, camera, screen, sound] = transceivers.map(wire);
        Some(Self(Rc::new([microphone?, camera?, screen?, sound?])))
    }

    /// What arrives on a line.
    pub(super) fn stream(&self, line: Line) -> MediaStream {
        js::same(&self.0[line as usize].stream)
    }

    /// The level of the other side's voice, 0 to 1, and the time stamp of the packet it is of.
    pub(super) fn heard(&self) -> Option<(f32, u32)> {
        let receiver = self.0[Line::Microphone as usize].transceiver.receiver();
        let source = js::invoke(&receiver, "getSynchronizationSources", &[]).ok()?.dyn_into::<Array>().ok()?.get(0);
        let level = js::number(&source, "audioLevel")?;
        Some((level as f32, js::number(&source, "rtpTimestamp").unwrap_or_default() as u32))
    }

    /// Whether camera or screen is sent right now.
    pub(super) fn is_sending_pictures(&self) -> bool {
        [Line::Camera, Line::Screen].iter().any(|line| self.0[*line as usize].transceiver.sender().track().is_some())
    }

    /// Sends this of what is captured, and nothing else.
    ///
    /// # Errors
    /// If the browser refuses a track.
    pub(super) async fn send(&self, sending: Sending, capture: &Capture) -> Result<(), JsValue> {
        for line in Line::ALL {
            let wire = &self.0[line as usize];
            let track = capture.track(line).filter(|_| is_wanted(line, sending));
            wire.carry(track.as_ref()).await?;
            if let Some(track) = track {
                wire.limit(limits(line, sending, &track)).await;
            }
        }
        Ok(())
    }
}

fn is_wanted(line: Line, sending: Sending) -> bool {
    match line {
        Line::Microphone => sending.microphone,
        Line::Camera => sending.camera != PictureSize::Hidden,
        Line::Screen | Line::ScreenSound => sending.screen != PictureSize::Hidden,
    }
}

/// The parameters of a sender, and of its one encoding.
fn limits(line: Line, sending: Sending, track: &MediaStreamTrack) -> serde_json::Value {
    let pictures = |limits: Limits| json!({ "maxBitrate": limits.bits, "maxFramerate": limits.rate, "scaleResolutionDownBy": limits.scale_down });
    let size = || {
        let settings = track.get_settings();
        let side = |name| js::number(&settings, name).unwrap_or_default() as u32;
        (side("width"), side("height"))
    };
    match line {
        Line::Microphone => {
            json!({ "encoding": { "maxBitrate": MICROPHONE_BITS, "priority": "high", "networkPriority": "high" } })
        }
        Line::ScreenSound => json!({ "encoding": { "maxBitrate": SCREEN_SOUND_BITS } }),
        Line::Camera => {
            let camera = Limits::camera(sending.camera, size(), sending.frame_rate_percent);
            json!({ "encoding": pictures(camera), "degradationPreference": "balanced" })
        }
        Line::Screen => {
            json!({ "encoding": pictures(Limits::screen(sending.screen, size())), "degradationPreference": "maintain-resolution" })
        }
    }
}

impl Wire {
    async fn carry(&self, track: Option<&MediaStreamTrack>) -> Result<(), JsValue> {
        let sender: RtcRtpSender = self.transceiver.sender();
        if sender.track().as_ref() == track {
            return Ok(());
        }
        JsFuture::from(sender.replace_track(track)).await.map(drop)
    }

    /// Sets the limits of what is sent. A browser that does not take them sends as it sees fit, and is told again when
    /// there is occasion.
    async fn limit(&self, limits: serde_json::Value) {
        if self.limits.borrow().as_ref() == Some(&limits) {
            return;
        }
        let sender = self.transceiver.sender();
        let Ok(parameters) = js::invoke(&sender, "getParameters", &[]) else { return };
        let encodings = js::get(&parameters, "encodings").map(|encodings| Array::from(&encodings));
        let Some(encoding) = encodings.filter(|encodings| encodings.length() > 0).map(|all| all.get(0)) else { return };
        for (name, value) in limits.as_object().into_iter().flatten() {
            match value.as_object() {
                Some(values) => {
                    values.iter().for_each(|(name, value)| js::set(&encoding, name, &js::dictionary(value)));
                }
                None => js::set(&parameters, name, &js::dictionary(value)),
            }
        }
        if js::perform(&sender, "setParameters", &[&parameters]).await.is_ok() {
            self.limits.replace(Some(limits));
        }
    }
}
