//! Little sounds, made of sine waves: nothing to download.

use std::cell::{Cell, RefCell};

use web_sys::{AudioContext, OscillatorType};

use super::{storage, storage::Kept};
use crate::session::{
    memory::{Entry, Store},
    news::Chime,
};

/// Where it is kept that no sound is wanted.
const KEY: &str = "classroom.sounds";
const OFF: &str = "off";

/// How loud: heard beside a voice, not over it.
const VOLUME: f32 = 0.12;

/// How long a note rings, in seconds.
const NOTE: f64 = 0.22;

thread_local! {
    /// Whether sounds are wanted, once it was asked: it holds even where nothing can be kept.
    static IS_ON: Cell<Option<bool>> = const { Cell::new(None) };
    /// There are few contexts to be had; one is made when it is first needed.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Whether sounds are wanted.
pub(crate) fn is_on() -> bool {
    let is_on = IS_ON.get().unwrap_or_else(|| Kept.read(KEY).as_deref() != Some(OFF));
    IS_ON.set(Some(is_on));
    is_on
}

/// Makes sounds from now on, or none any more; at later visits too.
#[cfg(feature = "ui")]
pub(crate) fn set_on(is_on: bool) {
    IS_ON.set(Some(is_on));
    storage::keep(&if is_on { Entry::gone(KEY) } else { Entry::text(KEY, OFF.to_owned()) });
}

/// Plays it, unless sounds are not wanted, or the browser does not let the page make any yet.
pub(super) fn play(chime: Chime) {
    if !is_on() {
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
