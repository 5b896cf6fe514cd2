//! What a client's offer must look like, looked at before anything is built from it: the lines of
//! [`shared::protocol::room::LINES`], in their order, and nothing else.

use std::collections::{BTreeSet, HashSet};

use shared::protocol::room::{HIGH_LAYER, LINES, LOW_LAYER, Line};
use str0m::media::Mid;

use super::limits::STREAMS_EACH;

/// Most lines of text in an offer: browsers write some 40 for each line of media.
const TEXT_LINES: usize = 4096;

/// Longest name of a line of media; str0m cuts longer ones off.
const MID_BYTES: usize = 16;

/// Longest hash of a certificate with its kind; SHA-512 takes 199. It is remembered as long as the connection.
const FINGERPRINT_BYTES: usize = 256;

/// An offer of the right shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What each of the lines is called.
    pub mids: [Mid; LINES.len()],
    /// Whether the client says which packets came when, so that its bandwidth can be estimated (transport-cc).
    pub has_feedback: bool,
    /// Whether its camera comes in layers.
    pub has_layers: bool,
    /// The hash of the client's certificate: another one is another connection.
    pub fingerprint: Option<String>,
    /// The streams it names (`a=ssrc`) on the lines from the client. A session makes something of each, and keeps it.
    pub streams: BTreeSet<u32>,
}

#[derive(Debug, Default)]
struct Media<'a> {
    kind: &'a str,
    mid: Option<&'a str>,
    direction: Option<&'a str>,
    layers: Vec<&'a str>,
}

/// Reads the shape of an offer; none if it is another.
pub fn check(text: &str) -> Option<Offer> {
    let mut media: Vec<Media<'_>> = Vec::new();
    let (mut has_feedback, mut fingerprint, mut streams) = (false, None, BTreeSet::new());
    for (index, line) in text.lines().enumerate() {
        if index >= TEXT_LINES {
            return None;
        }
        if let Some(rest) = line.strip_prefix("m=") {
            if media.len() == LINES.len() {
                return None;
            }
            media.push(Media { kind: rest.split(' ').next()?, ..Media::default() });
            continue;
        }
        let Some(attribute) = line.strip_prefix("a=") else { continue };
        has_feedback |= attribute.starts_with("rtcp-fb:") && attribute.ends_with(" transport-cc");
        if fingerprint.is_none() {
            fingerprint = attribute.strip_prefix("fingerprint:").map(str::to_owned);
        }
        let is_up = media.len().checked_sub(1).is_some_and(|index| LINES[index].is_up());
        let Some(current) = media.last_mut() else { continue };
        if is_up && !take_streams(attribute, &mut streams) {
            return None;
        }
        match attribute.split_once(':') {
            Some(("mid", mid)) => current.mid = Some(mid),
            Some(("rid", rid)) => current.layers.push(rid.strip_suffix(" send")?),
            None if matches!(attribute, "sendonly" | "recvonly" | "sendrecv" | "inactive") => {
                current.direction = Some(attribute);
            }
            _ => {}
        }
    }
    if media.len() != LINES.len() || fingerprint.as_ref().is_some_and(|hash| hash.len() > FINGERPRINT_BYTES) {
        return None;
    }
    let mut names = HashSet::new();
    let mut mids = [Mid::from_array([b' '; MID_BYTES]); LINES.len()];
    for ((media, line), mid) in media.iter().zip(LINES).zip(&mut mids) {
        let kind = if line.is_sound() { "audio" } else { "video" };
        let direction = if line.is_up() { "sendonly" } else { "recvonly" };
        let name = media.mid?;
        let is_plain = (1..=MID_BYTES).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let are_ours = match line {
            Line::Camera => media.layers.is_empty() || are_our_layers(&media.layers),
            _ => media.layers.is_empty(),
        };
        if media.kind != kind || media.direction != Some(direction) || !is_plain || !are_ours || !names.insert(name) {
            return None;
        }
        *mid = Mid::from(name);
    }
    let has_layers = media.iter().any(|media| !media.layers.is_empty());
    Some(Offer { mids, has_feedback, has_layers, fingerprint, streams })
}

/// Takes the streams that an attribute names, if it does. Says whether they are numbers, and not too many.
fn take_streams(attribute: &str, streams: &mut BTreeSet<u32>) -> bool {
    let named: Vec<&str> = if let Some(rest) = attribute.strip_prefix("ssrc:") {
        rest.split_whitespace().take(1).collect()
    } else if let Some(rest) = attribute.strip_prefix("ssrc-group:") {
        // After what it is a group for.
        rest.split_whitespace().skip(1).collect()
    } else {
        return true;
    };
    for number in named {
        let Ok(number) = number.parse() else { return false };
        streams.insert(number);
    }
    streams.len() <= STREAMS_EACH
}

/// An offer without the addresses of its client: it is known by where its checks of the path come from, which are
/// signed. Whatever addresses were offered besides, a session would keep each, and again with each further offer.
pub fn without_candidates(text: &str) -> String {
    let is_kept = |line: &&str| !line.starts_with("a=candidate:");
    text.lines().filter(is_kept).fold(String::with_capacity(text.len()), |text, line| text + line + "\r\n")
}

fn are_our_layers(layers: &[&str]) -> bool {
    matches!(layers, [one, other] if [(LOW_LAYER, HIGH_LAYER), (HIGH_LAYER, LOW_LAYER)].contains(&(*one, *other)))
}

#[cfg(test)]
pub(super) mod tests {
    use std::fmt::Write;

    use super::*;

    /// The skeleton of an offer, as `change` alters it.
    pub(in super::super) fn skeleton(change: impl Fn(usize, Line) -> Option<&'static str>) -> String {
        let mut text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n".to_owned();
        for (index, line) in LINES.into_iter().enumerate() {
            let kind = if line.is_sound() { "audio" } else { "video" };
            let direction = if line.is_up() { "sendonly" } else { "recvonly" };
            let usual = format!("m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{index}\r\na={direction}\r\n");
            let _ = write!(text, "{}", change(index, line).unwrap_or(&usual));
        }
        text
    }

    #[test]
    fn the_fixed_lines_are_taken_and_nothing_else_is() {
        let usual = skeleton(|_, _| None);
        let offer = check(&usual).expect("usual");
        assert_eq!((offer.has_feedback, offer.has_layers), (false, false));
        assert_eq!(offer.mids[3], Mid::from("3"));
        let at = |place, text: &'static str| skeleton(move |index, _| (index == place).then_some(text));
        let streams = |count: usize| {
            let lines: Vec<_> = (0..count).map(|number| format!("a=ssrc:{number} cname:a\r\n")).collect();
            usual.replacen("a=sendonly\r\n", &format!("a=sendonly\r\n{}", lines.concat()), 1)
        };
        assert_eq!(check(&streams(STREAMS_EACH)).map(|offer| offer.streams.len()), Some(STREAMS_EACH));
        for (wrong, offer) in [
            ("nothing", String::new()),
            ("endless streams", streams(STREAMS_EACH + 1)),
            ("a stream without a number", usual.replacen("a=sendonly\r\n", "a=sendonly\r\na=ssrc:x cname:a\r\n", 1)),
            ("a line less", at(18, "")),
            ("a line more", usual.clone() + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:99\r\na=recvonly\r\n"),
            ("a thousand lines", "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(1000)),
            ("an endless hash", format!("a=fingerprint:{}\r\n{usual}", "AB:".repeat(100))),
            ("endless text", usual.clone() + &"a=x\r\n".repeat(5000)),
            ("another kind", at(0, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\n")),
            ("data", at(0, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\na=sendonly\r\n")),
            ("another direction", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendrecv\r\n")),
            ("no direction", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n")),
            ("no name", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n")),
            ("a name twice", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\n")),
            ("a strange name", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:../\r\na=sendonly\r\n")),
            ("a long name", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:01234567890123456\r\na=sendonly\r\n")),
            ("layers of sound", at(0, "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=rid:q send\r\n")),
        ] {
            assert_eq!(check(&offer), None, "{wrong}");
        }
    }

    #[test]
    fn streams_are_those_named_on_the_lines_from_the_client_each_once() {
        let usual = skeleton(|_, _| None);
        let up = "a=sendonly\r\na=ssrc-group:FID 5 6\r\na=ssrc:5 cname:a\r\na=ssrc:5 msid:a b\r\na=ssrc:6 cname:a\r\n";
        let down = "a=recvonly\r\na=ssrc:7 cname:a\r\n";
        let offer = usual.replacen("a=sendonly\r\n", up, 1).replace("a=recvonly\r\n", down);
        let offer = check(&offer).expect("a good one");
        assert_eq!(offer.streams, BTreeSet::from([5, 6]));
    }

    #[test]
    fn addresses_are_taken_out_and_nothing_else_is() {
        let candidate = "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host";
        let offer = format!("v=0\r\n{candidate}\na=mid:0\r\n{candidate}\r\na=end-of-candidates\r\n{candidate}");
        assert_eq!(without_candidates(&offer), "v=0\r\na=mid:0\r\na=end-of-candidates\r\n");
    }

    #[test]
    fn a_camera_comes_in_our_two_layers_or_in_none() {
        for (layers, is_taken) in [
            ("a=rid:q send\r\na=rid:h send\r\n", true),
            ("a=rid:h send\r\na=rid:q send\r\n", true),
            ("a=rid:q send\r\n", false),
            ("a=rid:q send\r\na=rid:q send\r\n", false),
            ("a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n", false),
            ("a=rid:q recv\r\na=rid:h recv\r\n", false),
        ] {
            let camera = format!("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\n{layers}");
            let usual = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\n";
            let offer = skeleton(|_, _| None).replace(usual, &camera);
            assert_eq!(check(&offer).map(|offer| offer.has_layers), is_taken.then_some(true), "{layers}");
        }
    }
}
