//! Draws people from the sheet of avatars, standing and looking at one.

use shared::profile::Appearance;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::listener::Listener;

/// Cells of the sheet: see `assets/avatars.json`.
const CELL: (f64, f64) = (20.0, 28.0);

thread_local! {
    static SHEET: Option<HtmlImageElement> = HtmlImageElement::new().ok().inspect(|sheet| sheet.set_src("avatars.png"));
}

/// Draws the face of somebody who looks like that, now or when the sheet has arrived.
pub(crate) fn draw_face(canvas: &HtmlCanvasElement, look: Appearance) {
    draw(canvas, look, CELL.0);
}

/// Draws somebody who looks like that from head to foot, now or when the sheet has arrived.
pub(crate) fn draw_body(canvas: &HtmlCanvasElement, look: Appearance) {
    draw(canvas, look, CELL.1);
}

/// Draws the upper part of a cell, so many pixels high.
fn draw(canvas: &HtmlCanvasElement, look: Appearance, height: f64) {
    let Some(sheet) = SHEET.with(Clone::clone) else { return };
    if sheet.complete() {
        return paint(canvas, &sheet, look, height);
    }
    let (target, picture) = (canvas.clone(), sheet.clone());
    super::keep(Listener::new(&sheet, "load", move |_| paint(&target, &picture, look, height)));
}

fn paint(canvas: &HtmlCanvasElement, sheet: &HtmlImageElement, look: Appearance, height: f64) {
    let Some(context) = canvas.get_context("2d").ok().flatten() else { return };
    let Ok(context) = context.dyn_into::<CanvasRenderingContext2d>() else { return };
    let width = CELL.0;
    context.clear_rect(0.0, 0.0, width, height);
    for row in look.rows() {
        let top = f64::from(row) * CELL.1;
        let _ = context.draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            sheet, 0.0, top, width, height, 0.0, 0.0, width, height,
        );
    }
}
