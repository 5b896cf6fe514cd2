//! Names over heads, drawn by the browser: its fonts have every script and emoji.
//!
//! Each tag is rasterised once, at the screen's full resolution, as a small element of its own that is moved about. One
//! canvas over the whole view would do with fewer elements, but browsers without a graphics card blend all of its
//! pixels into each frame, and that takes longer than to draw the world.

use std::collections::{HashMap, HashSet};

use shared::{identity::UserId, profile::Status};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

#[cfg(feature = "ui")]
use super::voices;
use super::{page, stage::Stage};
use crate::world::{NameTag, NameTagPainter};

/// Size of the letters, in pixels of the style sheet.
const FONT_SIZE: f64 = 13.0;
/// What is left free around the name, in pixels of the style sheet.
const PADDING: [f64; 2] = [7.0, 3.0];
/// The longest name that is shown whole, in pixels of the style sheet.
const WIDTH: f64 = 220.0;

/// Moves tags about over the stage.
pub(super) struct Painter {
    place: HtmlElement,
    stage: Stage,
    /// The tags in the page.
    tags: HashMap<UserId, Tag>,
}

/// A tag as a picture.
struct Tag {
    name: String,
    status: Status,
    is_own: bool,
    pixel_ratio: f64,
    picture: HtmlCanvasElement,
    /// Where its left top corner is, in pixels of the screen, and how many tags it lies over.
    at: Option<(f64, f64, usize)>,
}

impl Painter {
    /// A painter for this page, above that stage.
    pub(super) fn set_up(stage: Stage) -> Option<Self> {
        Some(Self { place: page::element("name-tags")?, stage, tags: HashMap::new() })
    }
}

impl NameTagPainter for Painter {
    fn paint(&mut self, tags: &[NameTag], scale: u32) {
        let seen: HashSet<_> = tags.iter().map(|tag| tag.user_id).collect();
        self.tags.retain(|user_id, _| seen.contains(user_id));
        let pixel_ratio = page::pixel_ratio();
        let scale = f64::from(scale) * self.stage.screen_pixels();
        for (below, tag) in tags.iter().enumerate() {
            let is_fresh = self.tags.get(&tag.user_id).is_some_and(|kept| kept.shows(tag, pixel_ratio));
            if !is_fresh && let Some(made) = Tag::make(tag, pixel_ratio) {
                let _ = self.place.append_child(&made.picture);
                self.tags.insert(tag.user_id, made);
            }
            let Some(shown) = self.tags.get_mut(&tag.user_id) else { continue };
            let (x, y) = (f64::from(tag.x) * scale, f64::from(tag.y) * scale);
            let left = (x - f64::from(shown.picture.width()) / 2.0).round();
            let top = (y - f64::from(shown.picture.height())).round();
            shown.move_to(left, top, below);
        }
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        self.picture.remove();
    }
}

impl Tag {
    /// Moves it, if it is not there already: whole pixels of the screen keep its letters sharp.
    fn move_to(&mut self, left: f64, top: f64, below: usize) {
        let is_same = |(x, y, _): (f64, f64, usize)| (x - left).abs() < 0.5 && (y - top).abs() < 0.5;
        let style = self.picture.style();
        if !self.at.is_some_and(is_same) {
            let (x, y) = (left / self.pixel_ratio, top / self.pixel_ratio);
            let _ = style.set_property("transform", &format!("translate({x}px, {y}px)"));
        }
        if self.at.is_none_or(|(_, _, before)| before != below) {
            let _ = style.set_property("z-index", &below.to_string());
        }
        self.at = Some((left, top, below));
    }

    fn shows(&self, tag: &NameTag, pixel_ratio: f64) -> bool {
        let is_same_size = (self.pixel_ratio - pixel_ratio).abs() < f64::EPSILON;
        is_same_size && self.name == tag.name && self.status == tag.status && self.is_own == tag.is_own
    }

    fn make(tag: &NameTag, pixel_ratio: f64) -> Option<Self> {
        let picture: HtmlCanvasElement = page::document().create_element("canvas").ok()?.dyn_into().ok()?;
        let context = context(&picture)?;
        let font = format!("600 {}px system-ui, sans-serif", FONT_SIZE * pixel_ratio);
        context.set_font(&font);
        let dot = FONT_SIZE * 0.55 * pixel_ratio;
        let text_width = context.measure_text(&tag.name).ok()?.width().min(WIDTH * pixel_ratio);
        let [side, edge] = PADDING.map(|padding| padding * pixel_ratio);
        let width = (text_width + dot * 1.6 + 2.0 * side).ceil();
        let height = (FONT_SIZE * 1.3 * pixel_ratio + 2.0 * edge).ceil();
        #[cfg(feature = "ui")]
        voices::adopt(&picture, tag.user_id);
        picture.set_width(width as u32);
        picture.set_height(height as u32);
        let style = picture.style();
        let _ = style.set_property("width", &format!("{}px", width / pixel_ratio));
        let _ = style.set_property("height", &format!("{}px", height / pixel_ratio));
        // Setting the size forgets the font.
        context.set_font(&font);
        context.set_fill_style_str(if tag.is_own { "rgba(67, 40, 92, 0.86)" } else { "rgba(34, 28, 53, 0.78)" });
        context.begin_path();
        context.round_rect_with_f64(0.0, 0.0, width, height, height / 2.0).ok()?;
        context.fill();
        context.set_fill_style_str(match tag.status {
            Status::Available => "#88ddbb",
            Status::Away => "#fad150",
            Status::Busy => "#f3a67c",
            Status::DoNotDisturb => "#e35a5e",
        });
        context.begin_path();
        context.arc(side + dot / 2.0, height / 2.0, dot / 2.0, 0.0, std::f64::consts::TAU).ok()?;
        context.fill();
        context.set_fill_style_str("#ffffff");
        context.set_text_baseline("middle");
        let middle = height / 2.0 + pixel_ratio;
        context.fill_text_with_max_width(&tag.name, side + dot * 1.6, middle, WIDTH * pixel_ratio).ok()?;
        Some(Self { name: tag.name.clone(), status: tag.status, is_own: tag.is_own, pixel_ratio, picture, at: None })
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
