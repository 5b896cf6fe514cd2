//! What was said in a place, for those who come later.
//!
//! One history for everybody and one for each room in which somebody spoke, each with the newest [`HISTORY_REMARKS`].
//! What that takes is said at [`REMARKS_HOLD`]. A history goes with the relay; nothing is written anywhere.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use shared::{
    limits::HISTORY_REMARKS,
    protocol::{Remark, Where},
    rate::Bucket,
};

use crate::limits::{REMARKS_HOLD, REMARKS_IN_A_PLACE, ROOM_REMEMBERS};

/// All histories. There are as many places as the map has rooms, and one.
#[derive(Debug, Default)]
pub(super) struct Histories {
    places: HashMap<Where, Place>,
}

#[derive(Debug, Default)]
struct Place {
    /// The oldest first, each with the time at which it was made.
    remarks: VecDeque<(Duration, Remark)>,
    /// Remarks of all together.
    bucket: Bucket,
}

impl Histories {
    /// Whether one more remark is bearable there, with those of everybody else.
    pub(super) fn bears(&mut self, now: Duration, place: &Where) -> bool {
        let place = self.places.entry(place.clone()).or_default();
        place.bucket.take(now, REMARKS_IN_A_PLACE, 1)
    }

    /// Keeps a remark for those who come later.
    pub(super) fn keep(&mut self, now: Duration, place: &Where, remark: Remark) {
        let remarks = &mut self.places.entry(place.clone()).or_default().remarks;
        if remarks.len() == HISTORY_REMARKS {
            remarks.pop_front();
        }
        remarks.push_back((now, remark));
    }

    /// What was said there, the oldest first and none older than [`REMARKS_HOLD`], with the ages they have now.
    pub(super) fn recall(&self, now: Duration, place: &Where) -> Vec<Remark> {
        let age = |said_at: Duration| now.saturating_sub(said_at);
        let remarks = self.places.get(place).into_iter().flat_map(|place| &place.remarks);
        let fresh = remarks.filter(|(said_at, _)| age(*said_at) < REMARKS_HOLD);
        // A day in milliseconds fits.
        fresh.map(|(said_at, remark)| Remark { age_ms: age(*said_at).as_millis() as u32, ..remark.clone() }).collect()
    }

    /// Whether nothing was said there for so long that only people who were there may still read it.
    pub(super) fn is_stale(&self, now: Duration, place: &Where) -> bool {
        let newest = self.places.get(place).and_then(|place| place.remarks.back());
        newest.is_some_and(|(said_at, _)| now.saturating_sub(*said_at) > ROOM_REMEMBERS)
    }

    /// Forgets what was said there.
    pub(super) fn forget(&mut self, place: &Where) {
        self.places.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        chat::{ChatText, MessageId},
        identity::UserId,
        profile::Name,
        protocol::{Label, ToClient, codec},
    };

    use super::*;

    fn remark(number: u64, text: &str) -> Remark {
        Remark {
            from: UserId::of(&[1; 32]),
            name: Name::new("Ada").expect("a name"),
            id: MessageId::from_bits(number),
            text: ChatText::new(text).expect("a text"),
            age_ms: 0,
        }
    }

    fn ids(remarks: &[Remark]) -> Vec<MessageId> {
        remarks.iter().map(|remark| remark.id).collect()
    }

    #[test]
    fn the_newest_are_kept_with_their_ages_until_they_are_a_day_old() {
        let mut histories = Histories::default();
        assert!(histories.recall(Duration::ZERO, &Where::Everyone).is_empty());
        for number in 0..51 {
            histories.keep(Duration::from_secs(number), &Where::Everyone, remark(number, "hi"));
        }
        let recalled = histories.recall(Duration::from_mins(1), &Where::Everyone);
        assert_eq!(ids(&recalled), (1..51).map(MessageId::from_bits).collect::<Vec<_>>());
        assert_eq!((recalled[0].age_ms, recalled[49].age_ms), (59_000, 10_000));
        let later = histories.recall(Duration::from_secs(40) + REMARKS_HOLD, &Where::Everyone);
        assert_eq!(ids(&later), (41..51).map(MessageId::from_bits).collect::<Vec<_>>());
    }

    #[test]
    fn places_are_apart_and_are_forgotten_apart() {
        let mut histories = Histories::default();
        let lounge = Where::Room(Label::new("lounge").expect("a label"));
        histories.keep(Duration::ZERO, &Where::Everyone, remark(1, "all"));
        histories.keep(Duration::ZERO, &lounge, remark(2, "here"));
        assert!(!histories.is_stale(ROOM_REMEMBERS, &lounge));
        assert!(histories.is_stale(ROOM_REMEMBERS + Duration::from_nanos(1), &lounge));
        histories.forget(&lounge);
        assert!(histories.recall(Duration::ZERO, &lounge).is_empty());
        assert_eq!(histories.recall(Duration::ZERO, &Where::Everyone).len(), 1);
    }

    #[test]
    fn the_longest_history_is_a_message() {
        let mut histories = Histories::default();
        for number in 0..50 {
            let mut remark = remark(number, &"😀".repeat(2000));
            remark.name = Name::new(&"😀".repeat(32)).expect("a name");
            histories.keep(Duration::ZERO, &Where::Everyone, remark);
        }
        let remarks = histories.recall(Duration::from_hours(23), &Where::Everyone);
        let message = ToClient::History { place: Where::Everyone, remarks };
        assert!(codec::decode_to_client(&codec::encode_to_client(&message)) == Ok(message));
    }
}
