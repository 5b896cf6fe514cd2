//! What of a publisher anybody looks at, and when to say so: what holds at first and whatever somebody begins to look at
//! at once, what nobody looks at any more after a while.

use std::time::Instant;

use shared::protocol::room::Wanted;

use super::limits::UNWANTED_AFTER;

/// What a publisher was told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Interest {
    /// Nothing yet: what publishers make of that is not known here. A page sends nothing, others everything.
    told: Option<Wanted>,
    unwanted_since: [Option<Instant>; 3],
}

impl Interest {
    /// Takes what is looked at now, and gives what the publisher is to be told, if it is something new.
    pub(super) fn update(&mut self, now: Instant, looked_at: Wanted) -> Option<Wanted> {
        let Some(before) = self.told else {
            self.told = Some(looked_at);
            return self.told;
        };
        let mut told = bits(before);
        for ((told, is_wanted), since) in told.iter_mut().zip(bits(looked_at)).zip(&mut self.unwanted_since) {
            if is_wanted {
                (*told, *since) = (true, None);
            } else if now >= *since.get_or_insert(now) + UNWANTED_AFTER {
                *told = false;
            }
        }
        let told = from_bits(told);
        self.told = Some(told);
        (told != before).then_some(told)
    }
}

fn bits(wanted: Wanted) -> [bool; 3] {
    [wanted.low, wanted.high, wanted.screen]
}

fn from_bits([low, high, screen]: [bool; 3]) -> Wanted {
    Wanted { low, high, screen }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_layer_is_asked_for_at_once_and_let_go_after_five_seconds() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut interest = Interest::default();
        let (low, nothing) = (Wanted { low: true, ..Wanted::default() }, Wanted::default());
        let both = Wanted { high: true, ..low };
        assert_eq!(interest.update(at(0), both), Some(both), "at first in any case");
        assert_eq!(interest.update(at(0), low), None);
        assert_eq!(interest.update(at(4999), low), None);
        assert_eq!(interest.update(at(5000), low), Some(low));
        assert_eq!(interest.update(at(6000), Wanted { screen: true, ..low }), Some(Wanted { screen: true, ..low }));
        assert_eq!(interest.update(at(7000), nothing), None);
        assert_eq!(interest.update(at(8000), low), None, "looked at again");
        assert_eq!(interest.update(at(12_500), low), Some(low), "the screen is not");
    }

    #[test]
    fn whoever_was_told_nothing_is_told_what_holds_though_it_is_nothing() {
        let mut interest = Interest::default();
        assert_eq!(interest.update(Instant::now(), Wanted::default()), Some(Wanted::default()));
    }
}
