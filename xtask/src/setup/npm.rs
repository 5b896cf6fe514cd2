//! Node, and what e2e/browser/package-lock.json lists: the driver of the browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::exec;
use crate::paths;
use crate::setup::{apt, tools};
use crate::step::say;

/// What playwright-core asks for.
const NODE: u32 = 20;

/// Finds or installs Node and the browser's driver, and gives Node.
///
/// # Errors
/// If something is missing and cannot be installed; the message says what to do.
pub(super) fn ensure() -> Result<PathBuf> {
    let node = node()?;
    let folder = paths::root().join("e2e/browser");
    if !is_complete(&folder)? {
        say("npm ci in e2e/browser");
        let mut npm = exec::program("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        if let Some(bin) = node.parent() {
            tools::put_first_on_path(&mut npm, bin)?;
        }
        exec::show(npm).context("expected npm to install what e2e/browser/package-lock.json lists")?;
    }
    Ok(node)
}

fn node() -> Result<PathBuf> {
    if let Some(node) = new_enough("node".into()) {
        return Ok(node);
    }
    let own = paths::tools()?.join("node/node_modules/node/bin/node");
    if let Some(node) = new_enough(own.clone()) {
        return Ok(node);
    }
    if which::which("npm").is_err() {
        apt::install(&["nodejs", "npm"], &format!("Node {NODE} or newer"))?;
        if let Some(node) = new_enough("node".into()) {
            return Ok(node);
        }
    }
    // Debian 12 has Node 18; npm's registry has newer ones, as packages.
    say(format_args!("installing Node {NODE} with npm, into {}", paths::tools()?.display()));
    let mut npm = exec::program("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(paths::tools()?.join("node"));
    npm.arg(format!("node@{NODE}"));
    exec::show(npm).with_context(|| format!("expected Node {NODE} or newer; please install it"))?;
    match new_enough(own) {
        Some(node) => Ok(node),
        None => bail!("expected Node {NODE} or newer on PATH; please install it"),
    }
}

fn new_enough(node: PathBuf) -> Option<PathBuf> {
    let node = which::which(node).ok()?;
    let mut ask = exec::program(&node);
    ask.arg("--version");
    let answer = exec::read(ask).ok()?;
    let major: u32 = answer.trim().strip_prefix('v')?.split('.').next()?.parse().ok()?;
    (major >= NODE).then_some(node)
}

/// Whether everything the lock file lists is installed in the listed version.
fn is_complete(folder: &Path) -> Result<bool> {
    let lock = json(&folder.join("package-lock.json"))?;
    let listed = lock["packages"].as_object().context("expected \"packages\" in e2e/browser/package-lock.json")?;
    // The entry without a name is the folder itself.
    Ok(listed.iter().filter(|(place, _)| !place.is_empty()).all(|(place, package)| {
        let installed = json(&folder.join(place).join("package.json"));
        installed.is_ok_and(|installed| installed["version"] == package["version"])
    }))
}

fn json(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}
