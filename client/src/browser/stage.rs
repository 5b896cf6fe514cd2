//! Shows the world at the resolution of its art, scaled up: an art pixel is a whole number of pixels of the screen.
//!
//! The canvas' parent is given the size of the view divided by the zoom, and scaled up by the style sheet; the engine
//! sizes what it draws by the parent. So nine times fewer pixels are drawn at zoom 3, and all stay square.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use super::page;
use crate::world::{Lens, default_zoom, zooms};

/// The view and what is shown in it; clones are the same.
#[derive(Clone)]
pub(super) struct Stage {
    inner: Rc<Inner>,
}

struct Inner {
    view: HtmlElement,
    stage: HtmlElement,
    zoom: Cell<u32>,
}

/// Follows the size of the view until it is dropped.
pub(super) struct Following {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Stage {
    /// The stage of this page, sized to begin with.
    pub(super) fn set_up() -> Option<(Self, Following)> {
        let (view, stage) = (page::element::<HtmlElement>("view")?, page::element::<HtmlElement>("stage")?);
        let stage = Self { inner: Rc::new(Inner { view, stage, zoom: Cell::new(1) }) };
        stage.inner.zoom.set(default_zoom(stage.longer_side(), page::pixel_ratio() as f32));
        stage.lay_out();
        let resized = stage.clone();
        let callback = Closure::<dyn FnMut()>::new(move || resized.lay_out());
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(&stage.inner.view);
        Some((stage, Following { observer, _callback: callback }))
    }

    /// Pixels of the screen in the view, from left to right and from top to bottom.
    fn view_size(&self) -> [f64; 2] {
        let ratio = page::pixel_ratio();
        let view = &self.inner.view;
        [view.client_width(), view.client_height()].map(|size| (f64::from(size) * ratio).round().max(1.0))
    }

    fn longer_side(&self) -> u32 {
        let [width, height] = self.view_size();
        width.max(height) as u32
    }

    fn lay_out(&self) {
        // A window that became smaller may show too little at the zoom it had.
        let zooms = zooms(self.longer_side());
        let zoom = self.inner.zoom.get().clamp(*zooms.start(), *zooms.end());
        self.inner.zoom.set(zoom);
        let ratio = page::pixel_ratio();
        let [width, height] = self.view_size().map(|size| (size / f64::from(zoom)).ceil() / ratio);
        let style = self.inner.stage.style();
        for (property, value) in [
            ("width", format!("{width}px")),
            ("height", format!("{height}px")),
            ("transform", format!("scale({zoom})")),
        ] {
            let _ = style.set_property(property, &value);
        }
    }
}

impl Lens for Stage {
    fn zoom(&self) -> u32 {
        self.inner.zoom.get()
    }

    fn set_zoom(&self, zoom: u32) {
        self.inner.zoom.set(zoom);
        self.lay_out();
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
