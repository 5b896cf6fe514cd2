//! Packages of Debian and its relatives.

use anyhow::{Context, Result, bail};

use crate::exec;
use crate::step::say;

/// The packages of `wanted` that are not installed; all of them where dpkg is not known.
pub(super) fn missing<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    let installed = |package: &str| {
        let mut query = exec::program("dpkg-query");
        query.args(["--show", "--showformat=${db:Status-Status}", package]);
        exec::read(query).is_ok_and(|status| status == "installed")
    };
    wanted.iter().copied().filter(|package| !installed(package)).collect()
}

/// Whether this is a system with apt.
pub(super) fn is_there() -> bool {
    which::which("apt-get").is_ok()
}

/// Installs packages, for a `purpose` the message names.
///
/// Nothing is ever removed for them: rustup's own package, for one, is in conflict with Debian's compiler.
///
/// # Errors
/// Without apt or without being root, in words that say what to install; or if apt does not succeed.
pub(super) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    if !is_there() {
        bail!(
            "expected {purpose}, and this system has no apt to install it with. Please install it yourself and run \
             this again; on Debian the packages are: {list}"
        );
    }
    if !is_root()? {
        bail!(
            "expected {purpose}, and installing it takes root. Please run\n\n    sudo apt-get install {list}\n\nand \
             then this again"
        );
    }
    say(format_args!("installing with apt, for {purpose}: {list}"));
    // The lists of a fresh machine are empty or old; elsewhere an update would be a needless minute.
    if apt_get(packages).is_err() {
        say("not with the package lists this machine has: updating them first");
        update()?;
        apt_get(packages).with_context(|| format!("expected {purpose}; please install {list} yourself"))?;
    }
    Ok(())
}

/// Updates the lists of packages, where that is possible: those of a machine may be as old as its image.
///
/// # Errors
/// If apt does not succeed.
pub(super) fn update() -> Result<()> {
    if !is_there() || !is_root()? {
        return Ok(());
    }
    let mut update = exec::program("apt-get");
    update.args(["update", "--quiet"]);
    exec::show(update).context("apt-get update failed; is the network there?")
}

fn apt_get(packages: &[&str]) -> Result<()> {
    let mut install = exec::program("apt-get");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends", "--no-remove"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    exec::show(install)
}

/// The package whose name is `stem` and the highest number, such as `lld-22`.
pub(super) fn newest(stem: &str) -> Option<String> {
    let mut search = exec::program("apt-cache");
    search.args(["search", "--names-only", &format!("^{stem}-[0-9]+$")]);
    let found = exec::read(search).ok()?;
    let numbers = found.lines().filter_map(|line| line.split(' ').next()?.strip_prefix(stem)?.strip_prefix('-'));
    let newest = numbers.filter_map(|number| number.parse::<u32>().ok()).max()?;
    Some(format!("{stem}-{newest}"))
}

fn is_root() -> Result<bool> {
    let mut id = exec::program("id");
    id.arg("-u");
    Ok(exec::read(id)?.trim() == "0")
}
