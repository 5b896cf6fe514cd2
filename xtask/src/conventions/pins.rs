//! Versions that must be equal.

use crate::conventions::Complaint;
use crate::conventions::files::Source;
use crate::setup::tools;

/// wasm-bindgen's library is locked once, and a manifest that pins it names the locked version. (The tool is installed
/// in the locked version: see `setup::tools`.)
pub(super) fn wasm_bindgen(sources: &[Source]) -> Vec<Complaint> {
    match tools::locked("wasm-bindgen") {
        Ok(locked) => differing(sources, &locked),
        Err(error) => vec![Complaint { file: "Cargo.lock".to_owned(), line: 1, what: error.to_string() }],
    }
}

fn differing(sources: &[Source], locked: &str) -> Vec<Complaint> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with("Cargo.toml")) {
        for (line, text) in source.lines() {
            let Some(pinned) = pinned(text) else { continue };
            if pinned != locked {
                let what = format!("pins wasm-bindgen {pinned}, but Cargo.lock has {locked}");
                found.push(Complaint { file: source.path.clone(), line, what });
            }
        }
    }
    found
}

/// `wasm-bindgen = "=0.2.130"`, or the same with features behind it.
fn pinned(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("wasm-bindgen")?.trim_start().strip_prefix('=')?;
    rest.split_once("\"=")?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_however_it_is_written() {
        assert_eq!(pinned("wasm-bindgen = \"=0.2.130\""), Some("0.2.130"));
        assert_eq!(pinned("wasm-bindgen = { version = \"=0.2.129\", optional = true }"), Some("0.2.129"));
        assert_eq!(pinned("wasm-bindgen-futures = \"=0.4.0\""), None);
        assert_eq!(pinned("wasm-bindgen.workspace = true"), None);
    }

    #[test]
    fn a_pin_that_differs_is_found() {
        let text = "[dependencies]\nwasm-bindgen = \"=0.2.129\"\n".to_owned();
        let sources = [Source { path: "client/Cargo.toml".to_owned(), text }];
        assert_eq!(differing(&sources, "0.2.130").len(), 1);
        assert!(differing(&sources, "0.2.129").is_empty());
    }
}
