//! Starts the world in the page, and buries it.

use std::{cell::RefCell, sync::Arc};

use shared::map::{Map, MapFiles};
use web_sys::{HtmlCanvasElement, VisibilityState};

use super::{fetch, hooks, keep, listener::Listener, name_tags::Painter, page, panic, stage::Stage};
use crate::{
    classroom::Classroom,
    world::{self, Art, Controls, Lens, NameTagPainter, Setup},
};

thread_local! {
    static CONTROLS: Controls = Controls::default();
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

/// What the world is reached by, running or not.
pub(super) fn controls() -> Controls {
    CONTROLS.with(Clone::clone)
}

/// Never wakes the world again.
pub(super) fn bury() {
    controls().bury();
}

/// Shows the world larger by so many steps, or smaller.
#[cfg(feature = "ui")]
pub(super) fn zoom_by(steps: i32) {
    let Some(stage) = STAGE.with_borrow(Clone::clone) else { return };
    // A step looks alike on every screen.
    let step = page::pixel_ratio().round().max(1.0) as i32;
    stage.set_zoom(stage.zoom().saturating_add_signed(steps * step));
    controls().wake();
}

/// Has a frame drawn if the last one is not right any more.
pub(super) fn look() {
    // Nothing is drawn in a hidden tab; it is when the tab is looked at again.
    if page::document().visibility_state() == VisibilityState::Hidden {
        return;
    }
    if let Some(classroom) = super::classroom().filter(|classroom| !classroom.is_borrowed()) {
        classroom.read(|session, now| controls().look(session, now));
    }
}

/// Keeps the world as still as the person asked their system for, until it is dropped.
fn follow_motion() -> Option<Listener> {
    let wish = page::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten()?;
    controls().set_calm(wish.matches());
    let changed = wish.clone();
    Some(Listener::new(&wish, "change", move |_| controls().set_calm(changed.matches())))
}

/// Starts the world on that map.
pub(super) async fn start(classroom: Classroom, map: Arc<Map>, files: &MapFiles) {
    let (Ok(avatars), Ok(emotes)) = (fetch::bytes("avatars.png").await, fetch::bytes("emotes.png").await) else {
        return page::show_problem("problem-download");
    };
    let image = |tileset: &shared::map::drawing::Tileset| files.get(&tileset.image).cloned().unwrap_or_default();
    let art = Art { tilesets: map.drawing.tilesets.iter().map(image).collect(), avatars, emotes };
    let Some(canvas) = page::element::<HtmlCanvasElement>("world") else { return };
    let Some((stage, following)) = Stage::set_up() else { return };
    keep(following);
    STAGE.with_borrow_mut(|place| *place = Some(stage.clone()));
    keep(follow_motion());
    // Neither the engine nor what it draws with survives this; all else does.
    keep(Listener::new(&canvas, "webglcontextlost", |_| panic::bury_world()));
    let setup = Setup {
        classroom,
        map,
        art,
        name_tags: Painter::set_up(stage.clone()).map(|painter| Box::new(painter) as Box<dyn NameTagPainter>),
        lens: Some(Box::new(stage)),
        frames: hooks::frames(),
        controls: controls(),
    };
    if let Err(error) = world::start(setup) {
        web_sys::console::error_1(&error.to_string().into());
        panic::bury_world();
    }
}
