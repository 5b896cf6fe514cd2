//! The end-to-end tests, e2e/browser/*.test.mjs, in two lanes side by side.
//!
//! Who is in a call waits most of the time, and each of those tests takes long: the others run beside them. More than
//! two browsers on two cores would only wait for each other, so that within a lane one file follows the other. What
//! needs a network of its own is all in one lane, since there is one such network on a machine.
//!
//! Tests that failed are run once more, alone: a machine that does something else meanwhile can make any browser late. Who
//! passes then has passed, and is named as one that needed it; a fault of ours fails again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::aside::Aside;
use crate::browser::Stage;
use crate::exec::{self, Outcome};
use crate::paths;
use crate::step::{self, Steps};
use crate::test::counts::{self, Counts, Failed};
use crate::test::tally::Tally;

/// A browser that hangs must not hold up a machine for ever.
const AT_MOST: Duration = Duration::from_mins(40);

const AGAIN: &str = "end-to-end tests that failed, once more and alone";

/// More failures than this are no bad luck.
const AGAIN_AT_MOST: usize = 8;

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
    let beside = Aside::begin(others.name, others.node(stage, &[]));
    let with_calls = steps.run(calls.name, || exec::watch(calls.node(stage, &[]), AT_MOST));
    let without_calls = steps.run(others.name, || beside?.finish(AT_MOST));

    let failed = [calls.failed(), others.failed()].concat();
    let is_tried_again = (1..=AGAIN_AT_MOST).contains(&failed.len());
    for (lane, outcome) in [(calls, with_calls), (others, without_calls)] {
        let is_forgiven = is_tried_again && !lane.failed().is_empty();
        let outcome = outcome.map(|outcome| Outcome { succeeded: outcome.succeeded || is_forgiven, ..outcome });
        let counts = lane.counts();
        tally.tests(lane.name, outcome, |_| Counts { failed: if is_forgiven { 0 } else { counts.failed }, ..counts });
    }
    if is_tried_again {
        try_again(&failed, stage, steps, tally);
    } else {
        steps.skip(AGAIN, if failed.is_empty() { "none failed" } else { "too many failed" });
    }
}

fn try_again(failed: &[Failed], stage: &Stage, steps: &mut Steps, tally: &mut Tally) {
    let lane = match Lane::new(AGAIN, |file| failed.iter().any(|failed| failed.file == file)) {
        Ok(lane) => lane,
        Err(error) => return tally.check(AGAIN, Err(error)),
    };
    let outcome = steps.run(lane.name, || {
        for Failed { name, file } in failed {
            step::say(format_args!("{file}: {name}"));
            tally.remark(format!("failed at the first try: {file}: {name}"));
        }
        exec::watch(lane.node(stage, failed), AT_MOST)
    });
    let counts = lane.counts();
    // Those that did not even run have not passed.
    let missing = (failed.len() as u32).saturating_sub(counts.passed);
    tally.tests(lane.name, outcome, |_| Counts { failed: counts.failed.max(missing), ..counts });
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

    /// Node that runs its files, or only these tests in them.
    fn node(&self, stage: &Stage, only: &[Failed]) -> Command {
        let mut node = stage.node(["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-reporter=tap"]);
        node.args(["--test-reporter-destination=stdout", "--test-reporter-destination"]).arg(&self.report);
        node.args(only.iter().map(|Failed { name, .. }| format!("--test-name-pattern=^{}$", escaped(name))));
        node.args(&self.files);
        node
    }

    fn counts(&self) -> Counts {
        counts::tap(&self.words())
    }

    fn failed(&self) -> Vec<Failed> {
        counts::tap_failed(&self.words())
    }

    fn words(&self) -> String {
        fs::read_to_string(&self.report).unwrap_or_default()
    }
}

/// A name in a regular expression.
fn escaped(name: &str) -> String {
    let mut pattern = String::new();
    for letter in name.chars() {
        if r"\^$.|?*+()[]{}/".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_itself() {
        assert_eq!(escaped("1/2 (of {a}) cost $1.50?"), r"1\/2 \(of \{a\}\) cost \$1\.50\?");
    }
}
