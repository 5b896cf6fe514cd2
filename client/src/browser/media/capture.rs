//! One's own devices: each is captured once, for all calls and the preview, and released when nobody wants it any more.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};

use super::{
    super::{listener::Listener, tell},
    devices::DeviceChoice,
    js,
    lines::Line,
    meter::Meter,
    platform, request, tell_later,
};
use crate::{
    media::{Device, Failure, MediaInput, Preferences, voice::Voice},
    session::Input,
};

/// One's own devices.
#[derive(Default)]
pub(super) struct Capture {
    places: [Place; 3],
    /// Which devices to use.
    chosen: RefCell<Preferences>,
    /// Whether the microphone is heard; the key to talk may be up.
    is_open: Cell<bool>,
    meter: RefCell<Option<Meter>>,
    voice: Cell<Voice>,
}

/// One of them.
#[derive(Default)]
struct Place {
    is_shared: Cell<bool>,
    /// How many previews show it.
    previews: Cell<u32>,
    /// Grows with everything that is asked for: what comes of something earlier is let go.
    asked: Cell<u32>,
    is_asking: Cell<bool>,
    captured: RefCell<Option<Captured>>,
    /// Previews that wait.
    waiting: RefCell<Vec<Waiting>>,
}

/// Hears that a device is on, or why it cannot be had.
type Waiting = Box<dyn FnOnce(Result<(), Failure>)>;

/// What is captured of a device; let go when it is dropped.
struct Captured {
    stream: MediaStream,
    _ended: Option<Listener>,
}

impl Drop for Captured {
    fn drop(&mut self) {
        stop(&self.stream);
    }
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

impl Capture {
    /// Shares a device from now on, or no more.
    pub(super) fn share(self: &Rc<Self>, device: Device, is_shared: bool) {
        let place = self.place(device);
        place.is_shared.set(is_shared);
        if !is_shared {
            self.release(device);
        } else if place.captured.borrow().is_some() {
            // For the preview, until now.
            tell_later(MediaInput::Captured(device));
            captured_others();
        } else {
            if let Some(preferences) = super::preferences() {
                self.choose(&preferences);
            }
            self.ask(device);
        }
    }

    /// Captures a device for a preview, until [`Self::end_preview`]; tells what comes of it.
    pub(super) fn begin_preview(self: &Rc<Self>, device: Device, tell: Waiting) {
        let place = self.place(device);
        place.previews.set(place.previews.get() + 1);
        if place.captured.borrow().is_some() {
            return tell(Ok(()));
        }
        place.waiting.borrow_mut().push(tell);
        self.ask(device);
    }

    /// A preview is over.
    pub(super) fn end_preview(self: &Rc<Self>, device: Device) {
        let place = self.place(device);
        place.previews.set(place.previews.get().saturating_sub(1));
        self.release(device);
    }

    /// Whether the microphone is heard from now on.
    pub(super) fn open_microphone(&self, is_open: bool) {
        self.is_open.set(is_open);
        self.obey_key();
    }

    /// Uses these devices from now on.
    pub(super) fn choose(self: &Rc<Self>, preferences: &Preferences) {
        self.use_device(Device::Microphone, preferences.microphone.as_deref());
        self.use_device(Device::Camera, preferences.camera.as_deref());
    }

    /// Uses the device of that id from now on, or the system's own choice.
    pub(super) fn use_device(self: &Rc<Self>, device: Device, id: Option<&str>) {
        let mut chosen = self.chosen.borrow_mut();
        let place = match device {
            Device::Microphone => &mut chosen.microphone,
            Device::Camera => &mut chosen.camera,
            // Screens are chosen anew each time, in the browser.
            Device::Screen => return,
        };
        if place.as_deref() == id {
            return;
        }
        *place = id.map(str::to_owned);
        drop(chosen);
        let place = self.place(device);
        // What was asked for before is not wanted any more.
        let was_asking = place.is_asking.replace(false);
        if was_asking || place.captured.borrow().is_some() {
            self.ask(device);
        }
    }

    /// What is sent on a line, as far as it is shared.
    pub(super) fn track(&self, line: Line) -> Option<MediaStreamTrack> {
        let (device, is_sound) = match line {
            Line::Microphone => (Device::Microphone, true),
            Line::Camera => (Device::Camera, false),
            Line::Screen => (Device::Screen, false),
            Line::ScreenSound => (Device::Screen, true),
        };
        let place = self.place(device);
        let captured = place.captured.borrow();
        let stream = &captured.as_ref().filter(|_| place.is_shared.get())?.stream;
        let tracks = if is_sound { stream.get_audio_tracks() } else { stream.get_video_tracks() };
        tracks.get(0).dyn_into().ok()
    }

    /// What is captured of a device, for oneself to see.
    pub(super) fn stream(&self, device: Device) -> Option<MediaStream> {
        self.place(device).captured.borrow().as_ref().map(|captured| js::same(&captured.stream))
    }

    /// How loud one is, 0 to 1.
    pub(super) fn level(&self) -> f32 {
        self.meter.borrow().as_ref().map_or(0.0, Meter::level)
    }

    /// Ten times a second: whether one speaks.
    pub(super) fn tick(&self) {
        let mut voice = self.voice.get();
        let change = voice.heard(self.level());
        self.voice.set(voice);
        if let Some(is_speaking) = change {
            tell(Input::Media(MediaInput::OwnVoice(is_speaking)));
        }
    }

    fn place(&self, device: Device) -> &Place {
        &self.places[device as usize]
    }

    /// Asks for a device, unless that is under way.
    fn ask(self: &Rc<Self>, device: Device) {
        let place = self.place(device);
        if place.is_asking.replace(true) {
            return;
        }
        place.asked.set(place.asked.get().wrapping_add(1));
        let asked = place.asked.get();
        let promise = request::ask(device, &self.chosen.borrow());
        let capture = Rc::clone(self);
        spawn_local(async move {
            let result = match promise {
                Ok(promise) => request::given(promise).await,
                Err(failure) => Err(failure),
            };
            capture.answered(device, asked, result);
        });
    }

    fn answered(self: &Rc<Self>, device: Device, asked: u32, result: Result<MediaStream, Failure>) {
        let place = self.place(device);
        let is_wanted = place.is_wanted() && place.asked.get() == asked;
        if !is_wanted {
            // It was switched off meanwhile, or another one was chosen.
            if let Ok(stream) = result {
                stop(&stream);
            }
            return;
        }
        place.is_asking.set(false);
        let outcome = match result {
            Ok(stream) => {
                self.take(device, stream);
                Ok(())
            }
            Err(failure) => {
                let is_gone = place.captured.borrow().as_ref().is_none_or(|captured| !captured.is_live());
                // What was captured before is better than nothing.
                if !is_gone {
                    return;
                }
                place.captured.take();
                Err(failure)
            }
        };
        self.changed(device);
        for tell in place.waiting.take() {
            tell(outcome);
        }
        if place.is_shared.get() {
            tell(Input::Media(match outcome {
                Ok(()) => MediaInput::Captured(device),
                Err(failure) => {
                    place.is_shared.set(false);
                    MediaInput::CaptureFailed(device, failure)
                }
            }));
        }
    }

    fn take(self: &Rc<Self>, device: Device, stream: MediaStream) {
        for track in stream.get_tracks().iter() {
            js::set(&track, "contentHint", &hint(device, &track).into());
        }
        let main = if device == Device::Microphone { stream.get_audio_tracks() } else { stream.get_video_tracks() };
        let ended = main.get(0).dyn_into::<MediaStreamTrack>().ok().map(|track| {
            let capture = Rc::downgrade(self);
            Listener::new(&track, "ended", move |_| {
                if let Some(capture) = capture.upgrade() {
                    capture.ended(device);
                }
            })
        });
        // The earlier one goes when there is another, so that calls are not without in between.
        self.place(device).captured.replace(Some(Captured { stream, _ended: ended }));
    }

    /// A device was pulled out, or taken away, or somebody stopped sharing in the browser.
    fn ended(self: &Rc<Self>, device: Device) {
        let place = self.place(device);
        if device == Device::Screen {
            place.is_shared.set(false);
            self.release(device);
            tell(Input::Media(MediaInput::CaptureEnded(device)));
        } else {
            // Perhaps there is another; if there is none, it says why.
            self.ask(device);
        }
    }

    /// Lets go of a device that nobody wants any more.
    fn release(&self, device: Device) {
        let place = self.place(device);
        if !place.is_wanted() {
            place.asked.set(place.asked.get().wrapping_add(1));
            place.is_asking.set(false);
            // Whoever waits has gone.
            drop(place.waiting.take());
            drop(place.captured.take());
        }
        self.changed(device);
    }

    fn changed(&self, device: Device) {
        if device == Device::Microphone {
            self.obey_key();
            let stream = self.stream(Device::Microphone);
            let context = stream.as_ref().and_then(|_| platform()?.sound.context());
            self.meter.replace(stream.zip(context).and_then(|(stream, context)| Meter::new(&context, &stream)));
        }
        captured_others();
    }

    fn obey_key(&self) {
        let tracks = self.stream(Device::Microphone).map(|stream| stream.get_audio_tracks());
        // A preview alone is heard by nobody, and shows its level.
        let is_open = self.is_open.get() || !self.place(Device::Microphone).is_shared.get();
        for track in tracks.into_iter().flatten() {
            track.unchecked_into::<MediaStreamTrack>().set_enabled(is_open);
        }
    }

    /// Other devices are plugged in than before: goes on with the chosen one if it is back, with another if it is gone.
    pub(super) fn look_around(self: &Rc<Self>, there: &[DeviceChoice]) {
        for (device, chosen) in [
            (Device::Microphone, self.chosen.borrow().microphone.clone()),
            (Device::Camera, self.chosen.borrow().camera.clone()),
        ] {
            let Some(stream) = self.stream(device) else { continue };
            let used = stream.get_tracks().get(0).dyn_into::<MediaStreamTrack>().ok();
            let used = used.and_then(|track| js::text(&track.get_settings(), "deviceId"));
            let is_there = |id: &String| there.iter().any(|choice| choice.id == *id);
            let is_gone = used.as_ref().is_some_and(|id| !is_there(id));
            let is_back = chosen.is_some_and(|id| is_there(&id) && used.as_ref() != Some(&id));
            if is_gone || is_back {
                self.ask(device);
            }
        }
    }
}

impl Place {
    fn is_wanted(&self) -> bool {
        self.is_shared.get() || self.previews.get() > 0
    }
}

impl Captured {
    fn is_live(&self) -> bool {
        let is_live =
            |track: JsValue| track.unchecked_into::<MediaStreamTrack>().ready_state() == MediaStreamTrackState::Live;
        self.stream.get_tracks().iter().any(is_live)
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

fn captured_others() {
    if let Some(platform) = platform() {
        platform.captured_others();
    }
}
