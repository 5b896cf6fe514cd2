//! A clock that goes on in hidden tabs: timers of pages fall to one a minute there, those of workers do not.

use web_sys::{Event, Worker};

use super::listener::Listener;

/// Ticks until it is dropped.
pub(super) struct Timer {
    worker: Option<Worker>,
    _ticks: Option<Listener>,
}

/// Calls back ten times a second.
pub(super) fn start(tick: impl Fn() + 'static) -> Timer {
    let worker = Worker::new("timer.js").ok();
    let listener = worker.as_ref().map(|worker| Listener::new(worker, "message", move |_: Event| tick()));
    Timer { worker, _ticks: listener }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
    }
}
