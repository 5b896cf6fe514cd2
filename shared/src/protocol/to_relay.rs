//! What a client says.

use serde::{Deserialize, Serialize};

use super::{ByName, Direct, Label, room::ToSfu};
use crate::{
    chat::{Channel, ChatText, Emote, MessageId},
    identity::{PublicKey, SignatureHalves, UserId},
    movement::Edge,
    profile::{Appearance, Name, Profile, Status},
};

/// A message to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToRelay {
    /// One set out, turned or stopped. The most frequent message, so it has an encoding of its own: 6 bytes.
    Moved(Edge),
    /// Who one is: the first message, in answer to the challenge.
    Hello(Box<Hello>),
    /// One is called differently from now on.
    SetName(Name),
    /// One's status changed.
    SetStatus(Status),
    /// One looks different from now on.
    SetAppearance(Appearance),
    /// Asks for a sign of life.
    Ping,
    /// Something for all who are near, in the room, or on the campus.
    Say {
        /// Who should get it.
        channel: Channel,
        /// Made by the sender; the answer names it.
        id: MessageId,
        /// What is said.
        text: ChatText,
    },
    /// Something for one person. It is sent again until the other side has stored it.
    SendDirect(Box<Direct>),
    /// One has stored that message of that person: a receipt.
    Stored {
        /// Whose message.
        from: UserId,
        /// Which.
        id: MessageId,
    },
    /// One is writing to that person.
    Typing(UserId),
    /// One waves at that person.
    Wave(UserId),
    /// One shows this over one's head.
    Emote(Emote),
    /// Asks what was said before in the room one is in now.
    ReadRoom,
    /// Asks for a ticket for signalling.
    GetTicket,
    /// Asks which servers help two machines to reach one another, with fresh credentials.
    GetIceServers,
    /// One wants to talk with that person, who is near, and has no link to them: asks to be introduced anew.
    Introduce(UserId),
    /// Something for some of those who are near.
    SayByName(Box<ByName>),
    /// About the call of the room one is in, or is about to enter.
    Room(Box<ToSfu>),
}

/// Who one is, and where one was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`super::VERSION`] of the client.
    pub version: u16,
    /// Whose signature it is.
    pub public_key: PublicKey,
    /// Made by [`crate::identity::Identity::sign_hello`] from the version, the URL as dialled, and the nonce.
    pub signature: SignatureHalves,
    /// The URL as dialled, so that a refusal can say what the difference is. Only the signature proves it.
    pub relay_url: RelayUrl,
    /// What one is called and how one looks.
    pub profile: Profile,
    /// Where one was before; taken if one can stand there.
    pub place: Option<Edge>,
    /// The spawn point one asks for, if there was no place before.
    pub spawn: Option<Label>,
}

/// The URL of a relay: at most [`crate::limits::RELAY_URL_BYTES`] of visible ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelayUrl(String);

/// A text that is no URL of a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a URL of visible ASCII")]
pub struct RelayUrlError;

impl RelayUrl {
    /// Takes a URL as it is.
    ///
    /// # Errors
    /// If it is empty, too long, or has other characters than visible ASCII.
    pub fn new(text: &str) -> Result<Self, RelayUrlError> {
        let fits = (1..=crate::limits::RELAY_URL_BYTES).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(RelayUrlError)
        }
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RelayUrl {
    type Error = RelayUrlError;

    fn try_from(text: String) -> Result<Self, RelayUrlError> {
        Self::new(&text)
    }
}

impl From<RelayUrl> for String {
    fn from(url: RelayUrl) -> Self {
        url.0
    }
}
