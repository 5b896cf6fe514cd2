//! Where everybody is, as far as calls need to know.

use shared::{
    identity::UserId,
    map::Map,
    proximity::{Bystander, Hearing, hearing},
};

/// Everybody who is here, at one moment.
pub struct Scene<'a> {
    /// The map they are on.
    pub map: &'a Map,
    /// Oneself.
    pub own: Bystander,
    /// Everybody else who is online.
    pub others: Vec<Bystander>,
}

impl Scene<'_> {
    /// How loud somebody is by distance, 0 to 1, outside of rooms.
    pub fn gain(&self, user_id: UserId) -> f32 {
        let other = self.others.iter().find(|other| other.user_id == user_id);
        let hearing = other.map(|other| hearing(self.map, self.own.listener, other.listener));
        match hearing {
            Some(hearing @ Hearing::Apart(_)) => hearing.gain(),
            // A room has one call for all who are inside.
            Some(Hearing::SameRoom | Hearing::Cut) | None => 0.0,
        }
    }
}
