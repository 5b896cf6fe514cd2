//! What goes into [`super::Media`] and what comes out of it.

use shared::{
    identity::UserId,
    protocol::{
        IceServers,
        link::{Candidate, Description, PictureSize},
        room::{AUDIO_SLOTS, CAMERA_SLOTS},
    },
};

/// What one can share with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Device {
    /// One's voice.
    Microphone,
    /// One's picture.
    Camera,
    /// A screen, a window or a tab, with its sound where the browser gives it.
    Screen,
}

impl Device {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::Microphone, Self::Camera, Self::Screen];
}

/// Why something cannot be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The person, the browser or the system said no (`NotAllowedError`).
    Refused,
    /// There is no such device (`NotFoundError`, `OverconstrainedError`).
    Missing,
    /// Another program has it (`NotReadableError`, `AbortError`).
    Busy,
    /// The page is not on https nor on this machine: browsers give no devices then.
    Insecure,
    /// This browser cannot do it at all: phones share no screens.
    Unsupported,
}

/// Why a device that is on is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceTrouble {
    /// It gives nothing for now: the system holds it back, for another program or by a key of the machine.
    HeldBack,
    /// Another one was chosen and could not be had: the one before goes on.
    ChosenFailed,
}

/// How one of one's own devices stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Switch {
    /// Nothing is captured, and no light is on.
    #[default]
    Off,
    /// The browser was asked, or the person is being asked.
    Starting,
    /// It is shared with whoever is near.
    On,
    /// It could not be; pressing the button tries again.
    Failed(Failure),
}

/// How a call stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CallState {
    /// Being set up for the first time.
    #[default]
    Connecting,
    /// Up.
    Connected,
    /// Was up, and is to be again.
    Reconnecting,
    /// Never was up, however often it was tried; it is tried again.
    Unreachable,
}

/// What the browser says of a connection (`RTCPeerConnection.connectionState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// Being set up.
    Connecting,
    /// Up.
    Connected,
    /// Nothing arrives; it may come back by itself.
    Disconnected,
    /// It will not come back by itself.
    Failed,
}

/// Names a link of this page; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub u32);

/// Names a call's connection of this page; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// What the machines on both ends need to know to set up a link (matchbox's `PeerSignal`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Signal {
    /// A candidate as browsers write it in JSON; `null` at the end of them.
    IceCandidate(String),
    /// A session description that wants an answer.
    Offer(String),
    /// The answer.
    Answer(String),
}

/// How loud somebody is for oneself alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Loudness {
    /// In percent, 0 to 100.
    pub percent: u8,
    /// Not at all, until one says otherwise.
    #[serde(default, rename = "muted")]
    pub is_muted: bool,
}

impl Default for Loudness {
    fn default() -> Self {
        Self { percent: 100, is_muted: false }
    }
}

/// What one can choose, remembered from visit to visit.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// The browser's id of the microphone to use; the system's own choice if there is none.
    pub microphone: Option<String>,
    /// The browser's id of the camera to use.
    pub camera: Option<String>,
    /// The browser's id of the loudspeaker to use.
    pub speaker: Option<String>,
    /// The microphone is heard only while space is held.
    pub push_to_talk: bool,
    /// Calls go through a relay alone, so that nobody learns one's address.
    pub hide_address: bool,
    /// No sound when somebody comes into hearing.
    pub silent_arrivals: bool,
    /// No pictures of a room's call: for a slow line, or a weak machine.
    pub sound_only: bool,
}

/// What happens. By hand first, then what the platform tells.
#[derive(Clone, Debug)]
pub enum MediaInput {
    /// Share something from now on, or no more.
    Switch(Device, bool),
    /// The key that is held to talk is down, or up again.
    Talk(bool),
    /// Hear somebody this loud from now on.
    Hear(UserId, Loudness),
    /// Choose.
    Prefer(Preferences),
    /// Show somebody's picture, or their screen, large; nobody's any more if `None`.
    Enlarge(Option<UserId>),
    /// Whether the tiles are in sight: not in a hidden tab.
    InSight(bool),
    /// Whether somebody's tile is in view, and not scrolled out of it. It is until this says otherwise.
    InView(UserId, bool),
    /// A device is on: it is captured from now on.
    Captured(Device),
    /// A device could not be had.
    CaptureFailed(Device, Failure),
    /// A device is on, and not as it should be. It is with the next [`Self::Captured`].
    CaptureTroubled(Device, DeviceTrouble),
    /// A device is gone: pulled out, or the browser's own *stop sharing*.
    CaptureEnded(Device),
    /// A device was plugged in that can take the place of one that is gone.
    Appeared(Device),
    /// One speaks oneself, or does not any more.
    OwnVoice(bool),
    /// Whether the browser refuses to play sound before the person does something.
    SoundBlocked(bool),
    /// The signalling connection is open.
    SignallingOpened,
    /// A text came on it.
    SignallingReceived(String),
    /// It is closed, or could not be opened.
    SignallingClosed,
    /// Something about a link.
    Link(LinkId, LinkEvent),
    /// Something about a call, or a connection to the SFU.
    Call(CallId, CallEvent),
}

/// What a link's shell tells.
#[derive(Clone, Debug)]
pub enum LinkEvent {
    /// The other side must hear of this.
    Signal(Signal),
    /// Both channels are open.
    Up,
    /// A message came on the reliable channel.
    Received(Vec<u8>),
    /// It is over, or never came to be.
    Down,
}

/// What a call's shell tells.
#[derive(Clone, Debug)]
pub enum CallEvent {
    /// The description that was asked for (by [`CallCommand::Offer`], or by [`CallCommand::AcceptOffer`]) is
    /// set on this side; the other side must hear of it.
    Described(Description),
    /// The description of the other side is set (for an offer, [`Self::Described`] with the answer follows).
    Accepted,
    /// The browser refused a command: the connection is of no use any more.
    Broken,
    /// Another way to reach this side.
    Candidate(Candidate),
    /// The state of the connection changed.
    State(ConnectionState),
    /// Packets of sound and picture that arrived since the connection began, told about once a second.
    Arrived {
        /// On the lines of microphone and screen sound.
        sound: u64,
        /// On the lines of camera and screen.
        picture: u64,
    },
    /// Packets of any kind that came since a room's connection began, answers to its checks of the path among them, told
    /// about once a second; not told by browsers that do not count them.
    Heard(u64),
    /// Whether their voice is heard right now.
    Voice(bool),
    /// For about how much of the last second the processor kept pictures from being sent in full, 0 to 100
    /// (`qualityLimitationReason` of `cpu`).
    Strained(u8),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaOutput {
    /// Open a signalling connection to this URL; an earlier one is of no use any more.
    Dial(String),
    /// Send a text on it.
    Send(String),
    /// Close it.
    HangUp,
    /// Open a link.
    OpenLink {
        /// Its name from now on.
        link: LinkId,
        /// Whether this side makes the offer (matchbox's `NewPeer`).
        offers: bool,
        /// Who helps.
        ice: Ice,
    },
    /// The other side's machine says this.
    TellLink(LinkId, Signal),
    /// Send a message on the reliable channel.
    SendOnLink(LinkId, Vec<u8>),
    /// Close a link and leave nothing behind.
    CloseLink(LinkId),
    /// Open a call's connection.
    OpenCall {
        /// Its name from now on.
        call: CallId,
        /// With whom, for tiles to find their pictures.
        with: UserId,
        /// Whether this side makes the lines for the media. The other takes them over from the first offer.
        offers: bool,
        /// Who helps.
        ice: Ice,
    },
    /// Do something with a call's connection. Commands of one call are done one after another.
    Command(CallId, CallCommand),
    /// Close a call's connection and leave nothing behind.
    CloseCall(CallId),
    /// Open a connection to the SFU, with all of its lines ([`shared::protocol::room::LINES`]).
    OpenRoom {
        /// Its name from now on.
        call: CallId,
        /// Who helps.
        ice: Ice,
    },
    /// Do something with a connection to the SFU. Commands of one are done one after another.
    CommandRoom(CallId, RoomCommand),
    /// Close a connection to the SFU and leave nothing behind.
    CloseRoom(CallId),
    /// Capture a device, or let it go.
    Capture(Device, bool),
    /// Whether the microphone is heard: off while the key to talk is up. The device stays on.
    OpenMicrophone(bool),
    /// Use these devices.
    Choose(Preferences),
}

/// What a call's connection is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum CallCommand {
    /// Make an offer and set it (`setLocalDescription`), after `restartIce` if asked for.
    Offer {
        /// Whether to look for new ways to reach the other side.
        restart: bool,
    },
    /// Set the other side's offer (`setRemoteDescription`, which takes back an own offer), then make and set the
    /// answer.
    AcceptOffer(Description),
    /// Set the other side's answer.
    AcceptAnswer(Description),
    /// Add a way to reach the other side.
    AddCandidate(Candidate),
    /// Use these servers from now on (`setConfiguration`).
    SetIce(Ice),
    /// Send this of what is captured, from now on (`replaceTrack`, `setParameters`). Waits for no other of its kind.
    Share(Sending),
    /// Play this loud, 0 to 1. At once, whatever else waits.
    Play {
        /// Voice and screen alike.
        volume: f32,
    },
}

/// What a connection to the SFU is to do. It tells [`CallEvent`]s as a call does.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomCommand {
    /// Make an offer and set it, after `restartIce` if asked for.
    Offer {
        /// Whether to look for new ways to reach the SFU.
        restart: bool,
    },
    /// Set the SFU's answer.
    AcceptAnswer(Description),
    /// Use these servers from now on.
    SetIce(Ice),
    /// Send this of what is captured, from now on. Waits for no other of its kind.
    Send(Upload),
    /// Play what comes this loud. At once, whatever else waits.
    Play(Volumes),
    /// Whose pictures come in which line. At once, whatever else waits.
    Show {
        /// The cameras.
        pictures: [Option<UserId>; CAMERA_SLOTS],
        /// The screen.
        stage: Option<UserId>,
    },
}

/// What is sent to the SFU, as far as it is captured.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// The voice.
    pub microphone: bool,
    /// Whether the camera is there to be sent ...
    pub camera: bool,
    /// ... as the small picture ...
    pub low: bool,
    /// ... and as the large one ...
    pub high: bool,
    /// ... which is larger for whoever stands at a podium.
    pub is_at_podium: bool,
    /// The screen.
    pub screen: bool,
    /// Its sound.
    pub screen_sound: bool,
    /// How much of the usual frame rate the camera keeps while the processor is short, in percent.
    pub frame_rate_percent: u8,
}

impl Upload {
    /// Whether packets go all the while. A screen that stands still sends none.
    pub const fn flows(self) -> bool {
        self.microphone || self.low || self.high
    }

    /// Whether any pictures are sent.
    pub const fn has_pictures(self) -> bool {
        self.low || self.high || self.screen
    }
}

/// How loud what comes from the SFU is played, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Volumes {
    /// The voices.
    pub voices: [f32; AUDIO_SLOTS],
    /// The sound of the screen on stage.
    pub stage: f32,
}

/// How a connection may reach the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ice {
    /// Who helps.
    pub servers: IceServers,
    /// Only through a relay (`iceTransportPolicy`).
    pub only_relayed: bool,
}

/// What is sent on a call, as far as it is captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    /// The voice.
    pub microphone: bool,
    /// The picture, as large as it is shown.
    pub camera: PictureSize,
    /// The screen, as large as it is shown, and its sound.
    pub screen: PictureSize,
    /// How much of the usual frame rate the camera keeps while the processor is short, in percent.
    pub frame_rate_percent: u8,
}

impl Sending {
    /// Whether any pictures are sent.
    pub fn has_pictures(self) -> bool {
        self.camera != PictureSize::Hidden || self.screen != PictureSize::Hidden
    }
}
