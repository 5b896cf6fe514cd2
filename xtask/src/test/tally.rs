//! What passed and what did not.

use std::process::ExitCode;

use anyhow::Result;

use crate::exec::Outcome;
use crate::test::counts::Counts;

/// Lines of a failed check's output that the report repeats; all of it is further above.
const TAIL: usize = 100;

/// Adds up all checks of `cargo xtask test`.
#[derive(Default)]
pub(super) struct Tally {
    counts: Counts,
    problems: Vec<Problem>,
    remarks: Vec<String>,
}

struct Problem {
    what: String,
    words: String,
}

impl Tally {
    /// A check that is one test.
    pub(super) fn check(&mut self, what: &str, result: Result<()>) {
        match result {
            Ok(()) => self.counts.passed += 1,
            Err(error) => self.fail(what, format!("{error:#}")),
        }
    }

    /// A program whose success is one test, such as a lint.
    pub(super) fn lint(&mut self, what: &str, outcome: Result<Outcome>) {
        match outcome {
            Ok(outcome) if outcome.succeeded => self.counts.passed += 1,
            Ok(outcome) => self.fail(what, tail(&outcome.output)),
            Err(error) => self.fail(what, format!("{error:#}")),
        }
    }

    /// A program that ran many tests.
    ///
    /// Where it did not succeed and names no failed test, it did not come to run them: that is one failure.
    pub(super) fn tests(&mut self, what: &str, outcome: Result<Outcome>, counts: impl FnOnce(&str) -> Counts) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return self.fail(what, format!("{error:#}")),
        };
        let counts = counts(&outcome.output);
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        let nameless = !outcome.succeeded && counts.failed == 0;
        if nameless {
            self.counts.failed += 1;
        }
        if nameless || counts.failed > 0 {
            self.problems.push(Problem { what: what.to_owned(), words: tail(&outcome.output) });
        }
    }

    /// Something that is no failure, but that whoever reads the end should know.
    pub(super) fn remark(&mut self, what: String) {
        self.remarks.push(what);
    }

    fn fail(&mut self, what: &str, words: String) {
        self.counts.failed += 1;
        self.problems.push(Problem { what: what.to_owned(), words });
    }

    /// Prints what failed, the remarks, then the numbers, on a line of their own.
    pub(super) fn report(&self) -> ExitCode {
        for Problem { what, words } in &self.problems {
            eprintln!("\n──── failed: {what} ────\n{words}");
        }
        for remark in &self.remarks {
            eprintln!("\n{remark}");
        }
        println!("\n{} passed, {} failed", self.counts.passed, self.counts.failed);
        if self.counts.failed == 0 && self.counts.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn outcome(succeeded: bool) -> Outcome {
        Outcome { succeeded, output: "words".to_owned() }
    }

    fn numbers(tally: &Tally) -> (u32, u32, usize) {
        (tally.counts.passed, tally.counts.failed, tally.problems.len())
    }

    #[test]
    fn a_lint_counts_as_one() {
        let mut tally = Tally::default();
        tally.lint("a", Ok(outcome(true)));
        tally.lint("b", Ok(outcome(false)));
        tally.lint("c", Err(anyhow!("no such program")));
        assert_eq!(numbers(&tally), (1, 2, 2));
    }

    #[test]
    fn every_single_test_counts() {
        let mut tally = Tally::default();
        tally.tests("a", Ok(outcome(false)), |_| Counts { passed: 5, failed: 2 });
        tally.tests("b", Ok(outcome(true)), |_| Counts { passed: 7, failed: 0 });
        assert_eq!(numbers(&tally), (12, 2, 1));
    }

    #[test]
    fn tests_that_never_ran_are_one_failure() {
        let mut tally = Tally::default();
        tally.tests("a", Ok(outcome(false)), |_| Counts::default());
        assert_eq!(numbers(&tally), (0, 1, 1));
    }

    #[test]
    fn nothing_passed_is_no_success() {
        assert_eq!(format!("{:?}", Tally::default().report()), format!("{:?}", ExitCode::FAILURE));
    }
}
