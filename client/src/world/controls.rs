//! How the rest of the program reaches a running world.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use bevy::{
    prelude::*,
    winit::{EventLoopProxy, EventLoopProxyWrapper, WinitUserEvent},
};

use super::watch::Watch;
use crate::session::{Session, Time};

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
    is_calm: AtomicBool,
    watch: Mutex<Option<Watch>>,
}

impl Controls {
    /// Has a frame drawn. Returns at once, and costs next to nothing.
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

    /// Has a frame drawn if it would show anything else than the last one did. To be called whenever the session
    /// changed and ten times a second besides, because the world sleeps meanwhile and people walk into sight.
    pub fn look(&self, session: &Session, now: Time) {
        if !self.is_dead() && self.would_show_more(session, now) {
            self.wake();
        }
    }

    /// Whether a frame would show anything else than the last one did; not asked while each is drawn anyway.
    pub(super) fn would_show_more(&self, session: &Session, now: Time) -> bool {
        let watch = self.inner.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.as_ref().is_none_or(|watch| watch.is_outdated(session, now))
    }

    /// Frames a second, from what was counted when the last one was drawn.
    pub fn frames_a_second(&self, counted: f32, now: Time) -> f32 {
        let watch = self.inner.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = watch.as_ref().map_or(0.0, |watch| now.saturating_sub(watch.drawn_at).as_secs_f32());
        if seconds > 1.0 { counted.min(1.0 / seconds) } else { counted }
    }

    /// Whether the person prefers that little moves: nothing glides, bounces or pops up.
    pub fn set_calm(&self, is_calm: bool) {
        self.inner.is_calm.store(is_calm, Ordering::Relaxed);
        self.wake();
    }

    /// What [`Self::set_calm`] said last.
    pub fn is_calm(&self) -> bool {
        self.inner.is_calm.load(Ordering::Relaxed)
    }

    /// For tests of what a panic leaves alive: the world panics when it draws next.
    pub fn panic_next_frame(&self) {
        self.inner.panics.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// What the last frame showed.
    pub(super) fn watch(&self) -> Option<Watch> {
        *self.inner.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_watch(&self, watch: Watch) {
        *self.inner.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch);
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
