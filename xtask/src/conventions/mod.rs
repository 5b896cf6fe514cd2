//! Invariants of ARCHITECTURE.md that no compiler checks. Each rule reads the repository's files and names every place
//! it does not like, by file and line.
//!
//! `files` lists what the repository holds, `names` has the rules about who may name what, `text` those about length
//! and about traces of one machine, `pins` the one about versions that must be equal, and
//! `dependencies` asks cargo which crate stands on which.

mod dependencies;
mod files;
mod names;
mod pins;
mod text;

use std::fmt;

use anyhow::{Result, anyhow, bail};

use crate::conventions::files::Source;

type Rule = fn(&[Source]) -> Vec<Complaint>;

/// All rules, each with what it asks for.
const RULES: &[(&str, Rule)] = &[
    ("only client/src/browser names web-sys and its kin", names::web),
    ("only shared's codec names bincode", names::bincode),
    ("pure folders name no clock, socket or task", names::pure),
    ("the forwarding unit's core asks for no time and holds no socket", names::forwarding),
    ("no Rust file is longer than 500 lines", text::length),
    ("no file names a folder of one machine", text::machine_paths),
    ("no file names a package registry's host", text::registries),
    ("wasm-bindgen has one version everywhere", pins::wasm_bindgen),
];

/// A place a rule does not like.
#[derive(Debug, PartialEq, Eq)]
struct Complaint {
    file: String,
    /// From 1.
    line: usize,
    what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// `cargo xtask conventions`: prints every rule and what it does not like.
pub(crate) fn run() -> Result<()> {
    let mut broken = 0;
    for (rule, found) in check_all() {
        match found {
            Ok(()) => println!("kept:   {rule}"),
            Err(found) => {
                broken += 1;
                println!("broken: {rule}\n{found}");
            }
        }
    }
    if broken > 0 {
        bail!("{broken} conventions are broken, at the places above");
    }
    Ok(())
}

/// Every rule's name, and what came of it.
pub(crate) fn check_all() -> Vec<(&'static str, Result<()>)> {
    let sources = match files::all() {
        Ok(sources) => sources,
        Err(error) => return vec![("conventions", Err(error))],
    };
    let mut found: Vec<_> = RULES.iter().map(|(name, rule)| (*name, verdict(&rule(&sources)))).collect();
    found.push(("crates stand only on what they may", dependencies::check()));
    found
}

fn verdict(complaints: &[Complaint]) -> Result<()> {
    if complaints.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = complaints.iter().map(Complaint::to_string).collect();
    Err(anyhow!("{}", lines.join("\n")))
}
