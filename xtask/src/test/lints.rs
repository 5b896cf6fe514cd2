//! Formatting, clippy, and the compiler's own remarks.
//!
//! What tests and benches compile is linted as it is compiled: clippy stands in the compiler's place, and no dependency,
//! the engine least of all, is read a second time for lints alone. Only the client for the browser is linted by itself:
//! clippy has the compiler leave out optimisations, so that what visitors get is not for it to build.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::bots;
use crate::exec;
use crate::setup::{Site, components, wasm};
use crate::step::Steps;
use crate::test::BUILD_AT_MOST;
use crate::test::tally::Tally;

/// Formatting reads files; it compiles nothing.
const FORMAT_AT_MOST: Duration = Duration::from_mins(2);

/// `cargo fmt`.
pub(super) fn format(steps: &mut Steps, tally: &mut Tally) {
    let outcome = steps.run("formatting", || {
        components::ensure()?;
        exec::watch(exec::cargo(["fmt", "--all", "--check"]), FORMAT_AT_MOST)
    });
    tally.lint("formatting: run `cargo fmt --all`", outcome);
}

/// Has clippy compile this workspace's packages for `command`, a build by cargo. It warns; [`remarks`] finds that.
///
/// # Errors
/// If there is no clippy.
pub(super) fn lint_along(command: &mut Command) -> Result<()> {
    let driver = which::which("clippy-driver").context("expected clippy-driver, which comes with cargo clippy")?;
    command.env("RUSTC_WORKSPACE_WRAPPER", driver);
    Ok(())
}

/// What such a build had to remark.
///
/// # Errors
/// If there was anything.
pub(super) fn remarks(output: &str) -> Result<()> {
    let is_sum = |line: &&str| line.trim_start().starts_with("warning: `") && line.contains(" generated ");
    let sums: Vec<_> = output.lines().filter(is_sum).collect();
    if !sums.is_empty() {
        bail!("there are remarks, which are shown above where they were made:\n{}", sums.join("\n"));
    }
    Ok(())
}

/// Builds the bots, which are the client's code with some of it left out, and lints them.
pub(super) fn bots(steps: &mut Steps, tally: &mut Tally) {
    let name = "bots, built and linted";
    let bots = steps.run(name, || {
        // By the tests' profile, so that nothing they stand on is compiled a second time.
        let mut building = bots::building("test");
        lint_along(&mut building)?;
        exec::watch(building, BUILD_AT_MOST)
    });
    if let Ok(bots) = &bots {
        tally.check("lints of the bots", remarks(&bots.output));
    }
    tally.lint(name, bots);
}

/// Clippy of the client for the browser, where the compiler comes with clippy.
pub(super) fn browser(site: &Site, steps: &mut Steps, tally: &mut Tally) {
    let name = "lints, browser";
    if !site.compiler.toolchain.lints {
        return steps.skip(name, "this compiler comes without clippy; building the site compiles it all the same");
    }
    let lint = || {
        let mut command = exec::program("cargo");
        site.compiler.apply(&mut command)?;
        command.args(["clippy", "--package", "client", "--target", wasm::TARGET]);
        clippy(command)
    };
    tally.lint(name, steps.run(name, lint));
}

fn clippy(mut command: Command) -> Result<exec::Outcome> {
    // After `--`, so that it concerns this workspace alone and no dependency is compiled anew for it.
    command.args(["--", "--deny", "warnings"]);
    exec::watch(command, BUILD_AT_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_found_by_their_sums() {
        let clean = "   Compiling relay v0.1.0\n    Finished `test` profile\nwarning: hard linking files failed\n";
        assert!(remarks(clean).is_ok());
        let remarked =
            "warning: unused variable: `a`\nwarning: `relay` (lib test) generated 2 warnings (1 duplicate)\n";
        let error = format!("{:#}", remarks(remarked).expect_err("there are remarks"));
        assert!(error.contains("`relay` (lib test)") && !error.contains("unused variable"), "{error}");
    }
}
