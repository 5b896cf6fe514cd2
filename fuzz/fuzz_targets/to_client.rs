//! Whatever a relay sends: it decodes or it does not, and what decodes is written down as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::protocol::codec;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = codec::decode_to_client(bytes) {
        let written = codec::encode_to_client(&message);
        // Numbers may come in a longer form than needed, so the bytes may differ; the message must not.
        assert!(written.len() <= bytes.len());
        assert_eq!(codec::decode_to_client(&written), Ok(message));
    }
});
