//! Who speaks, by the levels that come with each packet of sound (RFC 6464), and whom somebody therefore hears.

use std::time::Instant;

use super::{
    ParticipantKey,
    limits::{LOUDER_DB, NO_SOUND_BYTES, SILENT_AFTER, SPEECH_DB},
};

/// The share of a packet of 20 ms in the smoothed level while it gets louder: some 50 ms until it is half way.
const RISE: f32 = 0.25;

/// The same while it gets quieter: pauses between words do not count.
const FALL: f32 = 0.05;

/// Full silence in decibels below full scale.
const SILENCE_DB: f32 = -127.0;

/// Somebody's voice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    level_db: f32,
    spoke_at: Option<Instant>,
}

impl Default for Voice {
    fn default() -> Self {
        Self { level_db: SILENCE_DB, spoke_at: None }
    }
}

impl Voice {
    /// A packet of sound came, so loud in decibels below full scale, if that was said, and of so many bytes. Says
    /// whether somebody begins to speak with it.
    pub(super) fn heard(&mut self, now: Instant, level_db: Option<i8>, bytes: usize) -> bool {
        let level = match level_db {
            // The sign is not part of what is sent, and libraries differ in it.
            Some(level) => -f32::from(level).abs(),
            None if bytes > NO_SOUND_BYTES => SPEECH_DB,
            None => SILENCE_DB,
        };
        let share = if level > self.level_db { RISE } else { FALL };
        self.level_db += (level - self.level_db) * share;
        let was_speaking = self.is_speaking(now);
        if level >= SPEECH_DB {
            self.spoke_at = Some(now);
        }
        !was_speaking && self.is_speaking(now)
    }

    /// Whether they spoke a moment ago.
    pub(super) fn is_speaking(&self, now: Instant) -> bool {
        self.spoke_at.is_some_and(|at| now < at + SILENT_AFTER)
    }

    /// When they spoke last.
    pub(super) fn spoke_at(&self) -> Option<Instant> {
        self.spoke_at
    }

    /// How loud they have been, in decibels below full scale.
    pub(super) fn level_db(&self) -> f32 {
        self.level_db
    }
}

/// Who is heard before others, from the last to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
    /// As loud as they are.
    Class,
    /// Speaks at the podium.
    Podium,
    /// Teaches: is always heard.
    Teacher,
}

/// Somebody who could be heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) who: ParticipantKey,
    pub(super) voice: Voice,
    pub(super) precedence: Precedence,
    /// Whether they have a slot already.
    pub(super) is_heard: bool,
}

/// Whom to hear, the most important first: by precedence, then the loudest of those who speak, and then who spoke last.
/// Whoever has a slot counts as a little louder, so that nothing changes without need.
pub(super) fn rank(now: Instant, mut candidates: Vec<Candidate>) -> Vec<ParticipantKey> {
    let loudness = |candidate: &Candidate| {
        let bonus = if candidate.is_heard { LOUDER_DB } else { 0.0 };
        if candidate.voice.is_speaking(now) { candidate.voice.level_db() + bonus } else { f32::NEG_INFINITY }
    };
    candidates.sort_by(|a, b| {
        let by_precedence = b.precedence.cmp(&a.precedence);
        by_precedence
            .then_with(|| loudness(b).total_cmp(&loudness(a)))
            .then_with(|| b.voice.spoke_at().cmp(&a.voice.spoke_at()))
            .then_with(|| b.is_heard.cmp(&a.is_heard))
            .then_with(|| a.who.cmp(&b.who))
    });
    candidates.into_iter().map(|candidate| candidate.who).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::protocol::Number;

    use super::*;

    fn candidate(number: u16, voice: Voice) -> Candidate {
        let who = ParticipantKey { number: Number(number), entry: 0 };
        Candidate { who, voice, precedence: Precedence::Class, is_heard: false }
    }

    fn voice(now: Instant, level_db: i8) -> Voice {
        let mut voice = Voice::default();
        for _ in 0..50 {
            voice.heard(now, Some(level_db), 80);
        }
        voice
    }

    fn numbers(now: Instant, candidates: &[Candidate]) -> Vec<u16> {
        rank(now, candidates.to_vec()).into_iter().map(|who| who.number.0).collect()
    }

    #[test]
    fn the_loudest_come_first_and_the_podium_before_them() {
        let now = Instant::now();
        let (loud, quiet, silent) = (voice(now, -20), voice(now, -40), voice(now, -90));
        let podium = Candidate { precedence: Precedence::Podium, ..candidate(4, quiet) };
        let teacher = Candidate { precedence: Precedence::Teacher, ..candidate(5, silent) };
        assert_eq!(
            numbers(now, &[candidate(1, quiet), candidate(2, loud), candidate(3, silent), podium, teacher]),
            [5, 4, 2, 1, 3]
        );
    }

    #[test]
    fn who_is_heard_is_replaced_only_by_somebody_clearly_louder() {
        let now = Instant::now();
        let heard = Candidate { is_heard: true, ..candidate(1, voice(now, -30)) };
        assert_eq!(numbers(now, &[heard, candidate(2, voice(now, -27))]), [1, 2]);
        assert_eq!(numbers(now, &[heard, candidate(2, voice(now, -20))]), [2, 1]);
    }

    #[test]
    fn after_two_silent_seconds_nobody_speaks_and_the_first_word_is_noticed() {
        let start = Instant::now();
        let mut voice = Voice::default();
        assert!(!voice.heard(start, Some(-80), 40));
        assert!(voice.heard(start, Some(-30), 80));
        assert!(!voice.heard(start, Some(-30), 80), "said once");
        let later = start + SILENT_AFTER;
        assert!(voice.is_speaking(later.checked_sub(Duration::from_millis(1)).expect("later")));
        assert!(!voice.is_speaking(later));
        assert!(voice.heard(later, Some(30), 80), "levels may come without their sign");
    }

    #[test]
    fn without_levels_whatever_is_sound_counts_as_speech() {
        let now = Instant::now();
        let mut voice = Voice::default();
        assert!(!voice.heard(now, None, 1));
        assert!(voice.heard(now, None, 80));
    }
}
