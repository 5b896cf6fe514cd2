//! Little pictures on buttons: squares, as everything on the campus is made of.

mod calls;
mod pictures;

use std::fmt::Write;

use leptos::prelude::*;

/// Squares across and down a picture.
const SIZE: usize = 16;

/// The rows of a picture; whatever is not a space in them is a square.
type Picture = [&'static str; SIZE];

/// What there are pictures of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Icon {
    /// A speech bubble.
    Message,
    /// Somebody who walks.
    Walk,
    /// An eye.
    Find,
    /// A raised hand.
    Wave,
    /// A circle with a bar.
    Block,
    /// A bin.
    Forget,
    /// More below.
    More,
    /// A magnifying glass.
    Search,
    /// A smiling face.
    React,
    /// Two people.
    People,
    /// A cogwheel.
    Settings,
    /// Heads, side by side.
    Everyone,
    /// Sound, going out from somebody.
    Nearby,
    /// A door.
    Room,
    /// Where one came from.
    Back,
    /// A paper plane.
    Send,
    /// A clock.
    Waiting,
    /// A tick.
    Sent,
    /// Two ticks.
    Delivered,
    /// A microphone.
    Microphone,
    /// A microphone that is off.
    NoMicrophone,
    /// A camera.
    Camera,
    /// A camera that is off.
    NoCamera,
    /// A screen.
    Screen,
    /// A mark of exclamation.
    Trouble,
    /// A loudspeaker.
    Volume,
    /// A loudspeaker that is off.
    Muted,
    /// Four corners.
    FullScreen,
    /// A small window before a large one.
    OwnWindow,
    /// Towards the middle.
    Small,
}

impl Icon {
    const fn picture(self) -> Picture {
        match self {
            Self::Message => pictures::MESSAGE,
            Self::Walk => pictures::WALK,
            Self::Find => pictures::FIND,
            Self::Wave => pictures::WAVE,
            Self::Block => pictures::BLOCK,
            Self::Forget => pictures::FORGET,
            Self::More => pictures::MORE,
            Self::Search => pictures::SEARCH,
            Self::React => pictures::REACT,
            Self::People => pictures::PEOPLE,
            Self::Settings => pictures::SETTINGS,
            Self::Everyone => pictures::EVERYONE,
            Self::Nearby => pictures::NEARBY,
            Self::Room => pictures::ROOM,
            Self::Back => pictures::BACK,
            Self::Send => pictures::SEND,
            Self::Waiting => pictures::WAITING,
            Self::Sent => pictures::SENT,
            Self::Delivered => pictures::DELIVERED,
            Self::Microphone => calls::MICROPHONE,
            Self::NoMicrophone => calls::NO_MICROPHONE,
            Self::Camera => calls::CAMERA,
            Self::NoCamera => calls::NO_CAMERA,
            Self::Screen => calls::SCREEN,
            Self::Trouble => calls::TROUBLE,
            Self::Volume => calls::VOLUME,
            Self::Muted => calls::MUTED,
            Self::FullScreen => calls::FULL_SCREEN,
            Self::OwnWindow => calls::OWN_WINDOW,
            Self::Small => calls::SMALL,
        }
    }

    /// The outlines of its squares, those beside one another as one.
    fn path(self) -> String {
        let mut path = String::new();
        for (y, row) in self.picture().into_iter().enumerate() {
            let mut from = 0;
            for run in row.split_inclusive(' ') {
                let width = run.trim_end().len();
                if width > 0 {
                    // Writing to a string never fails.
                    let _ = write!(path, "M{from} {y}h{width}v1h-{width}z");
                }
                from += run.len();
            }
        }
        path
    }

    /// The picture: what the button does is said by its name.
    pub(super) fn show(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }
}
