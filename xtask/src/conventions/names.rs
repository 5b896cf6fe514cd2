//! Who may name what. Comments may name everything.

use crate::conventions::Complaint;
use crate::conventions::files::Source;

/// These rules would find themselves.
const SELF: &str = "xtask/";

/// What waits for nothing and knows no machine: testable in virtual time, and the same on every platform.
const PURE: &[&str] =
    &["shared/src/", "client/src/session/", "client/src/media/", "relay/src/world/", "relay/src/signalling/"];

/// The forwarding unit: its time is the library's, so it may name the type, but is told what time it is.
const SFU: &str = "relay/src/sfu/";

/// What of it has a clock and sockets; tests begin at some time.
const SFU_SHELL: &[&str] = &["driver.rs", "tcp.rs", "send.rs", "place.rs", "tests/"];

/// Only `client/src/browser` knows the browser.
pub(super) fn web(sources: &[Source]) -> Vec<Complaint> {
    let allowed = |path: &str| path.starts_with("client/src/browser/") || path == "client/src/browser.rs";
    forbid(sources, &["web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures"], allowed)
}

/// Only `codec` knows how things are written down.
pub(super) fn bincode(sources: &[Source]) -> Vec<Complaint> {
    forbid(sources, &["bincode"], |path| path == "shared/src/protocol/codec.rs")
}

/// The pure folders know no clock, socket or task.
pub(super) fn pure(sources: &[Source]) -> Vec<Complaint> {
    let impure = |path: &str| !PURE.iter().any(|folder| path.starts_with(folder));
    let mut found = forbid(sources, &["SystemTime", "tokio", "web_time", "Instant::now", "std::net"], impure);
    for (source, line, code) in code(sources).filter(|(source, ..)| !impure(&source.path)) {
        // `use std::time::{Duration, Instant}` too; a type of our own of that name would be fine.
        if code.contains("std::time") && names(code, "Instant") {
            found.push(complaint(source, line, "Instant of std::time"));
        }
    }
    found
}

/// The forwarding unit's core asks nobody for the time and holds no socket.
pub(super) fn forwarding(sources: &[Source]) -> Vec<Complaint> {
    let is_core =
        |path: &str| path.strip_prefix(SFU).is_some_and(|file| !SFU_SHELL.iter().any(|shell| file.starts_with(shell)));
    let core = sources.iter().filter(|source| is_core(&source.path)).map(|source| {
        let code = source.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        Source { path: source.path.clone(), text: code.to_owned() }
    });
    let core: Vec<_> = core.collect();
    let words = ["SystemTime", "tokio", "web_time", "Instant::now", "UdpSocket", "TcpListener", "TcpStream"];
    forbid(&core, &words, |_| false)
}

fn forbid(sources: &[Source], words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (source, line, code) in code(sources).filter(|(source, ..)| !allowed(&source.path)) {
        found.extend(words.iter().filter(|word| names(code, word)).map(|word| complaint(source, line, word)));
    }
    found
}

fn complaint(source: &Source, line: usize, word: &str) -> Complaint {
    Complaint { file: source.path.clone(), line, what: format!("names {word}") }
}

/// Lines of Rust without their comments.
fn code(sources: &[Source]) -> impl Iterator<Item = (&Source, usize, &str)> {
    let rust = sources.iter().filter(|source| source.is_rust() && !source.path.starts_with(SELF));
    rust.flat_map(|source| source.lines().map(move |(line, text)| (source, line, without_comment(text))))
}

/// Up to `//`, unless that is part of a URL.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices("//").map(|(at, _)| at);
    let end = starts.into_iter().find(|&at| !line[..at].ends_with(':')).unwrap_or(line.len());
    &line[..end]
}

/// Whether `word` is there as a whole, not as part of a longer name.
fn names(code: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Vec<Source> {
        vec![Source { path: path.to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn a_forbidden_name_is_found_with_file_and_line() {
        let found = web(&source("client/src/ui/chat.rs", "//! Chat.\n\nuse web_sys::Event;\n"));
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["client/src/ui/chat.rs:3: names web_sys"]
        );
    }

    #[test]
    fn the_browser_folder_may_name_the_browser() {
        assert!(web(&source("client/src/browser/timer.rs", "use web_sys::Worker;")).is_empty());
    }

    #[test]
    fn comments_and_longer_names_are_no_names() {
        let text = "//! Not by bincode.\nlet bincode_free = 1; // nor here: bincode\nlet url = \"https://a\";\n";
        assert!(bincode(&source("shared/src/map/mod.rs", text)).is_empty());
    }

    #[test]
    fn a_name_after_a_url_is_still_found() {
        assert_eq!(bincode(&source("shared/src/lib.rs", "f(\"wss://a\", bincode::encode())")).len(), 1);
    }

    #[test]
    fn only_the_codec_may_name_bincode() {
        assert!(bincode(&source("shared/src/protocol/codec.rs", "use bincode::config;")).is_empty());
        assert_eq!(bincode(&source("relay/src/main.rs", "use bincode::config;")).len(), 1);
    }

    #[test]
    fn pure_folders_name_no_clock() {
        let clocks = ["use std::time::{Duration, Instant};", "let t = Instant::now();", "use std::time::SystemTime;"];
        for clock in clocks {
            assert!(!pure(&source("client/src/session/mod.rs", clock)).is_empty(), "{clock}");
            assert!(pure(&source("relay/src/dispatch.rs", clock)).is_empty(), "{clock}");
        }
        assert!(pure(&source("shared/src/movement.rs", "use std::time::Duration;")).is_empty());
    }

    #[test]
    fn the_core_of_forwarding_is_told_the_time() {
        let asks = "use std::time::Instant;\n\nfn late() { Instant::now(); }\n";
        assert_eq!(forwarding(&source("relay/src/sfu/peer.rs", asks)).len(), 1);
        assert!(forwarding(&source("relay/src/sfu/driver.rs", asks)).is_empty());
        assert!(forwarding(&source("relay/src/sfu/peer.rs", "use std::time::Instant;\n")).is_empty());
        let tested = format!("\n#[cfg(test)]\nmod tests {{\n{asks}}}\n");
        assert!(forwarding(&source("relay/src/sfu/peer.rs", &tested)).is_empty());
    }
}
