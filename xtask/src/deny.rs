//! `cargo xtask deny`: licences, bans and sources of all dependencies, by deny.toml. Outside `test`, because its tool
//! compiles for minutes.

use anyhow::{Context, Result};
use clap::Args;

use crate::exec;
use crate::setup::tools;
use crate::step::Steps;

#[derive(Args)]
pub(crate) struct Deny {
    /// Known vulnerabilities too; fetches the advisory database.
    #[arg(long)]
    advisories: bool,
}

/// Runs cargo-deny.
pub(crate) fn run(deny: &Deny) -> Result<()> {
    let mut steps = Steps::new(2);
    let cargo_deny = steps.run("looking for cargo-deny", tools::cargo_deny)?;
    steps.run("checking dependencies", || {
        let mut command = exec::program(&cargo_deny);
        command.args(["--workspace", "--all-features", "check", "bans", "licenses", "sources"]);
        if deny.advisories {
            command.arg("advisories");
        }
        exec::show(command).context("expected every dependency to be allowed by deny.toml")
    })
}
