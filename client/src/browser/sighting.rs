//! Whether an element is in view, or scrolled out of it.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Watches an element until it is dropped.
pub(crate) struct Sighting {
    observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Sighting {
    /// Tells whether anything of the element is in view, to begin with and when it changes. A page that is not drawn
    /// hears nothing meanwhile.
    pub(crate) fn of(element: &Element, tell: impl Fn(bool) + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            // What was true before is of no use any more.
            if let Ok(latest) = entries.pop().dyn_into::<IntersectionObserverEntry>() {
                tell(latest.is_intersecting());
            }
        });
        let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for Sighting {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
