//! A process beside what goes on here.
//!
//! Much of a build keeps one core busy: linking, optimising across crates, compressing; and people in a call spend most
//! of their time on the way to one another. Two such things side by side take less time than one after the other. The
//! output of one goes to a file until somebody waits for it, so that nobody reads two programs' lines in one stream.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::children::Running;
use crate::exec::{self, Outcome};
use crate::paths;
use crate::step::say;

/// How often the file is looked at for more.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A process that was begun. It ends when this value is dropped.
pub(crate) struct Aside {
    running: Running,
    log: PathBuf,
}

impl Aside {
    /// Begins `cargo xtask` with these arguments.
    ///
    /// # Errors
    /// If its file cannot be made, or it cannot be started.
    pub(crate) fn task(arguments: &[String]) -> Result<Self> {
        let mut command = exec::program(env::current_exe().context("expected to find this program's own file")?);
        command.args(arguments);
        Self::begin(&format!("cargo xtask {}", arguments.join(" ")), command)
    }

    /// Begins `command`, which is called `what` to whoever watches.
    ///
    /// # Errors
    /// If its file cannot be made, or it cannot be started.
    pub(crate) fn begin(what: &str, mut command: Command) -> Result<Self> {
        let log = paths::scratch("aside")?.join("log");
        let output = File::create(&log).with_context(|| format!("cannot make {}", log.display()))?;
        command.stdout(output.try_clone().context("cannot share a file")?).stderr(output);
        let running = Running::start(command)?;
        say(format_args!("beside what follows: {what}, which writes to {}", log.display()));
        Ok(Self { running, log })
    }

    /// Shows what it said and says until it has ended, and keeps that. It is ended after `limit` from now.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub(crate) fn finish(self, limit: Duration) -> Result<Outcome> {
        let mut said = File::open(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        let deadline = Instant::now() + limit;
        let status = loop {
            // Asked before reading: what it said last is then shown too.
            let ended = self.running.ended()?;
            io::copy(&mut said, &mut io::stderr()).context("cannot show what the other process says")?;
            if ended.is_some() || Instant::now() >= deadline {
                break ended;
            }
            thread::sleep(LOOK_EVERY);
        };
        drop(self.running);
        let said = fs::read(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        Ok(Outcome::of(status, String::from_utf8_lossy(&said).into_owned()))
    }
}
