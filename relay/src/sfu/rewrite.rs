//! What a packet is called on an outgoing line, so that a decoder does not notice that its source changed.
//!
//! Sequence numbers, timestamps and VP8's picture numbers go on where they were when another layer or another person
//! takes the line; within one source their distances are kept, so that lost packets stay lost ones that can be asked
//! for. What came before the change and arrives after it is dropped.

use std::time::{Duration, Instant};

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

use super::limits::{FIRST_SEQUENCE, SEQUENCE_JUMP};

/// A time stamp is at least so much later than the last one before a change.
const STEP: Duration = Duration::from_millis(1);

/// What of a packet is rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The sequence number, not cut to 16 bits.
    pub sequence: u64,
    /// The time stamp in the clock of the line.
    pub time: u32,
    /// VP8's picture number: 15 bits.
    pub picture: Option<u16>,
    /// VP8's number of the last picture of the lowest layer in time (`TL0PICIDX`).
    pub base_picture: Option<u8>,
}

/// The names on one outgoing line.
#[derive(Clone, Copy, Debug)]
pub struct Rewriter {
    clock_hz: u32,
    last: Option<Last>,
    source: Option<Source>,
}

/// What was sent last, in the order of the line.
#[derive(Clone, Copy, Debug)]
struct Last {
    names: Names,
    at: Instant,
}

/// How the present source's names become the line's.
#[derive(Clone, Copy, Debug)]
struct Source {
    /// By which the publisher tells its streams apart.
    ssrc: u32,
    /// Its first packet here.
    first: u64,
    /// Its newest one.
    newest: u64,
    /// The line's sequence number of the first one.
    sequence: u64,
    time: u32,
    picture: u16,
    base_picture: u8,
}

impl Rewriter {
    /// A line with a clock of so many ticks a second.
    pub fn new(clock_hz: u32) -> Self {
        Self { clock_hz, last: None, source: None }
    }

    /// The next packet is another source's first one.
    pub fn cut(&mut self) {
        self.source = None;
    }

    /// Whether what goes over this line comes under another `ssrc`.
    pub fn is_of_another(&self, ssrc: u32) -> bool {
        self.source.is_some_and(|source| source.ssrc != ssrc)
    }

    /// The names of a packet on this line; none if it is not for it any more. A publisher that numbers anew, under
    /// another `ssrc` (RFC 3550, 5.1), is another source: numbers would be used twice, or never be reached.
    pub fn rewrite(&mut self, now: Instant, ssrc: u32, names: Names) -> Option<Names> {
        let is_another =
            |source: Source| source.ssrc != ssrc || names.sequence > source.newest.saturating_add(SEQUENCE_JUMP);
        if self.source.is_some_and(is_another) {
            self.cut();
        }
        let source = match self.source {
            Some(source) => source,
            None => self.begin(now, ssrc, names),
        };
        let distance = names.sequence.checked_sub(source.first)?;
        let rewritten = Names {
            sequence: source.sequence + distance,
            time: names.time.wrapping_add(source.time),
            picture: names.picture.map(|picture| picture.wrapping_add(source.picture) & 0x7fff),
            base_picture: names.base_picture.map(|picture| picture.wrapping_add(source.base_picture)),
        };
        self.source = Some(Source { newest: source.newest.max(names.sequence), ..source });
        if self.last.is_none_or(|last| rewritten.sequence > last.names.sequence) {
            // A source without picture numbers leaves those of the one before it.
            let before = self.last.map(|last| last.names).unwrap_or_default();
            let picture = rewritten.picture.or(before.picture);
            let base_picture = rewritten.base_picture.or(before.base_picture);
            self.last = Some(Last { names: Names { picture, base_picture, ..rewritten }, at: now });
        }
        Some(rewritten)
    }

    /// A packet of the present source is left out for good. If it was the next one, no gap is left.
    pub fn skip(&mut self, ssrc: u32, sequence: u64) {
        if let Some(source) = &mut self.source
            && source.ssrc == ssrc
            && sequence == source.newest + 1
        {
            source.newest = sequence;
            // Those before the skipped one are as good as over: one that is late would get a number twice.
            source.sequence += sequence - source.first;
            source.first = sequence + 1;
        }
    }

    fn begin(&self, now: Instant, ssrc: u32, names: Names) -> Source {
        let Some(last) = self.last else {
            return Source {
                ssrc,
                first: names.sequence,
                newest: names.sequence,
                sequence: FIRST_SEQUENCE,
                time: 0,
                picture: 0,
                base_picture: 0,
            };
        };
        let passed = now.saturating_duration_since(last.at).max(STEP);
        let ticks = (passed.as_micros() * u128::from(self.clock_hz) / 1_000_000) as u32;
        let next_picture = last.names.picture.unwrap_or_default().wrapping_add(1);
        let next_base_picture = last.names.base_picture.unwrap_or_default().wrapping_add(1);
        Source {
            ssrc,
            first: names.sequence,
            newest: names.sequence,
            sequence: last.names.sequence + 1,
            time: last.names.time.wrapping_add(ticks).wrapping_sub(names.time),
            picture: next_picture.wrapping_sub(names.picture.unwrap_or_default()),
            base_picture: next_base_picture.wrapping_sub(names.base_picture.unwrap_or_default()),
        }
    }
}

/// The largest picture number in a descriptor that has seven bits for it.
const SHORT_PICTURE: u16 = 0x7f;

/// What is to be replaced in a packet's descriptor (RFC 7741) for it to be called that. None only if it has no place for
/// a number that is among the names.
pub fn patch(descriptor: &Vp8Descriptor, names: Names) -> Option<Vp8Patch> {
    let build = |picture: Option<u16>| {
        let mut patch = descriptor.patch();
        if let Some(picture) = picture {
            patch = patch.picture_id(picture);
        }
        if let Some(base_picture) = names.base_picture {
            patch = patch.tl0_pic_idx(base_picture);
        }
        patch.build().ok()
    };
    build(names.picture).or_else(|| build(names.picture.map(|picture| picture & SHORT_PICTURE)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CLOCK: u32 = 90_000;
    const SSRC: u32 = 7;

    fn names(sequence: u64, time: u32, picture: u16, base_picture: u8) -> Names {
        Names { sequence, time, picture: Some(picture), base_picture: Some(base_picture) }
    }

    #[test]
    fn a_new_source_goes_on_where_the_old_one_was() {
        let start = Instant::now();
        let mut line = Rewriter::new(CLOCK);
        assert_eq!(line.rewrite(start, SSRC, names(70_000, 500, 32_767, 255)), Some(names(1000, 500, 32_767, 255)));
        assert_eq!(line.rewrite(start, SSRC, names(70_002, 3500, 0, 0)), Some(names(1002, 3500, 0, 0)), "a gap stays");
        assert_eq!(
            line.rewrite(start, SSRC, names(70_001, 3500, 0, 0)),
            Some(names(1001, 3500, 0, 0)),
            "and is filled"
        );
        line.cut();
        let later = start + Duration::from_millis(100);
        assert_eq!(line.rewrite(later, SSRC, names(5, 4_000_000_000, 99, 7)), Some(names(1003, 12_500, 1, 1)));
        assert_eq!(line.rewrite(later, SSRC, names(4, 3_999_999_000, 98, 6)), None, "from before the change");
        assert_eq!(line.rewrite(later, SSRC, names(6, 4_000_003_000, 100, 8)), Some(names(1004, 15_500, 2, 2)));
    }

    #[test]
    fn a_publisher_that_numbers_anew_is_noticed() {
        let mut line = Rewriter::new(CLOCK);
        assert!(!line.is_of_another(SSRC), "nothing came yet");
        line.rewrite(Instant::now(), SSRC, names(70_000, 500, 1, 1));
        assert!(!line.is_of_another(SSRC) && line.is_of_another(SSRC + 1));
        line.cut();
        assert!(!line.is_of_another(SSRC + 1), "whatever comes next begins with a key frame");
    }

    #[test]
    fn the_first_packet_keeps_its_time_and_begins_below_the_first_wrap() {
        let mut line = Rewriter::new(CLOCK);
        let first = line.rewrite(Instant::now(), SSRC, names(1 << 40, u32::MAX, 1, 1)).expect("first");
        assert!(first.sequence < 1 << 16);
    }

    #[test]
    fn a_source_without_picture_numbers_does_not_reset_them() {
        let now = Instant::now();
        let mut line = Rewriter::new(CLOCK);
        line.rewrite(now, SSRC, names(1, 0, 40, 9));
        line.cut();
        let plain = Names { sequence: 8, time: 0, picture: None, base_picture: None };
        assert_eq!(line.rewrite(now, SSRC, plain).expect("sent").picture, None);
        line.cut();
        let next = line.rewrite(now, SSRC, names(1, 0, 7, 7)).expect("sent");
        assert_eq!((next.picture, next.base_picture), (Some(41), Some(10)));
    }

    #[test]
    fn an_empty_packet_leaves_no_gap() {
        let now = Instant::now();
        let mut line = Rewriter::new(CLOCK);
        let sent = |line: &mut Rewriter, sequence| {
            line.rewrite(now, SSRC, names(sequence, 0, 0, 0)).map(|names| names.sequence)
        };
        assert_eq!(sent(&mut line, 10), Some(1000));
        line.skip(SSRC, 11);
        assert_eq!(sent(&mut line, 12), Some(1001));
        line.skip(SSRC, 20);
        assert_eq!(sent(&mut line, 13), Some(1002));
    }

    #[test]
    fn a_publisher_that_numbers_anew_under_another_name_goes_on_at_once() {
        let now = Instant::now();
        let mut line = Rewriter::new(CLOCK);
        line.rewrite(now, 1, names(60_000, 0, 40, 9));
        assert_eq!(line.rewrite(now, 2, names(5, 0, 7, 7)), Some(names(1001, 90, 41, 10)));
        assert_eq!(line.rewrite(now, 2, names(6, 0, 8, 8)), Some(names(1002, 90, 42, 11)));
        // One of the first that is late: perhaps shown too late, but under no number that was used.
        assert_eq!(line.rewrite(now, 1, names(60_001, 0, 41, 10)).map(|names| names.sequence), Some(1003));
        line.skip(2, 60_002);
        assert_eq!(line.rewrite(now, 1, names(60_003, 0, 42, 11)).map(|names| names.sequence), Some(1005));
    }

    proptest! {
        #[test]
        fn whatever_comes_no_number_is_used_twice_and_none_goes_back(
            steps in prop::collection::vec((any::<bool>(), 0..6_u64, any::<u32>(), 0..40_u64, 0..3_u32), 1..100),
        ) {
            let mut now = Instant::now();
            let mut line = Rewriter::new(CLOCK);
            let (mut sequence, mut seen) = (30_000_u64, std::collections::HashSet::new());
            let mut highest = 0;
            for (is_cut, step, time, ms, ssrc) in steps {
                now += Duration::from_millis(ms);
                if is_cut {
                    line.cut();
                    sequence = sequence.wrapping_mul(7) % 60_000;
                }
                // Each packet comes once: str0m drops repetitions.
                sequence += step + 1;
                if let Some(sent) = line.rewrite(now, ssrc, names(sequence, time, 0, 0)) {
                    prop_assert!(seen.insert(sent.sequence));
                    prop_assert!(sent.sequence > highest);
                    highest = sent.sequence;
                }
            }
        }

        #[test]
        fn nothing_jumps_when_the_source_changes_and_within_one_its_own_distances_stay(
            sources in prop::collection::vec(
                (any::<u32>(), 0..1_u64 << 40, any::<u32>(), any::<u16>(), any::<u8>(), 1..8_u16, 0..2000_u64),
                2..20,
            ),
        ) {
            let mut now = Instant::now();
            let mut line = Rewriter::new(CLOCK);
            let mut last: Option<Names> = None;
            for (ssrc, sequence, time, picture, base_picture, pictures, ms) in sources {
                line.cut();
                now += Duration::from_millis(ms);
                for step in 0..pictures {
                    // Two packets of each picture, 50 ms one after the other.
                    for half in 0..2 {
                        let sent = line.rewrite(now, ssrc, Names {
                            sequence: sequence + 2 * u64::from(step) + half,
                            time: time.wrapping_add(u32::from(step) * 4500),
                            picture: Some(picture.wrapping_add(step) & 0x7fff),
                            base_picture: Some(base_picture.wrapping_add(step as u8)),
                        });
                        let sent = sent.expect("in order");
                        if let Some(last) = last {
                            let is_cut = step == 0 && half == 0;
                            let is_new = half == 0;
                            prop_assert_eq!(sent.sequence, last.sequence + 1);
                            let (old, new) = (last.picture.expect("numbered"), sent.picture.expect("numbered"));
                            prop_assert_eq!(new.wrapping_sub(old) & 0x7fff, u16::from(is_new), "{} after {}", new, old);
                            let (old, new) = (last.base_picture.expect("numbered"), sent.base_picture.expect("numbered"));
                            prop_assert_eq!(new.wrapping_sub(old), u8::from(is_new));
                            let ticks = sent.time.wrapping_sub(last.time);
                            let expected = if is_cut {
                                // As much as went by, and at least a little.
                                90..=(ms as u32 * 90).max(90)
                            } else if is_new {
                                4500..=4500
                            } else {
                                0..=0
                            };
                            prop_assert!(expected.contains(&ticks), "{} ticks", ticks);
                        }
                        last = Some(sent);
                    }
                }
            }
        }
    }
}
