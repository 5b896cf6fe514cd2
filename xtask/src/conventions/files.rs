//! The repository's text files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::compress;
use crate::exec;
use crate::paths;

/// Folders that are made, not written; only asked about where git cannot tell.
const MADE: &[&str] = &["target", "dist", "node_modules", ".git"];

/// A text file of the repository.
pub(super) struct Source {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether it is Rust.
    pub(super) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|kind| kind == "rs")
    }

    /// Its lines, numbered from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(before, line)| (before + 1, line))
    }
}

/// All text files that are in git or would be at the next `git add`; pictures and the like are left out.
///
/// # Errors
/// If the folder cannot be read.
pub(super) fn all() -> Result<Vec<Source>> {
    let root = paths::root();
    let mut sources = Vec::new();
    for path in names(root)? {
        let content = match fs::read(root.join(&path)) {
            Ok(content) => content,
            // Deleted and not yet committed; or a link that leads nowhere.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
        };
        if let Ok(text) = String::from_utf8(content) {
            sources.push(Source { path, text });
        }
    }
    Ok(sources)
}

fn names(root: &Path) -> Result<Vec<String>> {
    let mut git = exec::program("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    if let Ok(list) = exec::read(git) {
        return Ok(list.split_terminator('\0').map(str::to_owned).collect());
    }
    // An archive without its history.
    let mut names = Vec::new();
    for entry in fs::read_dir(root).context("cannot read the repository")? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if MADE.iter().any(|made| name.starts_with(made)) {
            continue;
        }
        let found = if path.is_dir() { compress::files(&path)? } else { vec![path] };
        let below = found.iter().filter_map(|file| file.strip_prefix(root).ok());
        let below = below.map(|file| file.to_string_lossy().into_owned());
        names.extend(below.filter(|file| !MADE.iter().any(|made| file.contains(&format!("/{made}/")))));
    }
    Ok(names)
}
