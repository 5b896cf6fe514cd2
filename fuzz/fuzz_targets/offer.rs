//! Whatever somebody offers to the forwarding unit: it has our lines and no others, or it is refused.
//!
//! The bytes are changes to a good offer, so that most of it is right: where, how many bytes go, how many come, and
//! those. Without a change to make they are the offer themselves.

#![no_main]

use std::{collections::HashSet, fmt::Write};

use libfuzzer_sys::fuzz_target;
use relay::sfu::{
    limits::STREAMS_EACH,
    offer::{Offer, check, without_candidates},
};
use shared::protocol::room::{HIGH_LAYER, LINES, LOW_LAYER, Line};

fuzz_target!(|bytes: &[u8]| {
    for text in [String::from_utf8_lossy(bytes).into_owned(), changed(bytes)] {
        if let Some(offer) = check(&text) {
            hold(&text, &offer);
        }
    }
});

/// What is true of every offer that is taken.
fn hold(text: &str, offer: &Offer) {
    let kinds: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("m=")).collect();
    assert_eq!(kinds.len(), LINES.len());
    for (kind, line) in kinds.iter().zip(LINES) {
        assert!(kind.starts_with(if line.is_sound() { "audio" } else { "video" }), "{kind}");
    }
    let names: HashSet<_> = offer.mids.iter().collect();
    assert_eq!(names.len(), LINES.len(), "each line has a name of its own");
    for name in names {
        assert!(text.contains(&format!("a=mid:{}", name.trim_end())), "{name} was offered");
    }
    // Those before the first line of media are nobody's.
    let of_media = text.lines().skip_while(|line| !line.starts_with("m="));
    let layers = of_media.filter(|line| line.starts_with("a=rid:")).count();
    assert_eq!(layers, if offer.has_layers { 2 } else { 0 });
    assert!(offer.streams.len() <= STREAMS_EACH);
    assert!(!without_candidates(text).lines().any(|line| line.starts_with("a=candidate:")));
    assert!(offer.fingerprint.as_ref().is_none_or(|hash| hash.len() <= 256));
    assert_eq!(check(text).as_ref(), Some(offer), "the same offer is the same connection");
}

/// A good offer, as a browser with layers makes it, but for what is of no importance.
fn good() -> String {
    let mut text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\n".to_owned();
    for (index, line) in LINES.into_iter().enumerate() {
        let kind = if line.is_sound() { "audio" } else { "video" };
        let direction = if line.is_up() { "sendonly" } else { "recvonly" };
        let _ = write!(text, "m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{index}\r\na={direction}\r\n");
        let _ = write!(text, "a=rtcp-fb:96 transport-cc\r\n");
        if line == Line::Camera {
            let _ = write!(text, "a=rid:{LOW_LAYER} send\r\na=rid:{HIGH_LAYER} send\r\n");
        }
    }
    text
}

fn changed(bytes: &[u8]) -> String {
    let mut text = good().into_bytes();
    let mut rest = bytes;
    while let [high, low, gone, come, after @ ..] = rest {
        let place = usize::from(u16::from_be_bytes([*high, *low])) % (text.len() + 1);
        let end = (place + usize::from(*gone)).min(text.len());
        let (new, after) = after.split_at(usize::from(*come).min(after.len()));
        text.splice(place..end, new.iter().copied());
        rest = after;
    }
    String::from_utf8_lossy(&text).into_owned()
}
