//! How the rest of the program reaches a running world.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use bevy::{
    prelude::*,
    winit::{EventLoopProxy, EventLoopProxyWrapper, WinitUserEvent},
};
use shared::position::Position;

/// A handle to a world, made before it starts; its clones reach the same world, from any thread.
#[derive(Clone, Default, Resource)]
pub struct Controls {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    proxy: OnceLock<EventLoopProxy<WinitUserEvent>>,
    is_dead: AtomicBool,
    panics: AtomicBool,
    focus: Mutex<Option<Position>>,
}

impl Controls {
    /// Something changed that may have to be drawn. Returns at once, and costs next to nothing.
    pub fn wake(&self) {
        if let Some(proxy) = self.inner.proxy.get()
            && !self.is_dead()
        {
            // Fails when the window is closed: then there is nothing to draw.
            let _ = proxy.send_event(WinitUserEvent::WakeUp);
        }
    }

    /// Never wakes the world again: it panicked or lost its graphics.
    pub fn bury(&self) {
        self.inner.is_dead.store(true, Ordering::Relaxed);
    }

    /// Whether [`Self::bury`] was called.
    pub fn is_dead(&self) -> bool {
        self.inner.is_dead.load(Ordering::Relaxed)
    }

    /// Shows another place than one's own; `None` follows oneself again.
    pub fn focus_on(&self, place: Option<Position>) {
        *self.inner.focus.lock().unwrap_or_else(PoisonError::into_inner) = place;
        self.wake();
    }

    /// For tests of what a panic leaves alive: the world panics when it draws next.
    pub fn panic_next_frame(&self) {
        self.inner.panics.store(true, Ordering::Relaxed);
        self.wake();
    }

    pub(super) fn focus(&self) -> Option<Position> {
        *self.inner.focus.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Controls>().add_systems(Startup, connect).add_systems(First, panic_if_asked);
}

fn connect(controls: Res<Controls>, proxy: Option<Res<EventLoopProxyWrapper>>) {
    if let Some(proxy) = proxy {
        let _ = controls.inner.proxy.set((**proxy).clone());
    }
}

fn panic_if_asked(controls: Res<Controls>) {
    assert!(!controls.inner.panics.swap(false, Ordering::Relaxed), "the world was asked to panic");
}
