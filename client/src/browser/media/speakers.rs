//! Plays what arrives: an audio element for each sound, so that the browser's echo cancellation knows of it.
//!
//! Browsers refuse to play before the person has done something on the page. Then the session is told, and the next
//! press of a key or a finger tries again. Where a context makes the sound, it is the context that does not run.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use futures_timer::Delay;
use futures_util::future::{AbortHandle, Abortable, Either, join_all, select};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioContext, AudioContextState, GainNode, HtmlAudioElement, MediaStream, MediaStreamAudioSourceNode};

use super::{
    super::{listener::Listener, page},
    devices::DeviceChoice,
    js, platform, tell_later,
};
use crate::media::MediaInput;

/// A change of volume is spread over so many steps, one every [`STEP`]: a jump would click.
const STEPS: u8 = 5;
const STEP: Duration = Duration::from_millis(16);

/// A browser that refuses to play says so by then.
const REFUSED_WITHIN: Duration = Duration::from_millis(500);

/// How fast a gain follows, in seconds: the time constant of `setTargetAtTime`.
const GAIN_FOLLOWS: f64 = 0.03;

/// What lets a page make sound: events that browsers count as something that the person did.
const GESTURES: [&str; 3] = ["pointerup", "keydown", "click"];

/// What all speakers of the page have in common.
#[derive(Default)]
pub(super) struct Sound {
    speakers: RefCell<Vec<Weak<Speaker>>>,
    /// The id of the loudspeaker to use; the system's own choice if it is empty.
    sink: RefCell<String>,
    /// There are few contexts to be had; one is made when it is first needed.
    context: RefCell<Option<AudioContext>>,
    /// Whether it runs may change: a telephone that rings stops it.
    changes: RefCell<Option<Listener>>,
    is_blocked: Cell<bool>,
    /// There while the next press is waited for.
    gestures: RefCell<Vec<Listener>>,
}

impl Sound {
    /// The context in which sound is measured and, where nothing else does it, made quieter.
    pub(super) fn context(self: &Rc<Self>) -> Option<AudioContext> {
        let mut place = self.context.borrow_mut();
        if place.is_none() {
            let context = AudioContext::new().ok()?;
            let sound = Rc::downgrade(self);
            self.changes.replace(Some(Listener::new(&context, "statechange", move |_| {
                if let Some(sound) = sound.upgrade() {
                    sound.context_changed();
                }
            })));
            *place = Some(context);
        }
        let context = place.clone()?;
        drop(place);
        // Suspended until the person has done something; with a microphone that is on, many browsers do not wait.
        js::ignore(context.resume().map(Into::into));
        if js::text(&context, "state").as_deref() == Some("suspended") {
            self.await_gesture();
        }
        Some(context)
    }

    fn context_changed(self: Rc<Self>) {
        if self.is_silenced() {
            self.expect_context();
        } else if self.is_blocked.get() {
            self.try_again();
        }
    }

    /// Whether somebody is played by a context that does not run.
    fn is_silenced(&self) -> bool {
        let is_running =
            self.context.borrow().as_ref().is_some_and(|context| context.state() == AudioContextState::Running);
        !is_running && self.speakers().iter().any(|speaker| speaker.gain.borrow().is_some())
    }

    /// Says so if the context does not run in a moment.
    fn expect_context(self: Rc<Self>) {
        spawn_local(async move {
            Delay::new(REFUSED_WITHIN).await;
            if self.is_silenced() {
                self.blocked();
            }
        });
    }

    /// Plays on this loudspeaker from now on, where browsers let one choose.
    pub(super) fn use_speaker(&self, id: Option<&str>) {
        let id = id.unwrap_or_default();
        if self.sink.replace(id.to_owned()) == id {
            return;
        }
        for speaker in self.speakers() {
            speaker.choose_sink(id);
        }
    }

    /// Other devices are plugged in than before: a loudspeaker that is back is used again.
    pub(super) fn look_around(&self, there: &[DeviceChoice]) {
        let sink = self.sink.borrow().clone();
        if !sink.is_empty() && there.iter().any(|choice| choice.id == sink) {
            for speaker in self.speakers() {
                speaker.choose_sink(&sink);
            }
        }
    }

    fn speakers(&self) -> Vec<Rc<Speaker>> {
        self.speakers.borrow_mut().retain(|speaker| speaker.strong_count() > 0);
        self.speakers.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    fn blocked(self: &Rc<Self>) {
        if !self.is_blocked.replace(true) {
            tell_later(MediaInput::SoundBlocked(true));
        }
        self.await_gesture();
    }

    /// Tries again at the next press.
    pub(super) fn await_gesture(self: &Rc<Self>) {
        if !self.gestures.borrow().is_empty() {
            return;
        }
        let listener = |kind| {
            let sound = Rc::downgrade(self);
            Listener::new(&page::window(), kind, move |_| {
                if let Some(sound) = sound.upgrade() {
                    sound.try_again();
                }
            })
        };
        self.gestures.replace(GESTURES.map(listener).into());
    }

    fn try_again(self: Rc<Self>) {
        if let Some(context) = &*self.context.borrow() {
            js::ignore(context.resume().map(Into::into));
        }
        if let Some(platform) = platform() {
            platform.pictures.play_again();
        }
        // All at once, while the press still counts.
        let attempts: Vec<_> = self.speakers().iter().filter_map(|speaker| speaker.attempt()).collect();
        spawn_local(async move {
            if join_all(attempts.into_iter().map(is_refused)).await.contains(&true) {
                return;
            }
            if self.is_silenced() {
                Delay::new(REFUSED_WITHIN).await;
                if self.is_silenced() {
                    return;
                }
            }
            self.gestures.take();
            if self.is_blocked.replace(false) {
                tell_later(MediaInput::SoundBlocked(false));
            }
        });
    }
}

/// Plays one stream.
pub(super) struct Speaker {
    sound: Rc<Sound>,
    element: HtmlAudioElement,
    /// Whether the element's own volume cannot be changed, as on iOS.
    has_fixed_volume: bool,
    /// What does it instead there, while something is played.
    gain: RefCell<Option<(MediaStreamAudioSourceNode, GainNode)>>,
    volume: Rc<Cell<f64>>,
    ramp: RefCell<Option<AbortHandle>>,
}

impl Speaker {
    /// A silent one. None if the browser makes no sound at all.
    pub(super) fn new(sound: &Rc<Sound>) -> Option<Rc<Self>> {
        let element: HtmlAudioElement = page::document().create_element("audio").ok()?.dyn_into().ok()?;
        element.set_autoplay(true);
        // Whoever comes into hearing begins at the edge of it.
        element.set_volume(0.0);
        let speaker = Rc::new(Self {
            sound: Rc::clone(sound),
            has_fixed_volume: element.volume() > 0.0,
            element,
            gain: RefCell::default(),
            volume: Rc::default(),
            ramp: RefCell::default(),
        });
        speaker.choose_sink(&sound.sink.borrow());
        let mut speakers = sound.speakers.borrow_mut();
        // Those of calls that are over.
        speakers.retain(|other| other.strong_count() > 0);
        speakers.push(Rc::downgrade(&speaker));
        drop(speakers);
        Some(speaker)
    }

    /// Plays that from now on.
    pub(super) fn play(self: &Rc<Self>, stream: &MediaStream) {
        self.element.set_src_object(Some(stream));
        if self.has_fixed_volume {
            self.play_by_gain(stream);
        }
        if let Some(attempt) = self.attempt() {
            let sound = Rc::clone(&self.sound);
            spawn_local(async move {
                if is_refused(attempt).await {
                    sound.blocked();
                }
            });
        }
    }

    /// Plays this loud from now on, 0 to 1.
    pub(super) fn set_volume(&self, volume: f32) {
        let volume = f64::from(if volume.is_finite() { volume.clamp(0.0, 1.0) } else { 0.0 });
        let before = self.volume.replace(volume);
        if self.has_fixed_volume {
            if let Some((_, gain)) = &*self.gain.borrow() {
                let _ = gain.gain().set_target_at_time(volume as f32, gain.context().current_time(), GAIN_FOLLOWS);
            }
            return;
        }
        let ramp = self.ramp.take();
        if let Some(ramp) = ramp {
            ramp.abort();
        }
        // Timers of hidden pages are slow, and nobody is to be heard longer than they are near.
        if page::document().hidden() || (before - volume).abs() < f64::EPSILON {
            self.element.set_volume(volume);
            return;
        }
        let (handle, registration) = AbortHandle::new_pair();
        self.ramp.replace(Some(handle));
        let element = self.element.clone();
        let ramp = async move {
            let from = element.volume();
            for step in 1..=STEPS {
                // Rounded, the last step may lie a trace below 0, which browsers refuse with an exception.
                let between = from + (volume - from) * f64::from(step) / f64::from(STEPS);
                element.set_volume(between.clamp(0.0, 1.0));
                Delay::new(STEP).await;
            }
        };
        spawn_local(async {
            // Ends early when the volume changes again.
            let _ = Abortable::new(ramp, registration).await;
        });
    }

    /// Stops for good.
    pub(super) fn stop(&self) {
        let ramp = self.ramp.take();
        if let Some(ramp) = ramp {
            ramp.abort();
        }
        if let Some((source, gain)) = self.gain.take() {
            let _ = source.disconnect();
            let _ = gain.disconnect();
        }
        let _ = self.element.pause();
        self.element.set_src_object(None);
    }

    fn play_by_gain(&self, stream: &MediaStream) {
        // Still plays, unheard: some browsers give a stream's sound to a context only then.
        self.element.set_muted(true);
        self.gain.replace(self.sound.context().and_then(|context| {
            let source = context.create_media_stream_source(stream).ok()?;
            let gain = context.create_gain().ok()?;
            gain.gain().set_value(self.volume.get() as f32);
            source.connect_with_audio_node(&gain).ok()?;
            gain.connect_with_audio_node(&context.destination()).ok()?;
            Some((source, gain))
        }));
        Rc::clone(&self.sound).expect_context();
    }

    /// Tries to play, if there is something to play.
    fn attempt(&self) -> Option<Promise> {
        self.element.src_object()?;
        self.element.play().ok()
    }

    fn choose_sink(&self, id: &str) {
        if !js::can(&self.element, "setSinkId") {
            return;
        }
        let (sound, element, id) = (Rc::clone(&self.sound), self.element.clone(), id.to_owned());
        spawn_local(async move {
            let result = js::perform(&element, "setSinkId", &[&id.as_str().into()]).await;
            // Another one may have been chosen meanwhile.
            if result.is_err() && *sound.sink.borrow() == id {
                // It is gone: better heard somewhere than nowhere.
                let _ = js::perform(&element, "setSinkId", &[&"".into()]).await;
            }
        });
    }
}

/// Whether the browser refuses to play until the person has done something.
async fn is_refused(attempt: Promise) -> bool {
    // Refused at once; one that is not waits until something arrives.
    match select(JsFuture::from(attempt), Delay::new(REFUSED_WITHIN)).await {
        // Anything else is no refusal: it was stopped meanwhile, or plays something new.
        Either::Left((result, _)) => result.is_err_and(|error| js::error_name(&error) == "NotAllowedError"),
        Either::Right(_) => false,
    }
}
