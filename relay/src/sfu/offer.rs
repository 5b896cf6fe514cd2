//! What a client's offer must look like, looked at before anything is built from it: the lines of
//! [`shared::protocol::room::LINES`], in their order, and nothing else.

use std::collections::HashSet;

use shared::protocol::room::{HIGH_LAYER, LINES, LOW_LAYER, Line};
use str0m::media::Mid;

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
    let (mut has_feedback, mut fingerprint) = (false, None);
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
        let Some(current) = media.last_mut() else { continue };
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
    Some(Offer { mids, has_feedback, has_layers, fingerprint })
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
        for (wrong, offer) in [
            ("nothing", String::new()),
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
