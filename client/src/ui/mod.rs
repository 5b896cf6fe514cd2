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

use std::{any::Any, cell::Cell};

use leptos::prelude::*;

use crate::{browser::page, classroom::Classroom, view::View};

/// What has the keyboard while no panel has it.
const WORLD: &str = "world";

/// What all panels hold. It outlives their elements, which are made anew when the language changes: whatever a person
/// would miss after that belongs here.
#[derive(Clone, Copy)]
pub(crate) struct Panels {
    /// What is shown.
    pub(crate) view: RwSignal<View>,
    /// Whether the people are listed.
    pub(crate) shows_people: RwSignal<bool>,
    /// Whether how to walk needs no saying, or no more.
    pub(crate) hint_is_dismissed: RwSignal<bool>,
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
    static PANELS: Cell<Option<Panels>> = const { Cell::new(None) };
    /// The elements in the page; they go when this is dropped.
    static ELEMENTS: Cell<Option<Box<dyn Any>>> = const { Cell::new(None) };
}

/// Shows the panels; there is one page to a module.
pub(crate) fn mount(classroom: &Classroom) {
    let owner = Owner::new();
    let panels = owner.with(|| Panels {
        view: RwSignal::new(View::default()),
        shows_people: RwSignal::new(page::is_world_off()),
        hint_is_dismissed: RwSignal::new(page::is_world_off() || page::has_coarse_pointer()),
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
            <notice::Notices panels />
            <stick::Stick panels />
            <zoom::Zoom panels />
            <bar::Bar panels />
            <people::People panels />
        }
    });
    ELEMENTS.set(Some(Box::new(elements)));
    if let Some(id) = focused.filter(|id| page::focused().as_ref() != Some(id)) {
        page::focus(&id);
    }
}

/// Shows something else.
pub(crate) fn show(view: View) {
    if let Some(panels) = PANELS.get() {
        panels.view.set(view);
    }
}
