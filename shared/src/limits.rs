//! Every bound that both sides keep, with its reason.

use std::time::Duration;

/// Longest name in characters as people count them (grapheme clusters): what fits over a head.
pub const NAME_GRAPHEMES: usize = 32;

/// Longest name in bytes of UTF-8: 32 emoji of families need more, 32 letters of any script less.
pub const NAME_BYTES: usize = 128;

/// Largest message to the relay in bytes, chat excepted: a hello is the largest, some 450 bytes.
pub const MESSAGE_BYTES: usize = 1024;

/// Largest message to a client in bytes: the welcome to a full relay has [`PARTICIPANTS`] entries of up to 180 bytes.
pub const CLIENT_MESSAGE_BYTES: usize = 1024 * 1024;

/// Most participants of one relay: beyond the 1000 it is measured with, and few enough for one welcome.
pub const PARTICIPANTS: usize = 4096;

/// Longest URL of a relay in bytes, as signed in the hello.
pub const RELAY_URL_BYTES: usize = 256;

/// Longest name of a spawn point, zone or map file in bytes.
pub const LABEL_BYTES: usize = 64;

/// Longest side of a map in tiles: its collision grid then takes 2 MiB.
pub const MAP_SIDE_TILES: u32 = 256;

/// Largest map or tileset description in bytes; the campus takes some 60 KiB.
pub const MAP_FILE_BYTES: usize = 4 * 1024 * 1024;

/// Most objects in a map's layers together: reading stays quick whatever the file says.
pub const MAP_OBJECTS: usize = 8192;

/// How long a person's connection may be silent before the relay takes them for gone and stops their avatar.
pub const SILENCE: Duration = Duration::from_secs(10);

/// How often the relay pings each connection; two pings fit into [`SILENCE`].
pub const PING_EVERY: Duration = Duration::from_secs(5);

/// How long a participant whose connection is lost stays, standing still, before leaving: long enough for a
/// change of Wi-Fi, short enough that nobody talks to a ghost.
pub const GRACE: Duration = Duration::from_secs(10);

/// How long a client may take from the challenge to a complete hello.
pub const HELLO_WITHIN: Duration = Duration::from_secs(5);

/// A client asks for a sign of life when the relay was silent for so long ...
pub const ASK_AFTER: Duration = Duration::from_secs(5);

/// ... and dials anew when none came for so long after asking.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Longest wait between two attempts to reach the relay.
pub const RECONNECT_AT_MOST: Duration = Duration::from_secs(4);
