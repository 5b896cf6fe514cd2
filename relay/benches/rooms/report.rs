//! What is counted while a load is measured, and the table of it.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::media::{SOURCES, Source};

/// What arrived at bots. A delay is from just before a bot encrypts a packet until the kernel puts what the relay made
/// of it into the other bot's socket: how long it then waits to be read is the bots' own affair.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Microseconds, of all sources.
    delays: Vec<u32>,
    by_source: [usize; SOURCES],
    bytes: u64,
    /// Packets that bots sent.
    pub(crate) sent: usize,
    /// Frames that were sent late, because the bots' thread had too much to do.
    pub(crate) late: usize,
}

impl Tally {
    pub(crate) fn received(&mut self, source: Source, sent_nanos: u64, arrived_nanos: u64) {
        self.delays.push((arrived_nanos.saturating_sub(sent_nanos) / 1000) as u32);
        self.by_source[source as usize] += 1;
        self.bytes += source.packets().1 as u64;
    }
}

/// Seconds of processor time, or shares of a core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cpu {
    /// Of the thread that forwards.
    pub(crate) thread: f64,
    /// Of the whole relay.
    pub(crate) relay: f64,
    /// Of the bots' thread.
    pub(crate) bots: f64,
    /// For so long the two threads together waited for the processor, because something else had it.
    pub(crate) waited: f64,
}

impl Cpu {
    /// What was used between two moments, each number.
    pub(crate) fn since(self, before: Self) -> Self {
        self.with(before, |now, before| now - before)
    }

    fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            thread: combine(self.thread, other.thread),
            relay: combine(self.relay, other.relay),
            bots: combine(self.bots, other.bots),
            waited: combine(self.waited, other.waited),
        }
    }
}

/// What a load came to.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Packets received by all bots, a second.
    pub(crate) rate: f64,
    /// Shares of a core.
    pub(crate) cpu: Cpu,
    /// Packets received for each second of the forwarding thread.
    pub(crate) rate_of_core: f64,
    sent_rate: f64,
    megabits: f64,
    p50_ms: f64,
    p99_ms: f64,
    worst_ms: f64,
    late: usize,
    by_source: [usize; SOURCES],
}

impl Figures {
    /// # Errors
    /// If nothing was received.
    pub(crate) fn new(mut tally: Tally, cpu: Cpu, took: Duration) -> Result<Self> {
        ensure!(!tally.delays.is_empty(), "no packet arrived");
        tally.delays.sort_unstable();
        let seconds = took.as_secs_f64();
        let quantile =
            |share: f64| f64::from(tally.delays[((tally.delays.len() - 1) as f64 * share) as usize]) / 1000.0;
        let received = tally.delays.len() as f64;
        Ok(Self {
            rate: received / seconds,
            rate_of_core: received / cpu.thread,
            cpu: cpu.with(cpu, |used, _| used / seconds),
            sent_rate: tally.sent as f64 / seconds,
            megabits: tally.bytes as f64 * 8.0 / seconds / 1e6,
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            worst_ms: quantile(1.0),
            late: tally.late,
            by_source: tally.by_source,
        })
    }

    /// The table's head.
    pub(crate) const HEAD: &str = "| load | pace | packets in/s | out/s | Mbit/s out | thread, % of a core | relay, % | \
                                   bots, % | waited, % | packets/s and core | p50 ms | p99 ms | worst ms | late |\n\
                                   |---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    /// Its row for a load.
    pub(crate) fn row(&self, load: &str, pace: f64) -> String {
        format!(
            "| {load} | {pace:.2} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.2} | {:.2} | {:.1} | {} |",
            self.sent_rate,
            self.rate,
            self.megabits,
            self.cpu.thread * 100.0,
            self.cpu.relay * 100.0,
            self.cpu.bots * 100.0,
            self.cpu.waited * 100.0,
            self.rate_of_core,
            self.p50_ms,
            self.p99_ms,
            self.worst_ms,
            self.late,
        )
    }

    /// How many packets were of which source.
    pub(crate) fn sources(&self) -> String {
        let total: usize = self.by_source.iter().sum();
        let share = |source: &Source| {
            let count = self.by_source[*source as usize];
            format!("{source:?} {:.0} %", count as f64 / total as f64 * 100.0)
        };
        Source::ALL.iter().map(share).collect::<Vec<_>>().join(", ")
    }
}
