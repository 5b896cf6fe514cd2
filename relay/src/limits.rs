//! Every bound of the relay, with its reason. What clients must know too is in [`shared::limits`].

use std::time::Duration;

use shared::{
    limits::{GRACE, HELLO_WITHIN, PARTICIPANTS, PING_EVERY, SILENCE},
    rate::Rate,
};

/// Longest time between two flushes: what batching may add to the delay of a movement.
pub const FLUSH_AT_MOST: Duration = Duration::from_millis(20);

/// A flush that took d is followed by the next no sooner than so many d after its begin: fan-out then takes at most a
/// fifth of the processor.
pub const FLUSH_SHARE: u32 = 5;

/// Shortest time between two evaluations of where lost walkers are.
pub const EVALUATE_EVERY: Duration = Duration::from_millis(100);

/// How long a warning for too many messages is remembered.
pub const WARNING_HOLDS: Duration = Duration::from_mins(1);

/// Walking: whoever hammers all four keys makes some 15 edges a second.
pub const MOVEMENTS: Rate = Rate::per_second(60, 30);

/// Signs of life asked for: a client asks once after five silent seconds.
pub const PINGS: Rate = Rate::per_second(10, 1);

/// WebSocket pings and pongs: the relay itself asks for one pong every five seconds.
pub const CONTROL_FRAMES: Rate = Rate::per_second(20, 2);

/// Texts of a person that are answered with [`shared::protocol::Outcome::TooFast`] because of their own rate: a client
/// that keeps the same rates makes none, one that merely tries again some, and repeating without end is a flood.
pub const TOO_FAST: Rate = Rate::per_second(20, 1);

/// Remarks of all together in one place, a room or the whole campus: far more than can be read, and enough for a class
/// that greets at once. Each is multiplied by everybody who is there.
pub const REMARKS_IN_A_PLACE: Rate = Rate::per_second(200, 30);

/// Receipts, waves and signs of writing to one person, of all others together: the receipts of all that a person may
/// send, and a class that waves at once. What is left out comes again: a message without a receipt is sent again.
pub const SIGNS_TO_A_PERSON: Rate = Rate::per_second(300, 60);

/// Bytes of whatever kind, headers and empty fragments included, so that no messages within the limits come near:
/// at once 20 direct messages, 8 remarks and 20 texts that are answered as too fast, each of up to 8.1 KiB (387 KiB),
/// a second 2, 1 and 1 of them (32 KiB); at once 8 offers to the forwarding unit of up to 64 KiB (512 KiB), a second half
/// of one (32 KiB); and all other kinds together stay far below what is left.
pub const BYTES: Rate = Rate::per_second(1024 * 1024, 80 * 1024);

/// How long what was said to everybody, or in a room, is told to those who come later. In memory are at most the newest
/// [`shared::limits::HISTORY_REMARKS`] of the campus and of each room of the map, of up to 8.4 KiB each: 420 KiB a place
/// and 3.4 MiB for the project's own map with its seven rooms, if all of them are the longest there are.
pub const REMARKS_HOLD: Duration = Duration::from_hours(24);

/// A room in which nobody said anything for so long, and in which nobody is left, has forgotten what was said: the
/// next class does not read the last one's.
pub const ROOM_REMEMBERS: Duration = Duration::from_mins(10);

/// Frames that wait for a client which does not read before movements are no longer queued: a fifth of a second's.
pub const QUEUE_MOVEMENTS: usize = 10;

/// Frames that wait before the client counts as too slow: five seconds' worth of one flush after another.
pub const QUEUE_FRAMES: usize = 256;

/// Bytes that wait before the client counts as too slow: the welcome to a full relay and the longest history of the
/// campus (1.2 MiB), and most of a second such. A message is queued while fewer wait, so that in all at most so many
/// and one message are kept for a client that does not read.
pub const QUEUE_BYTES: usize = 2 * 1024 * 1024;

/// Bytes the system may hold back for one client (it doubles the number): more would only be older news.
pub const SEND_BUFFER_BYTES: usize = 32 * 1024;

/// Bytes read from one client before others have their turn.
pub const READ_BYTES_AT_ONCE: usize = 4 * 1024;

/// The buffer for frames of one client, kept as long as the connection: a hello fits. For a longer text it grows, and
/// is small again a little later.
pub const READ_BUFFER_BYTES: usize = 1024;

/// Inputs that wait for the world's task; a full channel makes connections wait before they read on. If all of them
/// were the longest texts, they would take 10 MiB, 64 MiB if they were the longest offers to the forwarding unit, and 80
/// MiB if they were the longest signals.
pub const WORLD_QUEUE: usize = 1024;

/// Inputs taken at once before what follows from them is sent.
pub const WORLD_BATCH: usize = 128;

/// Sockets of one kind at a time, for the world or for signalling: a full world, and as many again as may reasonably
/// be dialling or hanging up.
pub const SOCKETS: usize = PARTICIPANTS + 1024;

/// Connections that speak HTTP at a time, all clients together: a class that loads the page at once uses some 200.
pub const HTTP_CONNECTIONS: usize = 1024;

/// Longest time one connection may take for HTTP: the page over a very slow line, and an end for those who never read.
pub const HTTP_WITHIN: Duration = Duration::from_mins(10);

/// Largest header of a request in bytes.
pub const HTTP_HEADER_BYTES: usize = 16 * 1024;

/// Bytes of a file read and sent at a time.
pub const FILE_CHUNK_BYTES: usize = 64 * 1024;

/// Largest file of a map, of all its files together the sum: they are kept in memory.
pub const MAP_BYTES: u64 = 64 * 1024 * 1024;

/// Soonest and latest moment for a client to come back after a restart, so that not all come at once.
pub const RESTART_AFTER_MS: std::ops::RangeInclusive<u32> = 200..=4000;

/// Shortest time between two looks at who is near whom: a walker comes one tile nearer meanwhile.
pub const INTRODUCE_EVERY: Duration = Duration::from_millis(250);

/// How far people may be elsewhere than their edges said: a line that hangs for a second makes eight tiles of it.
pub const LEAPS: Rate = Rate::per_second(8 * LEAP_TOKENS_PER_TILE as u32, LEAP_TOKENS_PER_TILE as u32);

/// In what leaps are counted.
pub const LEAP_TOKENS_PER_TILE: f32 = 16.0;

/// Whoever leapt further than that is introduced to nobody for so long: going from one to the next in leaps is then
/// slower than walking.
pub const STRANGER_FOR: Duration = Duration::from_secs(3);

/// Up to so many tiles apart two who were introduced stay so.
pub const INTRODUCED_UP_TO_TILES: f32 = 10.0;

/// So long they may be further apart, or in rooms.
pub const PART_AFTER: Duration = Duration::from_secs(2);

/// People that somebody is introduced to: so many as are nearest, of whom four at most are called
/// ([`shared::limits::CALLS`]).
pub const INTRODUCED_ANEW: usize = 16;

/// People that somebody stays introduced to: among so many nearest, so that whoever is about the sixteenth does not come
/// and go.
pub const INTRODUCED_AT_ONCE: usize = 32;

/// Between two looks at all who walk, whether they come into or out of a room: a walker gets a fifth of a tile further
/// meanwhile. When they cross before the next is foreseen to the millisecond, and looked at then.
pub const LOOK_INTO_ROOMS_EVERY: Duration = Duration::from_millis(50);

/// So near a room with a call, in tiles, one may have a connection to the forwarding unit: a second and a half from the
/// door, so that the path is up when one is through it.
pub const PREPARE_WITHIN_TILES: f32 = 6.0;

/// Beyond this it ends: whoever walks up and down before a door keeps theirs.
pub const KEEP_WITHIN_TILES: f32 = 12.0;

/// Signals of one connection that are not handed on: those under way when an introduction ends are such, up to
/// [`shared::limits::CANDIDATES`] for each of a few. Beyond it the connection is closed.
pub const WRONG_SIGNALS: Rate = Rate::per_second(256, 1);

/// Largest message on a signalling connection, in bytes: a session description, written as JSON, which takes two bytes
/// more for each end of a line; one of 64 KiB has some 1000.
pub const SIGNAL_BYTES: usize = shared::limits::DESCRIPTION_BYTES + 16 * 1024;

/// The bounds that tests shorten: real ones would make them wait for real seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the challenge to a complete hello.
    pub hello_within: Duration,
    /// Between two pings of the relay.
    pub ping_every: Duration,
    /// Without a sign of life until a connection is lost.
    pub silence: Duration,
    /// From there until the participant leaves.
    pub grace: Duration,
    /// From the first byte of a request, or the end of the last one, to a complete header.
    pub header_within: Duration,
    /// For a closing frame to be read and answered.
    pub close_within: Duration,
    /// For all connections to end when the relay stops.
    pub stop_within: Duration,
    /// Participants in the world.
    pub participants: usize,
    /// What the system may hold back for one client; it doubles the number.
    pub send_buffer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello_within: HELLO_WITHIN,
            ping_every: PING_EVERY,
            silence: SILENCE,
            grace: GRACE,
            header_within: Duration::from_secs(10),
            close_within: Duration::from_secs(1),
            stop_within: Duration::from_millis(1500),
            participants: PARTICIPANTS,
            send_buffer_bytes: SEND_BUFFER_BYTES,
        }
    }
}
