//! What two introduced machines may tell each other, and when: one offer, one answer, and how each can be reached.
//!
//! A page that is told anything else may fall over: the library at the other end takes what it is given for granted. So
//! each signal is checked for its turn, size and shape before it is handed on.

use serde::{Deserialize, Serialize};
use shared::limits::{CANDIDATE_BYTES, CANDIDATES, DESCRIPTION_BYTES};

/// What one machine tells another (`PeerSignal` of `matchbox_socket` 0.15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// A candidate as browsers write it in JSON; `null` at the end of them.
    IceCandidate(String),
    /// A session description that wants an answer.
    Offer(String),
    /// The answer.
    Answer(String),
}

/// Which end of an introduction somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Was told of the other first, and offers.
    Offerer,
    /// Answers.
    Answerer,
}

/// How far the two have got.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exchange {
    is_offered: bool,
    is_answered: bool,
    candidates: [usize; 2],
}

/// A signal that is not handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is not this side's turn to say that, or it said it before.
    #[error("out of turn")]
    Turn,
    /// More candidates than any machine has.
    #[error("too many candidates")]
    Many,
    /// No description of a data channel, or no candidate.
    #[error("malformed")]
    Shape,
}

impl Exchange {
    /// Takes note of a signal of that side.
    ///
    /// # Errors
    /// If it is not to be handed on: why.
    pub fn check(&mut self, side: Side, signal: &Signal) -> Result<(), Wrong> {
        match (signal, side) {
            (Signal::Offer(text), Side::Offerer) if !self.is_offered => {
                check_description(text)?;
                self.is_offered = true;
            }
            (Signal::Answer(text), Side::Answerer) if self.is_offered && !self.is_answered => {
                check_description(text)?;
                self.is_answered = true;
            }
            (Signal::IceCandidate(text), side) => {
                let has_described = if side == Side::Offerer { self.is_offered } else { self.is_answered };
                if !has_described {
                    return Err(Wrong::Turn);
                }
                check_candidate(text)?;
                let count = &mut self.candidates[side as usize];
                if *count >= CANDIDATES {
                    return Err(Wrong::Many);
                }
                *count += 1;
            }
            _ => return Err(Wrong::Turn),
        }
        Ok(())
    }
}

/// A link carries data alone: its description has one line of media, an association of SCTP (RFC 8841).
fn check_description(text: &str) -> Result<(), Wrong> {
    let is_strange = |character: char| character.is_control() && !matches!(character, '\r' | '\n');
    let mut media = text.lines().filter(|line| line.starts_with("m="));
    let is_data = media.next().is_some_and(|line| line.starts_with("m=application ")) && media.next().is_none();
    let is_fine = text.len() <= DESCRIPTION_BYTES && text.starts_with("v=0") && !text.contains(is_strange) && is_data;
    if is_fine { Ok(()) } else { Err(Wrong::Shape) }
}

/// As browsers write a candidate (W3C *WebRTC 1.0*, `RTCIceCandidateInit`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    #[serde(rename = "candidate")]
    line: String,
    #[serde(default)]
    sdp_mid: Option<String>,
    #[serde(default, rename = "sdpMLineIndex")]
    _sdp_m_line_index: Option<u16>,
    #[serde(default)]
    username_fragment: Option<String>,
}

fn check_candidate(text: &str) -> Result<(), Wrong> {
    if text.len() > CANDIDATE_BYTES {
        return Err(Wrong::Shape);
    }
    let candidate = serde_json::from_str::<Option<Candidate>>(text).map_err(|_| Wrong::Shape)?;
    let is_plain = |text: &str| !text.contains(char::is_control);
    let is_fine = candidate.is_none_or(|candidate| {
        let has_prefix = candidate.line.is_empty() || candidate.line.starts_with("candidate:");
        let others = [candidate.sdp_mid, candidate.username_fragment];
        has_prefix && is_plain(&candidate.line) && others.iter().flatten().all(|text| is_plain(text))
    });
    if is_fine { Ok(()) } else { Err(Wrong::Shape) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
    const CANDIDATE: &str =
        r#"{"candidate":"candidate:1 1 udp 2 192.0.2.1 5 typ host","sdpMid":"0","sdpMLineIndex":0}"#;

    fn offer() -> Signal {
        Signal::Offer(DATA.to_owned())
    }

    fn answer() -> Signal {
        Signal::Answer(DATA.to_owned())
    }

    fn candidate() -> Signal {
        Signal::IceCandidate(CANDIDATE.to_owned())
    }

    #[test]
    fn each_says_what_is_its_turn_and_once() {
        let mut exchange = Exchange::default();
        let mut check = |side, signal: Signal| exchange.check(side, &signal);
        assert_eq!(check(Side::Answerer, offer()), Err(Wrong::Turn));
        assert_eq!(check(Side::Offerer, candidate()), Err(Wrong::Turn));
        assert_eq!(check(Side::Answerer, answer()), Err(Wrong::Turn));
        assert_eq!(check(Side::Offerer, offer()), Ok(()));
        assert_eq!(check(Side::Offerer, offer()), Err(Wrong::Turn));
        assert_eq!(check(Side::Offerer, answer()), Err(Wrong::Turn));
        assert_eq!(check(Side::Answerer, candidate()), Err(Wrong::Turn));
        assert_eq!(check(Side::Answerer, answer()), Ok(()));
        assert_eq!(check(Side::Answerer, answer()), Err(Wrong::Turn));
        for side in [Side::Offerer, Side::Answerer] {
            for _ in 0..CANDIDATES {
                assert_eq!(check(side, candidate()), Ok(()));
            }
            assert_eq!(check(side, candidate()), Err(Wrong::Many));
        }
    }

    #[test]
    fn only_data_is_described() {
        let check = |text: &str| Exchange::default().check(Side::Offerer, &Signal::Offer(text.to_owned()));
        assert_eq!(check(DATA), Ok(()));
        for wrong in [
            String::new(),
            "v=0".to_owned(),
            DATA.replace("application", "audio"),
            format!("{DATA}m=audio 9 RTP/SAVPF 0\r\n"),
            format!("{DATA}\0"),
            format!("{DATA}{}", "a=x\r\n".repeat(DESCRIPTION_BYTES / 4)),
            format!(" {DATA}"),
        ] {
            assert_eq!(check(&wrong), Err(Wrong::Shape), "{:?}", wrong.get(..80));
        }
    }

    #[test]
    fn only_candidates_are_candidates() {
        let check = |text: &str| {
            let mut exchange = Exchange { is_offered: true, ..Exchange::default() };
            exchange.check(Side::Offerer, &Signal::IceCandidate(text.to_owned()))
        };
        for fine in [CANDIDATE, "null", r#"{"candidate":""}"#] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        let long = CANDIDATE.replace("typ", &"x".repeat(CANDIDATE_BYTES));
        for wrong in ["", "{}", "1", "[]", r#"{"candidate":7}"#, r#"{"candidate":"candidate:\u0000"}"#, "{", &long] {
            assert_eq!(check(wrong), Err(Wrong::Shape), "{wrong:.80}");
        }
        assert_eq!(check(r#"{"candidate":"","sdpMLineIndex":"x"}"#), Err(Wrong::Shape));
    }
}
