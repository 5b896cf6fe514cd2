//! The panels in the page: what [`crate::view`] says, as elements.
//!
//! Each file is one part: [`status`] and [`notice`] speak up, [`people`] lists, [`stick`] and [`zoom`] are for fingers.

#![allow(unreachable_pub, reason = "Leptos' components are made public by their macro")]

mod bar;
mod face;
mod notice;
mod people;
mod status;
mod stick;
mod zoom;

use std::cell::Cell;

use leptos::prelude::*;

use crate::{browser::page, classroom::Classroom, view::View};

/// What has the keyboard while no panel has it.
const WORLD: &str = "world";

/// What all panels hold.
#[derive(Clone, Copy)]
pub(crate) struct Panels {
    /// What is shown.
    pub(crate) view: RwSignal<View>,
    /// Whether the people are listed.
    pub(crate) shows_people: RwSignal<bool>,
    classroom: StoredValue<Classroom, LocalStorage>,
}

impl Panels {
    /// The session's handle.
    pub(crate) fn classroom(&self) -> Classroom {
        self.classroom.get_value()
    }

    /// Takes the list of people away, and goes back to the world. Where there is no world, the list stays.
    pub(crate) fn close_people(&self) {
        if self.shows_people.get_untracked() && !page::is_world_off() {
            self.shows_people.set(false);
            page::focus(WORLD);
        }
    }
}

thread_local! {
    static VIEW: Cell<Option<RwSignal<View>>> = const { Cell::new(None) };
}

/// Shows the panels; there is one page to a module.
pub(crate) fn mount(classroom: &Classroom) {
    let Some(place) = page::panels() else { return };
    let classroom = classroom.clone();
    let panels = mount_to(place, move || {
        let panels = Panels {
            view: RwSignal::new(View::default()),
            shows_people: RwSignal::new(page::is_world_off()),
            classroom: StoredValue::new_local(classroom),
        };
        VIEW.set(Some(panels.view));
        view! {
            <status::Status panels />
            <notice::Notices panels />
            <stick::Stick panels />
            <zoom::Zoom panels />
            <bar::Bar panels />
            <people::People panels />
        }
    });
    crate::browser::keep(panels);
}

/// Shows something else.
pub(crate) fn show(view: View) {
    if let Some(shown) = VIEW.get() {
        shown.set(view);
    }
}
