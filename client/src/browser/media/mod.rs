//! What calls need of the browser: [`Platform`] does what the session's calls ask for, and tells them what comes of it.
//!
//! [`links`] are matchbox's data connections, which [`introducer`] keeps from needing a server of their own; [`calls`]
//! are our own connections, with [`lines`] (each a [`wire`]) for what is sent and received on them, [`statistics`] on how
//! that goes, and [`speakers`] to play it; [`room`] is the one to the relay's SFU; [`orders`] is what both are told to
//! do. [`capture`] has one's own devices, asked for as [`request`] says, and [`meter`] listens to one's own voice.
//! [`pictures`], [`devices`], [`preview`], [`reach`] and [`display`] serve the panels. [`connections`] and [`js`] are the
//! browser's interfaces where web-sys has none.

mod calls;
mod capture;
mod captured;
mod connections;
mod devices;
mod display;
mod introducer;
mod js;
mod lines;
mod links;
mod meter;
mod orders;
mod pictures;
mod place;
mod preview;
mod reach;
mod request;
mod room;
mod speakers;
mod statistics;
mod wire;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::{Rc, Weak},
};

use wasm_bindgen_futures::spawn_local;

use self::{calls::Call, capture::Capture, links::Link, pictures::Pictures, room::Room, speakers::Sound};
pub(crate) use self::{
    connections::open_connections,
    devices::{DeviceChoice, DeviceKind, DeviceWatch, devices},
    display::{full_screen, has_full_screen, has_picture_in_picture, picture_in_picture},
    pictures::{Picture, show_own_picture, show_picture},
    preview::{Preview, own_level},
    reach::{Reach, test_connectivity},
};
use super::{
    socket::{Happening, Socket},
    tell,
};
use crate::{
    media::{CallEvent, CallId, LinkEvent, LinkId, MediaInput, MediaOutput, Preferences},
    session::Input,
};

thread_local! {
    /// Where panels and callbacks find the platform, which the page's shell owns.
    static PLATFORM: RefCell<Weak<Platform>> = const { RefCell::new(Weak::new()) };
}

/// Owns everything that calls have of the browser.
#[derive(Default)]
pub(super) struct Platform {
    signalling: RefCell<Option<Socket>>,
    links: RefCell<HashMap<LinkId, Link>>,
    calls: RefCell<BTreeMap<CallId, Rc<Call>>>,
    /// The one of a room, or the one that takes its place.
    rooms: RefCell<BTreeMap<CallId, Rc<Room>>>,
    capture: Rc<Capture>,
    sound: Rc<Sound>,
    pictures: Pictures,
    /// Tells of devices that come and go.
    changes: RefCell<Option<DeviceWatch>>,
}

/// The platform, for as long as the page has one.
fn platform() -> Option<Rc<Platform>> {
    PLATFORM.with_borrow(Weak::upgrade)
}

/// Ten times a second, hidden or not.
pub(super) fn tick() {
    if let Some(platform) = platform() {
        platform.tick();
    }
}

/// Lets go of all devices and closes everything that plays or sends, after the session went down: nothing could switch
/// it off any more. Trusts nothing that may have been left half changed, and never panics itself.
pub(super) fn fall_silent() {
    let platform = PLATFORM.with(|place| place.try_borrow().ok().and_then(|place| place.upgrade()));
    let Some(platform) = platform else { return };
    platform.capture.fall_silent();
    if let Ok(calls) = platform.calls.try_borrow() {
        calls.values().for_each(|call| call.fall_silent());
    }
    if let Ok(rooms) = platform.rooms.try_borrow() {
        rooms.values().for_each(|room| room.fall_silent());
    }
}

impl Platform {
    /// The page's platform; there is one to a page.
    pub(super) fn begin() -> Rc<Self> {
        let platform = Rc::<Self>::default();
        PLATFORM.set(Rc::downgrade(&platform));
        let changed = Rc::downgrade(&platform);
        platform.changes.replace(DeviceWatch::new(move || {
            let Some(platform) = changed.upgrade() else { return };
            spawn_local(async move {
                let there = devices().await;
                platform.capture.look_around(&there);
                platform.sound.look_around(&there);
            });
        }));
        platform
    }

    /// Does what the session's calls ask for. What comes of it is told later.
    pub(super) fn perform(&self, output: MediaOutput) {
        match output {
            MediaOutput::Dial(url) => {
                // The earlier one goes first, with its callbacks: nothing it says is of use any more.
                self.signalling.replace(None);
                self.signalling.replace(Socket::dial(&url, signalled));
            }
            MediaOutput::Send(text) => {
                if let Some(socket) = &*self.signalling.borrow() {
                    socket.send_text(&text);
                }
            }
            MediaOutput::HangUp => drop(self.signalling.replace(None)),
            MediaOutput::OpenLink { link, offers, ice } => match Link::open(link, offers, &ice) {
                Some(opened) => drop(self.links.borrow_mut().insert(link, opened)),
                None => tell_later(MediaInput::Link(link, LinkEvent::Down)),
            },
            MediaOutput::TellLink(link, signal) => {
                if let Some(link) = self.links.borrow().get(&link) {
                    link.hear(signal);
                }
            }
            MediaOutput::SendOnLink(link, message) => {
                if let Some(link) = self.links.borrow().get(&link) {
                    link.send(message);
                }
            }
            MediaOutput::CloseLink(link) => {
                let closed = self.links.borrow_mut().remove(&link);
                drop(closed);
            }
            MediaOutput::OpenCall { call, with, offers, ice } => {
                self.use_chosen_speaker();
                match Call::open(call, with, offers, &ice, &self.capture, &self.sound) {
                    Some(opened) => drop(self.calls.borrow_mut().insert(call, opened)),
                    None => tell_later(MediaInput::Call(call, CallEvent::Broken)),
                }
                self.show_pictures();
            }
            MediaOutput::Command(call, command) => {
                if let Some(call) = self.calls.borrow().get(&call) {
                    call.command(command);
                }
            }
            MediaOutput::CloseCall(call) => {
                let closed = self.calls.borrow_mut().remove(&call);
                if let Some(call) = closed {
                    call.close();
                    self.show_pictures();
                }
            }
            MediaOutput::OpenRoom { call, ice } => {
                self.use_chosen_speaker();
                match Room::open(call, &ice, &self.capture, &self.sound) {
                    Some(opened) => drop(self.rooms.borrow_mut().insert(call, opened)),
                    None => tell_later(MediaInput::Call(call, CallEvent::Broken)),
                }
            }
            MediaOutput::CommandRoom(call, command) => {
                let room = self.rooms.borrow().get(&call).cloned();
                if let Some(room) = room {
                    room.command(command);
                }
            }
            MediaOutput::CloseRoom(call) => {
                let closed = self.rooms.borrow_mut().remove(&call);
                if let Some(room) = closed {
                    room.close();
                    self.show_pictures();
                }
            }
            MediaOutput::Capture(device, is_on) => self.capture.share(device, is_on),
            MediaOutput::OpenMicrophone(is_open) => self.capture.open_microphone(is_open),
            MediaOutput::Choose(preferences) => {
                self.sound.use_speaker(preferences.speaker.as_deref());
                self.capture.choose(&preferences);
            }
        }
    }

    fn use_chosen_speaker(&self) {
        if let Some(preferences) = preferences() {
            self.sound.use_speaker(preferences.speaker.as_deref());
        }
    }

    fn tick(&self) {
        let calls: Vec<_> = self.calls.borrow().values().cloned().collect();
        for call in calls {
            call.tick();
        }
        let rooms: Vec<_> = self.rooms.borrow().values().cloned().collect();
        for room in rooms {
            room.tick();
        }
        self.capture.tick();
        self.pictures.tick();
    }

    /// Other tracks are captured than before.
    fn captured_others(&self) {
        for call in self.calls.borrow().values() {
            call.share_again();
        }
        for room in self.rooms.borrow().values() {
            room.send_again();
        }
        self.show_pictures();
    }
}

/// What the person chose, at this visit or an earlier one.
fn preferences() -> Option<Preferences> {
    let classroom = super::classroom().filter(|classroom| !classroom.is_borrowed())?;
    Some(classroom.read(|session, _| session.media().preferences().clone()))
}

fn signalled(happening: Happening) {
    let input = match happening {
        Happening::Opened => MediaInput::SignallingOpened,
        Happening::Text(text) => MediaInput::SignallingReceived(text),
        Happening::Closed(_) => MediaInput::SignallingClosed,
        // Signalling is spoken in texts.
        Happening::Binary(_) => return,
    };
    tell(Input::Media(input));
}

/// Tells the session something that is known at once, while it is being listened to.
fn tell_later(input: MediaInput) {
    spawn_local(async { tell(Input::Media(input)) });
}
