//! Reads out of what test runners print how many tests passed and failed.

/// Numbers of single tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub passed: u32,
    pub failed: u32,
}

/// A test that did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub name: String,
    /// Its file, without the folder.
    pub file: String,
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

/// The tests in such a report that did not pass: `not ok 3 - its name`, and some lines below
/// `location: '/folder/its.test.mjs:12:1'`.
pub(crate) fn tap_failed(report: &str) -> Vec<Failed> {
    let mut failed = Vec::new();
    let mut name = None;
    for line in report.lines() {
        if let Some((_, named)) = line.strip_prefix("not ok ").and_then(|rest| rest.split_once(" - ")) {
            // `#` and `\` are marked there, since `#` begins a directive.
            name = Some(named.replace("\\#", "#").replace(r"\\", r"\"));
        } else if let Some(place) = line.trim().strip_prefix("location: '")
            && let Some(name) = name.take()
        {
            let path = place.split(':').next().unwrap_or_default();
            let file = path.rsplit('/').next().unwrap_or_default().to_owned();
            failed.push(Failed { name, file });
        }
    }
    failed
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

    #[test]
    fn what_failed_is_read_with_its_file() {
        let report = "TAP version 13\n# Subtest: a (b)\nnot ok 1 - a (b)\n  ---\n  duration_ms: 1.0\n  \
                      location: '/some/where/one.test.mjs:2:1'\n  ...\nok 2 - not ok at all\n  ---\n  ...\n\
                      not ok 3 - number \\# 3\n  ---\n  location: '/some/where/two.test.mjs:9:1'\n  ...\n1..3\n";
        let failed = |name: &str, file: &str| Failed { name: name.to_owned(), file: file.to_owned() };
        let expected = [failed("a (b)", "one.test.mjs"), failed("number # 3", "two.test.mjs")];
        assert_eq!(tap_failed(report), expected);
        assert_eq!(tap_failed("# pass 3\nok 1 - a\n"), []);
    }
}
