//! Tickets: who may open a signalling connection.

use std::{collections::HashMap, time::Duration};

use shared::{identity::UserId, limits::TICKET_HOLDS, protocol::Ticket};

/// All that were given out and not used yet.
#[derive(Debug, Default)]
pub struct Tickets {
    given: HashMap<Ticket, (UserId, Duration)>,
    by_user: HashMap<UserId, Ticket>,
}

impl Tickets {
    /// Gives somebody a ticket; an earlier one of theirs is void.
    pub fn give(&mut self, now: Duration, user_id: UserId, ticket: Ticket) {
        self.forget(user_id);
        self.by_user.insert(user_id, ticket);
        self.given.insert(ticket, (user_id, now + TICKET_HOLDS));
    }

    /// Takes a ticket: whose it is, if it is one and still holds.
    pub fn take(&mut self, now: Duration, ticket: Ticket) -> Option<UserId> {
        let (user_id, until) = self.given.remove(&ticket)?;
        self.by_user.remove(&user_id);
        (now < until).then_some(user_id)
    }

    /// Somebody left.
    pub fn forget(&mut self, user_id: UserId) {
        if let Some(ticket) = self.by_user.remove(&user_id) {
            self.given.remove(&ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::identity::Identity;

    use super::*;

    #[test]
    fn a_ticket_is_taken_once_and_soon() {
        let user_id = Identity::from_secret(&[1; 32]).user_id();
        let mut tickets = Tickets::default();
        let at = Duration::from_secs;
        tickets.give(at(0), user_id, Ticket([1; 16]));
        assert_eq!(tickets.take(at(1), Ticket([2; 16])), None, "nobody's");
        assert_eq!(tickets.take(at(1), Ticket([1; 16])), Some(user_id));
        assert_eq!(tickets.take(at(1), Ticket([1; 16])), None, "used");
        tickets.give(at(2), user_id, Ticket([3; 16]));
        tickets.give(at(3), user_id, Ticket([4; 16]));
        assert_eq!(tickets.take(at(3), Ticket([3; 16])), None, "void");
        assert_eq!(tickets.take(at(3) + TICKET_HOLDS, Ticket([4; 16])), None, "too late");
        tickets.give(at(20), user_id, Ticket([5; 16]));
        tickets.forget(user_id);
        assert_eq!(tickets.take(at(20), Ticket([5; 16])), None, "of somebody who left");
        assert!(tickets.given.is_empty() && tickets.by_user.is_empty());
    }
}
