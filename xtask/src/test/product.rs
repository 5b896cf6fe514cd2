//! The product in a real browser: builds everything, then runs the end-to-end tests.

use anyhow::Result;
use clap::ValueEnum;

use crate::aside::Aside;
use crate::browser::Stage;
use crate::dist;
use crate::setup::wasm::Way;
use crate::setup::{Browser, Site};
use crate::step::Steps;
use crate::test::BUILD_AT_MOST;
use crate::test::tally::Tally;
use crate::test::{lanes, lints};

/// Begins to build the site beside everything else.
///
/// # Errors
/// If it cannot be begun.
pub(super) fn begin_site(way: Option<Way>) -> Result<Aside> {
    // Its size is a check of its own.
    let mut arguments = vec!["dist".to_owned(), "--any-size".to_owned()];
    if let Some(way) = way.and_then(|way| way.to_possible_value()) {
        arguments.push(format!("--wasm-toolchain={}", way.get_name()));
    }
    Aside::task(&arguments)
}

/// Lints client and bots, looks for a browser while the site is still being built, waits for that, checks the
/// download's size and runs the end-to-end tests.
pub(super) fn tests(site: Result<Aside>, way: Option<Way>, steps: &mut Steps, tally: &mut Tally) {
    match steps.run("looking for what building for the browser takes", || Site::ensure(way)) {
        Ok(site) => lints::browser(&site, steps, tally),
        Err(error) => tally.check("what building for the browser takes", Err(error)),
    }
    lints::bots(steps, tally);
    let stage = steps.run("looking for a browser", Browser::ensure).and_then(Stage::of_tests);
    let built = site.and_then(|site| steps.run("the site, begun above", || site.finish(BUILD_AT_MOST)));
    let is_built = built.as_ref().is_ok_and(|built| built.succeeded);
    tally.lint("the site, built", built);
    // Without it there is nothing to open.
    if !is_built {
        return;
    }
    tally.check("size of the download", dist::check_size());
    let stage = match stage {
        Ok(stage) => stage,
        Err(error) => return tally.check("a browser", Err(error)),
    };
    lanes::tests(&stage, steps, tally);
}
