//! Programs that cargo installs, into a folder of our own: [`paths::tools`].
//!
//! One of exactly the right version on PATH is used instead. Trunk does the same with wasm-bindgen, and tries to
//! download one when the version differs; behind a school's firewall that fails, so it must never need to.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::exec;
use crate::paths;
use crate::step::say;

/// Later ones need a newer Rust than the workspace.
const TRUNK: &str = "0.21.14";

/// Their own settings optimise for minutes what runs for seconds.
const QUICK_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// For what hardly computes anything.
const QUICKEST_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
];

struct Tool<'a> {
    program: &'a str,
    package: &'a str,
    version: &'a str,
    /// Further arguments to `cargo install`.
    arguments: &'a [&'a str],
    environment: &'a [(&'a str, &'a str)],
}

/// wasm-bindgen's command, of the version the lock file gives its library: they must be equal.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked("wasm-bindgen")?;
    // Without `--locked`: the lock file it was published with names a crate version that is gone.
    ensure(&Tool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        arguments: &[],
        environment: QUICK_BUILD,
    })
}

/// Trunk. It only copies files and starts others.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn trunk() -> Result<PathBuf> {
    ensure(&Tool {
        program: "trunk",
        package: "trunk",
        version: TRUNK,
        // Its default features bring OpenSSL, which would have to be installed first.
        arguments: &["--locked", "--no-default-features", "--features", "rustls"],
        environment: QUICKEST_BUILD,
    })
}

/// The subcommand of cargo that fuzzes.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn cargo_fuzz() -> Result<PathBuf> {
    let fuzz = Tool {
        program: "cargo-fuzz",
        package: "cargo-fuzz",
        version: "0.13.2",
        arguments: &["--locked"],
        environment: &[],
    };
    ensure(&fuzz)
}

/// The subcommand of cargo that checks licences, bans and sources.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    let deny = Tool {
        program: "cargo-deny",
        package: "cargo-deny",
        version: "0.20.2",
        arguments: &["--locked", "--no-default-features"],
        environment: &[],
    };
    ensure(&deny)
}

/// A stock signalling server: pages must work with it.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn matchbox_server() -> Result<PathBuf> {
    let version = locked("matchbox_socket")?;
    // It does not say which version it is: the folder does.
    let folder = paths::tools()?.join(format!("matchbox_server-{version}"));
    let program = folder.join("bin/matchbox_server");
    if !program.exists() {
        let server = Tool {
            program: "matchbox_server",
            package: "matchbox_server",
            version: &version,
            // Tests ask for two connections: it need not be fast.
            arguments: &["--locked", "--debug"],
            environment: &[],
        };
        install(&server, &folder)?;
    }
    Ok(program)
}

fn ensure(tool: &Tool) -> Result<PathBuf> {
    let folder = paths::tools()?;
    let own = folder.join("bin").join(tool.program);
    let on_path = which::which(tool.program).ok();
    if let Some(there) = [Some(own.clone()), on_path].into_iter().flatten().find(|it| is_version(it, tool.version)) {
        return Ok(there);
    }
    let Tool { program, version, .. } = tool;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let lock = folder.join("lock");
    let lock = File::create(&lock).with_context(|| format!("cannot make {}", lock.display()))?;
    lock.lock().context("cannot wait for another installation")?;
    // Another command may have been installing it just now.
    if is_version(&own, version) {
        return Ok(own);
    }
    install(tool, &folder)?;
    if !is_version(&own, version) {
        bail!("expected {program} {version} at {} after installing it, but there it is not", own.display());
    }
    Ok(own)
}

fn install(tool: &Tool, folder: &Path) -> Result<()> {
    let Tool { program, package, version, .. } = tool;
    say(format_args!("compiling {package} {version} into {}: once, a few minutes", folder.display()));
    let mut install = exec::cargo(["install", package, "--version", &format!("={version}"), "--force", "--root"]);
    install.arg(folder).args(tool.arguments).envs(tool.environment.iter().copied());
    exec::show(install).with_context(|| {
        format!("expected {program} {version}; please install it yourself (cargo install {package}@{version})")
    })
}

fn is_version(program: &Path, version: &str) -> bool {
    let mut ask = exec::program(program);
    // Subcommands of cargo expect their own name first, but `--version` alone is understood by all of these.
    ask.arg("--version");
    program.exists() && exec::read(ask).is_ok_and(|answer| answer.split_whitespace().any(|word| word == version))
}

/// The one version of a package in Cargo.lock.
///
/// # Errors
/// If the package is not there, or there more than once.
pub(crate) fn locked(package: &str) -> Result<String> {
    let file = paths::root().join("Cargo.lock");
    let lock = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let versions = versions(&lock, package);
    match versions.as_slice() {
        [version] => Ok((*version).to_owned()),
        _ => bail!("expected {package} exactly once in Cargo.lock, found {versions:?}"),
    }
}

fn versions<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    let mut found = BTreeSet::new();
    while let Some(line) = lines.next() {
        if line != name {
            continue;
        }
        let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
        found.extend(version);
    }
    found.into_iter().collect()
}

/// Makes `folder` hold links to these programs, and nothing else. Those that are right are left alone: something that
/// runs may be looking for them.
///
/// # Errors
/// If the folder cannot be written.
pub(crate) fn link_all(folder: &Path, programs: &[(&str, &PathBuf)]) -> Result<()> {
    let is_right = |path: &Path| {
        let target = fs::read_link(path).ok();
        programs.iter().any(|(name, program)| folder.join(name) == path && target.as_ref() == Some(*program))
    };
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if !is_right(&path) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for (name, program) in programs {
        let link = folder.join(name);
        if let Err(error) = symlink(program, &link)
            && !is_right(&link)
        {
            return Err(error).with_context(|| format!("cannot make the link {}", link.display()));
        }
    }
    Ok(())
}

/// Makes `command` look in `folder` before everywhere else.
///
/// # Errors
/// If the folder's name has PATH's separator in it.
pub(crate) fn put_first_on_path(command: &mut Command, folder: &Path) -> Result<()> {
    let rest = env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin"));
    let folders = std::iter::once(folder.to_path_buf()).chain(env::split_paths(&rest));
    command.env("PATH", env::join_paths(folders).context("PATH cannot be extended")?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n[[package]]\n\
                        name = \"wasm-bindgen-macro\"\nversion = \"0.2.9\"\n\n[[package]]\nname = \"rustix\"\n\
                        version = \"0.38.44\"\n\n[[package]]\nname = \"rustix\"\nversion = \"1.1.6\"\n";

    #[test]
    fn a_locked_version_is_found_by_the_whole_name() {
        assert_eq!(versions(LOCK, "wasm-bindgen"), ["0.2.130"]);
    }

    #[test]
    fn two_versions_of_a_package_are_both_seen() {
        assert_eq!(versions(LOCK, "rustix"), ["0.38.44", "1.1.6"]);
    }

    #[test]
    fn links_that_are_right_stay_and_others_go() {
        let folder = paths::scratch("links-tried").expect("a folder");
        let (one, two) = (PathBuf::from("/one"), PathBuf::from("/two"));
        let links = || {
            let entries = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a link").path());
            let read = |link: PathBuf| Some((link.file_name()?.to_str()?.to_owned(), fs::read_link(&link).ok()?));
            entries.filter_map(read).collect::<std::collections::BTreeMap<_, _>>()
        };
        link_all(&folder, &[("a", &one), ("b", &one)]).expect("linked");
        let inode = || std::os::unix::fs::MetadataExt::ino(&fs::symlink_metadata(folder.join("a")).expect("a link"));
        let before = inode();
        link_all(&folder, &[("a", &one), ("c", &two)]).expect("linked");
        assert_eq!((links(), inode()), ([("a".to_owned(), one.clone()), ("c".to_owned(), two.clone())].into(), before));
        link_all(&folder, &[("a", &two)]).expect("linked");
        assert_eq!(links(), [("a".to_owned(), two)].into());
    }

    #[test]
    fn a_package_that_is_not_locked_has_no_version() {
        assert!(versions(LOCK, "bindgen").is_empty());
    }
}
