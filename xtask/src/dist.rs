//! `cargo xtask dist`: the site as it is hosted, and its sizes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::compress;
use crate::paths;
use crate::setup::wasm::Way;
use crate::setup::{Compiler, Site};
use crate::site::{self, Quality};
use crate::step::Steps;

/// What the module may weigh, compressed: about ten seconds on a slow school line of 3 Mbit/s, which the lobby hides.
const MODULE_AT_MOST: u64 = 3_500_000;

#[derive(Args, Default)]
pub(crate) struct Dist {
    /// Does not mind how much the module weighs.
    #[arg(long)]
    any_size: bool,
}

/// Builds the site and prints its sizes.
pub(crate) fn run(dist: &Dist, way: Option<Way>) -> Result<()> {
    let mut steps = Steps::new(4);
    let compiler = steps.run("looking for what compiles for the browser", || Compiler::ensure(way))?;
    steps.run("compiling the client", || site::compile(&compiler))?;
    let setup = steps.run("looking for what else building takes", || Site::around(compiler.toolchain))?;
    steps.run("building the site", || site::build(&setup, Quality::Release))?;
    print_sizes()?;
    if dist.any_size { Ok(()) } else { check_size() }
}

/// Prints a table: every file's size, as it is and compressed.
///
/// # Errors
/// If the site cannot be read.
pub(crate) fn print_sizes() -> Result<()> {
    let dist = paths::dist();
    let files = compress::files(&dist)?;
    println!("\n{:>12} {:>12} {:>12}  file of {}", "bytes", "gzip", "brotli", dist.display());
    for file in files.iter().filter(|file| !is_compressed(file)) {
        let shown = file.strip_prefix(&dist).unwrap_or(file);
        let compressed = |encoding| beside(file, encoding).map_or_else(|| "-".to_owned(), |size| size.to_string());
        println!("{:>12} {:>12} {:>12}  {}", size(file)?, compressed("gz"), compressed("br"), shown.display());
    }
    Ok(())
}

/// Checks the module's compressed size against the budget.
///
/// # Errors
/// If it is over, or there is not exactly one module.
pub(crate) fn check_size() -> Result<()> {
    let files = compress::files(&paths::dist())?;
    let modules: Vec<&PathBuf> = files.iter().filter(|file| file.extension().is_some_and(|it| it == "wasm")).collect();
    let [module] = modules.as_slice() else { bail!("expected one WebAssembly module in dist/, found {modules:?}") };
    let compressed = beside(module, "br").with_context(|| format!("expected {}.br", module.display()))?;
    if compressed > MODULE_AT_MOST {
        bail!(
            "the module takes {compressed} bytes as brotli, and at most {MODULE_AT_MOST} are allowed; see what grew \
             (`cargo tree -p client -e features --target wasm32-unknown-unknown` shows who asks for what)"
        );
    }
    Ok(())
}

fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "br" || kind == "gz")
}

fn beside(file: &Path, encoding: &str) -> Option<u64> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{encoding}"));
    size(Path::new(&beside)).ok()
}

fn size(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len())
}
