//! The lines of a call: microphone, camera, screen and the screen's sound, each in both directions.
//!
//! They are negotiated once; what each is and does is a [`Wire`]'s.

use std::rc::Rc;

use js_sys::Array;
use serde_json::{Value, json};
use shared::protocol::link::PictureSize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver};

use super::{
    capture::Capture,
    js,
    wire::{self, Wire},
};
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

impl Lines {
    /// Makes them, on the side that offers first.
    pub(super) fn make(connection: &RtcPeerConnection) -> Option<Self> {
        let transceiver = |line: Line| wire::add(connection, line.kind(), &json!({ "direction": "sendrecv" }));
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
        let [microphone, camera, screen, sound] = transceivers.map(Wire::new);
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
        [Line::Camera, Line::Screen].iter().any(|line| self.0[*line as usize].is_sending())
    }

    /// Sends this of what is captured, and nothing else.
    ///
    /// # Errors
    /// If the browser refuses a track.
    pub(super) async fn send(&self, sending: Sending, capture: &Capture) -> Result<(), JsValue> {
        let of = |line: Line| {
            let track = capture.track(line).filter(|_| is_wanted(line, sending));
            let limits = track.as_ref().map(|track| limits(line, sending, track));
            (&self.0[line as usize], track, limits)
        };
        wire::send(Line::ALL.map(of).into()).await
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
fn limits(line: Line, sending: Sending, track: &MediaStreamTrack) -> Value {
    match line {
        Line::Microphone => voice(),
        Line::ScreenSound => screen_sound(),
        Line::Camera => {
            let camera = Limits::camera(sending.camera, wire::size(track), sending.frame_rate_percent);
            json!({ "encodings": [pictures(camera)], "degradationPreference": "balanced" })
        }
        Line::Screen => screen(sending.screen, track),
    }
}

/// The parameters of the sender of a voice.
pub(super) fn voice() -> Value {
    json!({ "encodings": [{ "maxBitrate": MICROPHONE_BITS, "priority": "high", "networkPriority": "high" }] })
}

/// Of the sound of a screen.
pub(super) fn screen_sound() -> Value {
    json!({ "encodings": [{ "maxBitrate": SCREEN_SOUND_BITS }] })
}

/// Of a screen.
pub(super) fn screen(size: PictureSize, track: &MediaStreamTrack) -> Value {
    let limits = Limits::screen(size, wire::size(track));
    json!({ "encodings": [pictures(limits)], "degradationPreference": "maintain-resolution" })
}

/// Of one encoding of pictures.
pub(super) fn pictures(limits: Limits) -> Value {
    json!({ "maxBitrate": limits.bits, "maxFramerate": limits.rate, "scaleResolutionDownBy": limits.scale_down })
}
