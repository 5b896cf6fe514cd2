//! The compiler for the browser.
//!
//! The ordinary way is rustup's: one download of a few seconds. Machines that reach package registries but no Rust
//! toolchain server exist, in schools and in companies, so there is a second way: Debian's compiler and linker, and
//! the standard library built from its source as part of the build (measured: 30 s more on two cores). It lies beside
//! rustup's toolchain without touching it, and its settings go into the environment of the browser build alone: in a
//! committed cargo configuration they would apply to native builds too.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::children::Running;
use crate::exec;
use crate::paths;
use crate::setup::apt;
use crate::step::say;

/// The target triple of the browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Behind some firewalls a download does not fail but hangs.
const RUSTUP_MAY_TAKE: Duration = Duration::from_mins(3);

/// Debian's programs; rustup's come first on PATH.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// The oldest Rust that builds the workspace, major and minor.
const NEEDED: (u32, u32) = (1, 95);

/// Where the compiler for the browser comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The toolchain in use, with the target that rustup adds to it.
    Rustup,
    /// Debian's packages.
    Debian,
}

/// A compiler for the browser.
pub(crate) struct WasmToolchain {
    /// Programs to be found first on PATH, by name.
    pub programs: Vec<(&'static str, PathBuf)>,
    /// Whether it has clippy too.
    pub lints: bool,
    /// For the browser build only.
    environment: Vec<(&'static str, OsString)>,
    target: PathBuf,
}

impl WasmToolchain {
    /// Prepares `command` to build for the browser, apart from PATH.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.envs(self.environment.iter().map(|(key, value)| (*key, value)));
        command.env("CARGO_TARGET_DIR", &self.target);
        if !self.lints {
            // `cargo run` put rustup's libraries there, and another compiler would load them.
            command.env_remove("LD_LIBRARY_PATH");
        }
    }
}

/// Finds or installs a compiler for the browser.
///
/// # Errors
/// If none can be had; the message says what to do.
pub(crate) fn ensure(forced: Option<Way>) -> Result<WasmToolchain> {
    match forced {
        Some(Way::Rustup) => {
            if !rustup_has_target()? {
                add_target()?;
            }
            return rustup();
        }
        Some(Way::Debian) => {
            install_debian()?;
            return debian();
        }
        None => {}
    }
    if rustup_has_target()? {
        return rustup();
    }
    // Where the second way was taken once, the first would fail again, after minutes.
    if debian_is_there() {
        return debian();
    }
    let Err(first) = add_target() else { return rustup() };
    say(format_args!("not by rustup: {first:#}"));
    say("so by the second way: Debian's compiler, beside rustup's and without touching it");
    install_debian().with_context(|| {
        format!(
            "expected a Rust compiler for {TARGET}. rustup could not add it ({first:#}); please run `rustup target \
             add {TARGET}` where its server can be reached. Debian's compiler could not be had either"
        )
    })?;
    debian()
}

fn rustup() -> Result<WasmToolchain> {
    Ok(WasmToolchain { programs: Vec::new(), lints: true, environment: Vec::new(), target: paths::target()? })
}

/// Whether the compiler in use has the target, however it came there.
fn rustup_has_target() -> Result<bool> {
    let mut rustc = exec::program("rustc");
    rustc.args(["--print", "sysroot"]);
    let sysroot = exec::read(rustc)?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    Ok(fs::read_dir(library).is_ok_and(|mut entries| entries.next().is_some()))
}

fn add_target() -> Result<()> {
    if which::which("rustup").is_err() {
        bail!("there is no rustup");
    }
    say(format_args!("rustup target add {TARGET}"));
    let mut rustup = exec::program("rustup");
    rustup.args(["target", "add", TARGET]).stdout(std::io::stderr());
    match Running::start(rustup)?.wait_at_most(RUSTUP_MAY_TAKE)? {
        Some(status) if status.success() && rustup_has_target()? => Ok(()),
        Some(status) if status.success() => bail!("rustup says that {TARGET} is there, but its library is not"),
        Some(status) => bail!("rustup target add {TARGET} did not succeed ({status})"),
        None => bail!("rustup target add {TARGET} was not done after {} s", RUSTUP_MAY_TAKE.as_secs()),
    }
}

fn debian() -> Result<WasmToolchain> {
    let linker = linker().context("expected wasm-ld, the linker of package lld, in /usr/bin")?;
    let release = debian_release().context("expected Debian's rustc at /usr/bin/rustc")?;
    if release < NEEDED {
        bail!(
            "expected Rust {}.{} or newer at {DEBIAN_RUSTC}, found {}.{}; package rustc-web has a newer one",
            NEEDED.0,
            NEEDED.1,
            release.0,
            release.1
        );
    }
    say(format_args!("building for the browser with {DEBIAN_RUSTC} {}.{} and {linker}", release.0, release.1));
    Ok(WasmToolchain {
        programs: vec![("cargo", DEBIAN_CARGO.into()), ("rustc", DEBIAN_RUSTC.into())],
        lints: false,
        environment: vec![
            // The standard library from source is an unstable feature, and this is a stable compiler.
            ("RUSTC_BOOTSTRAP", "1".into()),
            ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.into()),
        ],
        // The compilers differ, and would forever throw away each other's work.
        target: paths::target()?.join("wasm-second-way"),
    })
}

fn install_debian() -> Result<()> {
    if debian_is_there() {
        return Ok(());
    }
    // With old lists an old compiler would be found, and an old linker, which does not understand a new compiler.
    apt::update()?;
    let lld = apt::newest("lld").unwrap_or_else(|| "lld".to_owned());
    let packages = ["rustc-web", "cargo-web", "rust-web-src", &lld];
    apt::install(&packages, &format!("a Rust compiler for {TARGET}"))
}

fn debian_is_there() -> bool {
    debian_compiler_is_there() && linker().is_some()
}

fn debian_compiler_is_there() -> bool {
    let source = || {
        let mut rustc = exec::program(DEBIAN_RUSTC);
        rustc.args(["--print", "sysroot"]).env_remove("LD_LIBRARY_PATH");
        let sysroot = exec::read(rustc).ok()?;
        Some(Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock"))
    };
    let is_new = debian_release().is_some_and(|release| release >= NEEDED);
    is_new && Path::new(DEBIAN_CARGO).exists() && source().is_some_and(|source| source.exists())
}

/// Major and minor version of Debian's compiler.
fn debian_release() -> Option<(u32, u32)> {
    let mut rustc = exec::program(DEBIAN_RUSTC);
    rustc.arg("--version").env_remove("LD_LIBRARY_PATH");
    release(&exec::read(rustc).ok()?)
}

fn release(answer: &str) -> Option<(u32, u32)> {
    let mut numbers = answer.strip_prefix("rustc ")?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// The newest linker for the browser; it must not be older than the compiler's LLVM.
fn linker() -> Option<String> {
    let names = fs::read_dir("/usr/bin").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    newest_linker(names)
}

fn newest_linker(names: impl Iterator<Item = String>) -> Option<String> {
    let number = |name: &str| match name.strip_prefix("wasm-ld")? {
        "" => Some(0),
        versioned => versioned.strip_prefix('-')?.parse::<u32>().ok(),
    };
    let numbered = names.filter_map(|name| Some((number(&name)?, name)));
    numbered.max().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_linker_is_taken_by_number() {
        let names = ["wasm-ld-9", "wasm-ld-22", "wasm-ld", "wasm-ld-19", "wasm-ld-x", "ls"];
        assert_eq!(newest_linker(names.map(str::to_owned).into_iter()).as_deref(), Some("wasm-ld-22"));
    }

    #[test]
    fn no_linker_is_none() {
        assert_eq!(newest_linker(["ls".to_owned()].into_iter()), None);
    }

    #[test]
    fn a_compilers_release_is_read() {
        assert_eq!(release("rustc 1.96.0 (ac68faa20 2026-05-01) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(release("cargo 1.96.0"), None);
    }
}
