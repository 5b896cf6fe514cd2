//! Little sounds, made of sine waves: nothing to download.

use std::cell::RefCell;

use web_sys::{AudioContext, OscillatorType};

use super::preference::Preference;
use crate::session::news::Chime;

/// How loud: heard beside a voice, not over it.
const VOLUME: f32 = 0.12;

/// How long a note rings, in seconds.
const NOTE: f64 = 0.22;

thread_local! {
    /// There are few contexts to be had; one is made when it is first needed.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Plays it, unless sounds are not wanted, or the browser does not let the page make any yet.
pub(super) fn play(chime: Chime) {
    if !Preference::Sounds.is_on() {
        return;
    }
    // Fourths and thirds of the pentatonic scale: friendly, whatever sounds at the same time.
    let notes: &[(f32, f64)] = match chime {
        Chime::Wave => &[(659.3, 0.0), (880.0, 0.09), (659.3, 0.18)],
        Chime::Message => &[(784.0, 0.0), (1046.5, 0.08)],
        Chime::Arrival => &[(523.3, 0.0), (659.3, 0.1)],
    };
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        let Some(context) = context else { return };
        // Suspended until the person has touched the page; then it goes on by itself.
        let _ = context.resume();
        for (frequency, after) in notes {
            // A browser without sound is one without chimes.
            let _ = ring(context, *frequency, *after);
        }
    });
}

fn ring(context: &AudioContext, frequency: f32, after: f64) -> Result<(), wasm_bindgen::JsValue> {
    let begin = context.current_time() + after;
    let oscillator = context.create_oscillator()?;
    let gain = context.create_gain()?;
    oscillator.set_type(OscillatorType::Sine);
    oscillator.frequency().set_value(frequency);
    // Struck, and dying away: a tone that is switched would click.
    gain.gain().set_value_at_time(0.0, begin)?;
    gain.gain().linear_ramp_to_value_at_time(VOLUME, begin + 0.01)?;
    gain.gain().exponential_ramp_to_value_at_time(0.001, begin + NOTE)?;
    oscillator.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&context.destination())?;
    oscillator.start_with_when(begin)?;
    oscillator.stop_with_when(begin + NOTE)
}
