//! How often a publisher is asked for a key frame: twice a second at most, for all who want one together.

use std::{collections::HashMap, time::Instant};

use super::{ParticipantKey, limits::KEYFRAME_EVERY, streams::Stream};

/// When each stream was asked last.
#[derive(Debug, Default)]
pub(super) struct Keyframes {
    asked_at: HashMap<(ParticipantKey, Stream), Instant>,
}

impl Keyframes {
    /// Whether to ask for a key frame of that stream now. Whoever waits for one asks again.
    pub(super) fn may_ask(&mut self, now: Instant, whose: ParticipantKey, stream: Stream) -> bool {
        let asked_at = self.asked_at.get(&(whose, stream));
        let may = asked_at.is_none_or(|at| now >= *at + KEYFRAME_EVERY);
        if may {
            self.asked_at.insert((whose, stream), now);
        }
        may
    }

    /// Somebody left.
    pub(super) fn forget(&mut self, who: ParticipantKey) {
        self.asked_at.retain(|(whose, _), _| *whose != who);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::protocol::Number;

    use super::*;

    #[test]
    fn a_stream_is_asked_twice_a_second_however_many_want_it() {
        let start = Instant::now();
        let who = ParticipantKey { number: Number(1), entry: 0 };
        let mut keyframes = Keyframes::default();
        let asked = (0..100_u64)
            .filter(|step| keyframes.may_ask(start + Duration::from_millis(step * 10), who, Stream::Low))
            .count();
        assert_eq!(asked, 2);
        assert!(keyframes.may_ask(start, who, Stream::High), "each stream on its own");
        keyframes.forget(who);
        assert!(keyframes.may_ask(start, who, Stream::Low));
    }
}
