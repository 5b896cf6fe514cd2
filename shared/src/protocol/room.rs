//! What a client and the relay's forwarding unit (SFU) say to one another about the call of a room.
//!
//! A client keeps one connection to the SFU while it is in a room or about to walk into one, and offers; the SFU
//! answers. Its lines are fixed and in the order of [`LINES`], so it is negotiated once: who is heard and seen in which
//! of the lines that lead to the client is said by [`FromSfu::Slots`]. The SFU is at a known address (ICE-lite), so no
//! candidates are exchanged. Who is in which room the relay sees by itself: a connection alone gives no sound.

use serde::{Deserialize, Serialize};

use super::{
    Number,
    link::{Description, PictureSize, Shares},
};

/// Lines that take turns in carrying the voices of others.
pub const AUDIO_SLOTS: usize = 4;

/// Lines that take turns in carrying the cameras of others.
pub const CAMERA_SLOTS: usize = 9;

/// What a line of the connection carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// One's own microphone.
    Microphone,
    /// One's own camera, in two sizes: the layers [`LOW_LAYER`] and [`HIGH_LAYER`].
    Camera,
    /// One's own screen.
    Screen,
    /// Its sound.
    ScreenSound,
    /// The voice of whoever is in that slot, below [`AUDIO_SLOTS`].
    Voice(u8),
    /// The camera of whoever is in that slot, below [`CAMERA_SLOTS`].
    Picture(u8),
    /// The screen that is on stage.
    StageScreen,
    /// Its sound.
    StageSound,
}

/// The name (`rid`) of the camera's small layer, some 320×180.
pub const LOW_LAYER: &str = "q";

/// The name of its large one, some 640×360.
pub const HIGH_LAYER: &str = "h";

/// How many lines lead from the client.
const UP: usize = 4;

/// All lines of the connection, in their order in every description.
pub const LINES: [Line; UP + AUDIO_SLOTS + CAMERA_SLOTS + 2] = lines();

const fn lines() -> [Line; UP + AUDIO_SLOTS + CAMERA_SLOTS + 2] {
    let mut lines = [Line::StageScreen; UP + AUDIO_SLOTS + CAMERA_SLOTS + 2];
    lines[0] = Line::Microphone;
    lines[1] = Line::Camera;
    lines[2] = Line::Screen;
    lines[3] = Line::ScreenSound;
    let mut slot = 0;
    while slot < AUDIO_SLOTS {
        lines[UP + slot] = Line::Voice(slot as u8);
        slot += 1;
    }
    slot = 0;
    while slot < CAMERA_SLOTS {
        lines[UP + AUDIO_SLOTS + slot] = Line::Picture(slot as u8);
        slot += 1;
    }
    lines[UP + AUDIO_SLOTS + CAMERA_SLOTS] = Line::StageScreen;
    lines[UP + AUDIO_SLOTS + CAMERA_SLOTS + 1] = Line::StageSound;
    lines
}

impl Line {
    /// Whether it carries sound.
    pub const fn is_sound(self) -> bool {
        matches!(self, Self::Microphone | Self::ScreenSound | Self::Voice(_) | Self::StageSound)
    }

    /// Whether it leads from the client to the SFU.
    pub const fn is_up(self) -> bool {
        matches!(self, Self::Microphone | Self::Camera | Self::Screen | Self::ScreenSound)
    }
}

/// What a client says to the SFU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToSfu {
    /// Wants an answer: the first offer of the connection with that number, or its restart. A larger number is another
    /// connection, which takes the place of earlier ones.
    Offer {
        /// Numbers the client's connections.
        connection: u32,
        /// With all [`LINES`].
        description: Description,
    },
    /// That connection is over.
    Close {
        /// Which.
        connection: u32,
    },
    /// What one shares from now on.
    Share(Shares),
    /// What one looks at from now on, the most important first, at most [`crate::limits::LOOKED_AT`]. Cameras that are
    /// not named are not sent.
    Look(Vec<Look>),
}

/// Something a client looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// The camera of that person, shown in that size.
    Camera(Number, PictureSize),
    /// The screen on stage.
    Screen,
}

/// What the SFU says to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromSfu {
    /// The answer to the offer of that connection.
    Answer {
        /// Which.
        connection: u32,
        /// With the same lines.
        description: Description,
    },
    /// That connection is over, or never was.
    Refused {
        /// Which.
        connection: u32,
        /// Why.
        why: SfuRefusal,
    },
    /// Whether one takes part in the call of the room one is in; said on every change.
    Membership(Membership),
    /// What everybody else in the call shares, whole: at the beginning, and on every change.
    Members(Vec<(Number, Shares)>),
    /// Who is in which slot, whole, on every change.
    Slots(Slots),
    /// Who speaks, the loudest first; others are silent.
    Speakers(Vec<Number>),
    /// What of one's own anybody looks at: the rest need not be sent.
    Wanted(Wanted),
}

/// Why the SFU has no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SfuRefusal {
    /// This relay forwards no media.
    NoSfu,
    /// The description is none the SFU can answer; another one of the same kind will not help.
    BadOffer,
    /// Too many connections at once; try again later.
    Busy,
    /// Nothing came from the client for too long, or the connection broke: offer a new one.
    Lost,
    /// One is not near any room.
    NotNear,
}

/// Whether one takes part in a room's call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Membership {
    /// One is in no room that has a call.
    #[default]
    None,
    /// One takes part.
    Member,
    /// The room has as many people as it takes: one hears nobody until somebody leaves.
    Full,
}

/// Who teaches in a room: of those at its podium whoever came first, until they leave it. Always heard, and on stage with
/// a camera unless a screen is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Teacher {
    /// There is nobody at the podium.
    #[default]
    Nobody,
    /// Whoever is told this.
    Oneself,
    /// Somebody else.
    Other(Number),
}

/// Who is in which slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// The voices.
    pub voices: [Option<Number>; AUDIO_SLOTS],
    /// The cameras.
    pub pictures: [Option<Picture>; CAMERA_SLOTS],
    /// The screen that is on stage and its sound, the same for all in the room; none for whoever shows it.
    pub stage: Option<Picture>,
    /// Who teaches: only the relay knows who came first.
    pub teacher: Teacher,
}

/// A picture that comes, or would come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Whose.
    pub of: Number,
    /// How it comes.
    pub flow: Flow,
}

/// How a picture comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Flow {
    /// In the size that is looked at.
    Full,
    /// Smaller or worse than it could be, because one's own line carries no more, or loses much.
    Reduced,
    /// Not at all for now, because one's own line carries no more.
    Paused,
}

/// What of one's own anybody looks at.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wanted {
    /// The camera's small layer.
    pub low: bool,
    /// Its large one.
    pub high: bool,
    /// The screen.
    pub screen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_the_order_in_which_they_are_negotiated() {
        let own = [Line::Microphone, Line::Camera, Line::Screen, Line::ScreenSound];
        let voices = (0..AUDIO_SLOTS as u8).map(Line::Voice);
        let pictures = (0..CAMERA_SLOTS as u8).map(Line::Picture);
        let expected: Vec<_> =
            own.into_iter().chain(voices).chain(pictures).chain([Line::StageScreen, Line::StageSound]).collect();
        assert_eq!(LINES.to_vec(), expected);
        assert_eq!(LINES.iter().filter(|line| line.is_up()).count(), UP);
        assert_eq!(LINES.iter().filter(|line| line.is_sound()).count(), 2 + AUDIO_SLOTS + 1);
    }
}
