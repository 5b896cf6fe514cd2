//! Programs we started, and that end when we do.
//!
//! Each child leads a process group of its own, so that ending it also ends what it started (Trunk's cargo, a
//! browser). The terminal's Ctrl-C then reaches only us: one thread waits for the signal, passes one SIGTERM on to
//! every group, gives them [`GRACE`] to leave, and exits.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a child may take to say goodbye before it is killed; the relay tells its clients to come back later.
const GRACE: Duration = Duration::from_secs(10);

/// How often children are looked at; short beside anything they do.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Waited for by whoever started them, and by the signal thread when all must end.
static CHILDREN: Mutex<BTreeMap<u32, Child>> = Mutex::new(BTreeMap::new());

/// Set by the first signal: from then on nothing is started, and no ended child reported.
static ENDING: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, SIGTERM and a closed terminal end the children first, then this program.
///
/// # Errors
/// If the system allows no signal handlers.
pub(crate) fn end_with_us() -> Result<()> {
    let mut wanted = vec![SIGINT, SIGTERM];
    // Under nohup there is no terminal here, and a closed one must not end us.
    if io::stderr().is_terminal() {
        wanted.push(SIGHUP);
    }
    let mut signals = Signals::new(wanted).context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        ENDING.store(true, Ordering::SeqCst);
        signal_all(Signal::TERM);
        let deadline = Instant::now() + GRACE;
        // A second Ctrl-C means: at once.
        while any_left() && Instant::now() < deadline && signals.pending().next().is_none() {
            thread::sleep(LOOK_EVERY);
        }
        signal_all(Signal::KILL);
        std::process::exit(128 + signal);
    });
    Ok(())
}

/// A program that ends when this value is dropped.
pub(crate) struct Running {
    id: u32,
    name: String,
}

impl Running {
    /// Starts the program.
    ///
    /// # Errors
    /// If there is no such program, or it cannot be started.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        park_if_ending();
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().with_context(|| format!("cannot start {name}"))?;
        let id = child.id();
        children().insert(id, child);
        Ok(Self { id, name })
    }

    /// How it ended, or `None` while it runs.
    ///
    /// # Errors
    /// If the system does not say.
    pub(crate) fn ended(&self) -> Result<Option<ExitStatus>> {
        let status = match children().get_mut(&self.id) {
            Some(child) => child.try_wait().with_context(|| format!("lost sight of {}", self.name))?,
            None => None,
        };
        park_if_ending();
        Ok(status)
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// If the system does not say.
    pub(crate) fn wait(&self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until it has ended, or gives `None` after `limit`.
    ///
    /// # Errors
    /// If the system does not say.
    pub(crate) fn wait_at_most(&self, limit: Duration) -> Result<Option<ExitStatus>> {
        let deadline = Instant::now() + limit;
        loop {
            let status = self.ended()?;
            if status.is_some() || Instant::now() >= deadline {
                return Ok(status);
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(mut child) = children().remove(&self.id) else { return };
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        signal(&child, Signal::TERM);
        let deadline = Instant::now() + GRACE;
        while matches!(child.try_wait(), Ok(None)) {
            if Instant::now() >= deadline {
                signal(&child, Signal::KILL);
                // Killed processes end; the result could only say so.
                let _ = child.wait();
                return;
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

fn children() -> MutexGuard<'static, BTreeMap<u32, Child>> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// After a signal everybody but the signal thread stands still: it exits for all, and a report would only confuse.
fn park_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

fn any_left() -> bool {
    children().values_mut().any(|child| matches!(child.try_wait(), Ok(None)))
}

fn signal_all(kind: Signal) {
    for child in children().values_mut() {
        if matches!(child.try_wait(), Ok(None)) {
            signal(child, kind);
        }
    }
}

fn signal(child: &Child, kind: Signal) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended this very moment, and then there is nobody to tell.
        let _ = kill_process_group(group, kind);
    }
}
