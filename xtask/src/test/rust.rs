//! All Rust tests: units, laws, wired-together cores, the relay over real sockets, headless worlds. They are linted as
//! they are compiled.

use crate::exec;
use crate::step::Steps;
use crate::test::tally::Tally;
use crate::test::{BUILD_AT_MOST, FEATURES, counts, lints};

/// Runs them with cargo-nextest where it is installed, else with cargo alone.
pub(super) fn tests(steps: &mut Steps, tally: &mut Tally) {
    let nextest = which::which("cargo-nextest").is_ok();
    let tests = steps.run("Rust tests", || {
        let mut command = if nextest {
            // What failed at the end, where the report finds it, and not between hundreds that passed.
            let words = ["--status-level=slow", "--failure-output=final"];
            let mut nextest = exec::cargo(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
            nextest.args(words);
            nextest
        } else {
            exec::cargo(["test", "--no-fail-fast", "--all-targets"])
        };
        command.arg("--workspace").args(FEATURES);
        lints::lint_along(&mut command)?;
        exec::watch(command, BUILD_AT_MOST)
    });
    if let Ok(tests) = &tests {
        tally.check("lints of all that tests compile", lints::remarks(&tests.output));
    }
    tally.tests("Rust tests", tests, if nextest { counts::nextest } else { counts::libtest });

    let benches = steps.run("benches, built and linted", || {
        // By the tests' profile, so that nothing they stand on is compiled a second time.
        let mut command = exec::cargo(["build", "--profile", "test", "--benches", "--workspace"]);
        command.args(FEATURES);
        lints::lint_along(&mut command)?;
        exec::watch(command, BUILD_AT_MOST)
    });
    if let Ok(benches) = &benches {
        tally.check("lints of the benches", lints::remarks(&benches.output));
    }
    tally.lint("benches, built", benches);

    let examples = steps.run("Rust examples in documentation", || {
        let mut command = exec::cargo(["test", "--doc", "--no-fail-fast", "--workspace"]);
        command.args(FEATURES);
        // What is compiled already is the linted build.
        lints::lint_along(&mut command)?;
        exec::watch(command, BUILD_AT_MOST)
    });
    tally.tests("Rust examples in documentation", examples, counts::libtest);
}
