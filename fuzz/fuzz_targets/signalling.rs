//! Whatever comes on a signalling connection: it is checked without falling over, and what is handed on is what the
//! other end can bear.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use relay::{
    signalling::{
        Introductions, Step,
        exchange::{Exchange, Side, Signal},
    },
    world::ConnectionId,
};
use shared::{
    identity::UserId,
    limits::{CANDIDATE_BYTES, CANDIDATES, DESCRIPTION_BYTES},
    protocol::Ticket,
};

const LINE: ConnectionId = ConnectionId(1);

fuzz_target!(|text: &str| {
    let mut introductions = Introductions::default();
    introductions.open(LINE, UserId::of(&[1; 32]), Ticket([1; 16]));
    let mut exchange = Exchange::default();
    let mut handed_on = 0;
    for (number, line) in text.lines().enumerate() {
        introductions.received(Duration::ZERO, LINE, line);
        let side = if number % 2 == 0 { Side::Offerer } else { Side::Answerer };
        let Ok(signal) = serde_json::from_str::<Signal>(line) else { continue };
        if exchange.check(side, &signal).is_ok() {
            handed_on += 1;
            match signal {
                Signal::Offer(text) | Signal::Answer(text) => {
                    assert!(text.len() <= DESCRIPTION_BYTES);
                    assert_eq!(text.lines().filter(|line| line.starts_with("m=")).count(), 1);
                    assert!(text.chars().all(|letter| !letter.is_control() || matches!(letter, '\r' | '\n')));
                }
                Signal::IceCandidate(text) => assert!(text.len() <= CANDIDATE_BYTES),
            }
        }
    }
    assert!(handed_on <= 2 + 2 * CANDIDATES);
    // Nobody else is there: one is told one's own id, and perhaps that it is over.
    let steps: Vec<_> = std::iter::from_fn(|| introductions.poll()).collect();
    assert!(matches!(&steps[..], [Step::Send(LINE, _)] | [Step::Send(LINE, _), Step::Close(LINE)]), "{steps:?}");
});
