//! Every bound of the forwarding unit, with its reason.

use std::time::Duration;

use shared::rate::Rate;

/// Connections at a time: with a hundred kilobytes of state each, some 50 MiB; a core forwards for fewer.
pub const CONNECTIONS: usize = 512;

/// From an offer to a connection: ICE, DTLS and a slow line.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// Without a packet until a connection is lost: browsers check the path every few seconds (RFC 7675), and restart ICE
/// by themselves before.
pub const LOST_AFTER: Duration = Duration::from_secs(20);

/// Whoever sent sound or pictures all the while and of whom nothing at all came for so long is missed: others are not shown
/// a picture that stands still. Who is silent still sends a packet every 400 ms (Opus with DTX).
pub const MISSED_AFTER: Duration = Duration::from_secs(3);

/// Sound or pictures came all the while if the last of them came no longer than this before the last packet of any kind:
/// who stops sending them still checks the path, less often than they are missed.
pub const SENDING_UNTIL: Duration = Duration::from_secs(1);

/// Whoever sends neither and of whom nothing at all came for so long is missed as well, unless their signs of life are
/// usually further apart than half of it: who gets anything reports it four times a second and more.
pub const SILENT_MISSED_AFTER: Duration = Duration::from_secs(4);

/// Two signs of life of a client whose path stands are no further apart: it checks the path (RFC 7675).
pub const SIGNS_AT_MOST: Duration = Duration::from_secs(6);

/// Addresses one connection may send from at a time: its candidates, and those of a restart.
pub const ADDRESSES_EACH: usize = 8;

/// Addresses one connection may ever have sent checks of the path from, until it is restarted: whoever walks from one
/// network to the next has some ten. The session remembers each for ever.
pub const PLACES_EACH: usize = 256;

/// Streams of one connection that are remembered: two layers and three other lines, each once more for what is sent
/// again, and all of it anew a few times. Packets of further ones are dropped unread, and an offer that names further ones
/// is refused: the session remembers each for ever.
pub const STREAMS_EACH: usize = 64;

/// How many packets of one connection are sent one after the other before others have their turn.
pub const PACKETS_AT_ONCE: u32 = 64;

/// Things one connection may have to say before others have their turn; more means that it never ends.
pub const OUTPUTS_AT_ONCE: usize = 10_000;

/// Between two looks at who speaks, who is seen, and in which layer. Whoever begins to speak does not wait for it.
pub const EVALUATE_EVERY: Duration = Duration::from_millis(100);

/// What somebody does is followed by a look so soon, and not at once: people come through a door in groups, and who looks
/// where changes with every step.
pub const EVALUATE_SOON: Duration = Duration::from_millis(20);

/// A voice that just got a slot keeps it for so long, so that two who speak at once do not chop one another up.
pub const IMMUNE_FOR: Duration = Duration::from_millis(300);

/// After so long without speech a voice is silent, and gives its slot to whoever speaks.
pub const SILENT_AFTER: Duration = Duration::from_secs(2);

/// Sound from this level on is speech, in decibels below full scale (RFC 6464): a quiet room is some 70 below, a voice
/// some 30.
pub const SPEECH_DB: f32 = -50.0;

/// So much louder must a new voice be than the quietest speaker with a slot to get it.
pub const LOUDER_DB: f32 = 6.0;

/// Payloads of Opus that are no sound but the sign that there is none (DTX), in bytes, for clients that do not say how
/// loud they are.
pub const NO_SOUND_BYTES: usize = 3;

/// Between two messages about who speaks.
pub const TELL_SPEAKERS_EVERY: Duration = Duration::from_millis(200);

/// Shortest time between two requests for a key frame of one stream: each costs as much as some ten other frames.
pub const KEYFRAME_EVERY: Duration = Duration::from_millis(500);

/// What a layer is taken to cost before it was measured, in bits a second: the small layer of the camera ...
pub const LOW_BITS: u64 = 150_000;

/// ... the large one ...
pub const HIGH_BITS: u64 = 500_000;

/// ... the screen, which costs much only while it moves ...
pub const SCREEN_BITS: u64 = 300_000;

/// ... and a voice: Opus with error correction, and headers.
pub const VOICE_BITS: u64 = 48_000;

/// The estimate a connection begins with, in bits a second: sound and some small pictures; probes find more within a
/// second.
pub const FIRST_ESTIMATE_BITS: u64 = 800_000;

/// What is sent at most to a client that says nothing about its line, in bits a second: nearly every line carries it.
pub const BLIND_BITS: u64 = 1_000_000;

/// A client that only says what it could receive (REMB) is believed up to here, in bits a second: that number grows
/// as long as nothing is lost, whatever is sent.
pub const REMB_BITS: u64 = 4_000_000;

/// It is never taken to carry less than this, in bits a second: two voices and a small picture. What its packets are
/// held up by is not always the line.
pub const REMB_LEAST_BITS: u64 = 300_000;

/// After that number fell, twice as much is believed so much later: a line that is still full says so again.
pub const REMB_DOUBLES_IN: Duration = Duration::from_secs(10);

/// After something had to be taken away, so long no more is sent than then; twice as long each time that it follows soon
/// after the last ...
pub const MORE_AFTER: Duration = Duration::from_secs(2);

/// ... up to this.
pub const MORE_AFTER_AT_MOST: Duration = Duration::from_secs(30);

/// An estimate that stands still for so long while more is desired is measured anew: longer than between two of the
/// probes that the estimator makes while little is sent. A time in which nothing is shown counts as a quiet one from
/// there on as well.
pub const STILL_AT_MOST: Duration = Duration::from_secs(6);

/// The same at most where that was in vain before.
pub const STILL_AT_MOST_IN_VAIN: Duration = Duration::from_mins(1);

/// After a line on which little was sent is used again, its estimate has so long to catch up: a probe takes a moment, and
/// more of them on a machine that is busy. What is lost meanwhile on a line that carries no more is lost once.
pub const CATCH_UP_WITHIN: Duration = Duration::from_secs(3);

/// Somebody's line is poor from so much loss on, in percent: what is repaired then comes late, and sound has gaps ...
pub const POOR_LOSS_PERCENT: f32 = 8.0;

/// ... until it is less than this.
pub const WELL_LOSS_PERCENT: f32 = 4.0;

/// It is also poor as long as it is believed to carry no more than this, in bits a second: two voices and a small picture.
pub const POOR_BITS: u64 = 300_000;

/// An estimate of a moment falls to some 85 % of what arrives: below so much of what is sent, in percent, less arrives than
/// is sent.
pub const CHOKED_PERCENT: u64 = 80;

/// Estimates are smoothed over so long.
pub const SMOOTHED_OVER: Duration = Duration::from_secs(3);

/// So much of what a line is believed to carry is used, in percent: estimates are sometimes too high, and what is then
/// lost is sound as well.
pub const USED_PERCENT: u64 = 90;

/// The largest payload that is forwarded, in bytes: browsers send up to 1200, and a datagram in an Ethernet frame holds
/// no more. With the headers it must fit into the 2000 bytes that a session has for a packet.
pub const PAYLOAD_BYTES: usize = 1460;

/// What is forwarded of a publisher's sound, in bytes with headers: Opus at its usual rates needs 5 to 20 kB a second.
/// Lines are shared out with [`VOICE_BITS`] in mind, so that a voice must not be much more for long.
pub const SOUND_BYTES: Rate = Rate::per_second(16 * 1024, 24_000);

/// The same of all their pictures: a screen at its best, its key frames, and both layers of the camera make some 4
/// Mbit/s. What a layer costs is measured, but only once it came.
pub const PICTURE_BYTES: Rate = Rate::per_second(1024 * 1024, 1_000_000);

/// Bytes of a packet besides what it carries: IPv4, UDP, RTP with our extensions, and the seal (RFC 3711).
pub const PACKET_BYTES: usize = 20 + 8 + 12 + 12 + 10;

/// What is not yet sent must fit with so much to spare, in hundredths of what it costs.
pub const SPARE_PERCENT: u64 = 115;

/// A layer that is too large for the line is still sent for so long while the smaller one's key frame is on its way.
pub const LINGER_FOR: Duration = Duration::from_millis(500);

/// A stream from which nothing came for so long is not there: browsers stop layers by themselves.
pub const STREAM_GONE_AFTER: Duration = Duration::from_millis(1500);

/// What a stream cost when it came last says nothing of what it will cost so much later.
pub const MEASURE_HOLDS: Duration = Duration::from_secs(10);

/// A large layer that somebody wants comes within so long, or not at all: the browser has to start its encoder, and to
/// find out what its line carries.
pub const LARGE_WITHIN: Duration = Duration::from_secs(4);

/// After one did not come, it is asked for again so much later.
pub const LARGE_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Before a publisher is told that nobody looks at something, nobody did for so long.
pub const UNWANTED_AFTER: Duration = Duration::from_secs(5);

/// A jump of sequence numbers beyond this is another stream: a second of video is some 100 packets.
pub const SEQUENCE_JUMP: u64 = 2000;

/// The first sequence number of every outgoing line. It must be below 65,536: how often it went around is not sent
/// (RFC 3711, 3.3.1). Not 0, so that what was sent before it has a number too.
pub const FIRST_SEQUENCE: u64 = 1000;

/// Inputs that wait for the thread that forwards. It takes all at once every few milliseconds; the world waits if it
/// does not, since none may be lost: each may say that somebody left a room.
pub const COMMANDS: usize = 1024;

/// Messages for clients that wait for the world's task; further ones wait with the thread itself ...
pub const SAYINGS: usize = 1024;

/// ... up to so many. Then the oldest is dropped: the world is then as good as gone.
pub const SAYINGS_KEPT: usize = 16 * 1024;

/// Datagrams read, or connections of TCP accepted, at once before what follows from them is sent.
pub const DATAGRAMS_AT_ONCE: usize = 64;

/// The largest datagram: an Ethernet frame's 1500 bytes, and some for networks with larger ones.
pub const DATAGRAM_BYTES: usize = 2048;

/// The shortest datagram: the header of RTP (RFC 3550, 5.1). Checks, handshakes and sealed reports are longer.
pub const SHORTEST_DATAGRAM_BYTES: usize = 12;

/// Bytes read of one connection of TCP before others have their turn: some three hundred datagrams at worst.
pub const READ_AT_ONCE: usize = 2 * DATAGRAM_BYTES;

/// Datagrams to one client that are handed to the system with one call: it takes 64 ...
pub const DATAGRAMS_TOGETHER: usize = 32;

/// ... and their bytes together: what fits into one datagram of IPv4, headers taken off.
pub const TOGETHER_BYTES: usize = 65_000;

/// When the system did not take several at once, each is sent alone for so long before that is tried again.
pub const TOGETHER_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Clients to which each is sent alone because their way does not take several; if there are more, so it is to all.
pub const ALONE_AT_MOST: usize = 64;

/// What the system holds back of what is not yet on the network, in bytes: a picture of a screen to a whole lecture.
pub const SEND_BUFFER_BYTES: usize = 2 * 1024 * 1024;

/// What the system holds back of what came and could not yet be read, in bytes: a tenth of a second of 200 Mbit/s.
pub const RECEIVE_BUFFER_BYTES: usize = 2 * 1024 * 1024;

/// Connections of TCP at a time: few networks let no UDP through.
pub const PIPES: usize = 256;

/// So many of them may come from one household and not have said yet whose they are: one more takes the place of another
/// of the same household. A school behind one address says so within a moment.
pub const NAMELESS_PIPES: usize = 48;

/// A connection of TCP on which nothing of anybody's connection came for so long is closed: checks of the path come more
/// often.
pub const PIPE_IDLE: Duration = Duration::from_secs(30);

/// After a connection of TCP could not be accepted, most likely for want of files, so long none is tried: the system says
/// all the while that one waits.
pub const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Bytes that wait for a client that does not read its connection of TCP: half a second of 4 Mbit/s. What would wait
/// longer comes too late to be heard.
pub const PIPE_QUEUE_BYTES: usize = 256 * 1024;

/// Longest sleep of the thread that forwards, when nothing is to be done.
pub const SLEEP_AT_MOST: Duration = Duration::from_secs(1);

/// The same while messages wait for the world's task.
pub const SLEEP_WITH_SAYINGS: Duration = Duration::from_millis(5);
