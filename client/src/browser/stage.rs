//! Shows the world at the resolution of its art, scaled up: an art pixel is a whole number of pixels of the screen.
//!
//! The canvas' parent is given the size of the view divided by the zoom, and scaled up by the style sheet; the engine
//! sizes what it draws by the parent. So nine times fewer pixels are drawn at zoom 3, and all stay square.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    HtmlElement, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry, ResizeObserverOptions,
    ResizeObserverSize,
};

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
    /// Whether somebody asked for this zoom.
    is_chosen: Cell<bool>,
    /// Pixels that a canvas gets for one of the style sheet. Usually the window's ratio; where a phone is emulated it
    /// is not, and the engine goes by what it gets.
    ratio: Cell<f64>,
}

/// Follows the size of the view until it is dropped.
pub(super) struct Following {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Stage {
    /// The stage of this page, sized to begin with.
    pub(super) fn set_up() -> Option<(Self, Following)> {
        let (view, stage) = (page::element::<HtmlElement>("view")?, page::element::<HtmlElement>("stage")?);
        let inner = Inner {
            view,
            stage,
            zoom: Cell::new(1),
            is_chosen: Cell::new(false),
            ratio: Cell::new(page::pixel_ratio()),
        };
        let stage = Self { inner: Rc::new(inner) };
        stage.lay_out();
        let resized = stage.clone();
        let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            resized.inner.ratio.set(canvas_ratio(&entries).unwrap_or_else(page::pixel_ratio));
            resized.lay_out();
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observe_pixels(&observer, &stage.inner.view);
        Some((stage, Following { observer, _callback: callback }))
    }

    /// Pixels of the screen to one that a canvas gets: one, but for emulated phones.
    pub(super) fn screen_pixels(&self) -> f64 {
        page::pixel_ratio() / self.inner.ratio.get()
    }

    /// Pixels that a canvas gets in the view, from left to right and from top to bottom.
    fn view_size(&self) -> [f64; 2] {
        let ratio = self.inner.ratio.get();
        let view = &self.inner.view;
        [view.client_width(), view.client_height()].map(|size| (f64::from(size) * ratio).round().max(1.0))
    }

    fn longer_side(&self) -> u32 {
        let [width, height] = self.view_size();
        width.max(height) as u32
    }

    fn lay_out(&self) {
        let ratio = self.inner.ratio.get();
        let longer_side = self.longer_side();
        if !self.inner.is_chosen.get() {
            self.inner.zoom.set(default_zoom(longer_side, ratio as f32));
        }
        // A window that became smaller may show too little at the zoom it had.
        let zooms = zooms(longer_side);
        let zoom = self.inner.zoom.get().clamp(*zooms.start(), *zooms.end());
        self.inner.zoom.set(zoom);
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
        self.inner.is_chosen.set(true);
        self.lay_out();
    }
}

/// Has an element observed by the pixels a canvas gets in it, or by those of the style sheet where the browser does not
/// know the difference: Safari throws at the option.
fn observe_pixels(observer: &ResizeObserver, element: &HtmlElement) {
    let options = ResizeObserverOptions::new();
    options.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
    let observe =
        Reflect::get(observer, &"observe".into()).ok().and_then(|observe| observe.dyn_into::<Function>().ok());
    if observe.is_none_or(|observe| observe.call2(observer, element, &options).is_err()) {
        observer.observe(element);
    }
}

/// Pixels that a canvas gets for one of the style sheet; nothing in browsers that do not say (Safari).
fn canvas_ratio(entries: &Array) -> Option<f64> {
    let entry: ResizeObserverEntry = entries.get(0).dyn_into().ok()?;
    let sizes = Reflect::get(&entry, &"devicePixelContentBoxSize".into()).ok()?;
    let size: ResizeObserverSize = sizes.dyn_into::<Array>().ok()?.get(0).dyn_into().ok()?;
    let width = entry.content_rect().width();
    (width > 0.0).then(|| size.inline_size() / width).filter(|ratio| *ratio > 0.0)
}

impl Drop for Following {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
