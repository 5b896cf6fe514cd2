//! Whatever another page describes of a call: what its sound is to be is written into it once, and all else stays.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = client::media::tuned(text);
    assert_eq!(client::media::tuned(&once), once);
    let is_other = |line: &&str| !line.starts_with("a=fmtp:");
    let before: Vec<_> = text.split('\n').filter(is_other).map(str::trim_end).collect();
    let after: Vec<_> = once.split('\n').filter(is_other).map(str::trim_end).collect();
    assert_eq!(after, before);
});
