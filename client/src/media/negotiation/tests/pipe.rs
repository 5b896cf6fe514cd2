//! What carries to the other end of a call what one end says.

use shared::protocol::link::LinkMessage;

use super::*;
use crate::media::courier::tests::pair::{Fate, Pair as Couriers, Step};

pub(super) enum Pipe {
    /// All it ever does is pause.
    Ideal { is_up: bool, under_way: [VecDeque<(Duration, CallMessage)>; 2] },
    /// Two couriers, on links that lose, repeat and reorder frames and come and go; and the number of the attempt.
    Couriers(Box<Couriers>, u32),
}

impl Pipe {
    pub(super) fn ideal() -> Self {
        Self::Ideal { is_up: true, under_way: Default::default() }
    }

    pub(super) fn couriers(fates: Vec<Fate>) -> Self {
        let mut couriers = Couriers::new(fates);
        couriers.step(Step::Join);
        Self::Couriers(Box::new(couriers), 0)
    }

    /// Up, or down. What is up and comes up again is another link beside the first.
    pub(super) fn set_up(&mut self, up: bool) {
        match self {
            Self::Ideal { is_up, .. } => *is_up = up,
            Self::Couriers(couriers, _) => couriers.step(if up { Step::Join } else { Step::Cut }),
        }
    }

    /// From now on links lose nothing; they are as slow as they were, and reorder as much.
    pub(super) fn lose_nothing(&mut self) {
        if let Self::Couriers(couriers, _) = self {
            couriers.fates.iter_mut().for_each(|(is_lost, ..)| *is_lost = false);
        }
    }

    /// The page at that end is loaded anew.
    pub(super) fn reload(&mut self, end: usize) {
        match self {
            Self::Ideal { under_way, .. } => *under_way = Default::default(),
            Self::Couriers(couriers, _) => couriers.step(Step::Reload(end)),
        }
    }

    /// Whether, since this was asked last, an end found another page at the other end than before: what it said may be
    /// lost, and calls with the earlier page are over.
    pub(super) fn is_renewed(&mut self) -> bool {
        match self {
            Self::Ideal { .. } => false,
            Self::Couriers(couriers, _) => std::mem::take(&mut couriers.journal.renewals) > 0,
        }
    }

    /// What was under way belongs to an attempt that is over.
    pub(super) fn begin_anew(&mut self) {
        match self {
            Self::Ideal { under_way, .. } => *under_way = Default::default(),
            Self::Couriers(_, attempt) => *attempt += 1,
        }
    }

    /// Carries a message to that end; an ideal pipe takes so long. Whether there was room.
    pub(super) fn say(&mut self, now: Duration, to: usize, message: CallMessage, delay: Duration) -> bool {
        match self {
            Self::Ideal { under_way, .. } => {
                let earlier = under_way[to].back().map_or(now, |(at, _)| *at);
                under_way[to].push_back((earlier.max(now + delay), message));
                true
            }
            Self::Couriers(couriers, attempt) => {
                couriers.pages[1 - to].send(now, LinkMessage::Call(*attempt, message)).is_ok()
            }
        }
    }

    /// What has arrived there by now.
    pub(super) fn arrived(&mut self, now: Duration, at: usize) -> Vec<CallMessage> {
        match self {
            Self::Ideal { is_up, under_way } => {
                let due = under_way[at].iter().take_while(|(due, _)| *is_up && *due <= now).count();
                under_way[at].drain(..due).map(|(_, message)| message).collect()
            }
            Self::Couriers(couriers, attempt) => {
                couriers.run(now.saturating_sub(couriers.now));
                let name = couriers.names[at];
                let taken = couriers.journal.taken.extract_if(.., |(to, ..)| *to == name);
                let current = |(.., message): (u64, u64, LinkMessage)| match message {
                    LinkMessage::Call(number, message) if number == *attempt => Some(message),
                    _ => None,
                };
                taken.filter_map(current).collect()
            }
        }
    }
}
