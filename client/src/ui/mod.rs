//! The panels in the page: what [`crate::view`] says, as elements.
//!
//! Each file is one part: [`status`] and [`notice`] speak up, [`chat`], [`people`], [`settings`] and [`emotes`] are
//! opened by the [`bar`], [`media`] is calls, [`toasts`] and [`announcer`] tell what happens out of sight, [`stick`] and [`zoom`] are for
//! fingers; [`face`], [`icon`] and [`ask`] are parts of others.

#![allow(unreachable_pub, reason = "Leptos' components are made public by their macro")]

mod announcer;
mod ask;
mod bar;
mod chat;
mod emotes;
mod face;
mod icon;
mod media;
mod notice;
mod people;
mod settings;
mod status;
mod stick;
mod toasts;
mod zoom;

use std::{any::Any, cell::Cell, time::Duration};

use leptos::prelude::*;
use shared::profile::Status;

use crate::{
    browser::page,
    classroom::Classroom,
    session::chat::{Key, Returned},
    view::{View, chat::Looking},
};

/// What has the keyboard while no panel has it.
const WORLD: &str = "world";

/// What one can open beside the world; one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// Conversations.
    Chat,
    /// Everybody else.
    People,
    /// What one can change.
    Settings,
}

/// What all panels hold. It outlives their elements, which are made anew when the language changes: whatever a person
/// would miss after that belongs here.
#[derive(Clone, Copy)]
pub(crate) struct Panels {
    /// What is shown.
    pub(crate) view: RwSignal<View>,
    /// Which panel is open.
    pub(crate) open: RwSignal<Option<Panel>>,
    /// Whether how to walk needs no saying, or no more.
    pub(crate) hint_is_dismissed: RwSignal<bool>,
    /// Whether somebody knows that nothing is kept, or needs no telling.
    pub(crate) forgetting_is_dismissed: RwSignal<bool>,
    /// The conversations.
    pub(crate) chat: chat::Held,
    /// Everybody else.
    pub(crate) people: people::Held,
    /// What one can change.
    pub(crate) settings: settings::Held,
    /// Calls.
    pub(crate) media: media::Held,
    /// What is said aloud.
    pub(crate) announcer: announcer::Held,
    /// What is said in passing.
    pub(crate) toasts: toasts::Held,
    classroom: StoredValue<Classroom, LocalStorage>,
}

impl Panels {
    /// The session's handle.
    pub(crate) fn classroom(&self) -> Classroom {
        self.classroom.get_value()
    }

    /// Opens a panel instead of the one that is open.
    pub(crate) fn show(&self, panel: Panel) {
        if panel == Panel::Chat {
            self.chat.begin(&self.classroom());
        }
        self.open.set(Some(panel));
    }

    /// Opens a conversation, instead of whatever is open.
    pub(crate) fn open_conversation(&self, key: Key) {
        self.chat.go_to(&self.classroom(), key);
        self.open.set(Some(Panel::Chat));
    }

    /// Closes the panel and goes back to the world. Where there is no world, there is always a panel: the people.
    pub(crate) fn close(&self) {
        if page::is_world_off() {
            self.open.set(Some(Panel::People));
        } else if self.open.get_untracked().is_some() {
            self.open.set(None);
            page::focus(WORLD);
        }
    }

    /// Opens a panel, or closes it if it is open.
    pub(crate) fn toggle(&self, panel: Panel) {
        if self.open.get_untracked() == Some(panel) { self.close() } else { self.show(panel) }
    }

    /// Gives the keyboard to an element whenever that panel is opened, though not when its elements are made anew.
    fn focus_when_opened(&self, panel: Panel, id: &'static str) {
        let panels = *self;
        Effect::new(move |before: Option<bool>| {
            let is_open = panels.is_open(panel);
            if is_open && before == Some(false) {
                // Once it is there: elements come after effects.
                set_timeout(move || page::focus(id), Duration::ZERO);
            }
            is_open
        });
    }

    /// Whether that panel is to be seen. Where there is no world and much room, people stay beside the conversations.
    pub(crate) fn is_open(&self, panel: Panel) -> bool {
        let open = self.open.get();
        let is_beside = panel == Panel::People && open == Some(Panel::Chat) && page::is_world_off() && page::is_wide();
        (open == Some(panel) || is_beside) && self.view.with(|view| view.has_entered)
    }
}

/// A status for the style sheet, which gives it a colour.
fn status_code(status: Status) -> &'static str {
    match status {
        Status::Available => "available",
        Status::Away => "away",
        Status::Busy => "busy",
        Status::DoNotDisturb => "do-not-disturb",
    }
}

thread_local! {
    static PANELS: Cell<Option<Panels>> = const { Cell::new(None) };
    /// The elements in the page; they go when this is dropped.
    static ELEMENTS: Cell<Option<Box<dyn Any>>> = const { Cell::new(None) };
}

/// Shows the panels; there is one page to a module.
pub(crate) fn mount(classroom: &Classroom) {
    let owner = Owner::new();
    // Whoever was here before knows how to walk.
    let knows_keys = classroom.read(|session, _| session.is_returning());
    let panels = owner.with(|| Panels {
        view: RwSignal::new(View::default()),
        open: RwSignal::new(page::is_world_off().then_some(Panel::People)),
        hint_is_dismissed: RwSignal::new(knows_keys || page::is_world_off() || page::has_coarse_pointer()),
        forgetting_is_dismissed: RwSignal::new(page::is_shown("problem-storage")),
        chat: chat::Held::new(),
        people: people::Held::new(),
        settings: settings::Held::new(),
        media: media::Held::new(),
        announcer: announcer::Held::new(),
        toasts: toasts::Held::new(),
        classroom: StoredValue::new_local(classroom.clone()),
    });
    PANELS.set(Some(panels));
    crate::browser::keep(owner);
    mount_anew();
}

/// Makes all elements anew, in the language of now. What is open stays open, and the keyboard where it is.
pub(crate) fn mount_anew() {
    let (Some(place), Some(panels)) = (page::panels(), PANELS.get()) else { return };
    let focused = page::focused();
    // The earlier ones go first: their ids are there once.
    drop(ELEMENTS.take());
    let elements = mount_to(place, move || {
        view! {
            <status::Status panels />
            <media::Nearby panels />
            <media::Spotlight panels />
            <notice::Notices panels />
            <stick::Stick panels />
            <media::Own panels />
            <zoom::Zoom panels />
            <bar::Bar panels />
            <people::People panels />
            <settings::Settings panels />
            <chat::Chat panels />
            <toasts::Toasts panels />
            <announcer::Announcer panels />
        }
    });
    ELEMENTS.set(Some(Box::new(elements)));
    if let Some(id) = focused.filter(|id| page::focused().as_ref() != Some(id)) {
        page::focus(&id);
    }
}

/// Puts a text back where it was written, and says why it could not be said.
pub(crate) fn put_back(returned: Returned) {
    if let Some(panels) = PANELS.get() {
        panels.chat.put_back(&returned);
        toasts::show_returned(panels, &returned);
    }
}

/// What of the conversations is looked at.
pub(crate) fn looking() -> Looking {
    PANELS.get().map_or_else(Looking::default, |panels| {
        let is_open = panels.open.get_untracked() == Some(Panel::Chat);
        panels.chat.looking(is_open)
    })
}

/// Shows something else.
pub(crate) fn show(view: View) {
    if let Some(panels) = PANELS.get() {
        panels.view.set(view);
    }
}
