//! One message, as it is known here.

use serde::{Deserialize, Serialize};
use shared::{
    chat::{ChatText, MessageId},
    identity::UserId,
    profile::Name,
};

/// How far a message has come. Later states are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// One's own; it waits here.
    Sending,
    /// One's own; the relay has handed it on.
    Sent,
    /// One's own; the other side has stored it.
    Delivered,
    /// Somebody else's.
    Received,
}

/// Something somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Made by whoever wrote it.
    pub id: MessageId,
    /// Who wrote it.
    pub from: UserId,
    /// What they were called when they said it, if it was to several people: they may be unknown by now.
    pub name: Option<Name>,
    /// What it says.
    pub text: ChatText,
    /// When it was written: milliseconds since 1970, and never in the future.
    pub at_ms: u64,
    /// When it was written by the clock of whoever wrote it, which may be wrong, but orders their messages.
    pub stamp_ms: u64,
    /// How far it has come.
    pub state: State,
}

impl Message {
    /// Whether it still has to reach the other side.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, State::Sending | State::Sent)
    }

    /// About how many bytes it takes in storage: its text, and some 90 around it.
    pub(super) fn bytes(&self) -> usize {
        self.text.as_str().len() + 90
    }
}
