//! Python with what e2e/aiortc/requirements.txt lists, in an environment of its own in [`paths::tools`]: the system's
//! packages are never touched, and neither are the user's.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::exec;
use crate::paths;
use crate::setup::apt;
use crate::step::say;

/// What Debian has for it. Its Python makes no environments without the second.
const PACKAGES: &[&str] = &["python3", "python3-venv"];

/// Fails if the environment does not have it, such as after the system's Python became another version. Importing it
/// would tell the same, in seconds.
const IS_THERE: &str = "import importlib.util, sys; sys.exit(importlib.util.find_spec('aiortc') is None)";

/// Finds or installs it, and gives the environment's Python.
///
/// # Errors
/// If something is missing and cannot be installed; the message says what to do.
pub(super) fn ensure() -> Result<PathBuf> {
    let list = paths::root().join("e2e/aiortc/requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let folder = paths::tools()?.join("aiortc");
    let python = folder.join("bin/python");
    // Written last, so that what was begun and broken off does not count.
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) && works(&python, IS_THERE) {
        return Ok(python);
    }
    let base = base()?;
    say(format_args!("installing with pip, into {}: {}", folder.display(), names(&wanted)));
    let mut make = exec::program(base);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    exec::show(make).context("expected Python to make an environment")?;
    let mut pip = exec::program(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    // Nothing that is not listed, and nothing that would have to be compiled.
    pip.args(["--no-deps", "--only-binary", ":all:", "--requirement"]).arg(&list);
    exec::show(pip).context("expected pip to install what e2e/aiortc/requirements.txt lists")?;
    fs::write(&installed, &wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(python)
}

/// A Python that makes environments.
fn base() -> Result<PathBuf> {
    let find = || which::which("python3").ok().filter(|python| works(python, "import ensurepip, venv"));
    if let Some(python) = find() {
        return Ok(python);
    }
    apt::install(PACKAGES, "Python, for a WebRTC that is not ours")?;
    find().context("expected a python3 on PATH that has the modules ensurepip and venv; please install it")
}

fn works(python: &Path, script: &str) -> bool {
    let mut ask = exec::program(python);
    ask.args(["-c", script]);
    python.exists() && exec::read(ask).is_ok()
}

/// What a list of requirements names, for people.
fn names(list: &str) -> String {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_pinned() {
        let list = fs::read_to_string(paths::root().join("e2e/aiortc/requirements.txt")).expect("a list");
        let names = names(&list);
        assert!(names.contains("aiortc=="), "{names}");
        assert!(names.split(' ').all(|name| name.split("==").count() == 2), "{names}");
    }
}
