//! `cargo xtask test`: everything from nothing. In this order, the quick ones first: `lints`, `conventions` (a module
//! of its own), `rust`, the art, `product` (the build for the browser) with `lanes` (the end-to-end tests). The site, which
//! takes longest and for long one core alone, is built beside lints and tests (`aside`).
//!
//! It goes on after a failure where that makes sense, and ends with the line `N passed, N failed`. `counts` reads how
//! many tests passed out of what test runners print, `tally` adds up.
//!
//! What takes longest is the engine: it is compiled once for the tests, once for the site, and read once for the lints
//! of the browser's build.

mod counts;
mod lanes;
mod lints;
mod product;
mod rust;
mod tally;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::art;
use crate::conventions;
use crate::setup::wasm::Way;
use crate::step::Steps;
use crate::test::tally::Tally;

/// The engine, compiled from nothing on two busy cores, takes half of this.
const BUILD_AT_MOST: Duration = Duration::from_hours(1);

/// The features that Rust tests and lints of the whole workspace have in common: the desktop client, and the bots.
const FEATURES: [&str; 2] = ["--features", "client/bots"];

#[derive(Args)]
pub(crate) struct Test {
    /// Leaves the browser out: no build for it, no end-to-end tests.
    #[arg(long)]
    fast: bool,
}

/// Runs all checks and prints how many passed.
pub(crate) fn run(test: &Test, way: Option<Way>) -> ExitCode {
    let mut tally = Tally::default();
    let mut steps = Steps::new(if test.fast { 6 } else { 14 });

    // First, since it may install them, and rustup is not to be run twice at once.
    lints::format(&mut steps, &mut tally);
    let site = (!test.fast).then(|| product::begin_site(way));
    // Its result is no check: the steps below report where something is missing.
    let conventions = steps.run("conventions", || Ok(conventions::check_all()));
    for (rule, found) in conventions.into_iter().flatten() {
        tally.check(rule, found);
    }
    let art = steps.run("art: drawn anew, it is what is committed", art::check);
    tally.check("art", art);
    rust::tests(&mut steps, &mut tally);
    if let Some(site) = site {
        product::tests(site, way, &mut steps, &mut tally);
    }
    tally.report()
}
