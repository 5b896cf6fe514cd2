//! What bots send: sound and pictures as an encoder would have made them, as far as forwarding looks at them. When it
//! was sent is at the end of each payload.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shared::protocol::room::{HIGH_LAYER, LINES, LOW_LAYER, Line};

/// One stream of a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Opus.
    Voice,
    /// The camera's small layer.
    Small,
    /// Its large one.
    Large,
    /// The screen.
    Screen,
}

/// How many there are.
pub(crate) const SOURCES: usize = Source::ALL.len();

impl Source {
    pub(crate) const ALL: [Self; 4] = [Self::Voice, Self::Small, Self::Large, Self::Screen];

    /// Between two frames: 20 ms of sound, 30 pictures a second of the camera, 10 of the screen.
    pub(crate) const fn interval(self) -> Duration {
        match self {
            Self::Voice => Duration::from_millis(20),
            Self::Small | Self::Large => Duration::from_micros(33_333),
            Self::Screen => Duration::from_millis(100),
        }
    }

    /// Packets of a frame and the bytes of each, all sent at once: 32, 150, 1000 and 1500 kbit/s.
    pub(crate) const fn packets(self) -> (usize, usize) {
        match self {
            Self::Voice => (1, 80),
            Self::Small => (1, 625),
            Self::Large => (4, 1042),
            Self::Screen => (16, 1172),
        }
    }

    /// The place of its line among [`LINES`].
    pub(crate) fn line(self) -> usize {
        let line = match self {
            Self::Voice => Line::Microphone,
            Self::Small | Self::Large => Line::Camera,
            Self::Screen => Line::Screen,
        };
        LINES.iter().position(|other| *other == line).unwrap_or_default()
    }

    /// The name of its layer.
    pub(crate) const fn layer(self) -> Option<&'static str> {
        match self {
            Self::Small => Some(LOW_LAYER),
            Self::Large => Some(HIGH_LAYER),
            Self::Voice | Self::Screen => None,
        }
    }

    /// Ticks a second of its time stamps.
    const fn clock_hz(self) -> u64 {
        if matches!(self, Self::Voice) { 48_000 } else { 90_000 }
    }
}

/// The frames of one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Track {
    /// The last packet's number. It must be below 65,536 at first: how often it went around is not sent.
    sequence: u64,
    frame: u64,
    /// Whether somebody cannot go on without a key frame.
    pub(crate) needs_keyframe: bool,
}

/// A packet before it is encrypted.
pub(crate) struct Packet {
    pub(crate) sequence: u64,
    pub(crate) time: u32,
    pub(crate) is_last: bool,
    pub(crate) payload: Vec<u8>,
}

impl Track {
    /// The packets of the next frame. Their marks are to be set when they are sent: see [`mark`].
    pub(crate) fn frame(&mut self, source: Source) -> impl Iterator<Item = Packet> + use<> {
        self.frame += 1;
        let is_key = std::mem::take(&mut self.needs_keyframe) || self.frame == 1;
        let (count, bytes) = source.packets();
        let (first, frame) = (self.sequence + 1, self.frame);
        self.sequence += count as u64;
        let ticks = u128::from(source.clock_hz()) * source.interval().as_micros() * u128::from(frame) / 1_000_000;
        (0..count).map(move |index| {
            let mut payload = Vec::with_capacity(bytes);
            if source != Source::Voice {
                describe(&mut payload, frame, index == 0, is_key);
            }
            payload.resize(bytes, 7);
            Packet { sequence: first + index as u64, time: ticks as u32, is_last: index + 1 == count, payload }
        })
    }
}

/// VP8's payload descriptor with both picture numbers (RFC 7741, 4.2), and the first byte of a picture's header.
fn describe(payload: &mut Vec<u8>, frame: u64, is_first: bool, is_key: bool) {
    let start = if is_first { 0x10 } else { 0 };
    let picture = (frame as u16 & 0x7fff) | 0x8000;
    payload.extend([0x80 | start, 0xe0]);
    payload.extend(picture.to_be_bytes());
    payload.extend([frame as u8, 0, u8::from(!is_key)]);
}

/// Bytes of a mark: the source, and nanoseconds of the system's clock.
const MARK_BYTES: usize = 1 + 8;

/// The system's clock, by which the kernel stamps what arrives, in nanoseconds.
pub(crate) fn now_nanos() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

/// Writes into a payload that it is sent now.
pub(crate) fn mark(source: Source, payload: &mut [u8]) {
    let start = payload.len() - MARK_BYTES;
    payload[start] = source as u8;
    payload[start + 1..].copy_from_slice(&now_nanos().to_be_bytes());
}

/// What a payload is of and when it was sent; none if it carries nothing, as padding does.
pub(crate) fn read_mark(payload: &[u8]) -> Option<(Source, u64)> {
    let (source, nanos) = payload.last_chunk::<MARK_BYTES>()?.split_first()?;
    let source = Source::ALL.get(usize::from(*source))?;
    Some((*source, u64::from_be_bytes(nanos.try_into().ok()?)))
}
