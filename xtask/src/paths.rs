//! Where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::exec;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The site that Trunk builds and the relay serves.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The relay's world.
pub(crate) fn map() -> PathBuf {
    root().join("assets/campus.tmx")
}

/// Cargo's target folder, wherever this machine's settings put it.
///
/// # Errors
/// If cargo cannot read the workspace.
pub(crate) fn target() -> Result<PathBuf> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = TARGET.get() {
        return Ok(known.clone());
    }
    let metadata = exec::read(exec::cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata did not answer in JSON")?;
    let target = metadata["target_directory"].as_str().context("cargo metadata names no target_directory")?;
    Ok(TARGET.get_or_init(|| PathBuf::from(target)).clone())
}

/// A folder of our own in the target folder, made if it is not there: caches and logs that may be deleted any time.
///
/// # Errors
/// If it cannot be made.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let folder = target()?.join("xtask").join(name);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(folder)
}

/// Where installed tools are kept, outside the repository, so that every clone shares them.
///
/// # Errors
/// If the user has no home folder.
pub(crate) fn tools() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("CLASSROOM_TOOLS") {
        return Ok(chosen.into());
    }
    let cache = match env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => env::home_dir()
            .context("expected a home folder to keep tools in; set CLASSROOM_TOOLS to a folder of your choice")?
            .join(".cache"),
    };
    Ok(cache.join("virtual-classroom-inator"))
}
