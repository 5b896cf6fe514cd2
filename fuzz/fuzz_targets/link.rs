//! Whatever another page sends over a link: it decodes or it does not, and what decodes is written down as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::protocol::codec;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = codec::decode_link(bytes) {
        let written = codec::encode_link(&frame);
        // Numbers may come in a longer form than needed, so the bytes may differ; the frame must not.
        assert!(written.len() <= bytes.len());
        assert_eq!(codec::decode_link(&written), Ok(frame));
    }
});
