//! Calls: what one shares ([`controls`], with [`keys`]), those who are near ([`tiles`], each a [`tile`]), whom one sees
//! large ([`spotlight`]), and oneself in the corner ([`own`]). [`picture`] and [`sound`] are parts of these.

mod controls;
mod keys;
mod own;
mod picture;
mod sound;
mod spotlight;
mod tile;
mod tiles;

use leptos::prelude::*;
use shared::identity::UserId;

pub(super) use self::{controls::Devices, own::Own, sound::labelled_sound, spotlight::Spotlight, tiles::Nearby};
use super::Panels;
use crate::{
    browser::{page, refresh},
    media::{Device, MediaInput, Preferences, Switch},
    session::{Input, Time},
    view::media::{Cue, Staging, Tile},
};

/// What outlives the elements: what all panels hold is handed about, and should be small.
#[derive(Clone, Copy)]
pub(crate) struct Held(StoredValue<Kept>);

struct Kept {
    /// The cards that were closed, by device and sentence, until there is nothing to say of the device.
    closed: RwSignal<Vec<(Device, &'static str)>>,
    /// Who shares a screen, to know who begins to.
    staging: Staging,
}

impl Held {
    /// Nothing was closed yet, and nobody shares.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(Kept { closed: RwSignal::new(Vec::new()), staging: Staging::default() }))
    }

    fn closed(self) -> RwSignal<Vec<(Device, &'static str)>> {
        self.0.with_value(|kept| kept.closed)
    }

    /// What is to change on stage.
    fn next_on_stage(self, now: Time, tiles: &[Tile], enlarged: Option<UserId>) -> Option<Cue> {
        self.0.try_update_value(|kept| kept.staging.next(now, tiles, enlarged)).flatten()
    }
}

/// Tells the session what a person does, and shows at once what comes of it.
pub(super) fn tell(panels: Panels, input: MediaInput) {
    panels.classroom().tell(Input::Media(input));
    refresh::look();
}

/// Changes what one chose.
pub(super) fn prefer(panels: Panels, change: impl FnOnce(&mut Preferences)) {
    // Of the session itself: what is shown may be a moment old.
    let mut preferences = panels.classroom().read(|session, _| session.media().preferences().clone());
    change(&mut preferences);
    tell(panels, MediaInput::Prefer(preferences));
}

/// Turns a device on, or off. What failed is tried again.
fn press(panels: Panels, device: Device) {
    panels.media.closed().update(|closed| closed.retain(|(of, _)| *of != device));
    // Asked of the session itself: what is shown may be a moment old.
    let switch = panels.classroom().read(|session, _| session.media().switch(device));
    let is_on = matches!(switch, Switch::On | Switch::Starting);
    tell(panels, MediaInput::Switch(device, !is_on));
}

/// Shows somebody large, or nobody any more, as a person asked.
fn enlarge(panels: Panels, user_id: Option<UserId>) {
    let before = panels.view.with_untracked(|view| view.calls.staged);
    tell(panels, MediaInput::Enlarge(user_id));
    match (user_id, before) {
        (Some(_), _) => page::soon(|| page::focus(spotlight::TITLE)),
        (None, Some(before)) => {
            let tile = tile::id(before.user_id);
            page::soon(move || page::focus(&tile));
        }
        (None, None) => {}
    }
}

/// Somebody's tile, for as long as there is one.
pub(super) fn tile_of(panels: Panels, user_id: UserId) -> Memo<Option<Tile>> {
    Memo::new(move |_| panels.view.with(|view| view.calls.tile(user_id).cloned()))
}

/// A fact of a tile; `false` once there is none.
fn is(tile: Memo<Option<Tile>>, what: fn(&Tile) -> bool) -> Memo<bool> {
    Memo::new(move |_| tile.with(|tile| tile.as_ref().is_some_and(what)))
}
