//! Whether somebody speaks, told by how loud they are, ten times a second.

/// From this level on it is a voice: speech near a microphone has some 0.05 to 0.3, a quiet room below 0.01.
const SPEAKS_FROM: f32 = 0.03;

/// Below this it is none; in between it stays what it was.
const SILENT_BELOW: f32 = 0.015;

/// Looks in a row without a voice until somebody is taken to be silent: words have gaps.
const SILENT_AFTER: u8 = 5;

/// Looks without a new packet after which what was heard last does not count: even silence is told every 400 ms (RFC
/// 6716, section 2.1.9).
const STALE_AFTER: u8 = 6;

/// Follows one voice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    is_heard: bool,
    silent_looks: u8,
    packet: Option<u32>,
    stale_looks: u8,
}

impl Voice {
    /// Takes the level, 0 to 1. Gives whether somebody speaks, if that changed.
    pub fn heard(&mut self, level: f32) -> Option<bool> {
        if level >= SPEAKS_FROM || (self.is_heard && level >= SILENT_BELOW) {
            self.silent_looks = 0;
        } else {
            self.silent_looks = self.silent_looks.saturating_add(1);
        }
        let is_heard = level >= SPEAKS_FROM || (self.is_heard && self.silent_looks < SILENT_AFTER);
        let has_changed = is_heard != self.is_heard;
        self.is_heard = is_heard;
        has_changed.then_some(is_heard)
    }

    /// The same for a voice that comes in packets: the level of the last one, and its time stamp. Browsers go on giving
    /// the last level of a sender who is gone.
    pub fn received(&mut self, last: Option<(f32, u32)>) -> Option<bool> {
        let packet = last.map(|(_, packet)| packet);
        if packet == self.packet {
            self.stale_looks = self.stale_looks.saturating_add(1);
        } else {
            (self.packet, self.stale_looks) = (packet, 0);
        }
        let is_fresh = self.stale_looks < STALE_AFTER;
        self.heard(last.filter(|_| is_fresh).map_or(0.0, |(level, _)| level))
    }
}

/// How loud samples between -1 and 1 are: their root mean square, 0 to 1.
pub fn level(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    (energy / samples.len() as f32).sqrt().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(levels: &[f32]) -> Vec<(usize, bool)> {
        let mut voice = Voice::default();
        let change = |(at, level): (usize, &f32)| voice.heard(*level).map(|is_heard| (at, is_heard));
        levels.iter().enumerate().filter_map(change).collect()
    }

    #[test]
    fn a_voice_is_heard_at_once_and_silent_after_a_while() {
        assert_eq!(changes(&[0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), [(1, true), (6, false)]);
    }

    #[test]
    fn gaps_between_words_are_no_silence() {
        assert_eq!(changes(&[0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0]), [(0, true)]);
    }

    #[test]
    fn a_level_at_the_edge_does_not_flicker() {
        assert_eq!(changes(&[0.02; 20]), []);
        let fading: Vec<_> = [0.04].into_iter().chain([0.02; 20]).collect();
        assert_eq!(changes(&fading), [(0, true)]);
    }

    #[test]
    fn the_last_level_of_a_sender_who_is_gone_fades() {
        let mut voice = Voice::default();
        assert_eq!(voice.received(Some((0.2, 1))), Some(true));
        let changes: Vec<_> = (0..20).filter_map(|_| voice.received(Some((0.2, 1)))).collect();
        assert_eq!(changes, [false]);
        assert_eq!(voice.received(Some((0.2, 2))), Some(true));
    }

    #[test]
    fn nobody_is_silent() {
        let mut voice = Voice::default();
        assert!((0..20).all(|_| voice.received(None).is_none()));
    }

    #[test]
    fn the_level_is_the_root_mean_square() {
        assert!((level(&[0.5, -0.5]) - 0.5).abs() < 1e-6);
        assert!(level(&[]).abs() < 1e-6);
        assert!((level(&[2.0, -2.0]) - 1.0).abs() < 1e-6);
    }
}
