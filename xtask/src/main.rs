//! Every task of the project: `cargo xtask --help`.
//!
//! One file per command. Below them, from the bottom up: `paths` (where things are), `children` (programs that end
//! when we do), `exec` (running them), `step` (showing progress), `setup` (installing what a machine lacks), `site`
//! and `relay` (building the two halves of the product).
//!
//! Only this crate knows how tools are installed, and it never compiles the engine: it is what a newcomer waits for
//! first.

#![allow(clippy::print_stdout, reason = "a command-line program speaks through its standard output")]

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS; on Windows, use it inside WSL (`wsl --install`)");

mod art;
mod aside;
mod bench;
mod bots;
mod browser;
mod children;
mod compress;
mod conventions;
mod deny;
mod dist;
mod exec;
mod fuzz;
mod names;
mod page;
mod paths;
mod play;
mod relay;
mod screenshots;
mod serve;
mod setup;
mod site;
mod step;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::setup::wasm::Way;

/// Every task of the project.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
    /// Where the compiler for the browser comes from; by itself it takes what is there, rustup's first.
    #[arg(long, global = true, value_enum, env = "CLASSROOM_WASM_TOOLCHAIN")]
    wasm_toolchain: Option<Way>,
}

#[derive(Subcommand)]
enum Task {
    /// Everything from nothing: builds the classroom and opens it on one port.
    Play(play::Play),
    /// Everything from nothing: formatting, lints, all tests, and the product in a real browser.
    Test(test::Test),
    /// The development loop: a relay, and Trunk rebuilding the page at every change.
    Serve,
    /// The static site in dist/, optimised and compressed, with its sizes.
    Dist(dist::Dist),
    /// Participants without a browser that walk and chat: for trying things by hand, and for load.
    Bots(bots::Bots),
    /// Figures: speed of the relay, start of the page, size of the download.
    Bench(bench::Bench),
    /// Feeds random bytes to everything that decodes.
    Fuzz(fuzz::Fuzz),
    /// Checks the invariants that no compiler checks, in a second; part of test.
    Conventions,
    /// Takes the README's pictures anew.
    Screenshots,
    /// Draws the tilesets and avatars anew from assets/art.
    Art,
    /// Checks licences, bans and sources of all dependencies.
    Deny(deny::Deny),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    children::end_with_us().and_then(|()| run(cli)).unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> Result<ExitCode> {
    let way = cli.wasm_toolchain;
    match cli.task {
        Task::Play(play) => play::run(&play, way),
        // Its last line is the numbers, so it has no error to print below them.
        Task::Test(test) => return Ok(test::run(&test, way)),
        Task::Serve => serve::run(way),
        Task::Dist(dist) => dist::run(&dist, way),
        Task::Bots(bots) => bots::run(&bots),
        Task::Bench(bench) => bench::run(&bench, way),
        Task::Fuzz(fuzz) => fuzz::run(&fuzz),
        Task::Conventions => conventions::run(),
        Task::Screenshots => screenshots::run(way),
        Task::Art => art::run(),
        Task::Deny(deny) => deny::run(&deny),
    }?;
    Ok(ExitCode::SUCCESS)
}
