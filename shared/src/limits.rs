//! Every bound that both sides keep, with its reason.

use std::time::Duration;

use crate::rate::Rate;

/// Longest name in characters as people count them (grapheme clusters): what fits over a head.
pub const NAME_GRAPHEMES: usize = 32;

/// Longest name in bytes of UTF-8: 32 emoji of families need more, 32 letters of any script less.
pub const NAME_BYTES: usize = 128;

/// Largest message to the relay in bytes, chat excepted: a hello is the largest, some 450 bytes.
pub const MESSAGE_BYTES: usize = 1024;

/// Longest chat message in characters (Unicode scalar values): a page of text, and an end to walls of it.
pub const CHAT_CHARACTERS: usize = 2000;

/// Longest chat message in bytes of UTF-8: no character takes more than four.
pub const CHAT_BYTES: usize = 8 * 1024;

/// Largest message to the relay that carries chat, in bytes: the text, and some 40 around it.
pub const CHAT_MESSAGE_BYTES: usize = 10 * 1024;

/// What was said to everybody or in a room is kept for those who come later, up to so many remarks each.
pub const HISTORY_REMARKS: usize = 50;

/// Name, status and look, each: a person trying out looks makes a few a second, and not for long.
pub const PROFILE_CHANGES: Rate = Rate::per_second(10, 1);

/// Remarks of a person to several people: nobody reads faster, and a class in high spirits still gets through.
pub const REMARKS: Rate = Rate::per_second(8, 1);

/// Direct messages of a person: an outbox that waited for somebody empties at this rate.
pub const DIRECT_MESSAGES: Rate = Rate::per_second(20, 2);

/// Direct messages to a person, from all others together; more wait with their senders.
pub const DIRECT_ARRIVALS: Rate = Rate::per_second(200, 50);

/// Receipts of a person: more than can arrive.
pub const RECEIPTS: Rate = Rate::per_second(300, 60);

/// Waves of a person: often enough to be noticed, not often enough to annoy.
pub const WAVES: Rate = Rate::every_seconds(3, 4);

/// Emotes of a person.
pub const EMOTES: Rate = Rate::per_second(6, 2);

/// How often one says that one is writing, and half of how long it is shown.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);

/// Signs that one is writing: one in [`TYPING_EVERY`], and some more for going from one conversation to another.
pub const TYPING: Rate = Rate::per_second(10, 1);

/// Questions for what was said in a room, one each time a person comes into it: the answer is the largest there is.
pub const READINGS: Rate = Rate::every_seconds(6, 2);

/// Largest message to a client in bytes: the welcome to a full relay has [`PARTICIPANTS`] entries of up to 180 bytes,
/// a history [`HISTORY_REMARKS`] of up to 8,400.
pub const CLIENT_MESSAGE_BYTES: usize = 1024 * 1024;

/// Most participants of one relay: beyond the 1000 it is measured with, and few enough for one welcome.
pub const PARTICIPANTS: usize = 4096;

/// Most people one has a call with at once outside of rooms: Chrome encodes the picture once for each, and a cheap
/// laptop manages four.
pub const CALLS: usize = 4;

/// Largest message between two pages, in bytes: a session description, and some 40 around it.
pub const LINK_MESSAGE_BYTES: usize = DESCRIPTION_BYTES + 256;

/// Longest session description in bytes; one with four lines of media takes some 8 KiB.
pub const DESCRIPTION_BYTES: usize = 64 * 1024;

/// Longest candidate of a connection in bytes, as text; the longest that browsers make take some 250.
pub const CANDIDATE_BYTES: usize = 1024;

/// Largest message to the SFU in bytes: a session description, and some 10 around it.
pub const SFU_MESSAGE_BYTES: usize = DESCRIPTION_BYTES + 64;

/// Most pictures somebody says to look at: all slots for cameras and the stage, and some that wait for one.
pub const LOOKED_AT: usize = 16;

/// What a person says to the SFU: who looks where changes with every speaker and every step, an offer is rare.
pub const SFU_MESSAGES: Rate = Rate::per_second(40, 10);

/// Offers of a person to the SFU, restarts included: each costs the relay a session of its own.
pub const SFU_OFFERS: Rate = Rate::every_seconds(8, 2);

/// Most candidates of one side for one connection: a machine with ten networks and four servers has fewer.
pub const CANDIDATES: usize = 64;

/// Most people to whom one remark is handed on by the relay because no link leads to them; more are told as a crowd.
pub const TOLD_BY_NAME: usize = 16;

/// How long a ticket for signalling may wait: clients use them at once.
pub const TICKET_HOLDS: Duration = Duration::from_secs(10);

/// Tickets for signalling of a person: one for each time the page or the relay comes back.
pub const TICKETS: Rate = Rate::every_seconds(6, 5);

/// Introductions a person asks for: a link that fails is made anew a few times.
pub const INTRODUCTIONS: Rate = Rate::every_seconds(12, 2);

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
