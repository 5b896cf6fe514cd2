//! What is seen and pressed of calls: one's own devices ([`controls`]), those who are near or in the same room
//! ([`tiles`], in a [`layout`]), who is shown large ([`staging`]), what is said of full rooms ([`notice`]), and what is read
//! out ([`spoken`]).

pub mod controls;
pub mod layout;
pub mod notice;
pub mod spoken;
pub mod staging;
pub mod tiles;

use std::sync::Arc;

use shared::{identity::UserId, profile::Appearance};

pub use self::{
    controls::{Card, Control},
    layout::Layout,
    notice::Notice,
    spoken::Spoken,
    staging::{Cue, Staged, Staging},
    tiles::{Standing, Tile},
};
use crate::{
    media::{Device, Neighbour, Preferences, Switch},
    session::Session,
    words::{Words, fill},
};

/// All that is shown of calls.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// Microphone, camera and screen, in the order of their buttons; none where there are no calls.
    pub controls: Vec<Control>,
    /// Those one sees, in an order that stays.
    pub tiles: Arc<[Tile]>,
    /// Everybody else one has a call with: their number is shown.
    pub hidden: Arc<[Tile]>,
    /// How the tiles lie.
    pub layout: Layout,
    /// In whose call one takes part with how many, and whether one teaches there, in words.
    pub room: Option<String>,
    /// Whether there would be pictures in it, shown or not.
    pub has_pictures: bool,
    /// What there is to know of a full room.
    pub notice: Option<Notice>,
    /// What is read out of the room's call.
    pub spoken: Option<String>,
    /// Who is shown large, and what of them.
    pub staged: Option<Staged>,
    /// Whether one is in here no more, and shares nothing.
    pub is_over: bool,
    /// Whether sound waits for the person to press something.
    pub is_sound_blocked: bool,
    /// Whether others hear one: the microphone is on, and the key to talk is held if there is one.
    pub is_heard: bool,
    /// Whether one speaks, and is heard.
    pub is_speaking: bool,
    /// What one chose.
    pub preferences: Preferences,
}

impl Calls {
    /// How the button of a device stands.
    pub fn switch(&self, device: Device) -> Switch {
        self.controls.iter().find(|control| control.device == device).map_or(Switch::Off, |control| control.switch)
    }

    /// The tile of somebody, shown or not.
    pub fn tile(&self, user_id: UserId) -> Option<&Tile> {
        self.tiles.iter().chain(&*self.hidden).find(|tile| tile.user_id == user_id)
    }

    /// How many there are besides those one sees, if there are any.
    pub fn more(&self, words: &Words) -> Option<String> {
        let count = self.hidden.len();
        (count > 0).then(|| fill(words.tiles_more, "count", &count.to_string()))
    }

    /// What is shown of oneself in the corner: the camera, or else the screen, or else nothing.
    pub fn own_picture(&self) -> Option<Device> {
        [Device::Camera, Device::Screen].into_iter().find(|device| self.switch(*device) == Switch::On)
    }
}

/// The session's calls as they are.
pub(super) fn calls(session: &Session) -> Calls {
    let media = session.media();
    if !media.is_on() {
        return Calls::default();
    }
    let who = |user_id| {
        let person = session.roster().person(user_id);
        person.map_or_else(
            || (String::new(), Appearance::default()),
            |person| (person.profile.name.to_string(), person.profile.appearance),
        )
    };
    let (shown, hidden) = media.neighbours().split_at(media.tiles().min(media.neighbours().len()));
    let preferences = media.preferences().clone();
    let sees_pictures = !(preferences.sound_only && media.is_in_room());
    let tile = |neighbour: &Neighbour| tiles::tile(neighbour, who(neighbour.user_id), sees_pictures);
    let tiles: Vec<_> = shown.iter().map(tile).collect();
    // As they are shared, not as they arrive: the layout does not change with the line.
    let is_seen = |neighbour: &Neighbour| neighbour.shares.camera || neighbour.shares.screen;
    let has_pictures = media.neighbours().iter().any(is_seen);
    let staged = staging::staged(&tiles, media.enlarged());
    let has_talk_key = preferences.push_to_talk;
    let control = |device| {
        let trouble = media.trouble(device);
        controls::control(device, media.switch(device), trouble, has_talk_key, media.is_heard())
    };
    Calls {
        controls: Device::ALL.map(control).into(),
        layout: Layout::of(media.is_in_room(), staged.is_some(), has_pictures && sees_pictures),
        has_pictures,
        staged,
        tiles: tiles.into(),
        hidden: hidden.iter().map(tile).collect(),
        room: notice::room(session),
        notice: notice::notice(session),
        spoken: notice::spoken(session),
        is_over: media.is_over(),
        is_sound_blocked: media.is_sound_blocked(),
        is_heard: media.is_heard(),
        is_speaking: media.is_speaking(),
        preferences,
    }
}
