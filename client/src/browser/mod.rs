//! The page: the only code that names the browser's interfaces.
//!
//! [`run`] is where everything begins. [`shell`] does what the session asks for, with [`socket`], [`fetch`] and
//! [`storage`], [`identity`], [`chime`] and [`preference`]; [`lobby`] lets one in; [`stage`] and [`name_tags`] show the world, which [`world`] starts and buries;
//! [`focus`] and [`timer`] see to it that everything goes on while nobody looks; [`hooks`] is what may be looked at
//! from outside; [`language`] is which one the page speaks. [`calendar`], [`clipboard`], [`outside`], [`times`],
//! [`typing`], [`voices`], [`scrolling`] and [`sighting`] serve the panels. [`page`] finds things in the document, [`listener`] owns
//! every callback.

#[cfg(feature = "ui")]
pub(crate) mod calendar;
pub(crate) mod chime;
#[cfg(feature = "ui")]
pub(crate) mod clipboard;
mod clock;
pub(crate) mod face;
mod fetch;
mod focus;
mod hooks;
pub(crate) mod identity;
pub(crate) mod language;
mod listener;
mod lobby;
pub(crate) mod media;
#[cfg(feature = "world")]
mod name_tags;
#[cfg(feature = "ui")]
pub(crate) mod outside;
pub(crate) mod page;
mod panic;
pub(crate) mod preference;
pub(crate) mod refresh;
mod relay_url;
#[cfg(feature = "ui")]
pub(crate) mod scrolling;
mod shell;
#[cfg(feature = "ui")]
pub(crate) mod sighting;
mod socket;
#[cfg(feature = "world")]
mod stage;
mod storage;
mod timer;
#[cfg(feature = "ui")]
pub(crate) mod times;
#[cfg(feature = "ui")]
pub(crate) mod typing;
#[cfg(feature = "ui")]
pub(crate) mod voices;
#[cfg(feature = "world")]
mod world;

use std::{any::Any, cell::RefCell};

use crate::{
    classroom::Classroom,
    media::Calls,
    session::{Input, Session, Setup, memory::Memory},
};

thread_local! {
    /// The page's session; there is one page to a module.
    static CLASSROOM: RefCell<Option<Classroom>> = const { RefCell::new(None) };
    /// Callbacks and workers that live as long as the page.
    static KEPT: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Runs in the page.
pub fn run() {
    panic::install();
    wasm_bindgen_futures::spawn_local(begin());
}

async fn begin() {
    keep(language::begin());
    let Some(relay_url) = relay_url::choose().await else {
        page::show_problem("problem-relay-not-listed");
        // Nothing is on its way: the form would promise what never comes.
        page::set_root_data("state", "stopped");
        return;
    };
    if !storage::open() {
        page::show_problem("problem-storage");
    }
    let Some(session) = new_session(relay_url) else {
        page::show_problem("problem-old-browser");
        page::set_root_data("state", "stopped");
        return;
    };
    let classroom = Classroom::new(session, Box::<shell::PageShell>::default());
    CLASSROOM.with_borrow_mut(|place| *place = Some(classroom.clone()));

    hooks::install(&classroom);
    keep(focus::watch(&classroom));
    keep(timer::start(on_tick));
    #[cfg(feature = "ui")]
    crate::ui::mount(&classroom);
    keep(lobby::open(&classroom));
    fetch::map_and_world(classroom);
}

/// A session of the person whom the storage knows, or of a new one.
fn new_session(relay_url: String) -> Option<Session> {
    let identity = identity::find()?;
    let memory = Memory::read(&storage::Kept);
    let seed = u64::from_le_bytes(page::random()?);
    // What the wall clock showed when the page's own began.
    let unix_ms = (js_sys::Date::now() - page::milliseconds()) as u64;
    let calls = relay_url::other_signalling().map_or(Calls::ByRelay, Calls::ByServer);
    Some(Session::new(Setup { identity, relay_url, memory, seed, calls, unix_ms }))
}

/// Ten times a second, hidden or not.
fn on_tick() {
    panic::bury_the_dead();
    tell(Input::Tick);
    media::tick();
    clock::tick();
    lobby::tick();
    refresh::tick();
}

/// Shows the world larger by so many steps, or smaller.
#[cfg(feature = "ui")]
pub(crate) fn zoom_by(steps: i32) {
    #[cfg(feature = "world")]
    world::zoom_by(steps);
    #[cfg(not(feature = "world"))]
    let _ = steps;
}

/// Keeps something for as long as the page is open.
pub(crate) fn keep(kept: impl Any) {
    KEPT.with_borrow_mut(|all| all.push(Box::new(kept)));
}

/// The page's session, once it has begun.
fn classroom() -> Option<Classroom> {
    CLASSROOM.with_borrow(Clone::clone)
}

/// Tells the session what happened.
fn tell(input: Input) {
    if let Some(classroom) = classroom() {
        classroom.tell(input);
    }
}
