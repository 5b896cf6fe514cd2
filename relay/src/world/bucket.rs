//! How fast somebody may say things: a bucket for each kind of message, and what follows when one is empty.

use std::time::Duration;

use shared::{
    limits::{
        DIRECT_MESSAGES, EMOTES, INTRODUCTIONS, PROFILE_CHANGES, READINGS, RECEIPTS, REMARKS, SFU_MESSAGES, SFU_OFFERS,
        TICKETS, TYPING, WAVES,
    },
    protocol::{ToRelay, room::ToSfu},
    rate::{Bucket, Rate},
};

use crate::limits::{CONTROL_FRAMES, MOVEMENTS, PINGS, TOO_FAST, WARNING_HOLDS};

/// The kinds of messages that are counted each on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Movement,
    Name,
    Status,
    Appearance,
    Ping,
    Remark,
    Direct,
    Receipt,
    Typing,
    Wave,
    Emote,
    Reading,
    /// Tickets, and questions for servers: both once for each time the page or the relay comes back.
    Ticket,
    IceServers,
    Introduction,
    SfuOffer,
    Sfu,
    ControlFrame,
    /// A text that was one too many of its kind.
    TooFast,
}

/// How many kinds there are.
const KINDS: usize = Kind::TooFast as usize + 1;

impl Kind {
    /// The kind of a message, unless it is the hello, which comes once and before all that is counted.
    pub(super) fn of(message: &ToRelay) -> Option<Self> {
        Some(match message {
            ToRelay::Hello(_) => return None,
            ToRelay::Moved(_) => Self::Movement,
            ToRelay::SetName(_) => Self::Name,
            ToRelay::SetStatus(_) => Self::Status,
            ToRelay::SetAppearance(_) => Self::Appearance,
            ToRelay::Ping => Self::Ping,
            ToRelay::Say { .. } | ToRelay::SayByName(_) => Self::Remark,
            ToRelay::SendDirect(_) => Self::Direct,
            ToRelay::Stored { .. } => Self::Receipt,
            ToRelay::Typing(_) => Self::Typing,
            ToRelay::Wave(_) => Self::Wave,
            ToRelay::Emote(_) => Self::Emote,
            ToRelay::ReadRoom => Self::Reading,
            ToRelay::GetTicket => Self::Ticket,
            ToRelay::GetIceServers => Self::IceServers,
            ToRelay::Introduce(_) => Self::Introduction,
            ToRelay::Room(message) => match **message {
                ToSfu::Offer { .. } => Self::SfuOffer,
                _ => Self::Sfu,
            },
        })
    }

    fn rate(self) -> Rate {
        match self {
            Self::Movement => MOVEMENTS,
            Self::Name | Self::Status | Self::Appearance => PROFILE_CHANGES,
            Self::Ping => PINGS,
            Self::Remark => REMARKS,
            Self::Direct => DIRECT_MESSAGES,
            Self::Receipt => RECEIPTS,
            Self::Typing => TYPING,
            Self::Wave => WAVES,
            Self::Emote => EMOTES,
            Self::Reading => READINGS,
            Self::Ticket | Self::IceServers => TICKETS,
            Self::Introduction => INTRODUCTIONS,
            Self::SfuOffer => SFU_OFFERS,
            Self::Sfu => SFU_MESSAGES,
            Self::ControlFrame => CONTROL_FRAMES,
            Self::TooFast => TOO_FAST,
        }
    }
}

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    Warn,
    TooMany,
}

/// All buckets of a connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Buckets {
    buckets: [Bucket; KINDS],
    warned_at: Option<Duration>,
}

impl Buckets {
    /// Counts a message, and says whether it fits; nothing follows if it does not.
    pub(super) fn fits(&mut self, now: Duration, kind: Kind) -> bool {
        self.buckets[kind as usize].take(now, kind.rate(), 1)
    }

    /// Counts a message. The first one too many is let through with a warning, and the buckets are full again: so
    /// there is time to slow down, and nothing that was said is lost. The next one too many is the end.
    pub(super) fn take(&mut self, now: Duration, kind: Kind) -> Verdict {
        if self.fits(now, kind) {
            return Verdict::Fine;
        }
        if self.warned_at.is_some_and(|warned_at| now < warned_at + WARNING_HOLDS) {
            return Verdict::TooMany;
        }
        *self = Self { warned_at: Some(now), ..Self::default() };
        Verdict::Warn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_on_after_a_warning_is_out_and_who_slows_down_is_not() {
        let mut hasty = Buckets::default();
        let verdicts: Vec<_> = (0..130).map(|_| hasty.take(Duration::ZERO, Kind::Movement)).collect();
        assert_eq!(verdicts.iter().position(|verdict| *verdict == Verdict::Warn), Some(60));
        assert_eq!(verdicts.iter().position(|verdict| *verdict == Verdict::TooMany), Some(121));

        let mut calm = Buckets::default();
        let warned = (0..61).filter(|_| calm.take(Duration::ZERO, Kind::Movement) == Verdict::Warn).count();
        assert_eq!(warned, 1);
        for second in 1..1000 {
            assert_eq!(calm.take(Duration::from_secs(second), Kind::Movement), Verdict::Fine);
        }
        let again = (0..61).filter(|_| calm.take(Duration::from_secs(1000), Kind::Movement) == Verdict::Warn).count();
        assert_eq!(again, 1, "an old warning is forgotten");
    }

    #[test]
    fn kinds_are_counted_apart() {
        let mut buckets = Buckets::default();
        for _ in 0..10 {
            assert_eq!(buckets.take(Duration::ZERO, Kind::Name), Verdict::Fine);
            assert_eq!(buckets.take(Duration::ZERO, Kind::Status), Verdict::Fine);
        }
        assert_eq!(buckets.take(Duration::ZERO, Kind::Name), Verdict::Warn);
    }
}
