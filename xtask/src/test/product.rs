//! The product in a real browser: builds everything, then runs e2e/browser/*.test.mjs.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::browser::Stage;
use crate::dist;
use crate::exec;
use crate::paths;
use crate::setup::Site;
use crate::step::Steps;
use crate::test::counts;
use crate::test::tally::Tally;

/// A browser that hangs must not hold up a machine for ever.
const E2E_AT_MOST: Duration = Duration::from_mins(40);

/// Builds the product, checks the download's size and runs the end-to-end tests.
pub(super) fn tests(site: &Site, steps: &mut Steps, tally: &mut Tally) {
    let stage = match Stage::build(steps, site) {
        Ok(stage) => {
            tally.check("the product, built", Ok(()));
            stage
        }
        // Without it there is nothing to open.
        Err(error) => return tally.check("the product, built", Err(error)),
    };
    tally.check("size of the download", dist::check_size());
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
