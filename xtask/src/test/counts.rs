//! Reads out of what test runners print how many tests passed and failed.

use std::path::Path;

/// Numbers of single tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub passed: u32,
    pub failed: u32,
}

/// What came of one test, as TAP says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub name: String,
    pub passed: bool,
    /// The name of its file, without the folder, and what went wrong, if it did not pass.
    pub file: Option<String>,
    pub error: Option<String>,
}

/// cargo-nextest: `Summary [ 0.1s] 4 tests run: 3 passed (1 slow), 1 failed, 2 skipped`.
pub(super) fn nextest(output: &str) -> Counts {
    let summary = output.lines().rev().find(|line| line.trim_start().starts_with("Summary ["));
    let Some((_, parts)) = summary.and_then(|line| line.split_once(" run: ")) else { return Counts::default() };
    let mut counts = Counts::default();
    for part in without_brackets(parts).split(',') {
        match number_and_word(part) {
            Some((number, "passed")) => counts.passed += number,
            Some((_, "skipped")) | None => {}
            // `failed`, `exec failed`, `timed out`: however it did not pass.
            Some((number, _)) => counts.failed += number,
        }
    }
    counts
}

/// `cargo test`: one `test result: ok. 3 passed; 1 failed; 0 ignored; …` for every program.
pub(super) fn libtest(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        let parts = line.split_once(". ").map_or("", |(_, parts)| parts);
        for part in parts.split(';') {
            match number_and_word(part) {
                Some((number, "passed")) => counts.passed += number,
                Some((number, "failed")) => counts.failed += number,
                _ => {}
            }
        }
    }
    counts
}

/// `node --test` with the reporter `tap`: comments at its end, `# pass 4`, `# fail 1`, `# cancelled 0`.
///
/// What tests print are comments too, so the last of each counts.
pub(crate) fn tap(report: &str) -> Counts {
    let last = |word: &str| {
        let numbers = report.lines().rev().filter_map(|line| line.strip_prefix("# ")?.strip_prefix(word)?.parse().ok());
        numbers.into_iter().next().unwrap_or(0)
    };
    let (passed, failed, cancelled): (u32, u32, u32) = (last("pass "), last("fail "), last("cancelled "));
    Counts { passed, failed: failed + cancelled }
}

/// The tests in such a report, without those that were left out; none if they are not as many as its end says, as where
/// it was ended before.
///
/// `ok 2 - a name # SKIP`, or `not ok 3 - its name`, and below that `location: '/folder/its.test.mjs:12:1'` and
/// `error: 'in words'`. A file that does not even load is a test whose name is its path.
pub(super) fn tap_tests(report: &str) -> Option<Vec<Test>> {
    let mut tests: Vec<Test> = Vec::new();
    for line in report.lines() {
        let passed = line.strip_prefix("ok ").map(|rest| (true, rest));
        let either = passed.or_else(|| line.strip_prefix("not ok ").map(|rest| (false, rest)));
        if let Some((passed, (_, name))) = either.and_then(|(passed, rest)| Some((passed, rest.split_once(" - ")?))) {
            // A `#` that belongs to the name has a backslash before it.
            if !name.contains(" # SKIP") {
                tests.push(Test { name: name.to_owned(), passed, file: None, error: None });
            }
        } else if let Some(test) = tests.last_mut().filter(|test| !test.passed) {
            let value = |key: &str| line.strip_prefix("  ")?.strip_prefix(key)?.strip_prefix(": ");
            if let Some(place) = value("location") {
                let path = place.trim_matches('\'').split(':').next().unwrap_or_default();
                test.file = Some(path.rsplit('/').next().unwrap_or_default().to_owned());
            }
            // A text of several lines begins on the next one.
            if test.error.as_deref() == Some("|-") {
                test.error = Some(line.trim().to_owned());
            }
            test.error = test.error.take().or_else(|| value("error").map(str::to_owned));
        }
    }
    let Counts { passed, failed } = tap(report);
    (!tests.is_empty() && tests.len() == (passed + failed) as usize).then_some(tests)
}

/// What came of it all where some test files ran a second time: what a test did last counts. Files that did not load
/// the first time had no tests then.
pub(super) fn last(first: &[Test], second: &[Test]) -> Counts {
    let is_file = |test: &&Test| Path::new(&test.name).extension().is_some_and(|ending| ending == "mjs");
    let is_again = |test: &&Test| second.iter().any(|again| again.name == test.name);
    let kept = first.iter().filter(|test| !is_file(test) && !is_again(test));
    let mut counts = Counts::default();
    for test in kept.chain(second) {
        if test.passed {
            counts.passed += 1;
        } else {
            counts.failed += 1;
        }
    }
    counts
}

fn number_and_word(part: &str) -> Option<(u32, &str)> {
    let (number, word) = part.trim().split_once(' ')?;
    Some((number.parse().ok()?, word))
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = |letter: &char| {
        match letter {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(outside).collect::<String>().replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_read() {
        let table = [
            ("     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped", (3, 0)),
            ("     Summary [   1.005s] 1 test run: 1 passed, 8 skipped", (1, 0)),
            (
                "     Summary [   9.1s] 9 tests run: 5 passed (1 slow, 2 leaky), 2 failed, 1 exec failed, 1 timed out, 3 skipped",
                (5, 4),
            ),
            ("     Summary [   9.1s] 4/9 tests run: 3 passed, 1 failed (1 due to being leaky), 0 skipped", (3, 1)),
            ("error: could not compile `shared`", (0, 0)),
        ];
        for (output, (passed, failed)) in table {
            assert_eq!(nextest(output), Counts { passed, failed }, "{output}");
        }
    }

    #[test]
    fn libtest_is_added_up_over_programs() {
        let output = "test a ... ok\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(libtest(output), Counts { passed: 5, failed: 1 });
    }

    #[test]
    fn tap_counts_cancelled_tests_as_failed() {
        let report = "# pass 98\nok 1 - two people meet\n  # pass 99\n1..2\n# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(tap(report), Counts { passed: 2, failed: 2 });
    }

    fn test(name: &str, passed: bool) -> Test {
        Test { name: name.to_owned(), passed, file: None, error: None }
    }

    #[test]
    fn what_failed_is_read_with_its_file() {
        let report = "TAP version 13\n# Subtest: a (b)\nnot ok 1 - a (b)\n  ---\n  duration_ms: 1.0\n  \
                      location: '/some/where/one.test.mjs:2:1'\n  error: 'it is 3'\n  stack: |-\n    error: 'no'\n  ...\n\
                      ok 2 - not ok at all\n  ---\n  ...\nok 3 - another # SKIP wrong machine\nnot ok 4 - a \\# 3\n  ---\n  \
                      location: '/some/where/two.test.mjs:9:1'\n  error: |-\n    expected\n    more\n  ...\n1..4\n";
        assert_eq!(tap_tests(report), None, "it was ended before it was done");
        assert_eq!(tap_tests(&format!("{report}# pass 1\n# fail 3\n")), None, "one is not told of");
        let failed = |name, file: &str, error: Option<&str>| Test {
            file: Some(file.to_owned()),
            error: error.map(str::to_owned),
            ..test(name, false)
        };
        let expected = [
            failed("a (b)", "one.test.mjs", Some("'it is 3'")),
            test("not ok at all", true),
            failed("a \\# 3", "two.test.mjs", Some("expected")),
        ];
        assert_eq!(tap_tests(&format!("{report}# pass 1\n# fail 2\n")).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn what_a_test_did_last_counts() {
        let first = [test("a", true), test("b", false), test("c", true), test("/folder/late.test.mjs", false)];
        let count = |second: &[Test]| last(&first, second);
        let all = [test("b", true), test("c", true), test("late", true)];
        assert_eq!(count(&all), Counts { passed: 4, failed: 0 });
        assert_eq!(count(&[test("b", true), test("c", false), test("late", true)]), Counts { passed: 3, failed: 1 });
        let unloaded = test("/folder/late.test.mjs", false);
        assert_eq!(count(&[test("b", true), test("c", true), unloaded]), Counts { passed: 3, failed: 1 });
        assert_eq!(count(&[test("c", true), test("late", true)]), Counts { passed: 3, failed: 1 }, "it did not run");
    }
}
