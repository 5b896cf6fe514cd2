//! What goes into a session and what comes out of it.

use std::sync::Arc;

use shared::{
    chat::{ChatText, Emote},
    identity::{Identity, UserId},
    map::Map,
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{Label, MapRef},
};

use super::{
    chat::{Key, Returned},
    memory::{Entry, Memory},
    news::Chime,
};
use crate::media::{Calls, MediaInput, MediaOutput};

/// What happens.
#[derive(Clone, Debug)]
pub enum Input {
    /// The person leaves the lobby and goes in.
    Enter {
        /// Name and look; kept for the next visit.
        profile: Profile,
        /// The spawn point asked for, if one's last place is not to be taken.
        spawn: Option<Label>,
    },
    /// The direction that keys or thumb ask for from now on; `None` when they are let go or the focus is lost.
    Steer(Option<Direction>),
    /// Walk there by the shortest way.
    WalkTo(Position),
    /// Stop walking by the shortest way.
    StopRoute,
    /// Show where somebody is, until one moves; nobody any more if `None`.
    Find(Option<UserId>),
    /// Show this over one's head.
    Emote(Emote),
    /// Wave at somebody.
    Wave(UserId),
    /// Say something; [`super::Session::check`] says beforehand whether it can be.
    Say {
        /// To whom.
        key: Key,
        /// What.
        text: ChatText,
    },
    /// One is writing to that person.
    WriteTo(UserId),
    /// That conversation is looked at from now on, or none.
    Read(Option<Key>),
    /// Do not hear from somebody any more, or again.
    Block(UserId, bool),
    /// Forget the conversation with somebody.
    ForgetConversation(UserId),
    /// The person pressed a key, moved the mouse or touched the screen.
    Stirred,
    /// The wall clock was read: milliseconds since 1970.
    Clock(u64),
    /// Another tab of the same browser kept this, or forgot it.
    StoredElsewhere(Entry),
    /// Something that was to be remembered could not be.
    NotRemembered,
    /// Be called differently.
    SetName(Name),
    /// Have another status.
    SetStatus(Status),
    /// Look different.
    SetAppearance(Appearance),
    /// The person wants to be back in: after another tab took over, or without waiting for the next attempt.
    ComeBack,
    /// The machine woke, the network changed, or the page is looked at again: is the relay still there?
    LookAround,
    /// The socket that was dialled is open.
    SocketOpened,
    /// A whole binary message came.
    SocketReceived(Vec<u8>),
    /// The socket is closed, or could not be opened; the code if the relay gave one.
    SocketClosed(Option<u16>),
    /// Something about calls and what one shares.
    Media(MediaInput),
    /// The map that was asked for is there.
    MapLoaded(Arc<Map>),
    /// The map that was asked for could not be had.
    MapFailed,
    /// Time passed.
    Tick,
}

impl Input {
    /// Whether only a person does this, who then is not away.
    pub(super) const fn is_by_hand(&self) -> bool {
        matches!(
            self,
            Self::Stirred
                | Self::Steer(Some(_))
                | Self::WalkTo(_)
                | Self::Emote(_)
                | Self::Wave(_)
                | Self::Say { .. }
                | Self::WriteTo(_)
        )
    }
}

/// What is to be done. Whoever does it forgets about it: everything that must be repeated is asked for again.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Open a socket to this URL; an earlier one is of no use any more.
    Dial(String),
    /// Send this as one binary message.
    Send(Vec<u8>),
    /// Close the socket, properly.
    HangUp,
    /// Get this map and say [`Input::MapLoaded`].
    FetchMap(MapRef),
    /// Keep this for the next visit.
    Remember(Entry),
    /// Something about calls and what one shares.
    Media(MediaOutput),
    /// Make a sound.
    Chime(Chime),
    /// A text could not be said after all: put it back where it was written, and say why.
    PutBack(Returned),
}

/// What a session is begun with.
pub struct Setup {
    /// Who one is.
    pub identity: Identity,
    /// The URL to dial: also what the hello is signed for.
    pub relay_url: String,
    /// What is known from the last visit.
    pub memory: Memory,
    /// Any number; two sessions should have different ones.
    pub seed: u64,
    /// Whether the platform has calls: only a page does.
    pub calls: Calls,
    /// What the wall clock showed at [`super::EPOCH`]: milliseconds since 1970.
    pub unix_ms: u64,
}
