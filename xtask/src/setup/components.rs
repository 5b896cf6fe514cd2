//! Cargo's formatter and linter: rustup's smallest profile comes without them.

use anyhow::{Context, Result};

use crate::exec;
use crate::step::say;

/// Looks for `cargo fmt` and `cargo clippy` and has rustup add what is missing.
///
/// # Errors
/// If one is missing and there is no rustup to add it.
pub(crate) fn ensure() -> Result<()> {
    for (task, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if exec::read(exec::cargo([task, "--version"])).is_ok() {
            continue;
        }
        say(format_args!("rustup component add {component}"));
        let mut rustup = exec::program("rustup");
        rustup.args(["component", "add", component]);
        exec::show(rustup).with_context(|| format!("expected `cargo {task}`; please install {component}"))?;
    }
    Ok(())
}
