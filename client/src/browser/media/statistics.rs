//! What a connection tells of itself, once a second.

use std::cell::Cell;

use js_sys::Map;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

use super::{super::page, js};
use crate::media::encoding::strained_percent;

/// Follows one connection.
#[derive(Default)]
pub(super) struct Statistics {
    is_looking: Cell<bool>,
    /// When it was looked at last, in seconds since the page was opened, and for how many seconds pictures had been
    /// held back by the processor until then.
    last: Cell<Option<(f64, f64)>>,
}

/// What it tells.
pub(super) struct Look {
    /// Packets of sound that arrived since the connection began.
    pub(super) sound: u64,
    /// Packets of pictures.
    pub(super) picture: u64,
    /// Packets of any kind, and answers to checks of the path; none in browsers that do not count them.
    pub(super) heard: Option<u64>,
    /// For how much of the time since the last look the processor was short, in percent; none at the first.
    pub(super) strained: Option<u8>,
}

impl Statistics {
    /// Looks. None while another look is under way, or if the connection has nothing to tell.
    pub(super) async fn look(&self, connection: &RtcPeerConnection) -> Option<Look> {
        if self.is_looking.replace(true) {
            return None;
        }
        let report = JsFuture::from(connection.get_stats()).await;
        self.is_looking.set(false);
        let report: Map = report.ok()?.unchecked_into();
        let (mut sound, mut picture, mut held_back) = (0.0, 0.0, 0.0_f64);
        let (mut all, mut answers) = (None, 0.0);
        for entry in report.values().into_iter().flatten() {
            let kind = js::text(&entry, "kind");
            match (js::text(&entry, "type").as_deref(), kind.as_deref()) {
                (Some("inbound-rtp"), Some("audio")) => sound += packets(&entry),
                (Some("inbound-rtp"), Some("video")) => picture += packets(&entry),
                (Some("outbound-rtp"), Some("video")) => held_back = held_back.max(held_back_s(&entry)),
                (Some("transport"), _) => all = all.or(js::number(&entry, "packetsReceived")),
                (Some("candidate-pair"), _) => answers += js::number(&entry, "responsesReceived").unwrap_or_default(),
                _ => {}
            }
        }
        let now = page::milliseconds() / 1000.0;
        let last = self.last.replace(Some((now, held_back)));
        let strained = last.map(|(then, before)| strained_percent(before, held_back, now - then));
        let heard = all.map(|all: f64| (all + answers) as u64);
        Some(Look { sound: sound as u64, picture: picture as u64, heard, strained })
    }
}

fn packets(entry: &JsValue) -> f64 {
    js::number(entry, "packetsReceived").unwrap_or_default()
}

/// Seconds in which the processor kept a sender from sending in full; zero in browsers that do not count them.
fn held_back_s(entry: &JsValue) -> f64 {
    let durations = js::get(entry, "qualityLimitationDurations");
    durations.and_then(|durations| js::number(&durations, "cpu")).unwrap_or_default()
}
