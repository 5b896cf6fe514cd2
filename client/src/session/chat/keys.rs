//! Under which names conversations are kept: `classroom.chat.USER` for how much is unread, and
//! `classroom.chat.USER.PAGE` for each page.

use shared::identity::UserId;

use crate::session::memory::CHAT_PREFIX as PREFIX;

/// What is kept under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// A page of the conversation with that person.
    Page(UserId, u32),
    /// How many of their messages were not looked at.
    Unread(UserId),
}

pub(super) fn page(with: UserId, number: u32) -> String {
    format!("{PREFIX}{with}.{number}")
}

pub(super) fn unread(with: UserId) -> String {
    format!("{PREFIX}{with}")
}

/// What that key is for, if for conversations.
pub(super) fn kept(key: &str) -> Option<Kept> {
    let rest = key.strip_prefix(PREFIX)?;
    match rest.split_once('.') {
        None => rest.parse().ok().map(Kept::Unread),
        Some((with, number)) => Some(Kept::Page(with.parse().ok()?, number.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    #[test]
    fn keys_are_read_back_and_others_are_not_taken_for_ours() {
        let bob = person(2);
        assert_eq!(kept(&page(bob, 12)), Some(Kept::Page(bob, 12)));
        assert_eq!(kept(&unread(bob)), Some(Kept::Unread(bob)));
        for other in ["classroom.identity", "classroom.chat.", "classroom.chat.bob", "classroom.chat.bob.1"] {
            assert_eq!(kept(other), None, "{other}");
        }
        assert_eq!(kept(&format!("{}.x", unread(bob))), None);
    }
}
