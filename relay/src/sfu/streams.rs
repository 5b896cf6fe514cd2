//! The streams a publisher sends: which there are, whether they come, and what they cost.

use std::time::{Duration, Instant};

use shared::{
    protocol::room::{HIGH_LAYER, LOW_LAYER, Line},
    rate::Bucket,
};

use super::limits::{
    HIGH_BITS, LOW_BITS, MEASURE_HOLDS, PICTURE_BYTES, SCREEN_BITS, SOUND_BYTES, STREAM_GONE_AFTER, VOICE_BITS,
};

/// One stream of a publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Stream {
    /// The microphone.
    Microphone,
    /// The camera's small layer, or the camera of a publisher without layers.
    Low,
    /// Its large one.
    High,
    /// The screen.
    Screen,
    /// Its sound.
    ScreenSound,
}

/// How many there are.
const STREAMS: usize = Stream::ScreenSound as usize + 1;

impl Stream {
    /// The stream of a line with that layer's name; none if it is no line from a client, or no layer of ours.
    pub(super) fn of(line: Line, layer: Option<&str>) -> Option<Self> {
        Some(match (line, layer) {
            (Line::Microphone, None) => Self::Microphone,
            (Line::Camera, None | Some(LOW_LAYER)) => Self::Low,
            (Line::Camera, Some(HIGH_LAYER)) => Self::High,
            (Line::Screen, None) => Self::Screen,
            (Line::ScreenSound, None) => Self::ScreenSound,
            _ => return None,
        })
    }

    /// Whether it is sound.
    pub(super) const fn is_sound(self) -> bool {
        matches!(self, Self::Microphone | Self::ScreenSound)
    }

    /// What it is taken to cost before it was measured, in bits a second.
    const fn expected_bits(self) -> u64 {
        match self {
            Self::Microphone | Self::ScreenSound => VOICE_BITS,
            Self::Low => LOW_BITS,
            Self::High => HIGH_BITS,
            Self::Screen => SCREEN_BITS,
        }
    }
}

/// What came of each stream of a publisher.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    meters: [Meter; STREAMS],
    /// What they may still send, counted from their first packet.
    began: Option<Instant>,
    sounds: [Bucket; STREAMS],
    pictures: Bucket,
}

impl Streams {
    /// They come over another connection: nothing of it came yet. What may still be sent stays as it was, or whoever
    /// connects again and again could send without end.
    pub(super) fn begin_anew(&mut self) {
        self.meters = Default::default();
    }

    /// Whether a packet of so many bytes is not one too many.
    pub(super) fn admit(&mut self, now: Instant, stream: Stream, bytes: usize) -> bool {
        let passed = now.saturating_duration_since(*self.began.get_or_insert(now));
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        if stream.is_sound() {
            self.sounds[stream as usize].take(passed, SOUND_BYTES, bytes)
        } else {
            self.pictures.take(passed, PICTURE_BYTES, bytes)
        }
    }

    /// A packet of so many bytes came.
    pub(super) fn came(&mut self, now: Instant, stream: Stream, bytes: usize) {
        self.meters[stream as usize].add(now, bytes);
    }

    /// Whether it comes at present.
    pub(super) fn is_there(&self, now: Instant, stream: Stream) -> bool {
        self.meters[stream as usize].last.is_some_and(|last| now < last + STREAM_GONE_AFTER)
    }

    /// What it costs, in bits a second.
    pub(super) fn bits(&self, now: Instant, stream: Stream) -> u64 {
        self.meters[stream as usize].bits(now).unwrap_or_else(|| stream.expected_bits())
    }
}

/// Windows in which bytes are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// A screen that stands still costs little, and the next slide a lot: what is measured falls to this share of the
/// highest window before it, one window after the other.
const FALL_PERCENT: u64 = 80;

#[derive(Clone, Copy, Debug, Default)]
struct Meter {
    last: Option<Instant>,
    began: Option<Instant>,
    bytes: u64,
    bits: Option<u64>,
    /// Whether the first window after a while without packets is not yet over.
    is_anew: bool,
}

impl Meter {
    /// What was measured, if it still says something of what comes next.
    fn bits(&self, now: Instant) -> Option<u64> {
        self.bits.filter(|_| self.last.is_some_and(|last| now < last + MEASURE_HOLDS))
    }

    fn add(&mut self, now: Instant, bytes: usize) {
        if self.last.is_some_and(|last| now >= last + STREAM_GONE_AFTER) {
            // It begins anew: the time without it does not count, nor what is sent again of what was lost meanwhile.
            (self.bits, self.began, self.is_anew) = (self.bits(now), None, true);
            self.bytes = 0;
        }
        self.last = Some(now);
        let began = *self.began.get_or_insert(now);
        let took = now.saturating_duration_since(began);
        if took >= WINDOW {
            let measured = self.bytes * 8 * 1000 / (took.as_millis() as u64).max(1);
            if !std::mem::take(&mut self.is_anew) {
                let before = self.bits.unwrap_or_default() * FALL_PERCENT / 100;
                self.bits = Some(measured.max(before));
            }
            (self.began, self.bytes) = (Some(now), 0);
        }
        self.bytes += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_measured_in_bits_a_second_and_gone_soon_after_its_last_packet() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut streams = Streams::default();
        assert!(!streams.is_there(start, Stream::Low));
        assert_eq!(streams.bits(start, Stream::Low), LOW_BITS);
        for packet in 0..=200 {
            streams.came(at(packet * 10), Stream::Low, 250);
        }
        assert_eq!(streams.bits(at(2000), Stream::Low), 200_000);
        assert_eq!(streams.bits(at(2000), Stream::High), HIGH_BITS);
        assert!(streams.is_there(at(3499), Stream::Low));
        assert!(!streams.is_there(at(3500), Stream::Low));
    }

    #[test]
    fn what_a_stream_cost_long_ago_says_nothing_of_what_it_will_cost() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut streams = Streams::default();
        for packet in 0..=20 {
            streams.came(at(packet * 100), Stream::Screen, 100);
        }
        assert_eq!(streams.bits(at(2000), Stream::Screen), 8000);
        assert_eq!(streams.bits(at(11_999), Stream::Screen), 8000);
        assert_eq!(streams.bits(at(12_000), Stream::Screen), SCREEN_BITS);
        for packet in 0..=200 {
            // The first second carries what is sent again as well.
            let bytes = if packet < 100 { 3000 } else { 1000 };
            streams.came(at(60_000 + packet * 10), Stream::Screen, bytes);
            let bits = streams.bits(at(60_000 + packet * 10), Stream::Screen);
            assert_eq!(bits, if packet < 200 { SCREEN_BITS } else { 800_000 }, "after {packet} packets");
        }
    }

    #[test]
    fn whoever_floods_gets_through_what_a_voice_and_pictures_need_and_no_more() {
        let start = Instant::now();
        let mut streams = Streams::default();
        let mut bytes_of = |stream, bytes: usize, every_ms: u64| {
            let mut admitted = 0;
            for packet in 0..10_000 / every_ms {
                if streams.admit(start + Duration::from_millis(packet * every_ms), stream, bytes) {
                    admitted += bytes;
                }
            }
            admitted
        };
        assert_eq!(bytes_of(Stream::Microphone, 142, 20), 71_000, "a voice");
        assert_eq!(bytes_of(Stream::ScreenSound, 400, 20), 200_000, "music, and each sound on its own");
        assert_eq!(bytes_of(Stream::Screen, 1200, 2), 6_000_000, "a screen");
        let mut streams = Streams::default();
        let mut flood = |stream| {
            let at = |packet: u64| start + Duration::from_micros(packet * 100);
            (0..100_000).filter(|packet| streams.admit(at(*packet), stream, 1000)).count()
        };
        assert!(flood(Stream::Microphone) <= 16 + 240 + 1);
        assert!(flood(Stream::High) <= 1048 + 10_000 + 1);
    }

    #[test]
    fn another_connection_is_measured_anew_and_may_send_no_more_for_it() {
        let start = Instant::now();
        let mut streams = Streams::default();
        let mut admitted = 0;
        for packet in 0..1000_u64 {
            if packet % 10 == 0 {
                streams.begin_anew();
                assert!(!streams.is_there(start, Stream::Microphone));
            }
            if streams.admit(start, Stream::Microphone, 1000) {
                streams.came(start, Stream::Microphone, 1000);
                admitted += 1;
            }
        }
        assert_eq!(admitted, SOUND_BYTES.burst / 1000);
    }

    #[test]
    fn only_our_own_layers_are_streams() {
        assert_eq!(Stream::of(Line::Camera, Some("q")), Some(Stream::Low));
        assert_eq!(Stream::of(Line::Camera, Some("h")), Some(Stream::High));
        assert_eq!(Stream::of(Line::Camera, None), Some(Stream::Low));
        assert_eq!(Stream::of(Line::Camera, Some("f")), None);
        assert_eq!(Stream::of(Line::Screen, Some("q")), None);
        assert_eq!(Stream::of(Line::Voice(0), None), None);
    }
}
