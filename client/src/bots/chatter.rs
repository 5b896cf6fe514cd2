//! What a bot says now and then to whoever is near. It waits for nothing: it is asked what there is to say.

use std::time::Duration;

use rand::{RngExt, rngs::SmallRng};
use shared::chat::ChatText;

use crate::session::Time;

/// What is said between two lessons.
const REMARKS: &[&str] = &[
    "Hello!",
    "Good morning, everybody.",
    "Has the lesson begun?",
    "I am on my way to classroom A.",
    "See you in the lounge.",
    "Where is the library?",
    "The tulips are lovely this year.",
    "Who has the notes of yesterday?",
    "Wait for me!",
    "Shall we sit down somewhere?",
    "Nice hair!",
    "I was looking for you.",
    "One more lap round the pond.",
    "Lunch after this?",
];

/// The pauses and the words of one bot.
pub(super) struct Chatter {
    /// Between two remarks on average; `None` of somebody who says nothing.
    every: Option<Duration>,
    next: Time,
    last: usize,
    random: SmallRng,
}

impl Chatter {
    /// Somebody who comes in now. The first remark comes after a part of a pause: who comes together does not speak
    /// at once.
    pub(super) fn new(every: Option<Duration>, now: Time, mut random: SmallRng) -> Self {
        let next = now + every.unwrap_or_default().mul_f64(random.random_range(0.1..1.0));
        Self { every, next, last: random.random_range(0..REMARKS.len()), random }
    }

    /// When there is something to say.
    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.every.map(|_| self.next)
    }

    /// What there is to say now: another remark than the last one.
    pub(super) fn remark(&mut self, now: Time) -> Option<ChatText> {
        let every = self.every.filter(|_| self.next <= now)?;
        self.next = now + every.mul_f64(self.random.random_range(0.5..1.5));
        self.last = (self.last + self.random.random_range(1..REMARKS.len())) % REMARKS.len();
        ChatText::new(REMARKS[self.last]).ok()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::session::EPOCH;

    const EVERY: Duration = Duration::from_secs(40);

    fn chatter(seed: u64, every: Option<Duration>) -> Chatter {
        Chatter::new(every, EPOCH, SmallRng::seed_from_u64(seed))
    }

    /// When it says something within half an hour, looked at every tenth of a second, and what.
    fn half_an_hour(mut chatter: Chatter) -> Vec<(Duration, String)> {
        let moments = (0..18_000).map(|tenths| Duration::from_millis(tenths * 100));
        moments.filter_map(|time| Some((time, chatter.remark(EPOCH + time)?.into()))).collect()
    }

    #[test]
    fn somebody_says_something_else_every_some_tens_of_seconds() {
        for seed in 0..20 {
            let said = half_an_hour(chatter(seed, Some(EVERY)));
            assert!(said[0].0 <= EVERY, "{said:?}");
            for pair in said.windows(2) {
                let pause = pair[1].0.saturating_sub(pair[0].0);
                assert!((EVERY / 2..=EVERY * 2).contains(&pause), "{pause:?}");
                assert_ne!(pair[0].1, pair[1].1);
            }
            assert!((30..=90).contains(&said.len()), "{} remarks", said.len());
        }
    }

    #[test]
    fn two_do_not_speak_in_chorus() {
        assert_ne!(half_an_hour(chatter(1, Some(EVERY))), half_an_hour(chatter(2, Some(EVERY))));
    }

    #[test]
    fn whoever_is_quiet_says_nothing() {
        assert!(half_an_hour(chatter(1, None)).is_empty());
        assert_eq!(chatter(1, None).next_timeout(), None);
    }

    #[test]
    fn all_remarks_can_be_said() {
        for remark in REMARKS {
            assert_eq!(ChatText::new(remark).map(String::from).as_deref(), Ok(*remark));
        }
    }
}
