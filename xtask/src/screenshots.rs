//! `cargo xtask screenshots`: the README's pictures, taken from the product itself.

use anyhow::{Context, Result};

use crate::browser::Stage;
use crate::exec;
use crate::setup::wasm::Way;
use crate::step::Steps;

/// Takes the pictures into docs/pictures.
pub(crate) fn run(way: Option<Way>) -> Result<()> {
    let mut steps = Steps::new(7);
    let stage = Stage::from_nothing(&mut steps, way)?;
    // The optimised one, as `cargo run` builds it: the tests' own draws a frame a second.
    steps.run("building the desktop client", || {
        exec::show(exec::cargo(["build", "--package", "client", "--bin", "client"]))
    })?;
    steps.run("taking pictures into docs/pictures", || {
        exec::show(stage.node(["screenshots.mjs"])).context("expected e2e/browser/screenshots.mjs to take the pictures")
    })
}
