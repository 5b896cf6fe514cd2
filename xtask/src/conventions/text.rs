//! How long files are, and that nothing in them is true on one machine only.

use crate::conventions::Complaint;
use crate::conventions::files::Source;

/// A file this long is about more than one thing; style asks to look again long before.
const LINES: usize = 500;

/// Homes and work folders that exist here or there. In pieces, since this file is checked too.
const MACHINE_PATHS: &[&str] =
    &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Use", "rs/")];

/// Hosts that serve packages; where a machine takes them from is its own business. In pieces, as above.
const REGISTRIES: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("files.python", "hosted.org"),
    concat!("arti", "factory"),
];

/// No Rust file is too long.
pub(super) fn length(sources: &[Source]) -> Vec<Complaint> {
    let count = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| source.is_rust() && count(source) > LINES);
    long.map(|source| Complaint {
        file: source.path.clone(),
        line: LINES,
        what: format!("{} lines, expected at most {LINES}: split it by meaning", count(source)),
    })
    .collect()
}

/// No file names a folder that only one machine has.
pub(super) fn machine_paths(sources: &[Source]) -> Vec<Complaint> {
    find(sources, MACHINE_PATHS, |before| {
        // `assets/work/` and `https://example.org/home/` are somewhere else.
        !before.ends_with(|letter: char| letter.is_alphanumeric() || "._-}$~/*".contains(letter))
    })
}

/// No file names the host of a package registry.
pub(super) fn registries(sources: &[Source]) -> Vec<Complaint> {
    find(sources, REGISTRIES, |_| true)
}

fn find(sources: &[Source], words: &[&str], counts_after: impl Fn(&str) -> bool) -> Vec<Complaint> {
    let mut found = Vec::new();
    for source in sources {
        for (line, text) in source.lines() {
            let named = |word: &&&str| text.match_indices(**word).any(|(at, _)| counts_after(&text[..at]));
            found.extend(words.iter().filter(named).map(|word| Complaint {
                file: source.path.clone(),
                line,
                what: format!("names {word}"),
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: String) -> Vec<Source> {
        vec![Source { path: path.to_owned(), text }]
    }

    #[test]
    fn a_long_rust_file_is_found() {
        assert!(length(&source("relay/src/main.rs", "\n".repeat(LINES))).is_empty());
        assert_eq!(length(&source("relay/src/main.rs", "\n".repeat(LINES + 1))).len(), 1);
        assert!(length(&source("Cargo.lock", "\n".repeat(LINES + 1))).is_empty());
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        for path in MACHINE_PATHS {
            assert_eq!(machine_paths(&source("README.md", format!("see `{path}x`"))).len(), 1, "{path}");
            assert!(
                machine_paths(&source("README.md", format!("see https://example.org{path}x"))).is_empty(),
                "{path}"
            );
        }
    }

    #[test]
    fn a_registry_is_found() {
        assert_eq!(registries(&source("package-lock.json", format!("https://{}/x", REGISTRIES[0]))).len(), 1);
    }
}
