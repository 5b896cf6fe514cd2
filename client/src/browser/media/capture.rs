//! One's own devices: each is captured once, for all calls and the preview, and released when nobody wants it any more.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_timer::Delay;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    super::{listener::Listener, tell},
    captured::{Captured, stop},
    devices::{self, DeviceChoice, DeviceKind},
    js,
    lines::Line,
    meter::Meter,
    place::{Place, Told},
    platform,
    request::{self, Which},
    tell_later,
};
use crate::{
    media::{Device, DeviceTrouble, Failure, MediaInput, Preferences, voice::Voice},
    session::Input,
};

/// A device that gives nothing for so long is held back; many stop for a moment.
const HELD_BACK_AFTER: Duration = Duration::from_secs(2);

/// After a device was missing, it is looked once more what is plugged in.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// One's own devices.
#[derive(Default)]
pub(super) struct Capture {
    places: [Place; 3],
    /// Which devices to use.
    chosen: RefCell<Preferences>,
    /// Whether the camera is to give the large pictures of a podium.
    is_at_podium: Cell<bool>,
    /// Whether the microphone is heard; the key to talk may be up.
    is_open: Cell<bool>,
    /// The ids of what was plugged in when it was looked last.
    there: RefCell<Vec<String>>,
    next_preview: Cell<u32>,
    meter: RefCell<Option<Meter>>,
    voice: Cell<Voice>,
}

impl Capture {
    /// Shares a device from now on, or no more.
    pub(super) fn share(self: &Rc<Self>, device: Device, is_shared: bool) {
        let place = self.place(device);
        place.is_shared.set(is_shared);
        if !is_shared {
            let had_it = place.captured.borrow().is_some();
            if had_it && place.is_wanted() {
                // What others got of it is over at once; whoever tries it out besides gets it anew.
                self.let_go(device);
                self.ask(device, None);
            } else {
                self.release(device);
            }
        } else if place.captured.borrow().is_some() {
            // For the preview, until now, which the key to talk does not close.
            self.obey_key();
            tell_later(MediaInput::Captured(device));
            captured_others();
        } else {
            if let Some(preferences) = super::preferences() {
                self.choose(&preferences);
            }
            let lost = place.is_back.take().then(|| place.lost.borrow().clone()).flatten();
            self.ask(device, lost.as_deref());
        }
    }

    /// Captures a device for a preview, until [`Self::end_preview`] of the number it gets; tells what comes of it.
    pub(super) fn begin_preview(self: &Rc<Self>, device: Device, tell: Told) -> u32 {
        let place = self.place(device);
        let number = self.next_preview.replace(self.next_preview.get().wrapping_add(1));
        place.previews.borrow_mut().push((number, Rc::clone(&tell)));
        if place.captured.borrow().is_some() {
            tell(Ok(()));
        } else {
            self.ask(device, None);
        }
        number
    }

    /// A preview is over.
    pub(super) fn end_preview(self: &Rc<Self>, device: Device, number: u32) {
        let place = self.place(device);
        place.previews.borrow_mut().retain(|(other, _)| *other != number);
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
            self.ask(device, None);
            place.is_chosen_anew.set(true);
        }
    }

    /// Has the camera give larger pictures for a podium, or no more. Nothing waits for a camera that takes its time.
    pub(super) fn stand_at_podium(&self, is_there: bool) {
        if self.is_at_podium.replace(is_there) == is_there {
            return;
        }
        let Some(track) = self.track(Line::Camera) else { return };
        let constraints = js::dictionary(&request::pictures(is_there));
        spawn_local(async move {
            // A camera that cannot goes on as before.
            if js::perform(&track, "applyConstraints", &[&constraints]).await.is_ok() {
                // By how much each sender scales them down is another matter now.
                captured_others();
            }
        });
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

    /// Asks for the device that was chosen, or for the `only` one of that id, unless that is under way.
    fn ask(self: &Rc<Self>, device: Device, only: Option<&str>) {
        let place = self.place(device);
        if place.is_asking.replace(true) {
            return;
        }
        place.asked.set(place.asked.get().wrapping_add(1));
        let asked = place.asked.get();
        let chosen = self.chosen(device).or_else(|| place.lost.borrow().clone());
        let which = match only {
            Some(id) => Which::Only(id),
            None => chosen.as_deref().map_or(Which::Any, Which::Rather),
        };
        let promise = request::ask(device, which, self.is_at_podium.get());
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
        let is_chosen_anew = place.is_chosen_anew.replace(false);
        let outcome = match result {
            Ok(stream) => {
                self.take(device, stream);
                Ok(())
            }
            Err(failure) => {
                let is_gone = place.captured.borrow().as_ref().is_none_or(|captured| !captured.is_live());
                // What was captured before is better than nothing.
                if !is_gone {
                    if is_chosen_anew {
                        place.tell_previews(Err(failure));
                        tell(Input::Media(MediaInput::CaptureTroubled(device, DeviceTrouble::ChosenFailed)));
                    }
                    return;
                }
                place.captured.take();
                Err(failure)
            }
        };
        self.changed(device);
        place.tell_previews(outcome);
        if outcome == Err(Failure::Missing) && place.lost.borrow().is_some() {
            self.look_again();
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
        let main = if device == Device::Microphone { stream.get_audio_tracks() } else { stream.get_video_tracks() };
        let main = main.get(0).dyn_into::<MediaStreamTrack>().ok();
        let on = |kind, track: &MediaStreamTrack, act: fn(&Rc<Self>, Device)| {
            let capture = Rc::downgrade(self);
            Listener::new(track, kind, move |_| {
                if let Some(capture) = capture.upgrade() {
                    act(&capture, device);
                }
            })
        };
        let listeners = main.map(|track| {
            [
                on("ended", &track, Self::ended),
                on("mute", &track, Self::held_back),
                on("unmute", &track, Self::given_back),
            ]
        });
        let place = self.place(device);
        place.lost.take();
        // The earlier one goes when there is another, so that calls are not without in between.
        place.captured.replace(Some(Captured::new(device, stream, listeners.into_iter().flatten().collect())));
    }

    /// A device was pulled out, or taken away, or somebody stopped sharing in the browser.
    fn ended(self: &Rc<Self>, device: Device) {
        let place = self.place(device);
        if device == Device::Screen {
            place.is_shared.set(false);
            self.release(device);
            tell(Input::Media(MediaInput::CaptureEnded(device)));
        } else if place.is_asking.get() || place.may_ask_again() {
            self.ask_again(device);
        } else {
            let was_shared = place.is_shared.replace(false);
            place.lost.replace(place.captured.borrow().as_ref().and_then(Captured::id));
            self.let_go(device);
            place.tell_previews(Err(Failure::Missing));
            if was_shared {
                tell(Input::Media(MediaInput::CaptureEnded(device)));
            }
        }
    }

    /// The device in use is gone. A voice goes on with another microphone. Another camera shows what nobody meant to show:
    /// only the same one is taken, now or once it is back. If there is none, the answer says why.
    fn ask_again(self: &Rc<Self>, device: Device) {
        let place = self.place(device);
        let used = place.captured.borrow().as_ref().and_then(Captured::id);
        let only = used.clone().filter(|_| device == Device::Camera);
        place.lost.replace(used);
        self.ask(device, only.as_deref());
    }

    /// A device may have been plugged in again while it was asked for, of which nobody tells any more.
    fn look_again(self: &Rc<Self>) {
        let capture = Rc::clone(self);
        spawn_local(async move {
            Delay::new(LOOK_AGAIN_AFTER).await;
            let there = devices::devices().await;
            capture.look_around(&there);
        });
    }

    /// The system holds back what a device gives: another program has it, or a key of the machine is set so. Others hear or
    /// see nothing, and one does not know.
    fn held_back(self: &Rc<Self>, device: Device) {
        // A window that is shared gives nothing while it is out of sight.
        if device == Device::Screen {
            return;
        }
        let (capture, asked) = (Rc::clone(self), self.place(device).asked.get());
        spawn_local(async move {
            Delay::new(HELD_BACK_AFTER).await;
            let place = capture.place(device);
            let is_held_back = place.captured.borrow().as_ref().is_some_and(Captured::is_muted);
            if is_held_back && place.is_shared.get() && place.asked.get() == asked {
                tell(Input::Media(MediaInput::CaptureTroubled(device, DeviceTrouble::HeldBack)));
            }
        });
    }

    fn given_back(self: &Rc<Self>, device: Device) {
        if self.place(device).is_shared.get() {
            tell(Input::Media(MediaInput::Captured(device)));
        }
    }

    /// Lets go of a device that nobody wants any more.
    fn release(&self, device: Device) {
        if self.place(device).is_wanted() {
            self.changed(device);
        } else {
            self.let_go(device);
        }
    }

    /// Lets go of a device, wanted or not.
    fn let_go(&self, device: Device) {
        let place = self.place(device);
        place.asked.set(place.asked.get().wrapping_add(1));
        place.is_asking.set(false);
        place.is_chosen_anew.set(false);
        let captured = place.captured.take();
        drop(captured);
        self.changed(device);
    }

    /// Stops all devices for good, whatever state all this was left in.
    pub(super) fn fall_silent(&self) {
        for place in &self.places {
            if let Ok(captured) = place.captured.try_borrow()
                && let Some(captured) = &*captured
            {
                stop(&captured.stream);
            }
            // What was asked for is let go when it comes, and nothing more is asked for.
            place.asked.set(place.asked.get().wrapping_add(1));
            place.is_asking.set(true);
        }
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

    /// Other devices are plugged in than before: goes on with the chosen one if it is back, with another if it is gone,
    /// and tells of one that can take the place of one that vanished.
    pub(super) fn look_around(self: &Rc<Self>, there: &[DeviceChoice]) {
        let before = self.there.replace(there.iter().map(|choice| choice.id.clone()).collect());
        for (device, kind) in [(Device::Microphone, DeviceKind::Microphone), (Device::Camera, DeviceKind::Camera)] {
            let place = self.place(device);
            if place.is_asking.get() {
                continue;
            }
            let is_there = |id: &String| there.iter().any(|choice| choice.id == *id);
            let used = place.captured.borrow().as_ref().map(Captured::id);
            if let Some(used) = used {
                // One that was there all the while was not to be had.
                let is_back = |id: &String| is_there(id) && !before.contains(id) && used.as_ref() != Some(id);
                if self.chosen(device).as_ref().is_some_and(is_back) {
                    if place.may_ask_again() {
                        self.ask(device, None);
                    }
                } else if used.as_ref().is_some_and(|id| !is_there(id)) && place.may_ask_again() {
                    self.ask_again(device);
                }
                continue;
            }
            let is_same = place.lost.borrow().as_ref().is_some_and(is_there);
            let has_another = device == Device::Microphone && there.iter().any(|choice| choice.kind == kind);
            if is_same || has_another {
                let lost = place.lost.borrow().clone().filter(|_| device == Device::Camera);
                if place.is_wanted() && place.may_ask_again() {
                    // It is tried out.
                    self.ask(device, lost.as_deref());
                }
                place.is_back.set(lost.is_some());
                tell(Input::Media(MediaInput::Appeared(device)));
            }
        }
    }

    /// The id of the device that is to be used, if one was chosen.
    fn chosen(&self, device: Device) -> Option<String> {
        let chosen = self.chosen.borrow();
        match device {
            Device::Microphone => chosen.microphone.clone(),
            Device::Camera => chosen.camera.clone(),
            Device::Screen => None,
        }
    }
}

fn captured_others() {
    if let Some(platform) = platform() {
        platform.captured_others();
    }
}
