//! How loud one's own microphone is.

use wasm_bindgen::JsCast;
use web_sys::{AnalyserNode, AudioContext, MediaStream, MediaStreamAudioSourceNode};

use crate::media::voice::level;

/// Samples that are looked at: at the usual rates some 40 ms, two periods of the lowest voice.
const SAMPLES: usize = 2048;

/// Listens to a microphone until it is dropped; it is not played.
pub(super) struct Meter {
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
}

impl Meter {
    pub(super) fn new(context: &AudioContext, stream: &MediaStream) -> Option<Self> {
        let source = context.create_media_stream_source(stream).ok()?;
        let analyser = context.create_analyser().ok()?;
        analyser.set_fft_size(SAMPLES as u32);
        source.connect_with_audio_node(analyser.unchecked_ref()).ok()?;
        Some(Self { source, analyser })
    }

    /// How loud it is right now, 0 to 1.
    pub(super) fn level(&self) -> f32 {
        let mut samples = [0.0; SAMPLES];
        self.analyser.get_float_time_domain_data(&mut samples);
        level(&samples)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let _ = self.source.disconnect();
    }
}
