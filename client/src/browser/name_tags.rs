//! Names over heads, drawn by the browser: its fonts have every script and emoji.
//!
//! One canvas above the world at the screen's full resolution. Each tag is rasterised once, and copied for each frame.

use std::collections::HashMap;

use shared::{identity::UserId, profile::Status};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{page, stage::Stage};
use crate::world::{NameTag, NameTagPainter};

/// Size of the letters, in pixels of the style sheet.
const FONT_SIZE: f64 = 13.0;
/// What is left free around the name, in pixels of the style sheet.
const PADDING: [f64; 2] = [7.0, 3.0];
/// The longest name that is shown whole, in pixels of the style sheet.
const WIDTH: f64 = 220.0;
/// Most tags kept that are not in view: people come and go at its edges.
const KEPT_TAGS: usize = 300;

/// Draws tags on the page's canvas.
pub(super) struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    stage: Stage,
    tags: HashMap<UserId, Tag>,
}

/// A tag as a picture.
struct Tag {
    name: String,
    status: Status,
    is_own: bool,
    pixel_ratio: f64,
    picture: HtmlCanvasElement,
}

impl Painter {
    /// A painter for this page, above that stage.
    pub(super) fn set_up(stage: Stage) -> Option<Self> {
        let canvas = page::element::<HtmlCanvasElement>("name-tags")?;
        let context = context(&canvas)?;
        Some(Self { canvas, context, stage, tags: HashMap::new() })
    }

    /// The canvas as large as the screen shows it.
    fn fit(&self) {
        let ratio = page::pixel_ratio();
        let size = |size: i32| (f64::from(size) * ratio).round() as u32;
        let (width, height) = (size(self.canvas.client_width()), size(self.canvas.client_height()));
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
    }
}

impl NameTagPainter for Painter {
    fn paint(&mut self, tags: &[NameTag], scale: u32) {
        self.fit();
        let (width, height) = (f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        self.context.clear_rect(0.0, 0.0, width, height);
        if self.tags.len() > tags.len() + KEPT_TAGS {
            self.tags.clear();
        }
        let pixel_ratio = page::pixel_ratio();
        let scale = f64::from(scale) * self.stage.screen_pixels();
        for tag in tags {
            let is_fresh = self.tags.get(&tag.user_id).is_some_and(|kept| kept.shows(tag, pixel_ratio));
            if !is_fresh && let Some(made) = Tag::make(tag, pixel_ratio) {
                self.tags.insert(tag.user_id, made);
            }
            let Some(Tag { picture, .. }) = self.tags.get(&tag.user_id) else { continue };
            let (x, y) = (f64::from(tag.x) * scale, f64::from(tag.y) * scale);
            let left = (x - f64::from(picture.width()) / 2.0).round();
            let top = (y - f64::from(picture.height())).round();
            let _ = self.context.draw_image_with_html_canvas_element(picture, left, top);
        }
    }
}

impl Tag {
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
        picture.set_width(width as u32);
        picture.set_height(height as u32);
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
        Some(Self { name: tag.name.clone(), status: tag.status, is_own: tag.is_own, pixel_ratio, picture })
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
