//! `cargo xtask art`: draws the art anew; and whether what is committed is still what its sources give.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::compress::files;
use crate::paths;

/// Where the art's sources are, below the root.
const SOURCES: &str = "assets/art";

/// Draws all art into assets/.
pub(crate) fn run() -> Result<()> {
    art::generate(paths::root())
}

/// Draws all art into a folder apart and compares it with assets/.
///
/// # Errors
/// If a file differs or is missing.
pub(crate) fn check() -> Result<()> {
    let apart = paths::scratch("art")?;
    fs::remove_dir_all(&apart).with_context(|| format!("cannot clear {}", apart.display()))?;
    let root = paths::root();
    for source in files(&root.join(SOURCES))? {
        let copy = apart.join(below(&source, root)?);
        let folder = copy.parent().context("a file has a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::copy(&source, &copy).with_context(|| format!("cannot copy {}", source.display()))?;
    }
    art::generate(&apart)?;
    for drawn in files(&apart)? {
        let name = below(&drawn, &apart)?;
        let committed = fs::read(root.join(&name)).ok();
        let drawn = fs::read(&drawn).with_context(|| format!("cannot read {}", drawn.display()))?;
        if committed.as_deref() != Some(drawn.as_slice()) {
            bail!("{} is not what its sources give: run `cargo xtask art` and commit it", name.display());
        }
    }
    Ok(())
}

fn below(file: &Path, folder: &Path) -> Result<PathBuf> {
    Ok(file.strip_prefix(folder).context("a file lies below its folder")?.to_path_buf())
}
