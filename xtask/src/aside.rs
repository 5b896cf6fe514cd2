//! A task of ours in a process of its own, beside what goes on here.
//!
//! Much of a build keeps one core busy: linking, optimising across crates, compressing. Two builds side by side take
//! less time than one after the other. Its output goes to a file until somebody waits for it, so that nobody reads two
//! programs' lines in one stream.

use std::env;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::children::Running;
use crate::exec;
use crate::paths;
use crate::step::say;

/// How often the file is looked at for more.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A task that was begun. It ends when this value is dropped.
pub(crate) struct Aside {
    task: String,
    running: Running,
    log: PathBuf,
}

impl Aside {
    /// Begins `cargo xtask` with these arguments.
    ///
    /// # Errors
    /// If its file cannot be made, or it cannot be started.
    pub(crate) fn begin(arguments: &[String]) -> Result<Self> {
        let task = arguments.join(" ");
        let log = paths::scratch("aside")?.join("log");
        let output = File::create(&log).with_context(|| format!("cannot make {}", log.display()))?;
        let mut command = exec::program(env::current_exe().context("expected to find this program's own file")?);
        command.args(arguments);
        command.stdout(output.try_clone().context("cannot share a file")?).stderr(output);
        let running = Running::start(command)?;
        say(format_args!("beside what follows: cargo xtask {task}, which writes to {}", log.display()));
        Ok(Self { task, running, log })
    }

    /// Shows what it said and says, until it has ended.
    ///
    /// # Errors
    /// If it does not succeed.
    pub(crate) fn finish(self) -> Result<()> {
        let mut said = File::open(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        let status = loop {
            // Asked before reading: what it said last is then shown too.
            let ended = self.running.ended()?;
            io::copy(&mut said, &mut io::stderr()).context("cannot show what the other process says")?;
            match ended {
                Some(status) => break status,
                None => thread::sleep(LOOK_EVERY),
            }
        };
        if !status.success() {
            bail!("`cargo xtask {}` did not succeed ({status}); its output is above", self.task);
        }
        Ok(())
    }
}
