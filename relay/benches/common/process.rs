//! The relay as it is hosted, as a process of its own, so that what it takes can be told from what its clients take.

#![allow(dead_code, reason = "each bench uses a part of it")]

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context, Result};

/// The kernel's clock tick for processes, on every Linux there is.
const TICKS_A_SECOND: f64 = 100.0;

/// Gives clients and relay a core each: on one they would wait for each other, which no network makes them do.
fn is_pinned() -> bool {
    static PINNED: OnceLock<bool> = OnceLock::new();
    *PINNED.get_or_init(|| {
        let id = std::process::id().to_string();
        let pinned = Command::new("taskset").args(["-cp", "0", &id]).stdout(Stdio::null()).status();
        pinned.is_ok_and(|status| status.success())
    })
}

/// The process, ended with this value.
pub(crate) struct Relay {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Relay {
    /// Starts it on a free port, with that map and further flags. `BENCH_RELAY` names another program, to compare with.
    ///
    /// # Errors
    /// If it does not listen.
    pub(crate) fn start(map: &Path, flags: &[&str]) -> Result<Self> {
        let program = env::var("BENCH_RELAY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_relay").to_owned());
        let mut command = if is_pinned() { Command::new("taskset") } else { Command::new(&program) };
        if is_pinned() {
            command.args(["-c", "1", &program]);
        }
        let mut process = command
            .args(["--listen", "127.0.0.1:0", "--per-address", "5000", "--map"])
            .arg(map)
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://").context("the relay does not listen")?.parse()?;
        Ok(Self { process, address })
    }

    /// Processor time of all its threads so far.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&format!("/proc/{}", self.process.id()))
    }

    /// What the thread with that name had of the processor so far.
    pub(crate) fn thread(&self, name: &str) -> Result<Turns> {
        for task in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let path = task?.path();
            if fs::read_to_string(path.join("comm"))?.trim_end() == name {
                return Turns::read(&path.join("schedstat"));
            }
        }
        anyhow::bail!("the relay has no thread `{name}`")
    }

    /// Memory that it has in use, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        line.trim().trim_end_matches(" kB").parse().context("VmRSS is no number")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn cpu_seconds(folder: &str) -> Result<f64> {
    let stat = fs::read_to_string(format!("{folder}/stat"))?;
    // The name in brackets may contain anything; user and system time are fields 14 and 15.
    let fields = stat.rsplit_once(')').context("no name")?.1;
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_A_SECOND)
}

/// What a thread had of the processor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turns {
    /// For so long it ran.
    pub(crate) ran_seconds: f64,
    /// For so long it could have run, but others did.
    pub(crate) waited_seconds: f64,
}

impl Turns {
    /// Those of the thread that asks.
    pub(crate) fn own() -> Result<Self> {
        Self::read(Path::new("/proc/thread-self/schedstat"))
    }

    /// Finer than ticks: two numbers of nanoseconds come first.
    fn read(schedstat: &Path) -> Result<Self> {
        let text = fs::read_to_string(schedstat)?;
        let mut nanos = text.split(' ').map(str::parse::<f64>);
        let mut next =
            || Ok::<_, anyhow::Error>(nanos.next().context("no time")?.context("the time is no number")? / 1e9);
        Ok(Self { ran_seconds: next()?, waited_seconds: next()? })
    }
}
