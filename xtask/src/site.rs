//! Builds the site: Trunk compiles the client and lays out `dist/`, then `compress` puts the compressed files beside.

use std::fs::{self, File};

use anyhow::{Context, Result};

use crate::compress;
use crate::exec;
use crate::names;
use crate::page;
use crate::paths;
use crate::setup::{Compiler, Site, wasm};

/// How much work goes into the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quality {
    /// What visitors get: minutes to build, small to download.
    Release,
    /// For trying a change: quick to build, a larger download.
    Dev,
}

/// Compiles the client for visitors, as Trunk does, which then finds it done. Optimising across crates keeps one core
/// busy for minutes: begun before Trunk is there, it goes on beside the rest.
///
/// # Errors
/// If it does not compile.
pub(crate) fn compile(compiler: &Compiler) -> Result<()> {
    let mut cargo = exec::program("cargo");
    compiler.apply(&mut cargo)?;
    cargo.args(["build", "--release", "--bin", "client", "--target", wasm::TARGET, "--manifest-path"]);
    cargo.arg(paths::root().join("client/Cargo.toml"));
    exec::show(cargo)
}

/// Builds the site into `dist/`.
///
/// # Errors
/// If Trunk does not succeed, or the page has something in it that the relay's content security policy forbids.
pub(crate) fn build(site: &Site, quality: Quality) -> Result<()> {
    // Two builds at once would clear the folder under each other's feet.
    let lock = paths::scratch("site")?.join("lock");
    let lock = File::create(&lock).with_context(|| format!("cannot make {}", lock.display()))?;
    lock.lock().context("cannot wait for another build of the site")?;

    let mut trunk = trunk(site)?;
    trunk.arg("build");
    if quality == Quality::Release {
        trunk.arg("--release");
    }
    exec::show(trunk).context("expected Trunk to build the site")?;

    let index = paths::dist().join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    page::check(&html)?;
    if quality == Quality::Release {
        names::remove(&paths::dist())?;
    }
    compress::folder(&paths::dist(), quality)
}

/// Trunk with everything it needs; it downloads nothing.
///
/// # Errors
/// If PATH cannot be extended.
pub(crate) fn trunk(site: &Site) -> Result<std::process::Command> {
    let mut trunk = exec::program(&site.trunk);
    site.compiler.apply(&mut trunk)?;
    // It would ask a server for newer versions of itself.
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Takes these for its own flags, and some shells and services set them to values it does not understand.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}
