//! Draws faces from the sheet of avatars.

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
    let Some(sheet) = SHEET.with(Clone::clone) else { return };
    if sheet.complete() {
        return paint(canvas, &sheet, look);
    }
    let (target, picture) = (canvas.clone(), sheet.clone());
    super::keep(Listener::new(&sheet, "load", move |_| paint(&target, &picture, look)));
}

fn paint(canvas: &HtmlCanvasElement, sheet: &HtmlImageElement, look: Appearance) {
    let Some(context) = canvas.get_context("2d").ok().flatten() else { return };
    let Ok(context) = context.dyn_into::<CanvasRenderingContext2d>() else { return };
    let (width, height) = CELL;
    context.clear_rect(0.0, 0.0, width, width);
    for row in look.rows() {
        let top = f64::from(row) * height;
        let _ = context.draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            sheet, 0.0, top, width, width, 0.0, 0.0, width, width,
        );
    }
}
