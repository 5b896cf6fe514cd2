//! A list that grows at its end: whoever reads the end goes on reading the end, and whoever reads something else goes
//! on reading that, whatever is added before or behind.
//!
//! Browsers do the second by themselves, but not at the very top, and not all of them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, HtmlElement, MutationObserver, MutationObserverInit, NodeList, ResizeObserver};

use super::listener::Listener;

/// So near the end counts as there, in pixels.
const NEAR: i32 = 48;

/// What is above the first new message when one begins there, in pixels.
const ABOVE: i32 = 12;

/// Follows a list until it is dropped.
pub(crate) struct Scrolling {
    inner: Rc<Inner>,
    changes: MutationObserver,
    sizes: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
    _scrolled: Listener,
}

struct Inner {
    list: HtmlElement,
    /// What the parts of the list are that stay where they are.
    parts: &'static str,
    is_at_end: Cell<bool>,
    /// Whether it was shown from the right place first.
    has_begun: Cell<bool>,
    /// The part at the top of what is seen, and where it was in the list.
    held: RefCell<Option<(HtmlElement, i32)>>,
    tell: Box<dyn Fn(bool)>,
}

impl Scrolling {
    /// Follows a list whose parts are found by a selector; it begins at the part that `first` selects if there is one,
    /// and else at its end. Tells whether its end is seen, once that is known and when it changes.
    pub(crate) fn follow(
        list: HtmlElement,
        parts: &'static str,
        first: &'static str,
        tell: impl Fn(bool) + 'static,
    ) -> Option<Self> {
        let inner = Rc::new(Inner {
            list: list.clone(),
            parts,
            is_at_end: Cell::new(true),
            has_begun: Cell::new(false),
            held: RefCell::new(None),
            tell: Box::new(tell),
        });
        let altered = Rc::clone(&inner);
        let callback = Closure::<dyn FnMut()>::new(move || altered.changed(first));
        let changes = MutationObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_character_data(true);
        what.set_subtree(true);
        changes.observe_with_options(&list, &what).ok()?;
        // It tells the size first of all, and so begins with what is there already.
        let sizes = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        sizes.observe(&list);
        let scrolled = Rc::clone(&inner);
        let scrolled = Listener::new(&list, "scroll", move |_: Event| scrolled.scrolled());
        Some(Self { inner, changes, sizes, _callback: callback, _scrolled: scrolled })
    }

    /// Goes to the end.
    pub(crate) fn to_end(&self) {
        self.inner.has_begun.set(true);
        self.inner.to_end();
    }

    /// There is nothing in it yet, and that is all of it.
    pub(crate) fn is_empty(&self) {
        if !self.inner.has_begun.replace(true) {
            self.inner.look();
            (self.inner.tell)(self.inner.is_at_end.get());
        }
    }
}

impl Drop for Scrolling {
    fn drop(&mut self) {
        self.changes.disconnect();
        self.sizes.disconnect();
    }
}

impl Inner {
    fn changed(&self, first: &str) {
        if !self.has_begun.get() {
            return self.begin(first);
        }
        if self.is_at_end.get() {
            return self.to_end();
        }
        let held = self.held.borrow().clone();
        if let Some((part, before)) = held.filter(|(part, _)| part.is_connected()) {
            let moved = part.offset_top() - before;
            if moved != 0 {
                self.list.set_scroll_top(self.list.scroll_top() + moved);
            }
        }
        self.look();
    }

    fn begin(&self, first: &str) {
        if !matches!(self.list.query_selector(self.parts), Ok(Some(_))) {
            return;
        }
        self.has_begun.set(true);
        let first = self.list.query_selector(first).ok().flatten().and_then(|part| part.dyn_into::<HtmlElement>().ok());
        self.list.set_scroll_top(first.map_or(self.list.scroll_height(), |first| first.offset_top() - ABOVE));
        self.look();
        (self.tell)(self.is_at_end.get());
    }

    fn to_end(&self) {
        self.list.set_scroll_top(self.list.scroll_height());
        self.look();
    }

    fn scrolled(&self) {
        if self.has_begun.get() {
            self.look();
        }
    }

    /// Looks what is seen.
    fn look(&self) {
        let below = self.list.scroll_height() - self.list.scroll_top() - self.list.client_height();
        let is_at_end = below < NEAR;
        *self.held.borrow_mut() = if is_at_end { None } else { self.topmost() };
        if self.is_at_end.replace(is_at_end) != is_at_end {
            (self.tell)(is_at_end);
        }
    }

    /// The first part that is not above what is seen; parts lie below one another.
    fn topmost(&self) -> Option<(HtmlElement, i32)> {
        let parts: NodeList = self.list.query_selector_all(self.parts).ok()?;
        let part = |index: u32| parts.get(index).map(JsValue::from)?.dyn_into::<HtmlElement>().ok();
        let top = self.list.scroll_top();
        let (mut low, mut high) = (0, parts.length());
        while low < high {
            let middle = u32::midpoint(low, high);
            let is_above = part(middle).is_some_and(|part| part.offset_top() + part.offset_height() <= top);
            if is_above { low = middle + 1 } else { high = middle }
        }
        part(low).map(|part| {
            let at = part.offset_top();
            (part, at)
        })
    }
}
