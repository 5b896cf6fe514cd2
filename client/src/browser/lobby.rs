//! The way in: the page's own form, filled in before or after this module arrived. [`devices`] is what one tries there,
//! [`choices`] which of several.

mod choices;
mod devices;

use shared::{
    profile::{Appearance, Name, NameError, Profile, Status},
    protocol::Label,
};
use web_sys::{HtmlElement, HtmlInputElement};

pub(super) use self::devices::tick;
use super::{identity, listener::Listener, page, storage};
use crate::{classroom::Classroom, media::MediaInput, session::Input};

/// Where the loader leaves its choices.
const FORM: &str = "entrance";

/// Lets people in by the form, now if they asked before.
pub(super) fn open(classroom: &Classroom) -> [Listener; 2] {
    page::set_root_data("ready", "true");
    page::set_shown("calls", classroom.read(|session, _| session.media().is_on()));
    let entered = classroom.clone();
    choices::open(classroom);
    let followed = devices::follow(classroom);
    let listener = Listener::new(&page::document(), "classroom-enter", move |_| enter(&entered));
    let is_pending = page::element::<HtmlElement>(FORM).and_then(|form| form.dataset().get("pending"));
    if is_pending.as_deref() == Some("true") {
        enter(classroom);
    }
    [listener, followed]
}

fn enter(classroom: &Classroom) {
    let Some(form) = page::element::<HtmlElement>(FORM) else { return };
    form.dataset().delete("pending");
    page::set_shown("entering", false);
    let name = page::element::<HtmlInputElement>("name").map(|input| input.value()).unwrap_or_default();
    let name = match Name::new(&name) {
        Ok(name) => name,
        Err(error) => return refuse(error),
    };
    keep_or_not(classroom, form.dataset().get("shared").as_deref() == Some("true"));
    let appearance = form.dataset().get("look").and_then(|look| read_look(&look)).unwrap_or_default();
    let profile = Profile { name, status: Status::Available, appearance };
    let spawn = page::parameter("spawn").and_then(|spawn| Label::new(&spawn).ok());
    page::set_root_data("state", if page::is_world_off() { "panel-only" } else { "world" });
    let wanted = devices::wanted();
    classroom.tell(Input::Enter { profile, spawn });
    for device in wanted {
        classroom.tell(Input::Media(MediaInput::Switch(device, true)));
    }
    devices::leave();
    page::focus("world");
}

/// On a shared computer one is somebody new, whom only the tab remembers; elsewhere one is kept from now on.
fn keep_or_not(classroom: &Classroom, is_shared: bool) {
    if storage::share(is_shared)
        && let Some(session) = super::new_session(classroom.read(|session, _| session.relay_url().to_owned()))
    {
        classroom.begin_anew(session);
    }
    classroom.read(|session, _| identity::keep(session.identity()));
}

fn refuse(error: NameError) {
    page::set_root_data("state", "lobby");
    for (id, shown_for) in
        [("name-empty", NameError::Empty), ("name-too-long", NameError::TooLong), ("name-control", NameError::Control)]
    {
        page::set_shown(id, error == shown_for);
    }
    page::set_shown("name-problem", true);
    page::focus("name");
}

/// `0,1,2,3,4`: skin, hair, hair colour, top, bottom.
fn read_look(text: &str) -> Option<Appearance> {
    let choices: Vec<u8> = text.split(',').map(|choice| choice.trim().parse().ok()).collect::<Option<_>>()?;
    Appearance::new(choices.try_into().ok()?).ok()
}
