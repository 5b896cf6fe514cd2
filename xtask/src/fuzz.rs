//! `cargo xtask fuzz`: random bytes for everything that decodes. The targets are the files of `fuzz/fuzz_targets`.

use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::exec;
use crate::paths;
use crate::setup::tools;
use crate::step::Steps;

#[derive(Args)]
pub(crate) struct Fuzz {
    /// Which target; without a name all of them, one after the other.
    name: Option<String>,
    /// How long each.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Fuzzes one target or all.
pub(crate) fn run(fuzz: &Fuzz) -> Result<()> {
    let known = targets()?;
    let chosen: Vec<&String> =
        known.iter().filter(|known| fuzz.name.as_ref().is_none_or(|name| name == *known)).collect();
    if chosen.is_empty() {
        bail!("there is no such fuzz target; there are: {}", known.join(", "));
    }
    let mut steps = Steps::new(1 + chosen.len());
    let cargo_fuzz = steps.run("looking for cargo-fuzz", tools::cargo_fuzz)?;
    let nightly = has_nightly();
    for target in chosen {
        steps.run(format_args!("fuzzing {target} for {} s", fuzz.seconds), || {
            let mut command = exec::program(&cargo_fuzz);
            command.args(["fuzz", "run", "--fuzz-dir", "fuzz", target, "--"]);
            command.arg(format!("-max_total_time={}", fuzz.seconds));
            if nightly {
                command.env("RUSTUP_TOOLCHAIN", "nightly");
            } else {
                // The sanitizers are unstable features; a stable compiler has them all the same.
                command.env("RUSTC_BOOTSTRAP", "1");
            }
            exec::show(command).with_context(|| format!("what {target} tripped over lies in fuzz/artifacts/{target}"))
        })?;
    }
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let folder = paths::root().join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn has_nightly() -> bool {
    let mut rustup = exec::program("rustup");
    rustup.args(["toolchain", "list"]);
    exec::read(rustup).is_ok_and(|list| list.lines().any(|line| line.starts_with("nightly-")))
}
