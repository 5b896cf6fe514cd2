//! What two pages say to one another over their link, without the relay: how to call, and what is said nearby.
//!
//! A link's reliable channel loses and reorders nothing, but links come and go while a call goes on. So frames are
//! numbered, acknowledged and repeated across links, and each is taken once and in order; a page that was loaded anew
//! has another [`Frame::instance`], and everything begins anew with it.

use serde::{Deserialize, Serialize};

use crate::{
    chat::{ChatText, MessageId},
    limits::{CANDIDATE_BYTES, DESCRIPTION_BYTES},
};

/// One message on a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Names the sender's page: a random number, not 0.
    pub instance: u64,
    /// The instance it is meant for; 0 while the sender does not know it.
    pub to: u64,
    /// How many messages the sender has taken from the other side, in order.
    pub taken: u32,
    /// The message and its number, from 0; none in a frame that only acknowledges.
    pub message: Option<(u32, LinkMessage)>,
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkMessage {
    /// About the call of that number; the one with the larger number is the newer.
    Call(u32, CallMessage),
    /// Something to those who are near.
    Said {
        /// Made by the sender.
        id: MessageId,
        /// What.
        text: ChatText,
    },
    /// Whether the sender has a place for the receiver among those it talks with though it does not look so: some who
    /// are nearer take up none ([`crate::proximity::Neighbours::invites`]). Not so until it is said.
    Invites(bool),
}

/// What the two ends of a call tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallMessage {
    /// A session description that wants an answer.
    Offer(Description),
    /// The answer to the last offer.
    Answer(Description),
    /// Another way to reach the sender.
    Candidate(Candidate),
    /// What the sender shares from now on.
    Shares(Shares),
    /// What the sender looks at from now on, so that nothing is sent for nobody.
    Looks(Looks),
    /// The call is over.
    Bye,
}

/// A session description (RFC 8866), at most [`DESCRIPTION_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(String);

/// A candidate of a connection as browsers write it (RFC 8839), at most [`CANDIDATE_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The candidate attribute; empty at the end of them.
    pub line: CandidateLine,
    /// The number of the media line it belongs to.
    pub media_line: u16,
}

/// The text of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CandidateLine(String);

/// A text longer than any that browsers make, or with characters that none of them have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected at most {0} bytes of text without control characters")]
pub struct TooLong(usize);

impl Description {
    /// Takes a description as it is.
    ///
    /// # Errors
    /// If it is too long, or has control characters besides ends of lines.
    pub fn new(text: &str) -> Result<Self, TooLong> {
        let is_strange = |character: char| character.is_control() && !matches!(character, '\r' | '\n');
        bounded(text, DESCRIPTION_BYTES, is_strange).map(Self)
    }

    /// The description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CandidateLine {
    /// Takes a candidate as it is.
    ///
    /// # Errors
    /// If it is too long, or has control characters.
    pub fn new(text: &str) -> Result<Self, TooLong> {
        bounded(text, CANDIDATE_BYTES, char::is_control).map(Self)
    }

    /// The candidate as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn bounded(text: &str, limit: usize, is_strange: impl FnMut(char) -> bool) -> Result<String, TooLong> {
    if text.len() > limit || text.contains(is_strange) { Err(TooLong(limit)) } else { Ok(text.to_owned()) }
}

impl TryFrom<String> for Description {
    type Error = TooLong;

    fn try_from(text: String) -> Result<Self, TooLong> {
        Self::new(&text)
    }
}

impl From<Description> for String {
    fn from(description: Description) -> Self {
        description.0
    }
}

impl TryFrom<String> for CandidateLine {
    type Error = TooLong;

    fn try_from(text: String) -> Result<Self, TooLong> {
        Self::new(&text)
    }
}

impl From<CandidateLine> for String {
    fn from(line: CandidateLine) -> Self {
        line.0
    }
}

/// What somebody shares with those near.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Their microphone is on.
    pub microphone: bool,
    /// Their camera is on.
    pub camera: bool,
    /// They show their screen ...
    pub screen: bool,
    /// ... and its sound.
    pub screen_sound: bool,
}

/// How large a picture is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PictureSize {
    /// Not at all.
    #[default]
    Hidden,
    /// As a tile.
    Tile,
    /// Enlarged.
    Large,
}

/// What somebody looks at of the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// The camera's picture.
    pub camera: PictureSize,
    /// The screen.
    pub screen: PictureSize,
}
