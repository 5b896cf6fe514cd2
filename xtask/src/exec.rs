//! Running other programs: shown as they are, read quietly, or watched (shown and kept).

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::children::Running;
use crate::paths;

/// How long output may still trickle in after a program has ended: something it left behind may hold the pipe open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Cargo with these arguments, in the repository's root.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = program("cargo");
    command.args(arguments);
    command
}

/// A program that runs in the repository's root.
///
/// What `cargo run` told *us* (the package, the toolchain's own cargo) is taken out of its environment: another cargo
/// below would believe it.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root()).stdin(Stdio::null());
    for (key, _) in std::env::vars_os() {
        let Some(key) = key.to_str() else { continue };
        if key == "CARGO" || key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_") {
            command.env_remove(key);
        }
    }
    command
}

/// Runs a program and shows its output, all of it on the standard error: standard output is for results.
///
/// # Errors
/// If it cannot be started or does not succeed.
pub(crate) fn show(mut command: Command) -> Result<()> {
    let line = line(&command);
    command.stdout(io::stderr());
    let status = Running::start(command)?.wait()?;
    if !status.success() {
        bail!("`{line}` did not succeed ({status}); its output is above");
    }
    Ok(())
}

/// Runs a program quietly and gives its standard output.
///
/// # Errors
/// If it cannot be started or does not succeed; the message then carries what it said.
pub(crate) fn read(mut command: Command) -> Result<String> {
    let line = line(&command);
    let output = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` did not succeed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How a watched program went.
pub(crate) struct Outcome {
    pub succeeded: bool,
    /// Standard output and standard error, in the order they came.
    pub output: String,
}

impl Outcome {
    /// That of a program which ended like this, or was ended because it took too long.
    pub(crate) fn of(status: Option<ExitStatus>, mut output: String) -> Self {
        if status.is_none() {
            output.push_str("ended by cargo xtask: it took too long\n");
        }
        Self { succeeded: status.is_some_and(|status| status.success()), output }
    }
}

/// Runs a program, shows its output and keeps it. It is ended after `limit`.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn watch(mut command: Command, limit: Duration) -> Result<Outcome> {
    let (reader, writer) = io::pipe().context("cannot make a pipe")?;
    command.stdout(writer.try_clone().context("cannot share a pipe")?).stderr(writer);
    // `start` drops the command and with it our ends of the pipe, or the reader would never see its end.
    let running = Running::start(command)?;
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(io::Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            eprintln!("{line}");
            if send.send(line).is_err() {
                return;
            }
        }
    });
    let status = running.wait_at_most(limit)?;
    drop(running);
    let mut output = String::new();
    while let Ok(line) = lines.recv_timeout(LAST_WORDS) {
        output.push_str(&line);
        output.push('\n');
    }
    Ok(Outcome::of(status, output))
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
