//! Counts of what the relay does, as Prometheus reads them. No name, no text, no address is ever among them.

use std::{
    fmt::{Result, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use std::collections::BTreeMap;

use crate::{sfu, signalling::Counts};

/// The names of messages to the relay, by their first byte.
const MESSAGES_IN: [&str; 18] = [
    "moved",
    "hello",
    "set_name",
    "set_status",
    "set_appearance",
    "ping",
    "say",
    "send_direct",
    "stored",
    "typing",
    "wave",
    "emote",
    "read_room",
    "get_ticket",
    "get_ice_servers",
    "introduce",
    "say_by_name",
    "room",
];

/// The names of messages to a client, by their first byte.
const MESSAGES_OUT: [&str; 20] = [
    "moved",
    "challenge",
    "refused",
    "welcome",
    "happened",
    "places",
    "pong",
    "notice",
    "restarting",
    "said",
    "history",
    "answered",
    "direct_received",
    "delivered",
    "typing",
    "waved",
    "ticket",
    "ice_servers",
    "introduced",
    "room",
];

/// Upper bounds of the buckets for flush durations, in microseconds.
const FLUSH_BUCKETS_MICROS: [u64; 9] = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000];

/// Upper bounds of the buckets for how long a packet of media is in the relay, in microseconds.
const FORWARD_BUCKETS_MICROS: [u64; 9] = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000];

/// All counts.
pub struct Metrics {
    began: Instant,
    participants: AtomicU64,
    connections: AtomicU64,
    messages_in: [AtomicU64; MESSAGES_IN.len() + 1],
    messages_out: [AtomicU64; MESSAGES_OUT.len() + 1],
    bytes_out: AtomicU64,
    left_out: AtomicU64,
    flushes: [AtomicU64; FLUSH_BUCKETS_MICROS.len() + 1],
    flush_micros: AtomicU64,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    introductions: AtomicU64,
    signals: AtomicU64,
    signals_dropped: AtomicU64,
    media: Mutex<sfu::Counts>,
    forwards: [AtomicU64; FORWARD_BUCKETS_MICROS.len() + 1],
    forward_micros: AtomicU64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            participants: AtomicU64::default(),
            connections: AtomicU64::default(),
            messages_in: Default::default(),
            messages_out: Default::default(),
            bytes_out: AtomicU64::default(),
            left_out: AtomicU64::default(),
            flushes: Default::default(),
            flush_micros: AtomicU64::default(),
            refusals: Mutex::default(),
            introductions: AtomicU64::default(),
            signals: AtomicU64::default(),
            signals_dropped: AtomicU64::default(),
            media: Mutex::default(),
            forwards: Default::default(),
            forward_micros: AtomicU64::default(),
        }
    }
}

impl Metrics {
    pub(crate) fn received(&self, first: Option<u8>) {
        count(&self.messages_in, first, 1);
    }

    pub(crate) fn sent(&self, first: Option<u8>, messages: u64, bytes_each: usize) {
        count(&self.messages_out, first, messages);
        self.bytes_out.fetch_add(messages * bytes_each as u64, Relaxed);
    }

    pub(crate) fn left_out(&self) {
        self.left_out.fetch_add(1, Relaxed);
    }

    pub(crate) fn flushed(&self, took: Duration) {
        let micros = took.as_micros() as u64;
        let bucket = FLUSH_BUCKETS_MICROS.iter().position(|bound| micros <= *bound);
        self.flushes[bucket.unwrap_or(FLUSH_BUCKETS_MICROS.len())].fetch_add(1, Relaxed);
        self.flush_micros.fetch_add(micros, Relaxed);
    }

    pub(crate) fn populated(&self, participants: usize, connections: usize) {
        self.participants.store(participants as u64, Relaxed);
        self.connections.store(connections as u64, Relaxed);
    }

    /// What signalling has done since the relay began.
    pub(crate) fn introduced(&self, counts: Counts) {
        self.introductions.store(counts.introductions, Relaxed);
        self.signals.store(counts.signals, Relaxed);
        self.signals_dropped.store(counts.dropped, Relaxed);
    }

    /// What was forwarded since the relay began, and that so many packets more took so long at most from the moment at
    /// which they could be read.
    pub(crate) fn forwarded(&self, counts: sfu::Counts, packets: u64, took: Duration) {
        *self.media.lock().unwrap_or_else(PoisonError::into_inner) = counts;
        if packets > 0 {
            let micros = took.as_micros() as u64;
            let bucket = FORWARD_BUCKETS_MICROS.iter().position(|bound| micros <= *bound);
            self.forwards[bucket.unwrap_or(FORWARD_BUCKETS_MICROS.len())].fetch_add(packets, Relaxed);
            self.forward_micros.fetch_add(micros * packets, Relaxed);
        }
    }

    /// What the forwarding unit did so far.
    pub fn media(&self) -> sfu::Counts {
        *self.media.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a refusal: of a connection by the world, or of a request before there was one.
    pub(crate) fn refused(&self, reason: &'static str) {
        *self.refusals.lock().unwrap_or_else(PoisonError::into_inner).entry(reason).or_default() += 1;
    }

    /// People in the world, lost ones included.
    pub fn participants(&self) -> u64 {
        self.participants.load(Relaxed)
    }

    /// Every open WebSocket, those without a hello included.
    pub fn connections(&self) -> u64 {
        self.connections.load(Relaxed)
    }

    /// Movement frames that were not sent to clients which do not read.
    pub fn movements_left_out(&self) -> u64 {
        self.left_out.load(Relaxed)
    }

    /// How many connections were refused or closed for that reason.
    pub fn refusals(&self, reason: &str) -> u64 {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).get(reason).copied().unwrap_or_default()
    }

    /// Pairs of people that were introduced to one another.
    pub fn introductions(&self) -> u64 {
        self.introductions.load(Relaxed)
    }

    /// Signals that were handed on between two who were introduced.
    pub fn signals(&self) -> u64 {
        self.signals.load(Relaxed)
    }

    /// Signals that were not.
    pub fn signals_dropped(&self) -> u64 {
        self.signals_dropped.load(Relaxed)
    }

    /// Since the relay began.
    pub fn uptime(&self) -> Duration {
        self.began.elapsed()
    }

    /// All of it in Prometheus' text format, version 0.0.4.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> Result {
        gauge(out, "participants", "People in the world.", self.participants())?;
        gauge(out, "connections", "Open WebSockets, those without a hello included.", self.connections())?;
        gauge(out, "uptime_seconds", "Since the relay began.", self.uptime().as_secs())?;
        kinds(out, "messages_in_total", "Messages from clients.", &MESSAGES_IN, &self.messages_in)?;
        kinds(out, "messages_out_total", "Messages to clients.", &MESSAGES_OUT, &self.messages_out)?;
        head(out, "bytes_out_total", "Bytes to clients, with WebSocket headers.", "counter")?;
        writeln!(out, "relay_bytes_out_total {}", self.bytes_out.load(Relaxed))?;
        head(out, "movements_left_out_total", "Movement frames not sent to clients that do not read.", "counter")?;
        writeln!(out, "relay_movements_left_out_total {}", self.movements_left_out())?;
        for (name, about, count) in [
            ("introductions_total", "Pairs of people introduced to one another.", self.introductions()),
            ("signals_total", "Signals handed on between them.", self.signals()),
            ("signals_dropped_total", "Signals not handed on.", self.signals_dropped()),
        ] {
            head(out, name, about, "counter")?;
            writeln!(out, "relay_{name} {count}")?;
        }
        head(out, "refusals_total", "Connections refused or closed by the relay.", "counter")?;
        for (reason, count) in self.refusals.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            writeln!(out, "relay_refusals_total{{reason=\"{reason}\"}} {count}")?;
        }
        head(out, "flush_seconds", "Time to tell everybody what happened.", "histogram")?;
        histogram(out, "flush_seconds", &FLUSH_BUCKETS_MICROS, &self.flushes, &self.flush_micros)?;
        self.write_media(out)
    }

    fn write_media(&self, out: &mut String) -> Result {
        let media = self.media();
        for (name, about, kind, count) in [
            ("media_packets_in_total", "Packets of media from publishers.", "counter", media.packets_in),
            ("media_bytes_in_total", "Their bytes, without headers.", "counter", media.bytes_in),
            ("media_left_out_total", "Those not forwarded, too large or too many.", "counter", media.left_out),
            ("media_packets_out_total", "Packets of media to receivers.", "counter", media.packets_out),
            ("media_bytes_out_total", "Their bytes, without headers.", "counter", media.bytes_out),
            ("media_lost_total", "Packets that receivers reported as lost.", "counter", media.lost),
            ("media_sent_again_total", "Packets sent again to receivers that asked.", "counter", media.sent_again),
            ("media_nacks_in_total", "Requests of receivers to send again.", "counter", media.nacks_in),
            ("media_nacks_out_total", "Requests to publishers to send again.", "counter", media.nacks_out),
            ("media_keyframe_requests_total", "Key frames asked of publishers.", "counter", media.keyframe_requests),
            ("media_faults_total", "Connections that ended by a fault.", "counter", media.faults),
            ("media_strays_total", "Datagrams of no connection.", "counter", media.strays),
            ("media_connections", "Connections for media.", "gauge", media.connections),
            ("media_members", "People in the calls of rooms.", "gauge", media.members),
            (
                "media_estimate_lowest_bits",
                "The slowest member's line, in bits a second.",
                "gauge",
                media.estimate_lowest,
            ),
            ("media_estimate_mean_bits", "The mean of all members' lines.", "gauge", media.estimate_mean),
        ] {
            head(out, name, about, kind)?;
            writeln!(out, "relay_{name} {count}")?;
        }
        head(out, "media_forward_seconds", "Time from reading a packet to having sent it to all.", "histogram")?;
        histogram(out, "media_forward_seconds", &FORWARD_BUCKETS_MICROS, &self.forwards, &self.forward_micros)
    }
}

fn histogram(out: &mut String, name: &str, bounds: &[u64], counts: &[AtomicU64], micros: &AtomicU64) -> Result {
    let mut sum = 0;
    for (bound, count) in bounds.iter().zip(counts) {
        sum += count.load(Relaxed);
        writeln!(out, "relay_{name}_bucket{{le=\"{}\"}} {sum}", *bound as f64 / 1e6)?;
    }
    sum += counts.last().map_or(0, |count| count.load(Relaxed));
    writeln!(out, "relay_{name}_bucket{{le=\"+Inf\"}} {sum}")?;
    writeln!(out, "relay_{name}_sum {}", micros.load(Relaxed) as f64 / 1e6)?;
    writeln!(out, "relay_{name}_count {sum}")
}

/// Counts by first byte; the last place is for bytes that no message begins with.
fn count(counts: &[AtomicU64], first: Option<u8>, messages: u64) {
    let unknown = counts.len() - 1;
    let place = first.map_or(unknown, |first| usize::from(first).min(unknown));
    counts[place].fetch_add(messages, Relaxed);
}

fn head(out: &mut String, name: &str, about: &str, kind: &str) -> Result {
    writeln!(out, "# HELP relay_{name} {about}\n# TYPE relay_{name} {kind}")
}

fn gauge(out: &mut String, name: &str, about: &str, value: u64) -> Result {
    head(out, name, about, "gauge")?;
    writeln!(out, "relay_{name} {value}")
}

fn kinds(out: &mut String, name: &str, about: &str, names: &[&str], counts: &[AtomicU64]) -> Result {
    head(out, name, about, "counter")?;
    for (kind, count) in names.iter().chain(&["unknown"]).zip(counts) {
        writeln!(out, "relay_{name}{{kind=\"{kind}\"}} {}", count.load(Relaxed))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.received(Some(0));
        metrics.received(Some(200));
        metrics.received(None);
        metrics.sent(Some(0), 3, 10);
        metrics.refused("flood");
        metrics.flushed(Duration::from_micros(80));
        metrics.flushed(Duration::from_secs(1));
        metrics.populated(2, 3);
        metrics.introduced(Counts { introductions: 4, signals: 5, dropped: 6 });
        let media = sfu::Counts {
            packets_in: 11,
            bytes_in: 12,
            left_out: 13,
            packets_out: 14,
            bytes_out: 15,
            lost: 16,
            sent_again: 26,
            nacks_in: 17,
            nacks_out: 18,
            keyframe_requests: 19,
            connections: 20,
            members: 21,
            estimate_lowest: 22,
            estimate_mean: 23,
            faults: 24,
            strays: 25,
        };
        metrics.forwarded(media, 5, Duration::from_micros(300));
        metrics.forwarded(media, 1, Duration::from_secs(1));
        metrics.forwarded(media, 0, Duration::from_secs(1));
        let text = metrics.render();
        for line in [
            "relay_media_packets_in_total 11",
            "relay_media_bytes_in_total 12",
            "relay_media_left_out_total 13",
            "relay_media_packets_out_total 14",
            "relay_media_bytes_out_total 15",
            "relay_media_lost_total 16",
            "relay_media_sent_again_total 26",
            "relay_media_nacks_in_total 17",
            "relay_media_nacks_out_total 18",
            "relay_media_keyframe_requests_total 19",
            "relay_media_connections 20",
            "relay_media_members 21",
            "relay_media_estimate_lowest_bits 22",
            "relay_media_estimate_mean_bits 23",
            "relay_media_faults_total 24",
            "relay_media_strays_total 25",
            "relay_media_forward_seconds_bucket{le=\"0.00025\"} 0",
            "relay_media_forward_seconds_bucket{le=\"0.0005\"} 5",
            "relay_media_forward_seconds_bucket{le=\"+Inf\"} 6",
            "relay_media_forward_seconds_count 6",
            "relay_participants 2",
            "relay_connections 3",
            "relay_messages_in_total{kind=\"moved\"} 1",
            "relay_messages_in_total{kind=\"unknown\"} 2",
            "relay_messages_out_total{kind=\"moved\"} 3",
            "relay_bytes_out_total 30",
            "relay_introductions_total 4",
            "relay_signals_total 5",
            "relay_signals_dropped_total 6",
            "relay_refusals_total{reason=\"flood\"} 1",
            "relay_flush_seconds_bucket{le=\"0.00005\"} 0",
            "relay_flush_seconds_bucket{le=\"0.0001\"} 1",
            "relay_flush_seconds_bucket{le=\"+Inf\"} 2",
            "relay_flush_seconds_count 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
