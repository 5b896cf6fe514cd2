//! Showing what is going on: which step of how many, and how long it took.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::Result;

/// The steps of one command.
pub(crate) struct Steps {
    begun: usize,
    total: usize,
}

impl Steps {
    /// For a command of `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { begun: 0, total }
    }

    /// Announces a step, does it, and says how long it took.
    ///
    /// # Errors
    /// Those of the step.
    pub(crate) fn run<T>(&mut self, what: impl Display, step: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        eprintln!("\n[{}/{}] {what}", self.begun, self.total);
        let started = Instant::now();
        let done = step();
        let word = if done.is_ok() { "done" } else { "failed" };
        say(format_args!("{word} after {}", in_words(started.elapsed())));
        done
    }

    /// Announces a step that is not done, and why.
    pub(crate) fn skip(&mut self, what: impl Display, why: impl Display) {
        self.begun += 1;
        eprintln!("\n[{}/{}] {what}", self.begun, self.total);
        say(format_args!("left out: {why}"));
    }
}

/// A remark below the current step.
pub(crate) fn say(what: impl Display) {
    eprintln!("      {what}");
}

fn in_words(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
