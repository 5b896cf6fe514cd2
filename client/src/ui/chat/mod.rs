//! Conversations: the list of them, and the one that is open.
//!
//! [`held`] is what outlives the elements.

mod held;

pub(super) use self::held::Held;
