//! The end-to-end tests, e2e/browser/*.test.mjs, in two lanes side by side.
//!
//! Who is in a call waits most of the time, and each of those tests takes long: the others run beside them. More than
//! two browsers on two cores would only wait for each other, so that within a lane one file follows the other. What
//! needs a network of its own is all in one lane, since there is one such network on a machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::aside::Aside;
use crate::browser::Stage;
use crate::exec;
use crate::paths;
use crate::step::Steps;
use crate::test::counts::{self, Counts};
use crate::test::tally::Tally;

/// A browser that hangs must not hold up a machine for ever.
const AT_MOST: Duration = Duration::from_mins(40);

/// Test files that run one after the other.
struct Lane {
    name: &'static str,
    files: Vec<PathBuf>,
    /// What came of each test, in TAP's words.
    report: PathBuf,
}

/// Runs all of them, in two steps.
pub(super) fn tests(stage: &Stage, steps: &mut Steps, tally: &mut Tally) {
    let lanes = Lane::new("end-to-end tests of calls and rooms", has_calls)
        .and_then(|calls| Ok((calls, Lane::new("end-to-end tests of all else", |file| !has_calls(file))?)));
    let (calls, others) = match lanes {
        Ok(lanes) => lanes,
        Err(error) => return tally.check("end-to-end tests", Err(error)),
    };
    let beside = Aside::begin(others.name, others.node(stage));
    let outcome = steps.run(calls.name, || exec::watch(calls.node(stage), AT_MOST));
    tally.tests(calls.name, outcome, |_| calls.counts());
    let outcome = steps.run(others.name, || beside?.finish(AT_MOST));
    tally.tests(others.name, outcome, |_| others.counts());
}

fn has_calls(file: &str) -> bool {
    ["calls", "rooms"].iter().any(|what| file.starts_with(what))
}

impl Lane {
    /// The files whose names are `wanted`.
    ///
    /// # Errors
    /// If there is none, or no place for a report.
    fn new(name: &'static str, wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let folder = paths::root().join("e2e/browser");
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let file = entry?.file_name().to_string_lossy().into_owned();
            if file.ends_with(".test.mjs") && wanted(&file) {
                files.push(folder.join(file));
            }
        }
        if files.is_empty() {
            bail!("expected {name} in e2e/browser, files named *.test.mjs, and there are none");
        }
        files.sort();
        let report = paths::scratch("e2e")?.join(format!("{}.tap", name.replace(' ', "-")));
        // A report of an earlier run must not be taken for this one's; most often there is none.
        let _ = fs::remove_file(&report);
        Ok(Self { name, files, report })
    }

    fn node(&self, stage: &Stage) -> Command {
        let mut node = stage.node(["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-reporter=tap"]);
        node.args(["--test-reporter-destination=stdout", "--test-reporter-destination"]).arg(&self.report);
        node.args(&self.files);
        node
    }

    fn counts(&self) -> Counts {
        counts::tap(&fs::read_to_string(&self.report).unwrap_or_default())
    }
}
