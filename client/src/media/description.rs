//! What is read and changed of session descriptions (RFC 8866): little, and never by trust.

use std::collections::HashSet;

use shared::protocol::link::Description;

/// The lines of a call, in this order: microphone, camera, screen, sound of the screen.
const LINES: [&str; 4] = ["audio", "video", "video", "audio"];

/// What is asked of the other side's encoder: to repair losses from the next packet, and to send next to nothing while
/// nobody speaks (RFC 7587, section 6.1).
const OPUS: [(&str, &str); 2] = [("useinbandfec", "1"), ("usedtx", "1")];

/// Whether it describes a call: the four lines of one, in their order.
pub(super) fn is_call(description: &Description) -> bool {
    let kinds = description.as_str().lines().filter_map(|line| line.strip_prefix("m="));
    kinds.map(|line| line.split(' ').next().unwrap_or_default()).eq(LINES)
}

/// The name of its side of the path (RFC 8839, section 5.4), the first if there are several: a restart brings another.
pub(super) fn path_name(description: &Description) -> Option<&str> {
    description.as_str().lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"))
}

/// The same description with the parameters of Opus as calls want them. A description says what its maker wants to
/// receive, so this is done with the other side's before it is set.
pub fn tuned(description: &str) -> String {
    let mut tuned = String::with_capacity(description.len() + 256);
    let mut rest = description;
    while !rest.is_empty() {
        let (section, after) = rest.split_at(section_end(rest));
        tune_section(section, &mut tuned);
        rest = after;
    }
    tuned
}

/// Where the first part of a description ends: at the next line of media, because payload types hold for one alone.
fn section_end(text: &str) -> usize {
    let mut starts = text.match_indices('\n').map(|(at, _)| at + 1);
    starts.find(|at| text[*at..].starts_with("m=")).unwrap_or(text.len())
}

fn tune_section(section: &str, tuned: &mut String) {
    let contents = || section.split('\n').map(|line| line.trim_end_matches('\r'));
    let opus: HashSet<_> = contents().filter_map(opus_payload).collect();
    let mut without: HashSet<_> = opus.clone();
    for (payload, _) in contents().filter_map(parameters) {
        without.remove(payload);
    }
    for line in section.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        let end = &line[content.len()..];
        match parameters(content).filter(|(payload, _)| opus.contains(payload)) {
            Some((payload, parameters)) => push_parameters(tuned, payload, parameters),
            None => tuned.push_str(content),
        }
        if let Some(payload) = opus_payload(content).filter(|payload| without.remove(payload)) {
            // What is not a whole line becomes one before another follows.
            tuned.push_str(if end.ends_with('\n') { end } else { "\r\n" });
            push_parameters(tuned, payload, "");
        }
        tuned.push_str(end);
    }
}

/// The payload type a line gives to Opus (RFC 7587, section 7).
fn opus_payload(line: &str) -> Option<&str> {
    let (payload, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    let name = codec.split('/').next()?;
    name.eq_ignore_ascii_case("opus").then_some(payload)
}

/// The payload type a line has parameters for, and these.
fn parameters(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("a=fmtp:")?;
    Some(line.split_once(' ').unwrap_or((line, "")))
}

fn push_parameters(tuned: &mut String, payload: &str, parameters: &str) {
    let mut missing = OPUS.to_vec();
    let mut separator = " ";
    tuned.push_str("a=fmtp:");
    tuned.push_str(payload);
    for parameter in parameters.split(';').filter(|parameter| !parameter.trim().is_empty()) {
        tuned.push_str(separator);
        separator = ";";
        let name = parameter.split('=').next().unwrap_or_default().trim();
        if let Some((key, value)) = OPUS.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
            missing.retain(|(missing, _)| missing != key);
            tuned.extend([key, "=", value]);
        } else {
            tuned.push_str(parameter);
        }
    }
    for (key, value) in missing {
        tuned.extend([separator, key, "=", value]);
        separator = ";";
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AUDIO: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=rtpmap:111 opus/48000/2\r\n\
                         a=fmtp:111 minptime=10;useinbandfec=0\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n";

    fn described(text: &str) -> Description {
        Description::new(text).expect("a description")
    }

    #[test]
    fn opus_repairs_losses_and_keeps_silent() {
        let wanted = AUDIO.replace("useinbandfec=0", "useinbandfec=1;usedtx=1");
        assert_eq!(tuned(AUDIO), wanted);
    }

    #[test]
    fn parameters_are_put_where_there_are_none() {
        let text = "m=audio 9 RTP 111\na=rtpmap:111 OPUS/48000/2\na=ptime:20\n";
        let wanted = "m=audio 9 RTP 111\na=rtpmap:111 OPUS/48000/2\na=fmtp:111 useinbandfec=1;usedtx=1\na=ptime:20\n";
        assert_eq!(tuned(text), wanted);
        assert_eq!(tuned("a=rtpmap:1 opus/48000"), "a=rtpmap:1 opus/48000\r\na=fmtp:1 useinbandfec=1;usedtx=1");
        assert_eq!(tuned("a=rtpmap:1 opus\r"), "a=rtpmap:1 opus\r\na=fmtp:1 useinbandfec=1;usedtx=1\r");
        assert_eq!(tuned("a=rtpmap:1 opus\na=fmtp:1"), "a=rtpmap:1 opus\na=fmtp:1 useinbandfec=1;usedtx=1");
    }

    #[test]
    fn each_line_of_media_has_payload_types_of_its_own() {
        let video = "m=video 9 RTP 111\r\na=rtpmap:111 VP8/90000\r\na=fmtp:111 max-fr=30\r\n";
        let both = format!("{AUDIO}{video}");
        assert!(tuned(&both).ends_with(video));
        let before = "m=audio 9 RTP 96\r\na=fmtp:96 stereo=0\r\na=rtpmap:96 opus/48000/2\r\n";
        assert!(tuned(before).contains("a=fmtp:96 stereo=0;useinbandfec=1;usedtx=1\r\n"), "in any order");
    }

    #[test]
    fn a_call_has_four_lines_in_their_order() {
        let is_call = |kinds: &[&str]| {
            let lines = kinds.iter().map(|kind| format!("m={kind} 9 UDP/TLS/RTP/SAVPF 0\r\n")).collect::<Vec<_>>();
            is_call(&described(&format!("v=0\r\n{}", lines.concat())))
        };
        assert!(is_call(&LINES));
        for other in [&["audio"][..], &[], &["audio", "video", "audio", "video"], &["application"; 4], &["audio"; 5]] {
            assert!(!is_call(other), "{other:?}");
        }
    }

    #[test]
    fn a_path_has_a_name() {
        let text = "v=0\r\nm=audio 9 RTP 0\r\na=ice-ufrag:aB+/\r\nm=video 9 RTP 0\r\na=ice-ufrag:other\r\n";
        assert_eq!(path_name(&described(text)), Some("aB+/"));
        assert_eq!(path_name(&described("v=0\r\n")), None);
    }

    /// Pieces of descriptions, in an order nobody would write.
    const PIECES: &str = "(m=|a=fmtp:|a=rtpmap:|1|2| |opus|OPUS/48000|usedtx=|useinbandfec|=|;|x|\r|\n|\r\n|é){0,60}";

    proptest! {
        #[test]
        fn any_text_is_tuned_and_once_is_enough(text in PIECES) {
            let once = tuned(&text);
            prop_assert_eq!(&tuned(&once), &once);
        }

        #[test]
        fn lines_that_do_not_speak_of_opus_stay(text in PIECES) {
            let is_parameters = |line: &&str| !line.starts_with("a=fmtp:");
            let before: Vec<_> = text.split('\n').filter(is_parameters).map(str::trim_end).collect();
            let after = tuned(&text);
            let after: Vec<_> = after.split('\n').filter(is_parameters).map(str::trim_end).collect();
            prop_assert_eq!(after, before);
        }

        #[test]
        fn a_text_without_opus_stays_as_it_is(text in "(m=|a=fmtp:|a=rtpmap:|1| |usedtx=|;|\r|\n|é){0,60}") {
            prop_assert_eq!(tuned(&text), text);
        }
    }
}
