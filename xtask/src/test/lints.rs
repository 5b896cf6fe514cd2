//! Formatting, and clippy for each of the client's three shapes: desktop, bots, browser.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::exec;
use crate::setup::{Site, components, wasm};
use crate::step::Steps;
use crate::test::tally::Tally;
use crate::test::{BUILD_AT_MOST, FEATURES};

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

/// Clippy natively: everything with the desktop client, then the bots as they are built, without world and panels.
pub(super) fn native(steps: &mut Steps, tally: &mut Tally) {
    let mut all = exec::cargo(["clippy", "--workspace", "--all-targets"]);
    all.args(FEATURES);
    tally.lint("lints, native", steps.run("lints, native", || clippy(all)));
    let bots = ["clippy", "--package", "client", "--all-targets", "--no-default-features", "--features", "bots"];
    tally.lint("lints, bots", steps.run("lints, bots", || clippy(exec::cargo(bots))));
}

/// Clippy of the client for the browser, where the compiler comes with clippy.
pub(super) fn browser(site: &Site, steps: &mut Steps, tally: &mut Tally) {
    let name = "lints, browser";
    if !site.toolchain.lints {
        return steps.skip(name, "this compiler comes without clippy; building the site compiles it all the same");
    }
    let lint = || {
        let mut command = exec::program("cargo");
        site.apply(&mut command)?;
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
