//! The end-to-end tests, e2e/browser/*.test.mjs, in two lanes side by side.
//!
//! Who is in a call waits most of the time, and each of those tests takes long: the others run beside them. More than
//! two browsers on two cores would only wait for each other, so that within a lane one file follows the other. What
//! needs a network of its own is all in one lane, since there is one such network on a machine.
//!
//! Files with tests that failed are run once more, alone: a machine that does something else meanwhile can make any
//! browser late. Whoever passes then has passed, and is named at the end as one that needed it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::aside::Aside;
use crate::browser::Stage;
use crate::exec::{self, Outcome};
use crate::paths;
use crate::step::Steps;
use crate::test::counts::{self, Counts, Test};
use crate::test::tally::Tally;

/// A browser that hangs must not hold up a machine for ever.
const AT_MOST: Duration = Duration::from_mins(40);

const AGAIN: &str = "end-to-end tests that failed, once more and alone";

/// More failures than this are no bad luck.
const AGAIN_AT_MOST: usize = 8;

/// All but the longest files fit into this; whoever hangs twice is at fault.
const AGAIN_WITHIN: Duration = Duration::from_mins(15);

/// Test files that run one after the other.
struct Lane {
    name: &'static str,
    files: Vec<PathBuf>,
    /// What came of each test, in TAP's words.
    report: PathBuf,
}

/// Runs all of them, in three steps.
pub(super) fn tests(stage: &Stage, steps: &mut Steps, tally: &mut Tally) {
    let lanes = Lane::new("end-to-end tests of calls and rooms", has_calls)
        .and_then(|calls| Ok((calls, Lane::new("end-to-end tests of all else", |file| !has_calls(file))?)));
    let (calls, others) = match lanes {
        Ok(lanes) => lanes,
        Err(error) => return tally.check("end-to-end tests", Err(error)),
    };
    let beside = Aside::begin(others.name, others.node(stage));
    let with_calls = steps.run(calls.name, || exec::watch(calls.node(stage), AT_MOST));
    let without_calls = steps.run(others.name, || beside?.finish(AT_MOST));

    // Of one that was ended nobody knows what else would have failed.
    let first =
        [&calls, &others].into_iter().map(Lane::results).collect::<Option<Vec<_>>>().unwrap_or_default().concat();
    let failed: Vec<_> = first.iter().filter(|test| !test.passed).cloned().collect();
    let second = if (1..=AGAIN_AT_MOST).contains(&failed.len()) {
        again(&failed, stage, steps, tally)
    } else {
        steps.skip(AGAIN, if first.is_empty() { "not all could run" } else { "none failed, or too many for bad luck" });
        None
    };
    let Some((outcome, second)) = second else {
        tally.tests(calls.name, with_calls, |_| calls.counts());
        tally.tests(others.name, without_calls, |_| others.counts());
        return;
    };
    tally.tests("end-to-end tests, at the second try", Ok(outcome), |_| counts::last(&first, &second));
}

/// Runs the files of these once more. None if that did not come to its end.
fn again(failed: &[Test], stage: &Stage, steps: &mut Steps, tally: &mut Tally) -> Option<(Outcome, Vec<Test>)> {
    let is_wanted = |file: &str| failed.iter().any(|test| test.file.as_deref() == Some(file));
    let lane = Lane::new(AGAIN, is_wanted).ok()?;
    let outcome = steps.run(lane.name, || exec::watch(lane.node(stage), AGAIN_WITHIN)).ok()?;
    let second = lane.results()?;
    for Test { name, file, error, .. } in failed {
        let (file, error) = (file.as_deref().unwrap_or_default(), error.as_deref().unwrap_or_default());
        tally.remark(format!("failed at the first try: {file}: {name}: {error}"));
    }
    Some((outcome, second))
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
        counts::tap(&self.words())
    }

    /// What came of each test, if all of them were run.
    fn results(&self) -> Option<Vec<Test>> {
        counts::tap_tests(&self.words())
    }

    fn words(&self) -> String {
        fs::read_to_string(&self.report).unwrap_or_default()
    }
}
