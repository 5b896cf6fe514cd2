//! `window.classroom`: what tests and curious people may look at and do.

use std::{any::Any, cell::Cell, rc::Rc};

use js_sys::{JSON, Object, Reflect};
use shared::position::Position;
use wasm_bindgen::{JsValue, closure::Closure};

use super::{media, page};
use crate::{
    classroom::Classroom,
    session::{
        Input, Time,
        snapshot::{Frames, Snapshot},
    },
};

thread_local! {
    static FRAMES: Rc<Cell<Frames>> = Rc::default();
}

/// How the world runs, for the world to write and the snapshot to read.
pub(super) fn frames() -> Rc<Cell<Frames>> {
    FRAMES.with(Rc::clone)
}

/// Puts `classroom` into the window.
pub(super) fn install(classroom: &Classroom) {
    let hooks = Object::new();
    let taken = classroom.clone();
    let snapshot = Closure::<dyn Fn() -> JsValue>::new(move || snapshot(&taken));
    let walked = classroom.clone();
    let walk_to = Closure::<dyn Fn(f32, f32)>::new(move |x, y| {
        walked.tell(Input::WalkTo(Position::from_tiles(x, y)));
    });
    let panic_world = Closure::<dyn Fn()>::new(|| {
        #[cfg(feature = "world")]
        super::world::controls().panic_next_frame();
    });
    let debug = Object::new();
    for (object, name, hook) in [
        (&hooks, "snapshot", snapshot.as_ref()),
        (&hooks, "walk_to", walk_to.as_ref()),
        (&debug, "panic_world", panic_world.as_ref()),
        (&hooks, "debug", debug.as_ref()),
        (&page::window(), "classroom", hooks.as_ref()),
    ] {
        // The objects are new, so nothing is in the way.
        let _ = Reflect::set(object, &name.into(), hook);
    }
    for hook in [Box::new(snapshot) as Box<dyn Any>, Box::new(walk_to), Box::new(panic_world)] {
        super::keep(hook);
    }
}

/// How the world runs at that time: nobody counts while nothing is drawn.
fn frames_at(now: Time) -> Frames {
    let frames = frames().get();
    #[cfg(feature = "world")]
    let frames = Frames { per_second: super::world::controls().frames_a_second(frames.per_second, now), ..frames };
    #[cfg(not(feature = "world"))]
    let _ = now;
    frames
}

fn snapshot(classroom: &Classroom) -> JsValue {
    let connections = media::open_connections();
    let snapshot = classroom.read(|session, now| Snapshot::take(session, now, frames_at(now), connections));
    let json = serde_json::to_string(&snapshot).unwrap_or_default();
    JSON::parse(&json).unwrap_or(JsValue::NULL)
}
