//! The product in a real browser: builds everything, then runs e2e/browser/*.test.mjs.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::aside::Aside;
use crate::browser::Stage;
use crate::dist;
use crate::exec;
use crate::paths;
use crate::setup::Site;
use crate::setup::wasm::Way;
use crate::step::Steps;
use crate::test::counts;
use crate::test::lints;
use crate::test::tally::Tally;

/// A browser that hangs must not hold up a machine for ever.
const E2E_AT_MOST: Duration = Duration::from_mins(40);

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
    Aside::begin(&arguments)
}

/// Lints the client for the browser, builds the rest of the product while the site is still being built, waits for
/// that, checks the download's size and runs the end-to-end tests.
pub(super) fn tests(site: Result<Aside>, way: Option<Way>, steps: &mut Steps, tally: &mut Tally) {
    match steps.run("looking for what building for the browser takes", || Site::ensure(way)) {
        Ok(site) => lints::browser(&site, steps, tally),
        Err(error) => tally.check("what building for the browser takes", Err(error)),
    }
    let stage = Stage::around_site(steps);
    let built = site.and_then(|site| steps.run("the site, begun above", || site.finish()));
    let is_built = built.is_ok();
    tally.check("the site, built", built);
    // Without it there is nothing to open.
    if !is_built {
        return;
    }
    tally.check("size of the download", dist::check_size());
    let stage = match stage {
        Ok(stage) => stage,
        Err(error) => return tally.check("relay, bots and a browser", Err(error)),
    };
    let report = match paths::scratch("e2e") {
        Ok(folder) => folder.join("report.tap"),
        Err(error) => return tally.check("end-to-end tests", Err(error)),
    };
    // A report of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(&report);
    let outcome = steps.run("end-to-end tests in a browser", || {
        // One file after the other: two browsers on two cores would only wait for each other.
        let mut node = stage.node(["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-reporter=tap"]);
        node.args(["--test-reporter-destination=stdout", "--test-reporter-destination"]).arg(&report);
        node.args(test_files()?);
        exec::watch(node, E2E_AT_MOST)
    });
    tally.tests("end-to-end tests in a browser", outcome, |_| {
        counts::tap(&fs::read_to_string(&report).unwrap_or_default())
    });
}

fn test_files() -> Result<Vec<PathBuf>> {
    let folder = paths::root().join("e2e/browser");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("expected tests in e2e/browser, files named *.test.mjs, and there are none");
    }
    files.sort();
    Ok(files)
}
