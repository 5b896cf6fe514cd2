//! Which of the panels' elements show whose picture: it is put into them as it comes and goes.

use std::cell::RefCell;

use shared::identity::UserId;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlVideoElement, MediaStream};

use super::{Platform, js, platform};
use crate::media::Device;

/// Ticks until an element that has never been in the page is taken to be gone.
const PATIENCE: u8 = 50;

/// A picture of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Picture {
    Camera,
    Screen,
}

/// All elements that show something.
#[derive(Default)]
pub(super) struct Pictures(RefCell<Vec<Shown>>);

struct Shown {
    element: HtmlVideoElement,
    /// Whose; one's own if nobody's.
    of: Option<UserId>,
    what: Picture,
    was_there: bool,
    ticks: u8,
}

/// Shows somebody's picture in an element of the page, for as long as it is one, also when the call begins anew.
pub(crate) fn show_picture(of: UserId, what: Picture, element: &HtmlVideoElement) {
    show(Some(of), what, element);
}

/// Shows what others see of oneself, or would see.
pub(crate) fn show_own_picture(what: Picture, element: &HtmlVideoElement) {
    show(None, what, element);
}

/// Other pictures come than before.
pub(super) fn changed() {
    if let Some(platform) = platform() {
        platform.show_pictures();
    }
}

fn show(of: Option<UserId>, what: Picture, element: &HtmlVideoElement) {
    let Some(platform) = platform() else { return };
    // Sound is played elsewhere. Phones would show a picture with controls over the whole screen.
    element.set_muted(true);
    element.set_autoplay(true);
    js::set(element, "playsInline", &true.into());
    let shown = Shown { element: element.clone(), of, what, was_there: false, ticks: 0 };
    let all = &platform.pictures.0;
    all.borrow_mut().retain(|other| other.element != *element);
    all.borrow_mut().push(shown);
    platform.show_pictures();
}

impl Pictures {
    /// Plays those that stand still though they have something to show: the person has just pressed something.
    pub(super) fn play_again(&self) {
        for Shown { element, .. } in &*self.0.borrow() {
            if element.src_object().is_some() && element.paused() {
                play(element);
            }
        }
    }

    /// Ten times a second: forgets elements that have gone.
    pub(super) fn tick(&self) {
        self.0.borrow_mut().retain_mut(|shown| {
            let is_there = shown.element.is_connected();
            shown.was_there |= is_there;
            shown.ticks = shown.ticks.saturating_add(1);
            let stays = is_there || (!shown.was_there && shown.ticks < PATIENCE);
            if !stays {
                shown.element.set_src_object(None);
            }
            stays
        });
    }
}

impl Platform {
    /// Puts into each element what it is to show.
    pub(super) fn show_pictures(&self) {
        for shown in &*self.pictures.0.borrow() {
            let stream = self.stream_of(shown.of, shown.what);
            if shown.element.src_object() != stream {
                shown.element.set_src_object(stream.as_ref());
                play(&shown.element);
            }
        }
    }

    fn stream_of(&self, of: Option<UserId>, what: Picture) -> Option<MediaStream> {
        let Some(of) = of else {
            return self.capture.stream(if what == Picture::Camera { Device::Camera } else { Device::Screen });
        };
        let of_room = self.rooms.borrow().values().rev().find_map(|room| room.picture(of, what));
        let calls = self.calls.borrow();
        // The newest: one that begins anew may overlap with the one before.
        of_room.or_else(|| calls.values().rev().find(|call| call.with() == of)?.picture(what))
    }
}

fn play(element: &HtmlVideoElement) {
    if let Ok(promise) = element.play() {
        spawn_local(async {
            // Fails also if it is stopped meanwhile. A picture without sound is refused while a battery is saved.
            let Err(error) = JsFuture::from(promise).await else { return };
            if let Some(platform) = platform().filter(|_| js::error_name(&error) == "NotAllowedError") {
                platform.sound.await_gesture();
            }
        });
    }
}
