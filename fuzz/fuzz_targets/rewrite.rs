//! Whatever publishers number their packets, and whatever descriptors they put before their pictures: on the line every
//! number is used once, and every descriptor can be changed to say it.

#![no_main]

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use libfuzzer_sys::fuzz_target;
use relay::sfu::{
    limits::FIRST_SEQUENCE,
    rewrite::{Names, Rewriter, patch},
};
use str0m::rtp::Vp8Descriptor;

/// What is done next, by whom, how much further in their numbers, at which time, after how many milliseconds, and the
/// packet.
type Step<'a> = (u8, u8, u16, u32, u8, &'a [u8]);

fuzz_target!(|steps: Vec<Step<'_>>| {
    let mut now = Instant::now();
    let mut line = Rewriter::new(90_000);
    let mut newest = [1_u64, 30_000, 1 << 40, 1 << 60];
    let mut seen = [(); 4].map(|()| HashSet::new());
    let mut used = HashSet::new();
    for (what, who, step, time, ms, payload) in steps {
        now += Duration::from_millis(ms.into());
        let source = usize::from(who) % newest.len();
        // Late ones too, but each once: the library drops repetitions.
        let sequence = (newest[source] + u64::from(step)).saturating_sub(64).max(1);
        match what {
            0..=20 => line.cut(),
            21..=40 => {
                if seen[source].insert(sequence) {
                    line.skip(source as u32, sequence);
                }
            }
            _ => {
                if !seen[source].insert(sequence) {
                    continue;
                }
                let descriptor = Vp8Descriptor::parse(payload).ok();
                let names = Names {
                    sequence,
                    time,
                    picture: descriptor.and_then(|descriptor| descriptor.picture_id()),
                    base_picture: descriptor.and_then(|descriptor| descriptor.tl0_pic_idx()),
                };
                let Some(sent) = line.rewrite(now, source as u32, names) else { continue };
                assert!(used.insert(sent.sequence), "no number is used twice");
                assert!(sent.sequence >= FIRST_SEQUENCE);
                assert_eq!(sent.picture.is_some(), names.picture.is_some());
                assert_eq!(sent.base_picture.is_some(), names.base_picture.is_some());
                assert!(sent.picture.is_none_or(|picture| picture < 1 << 15));
                if let Some(descriptor) = descriptor {
                    assert!(patch(&descriptor, sent).is_some());
                }
            }
        }
        newest[source] = newest[source].max(sequence);
    }
});
