//! Somebody, as far as forwarding goes: what they send, what they look at, and what they get.

use std::time::Instant;

use shared::protocol::{
    Number,
    link::Shares,
    room::{AUDIO_SLOTS, CAMERA_SLOTS, Flow, Look, Slots as ToldSlots},
};
use str0m::rtp::{RtpPacket, Vp8Descriptor, Vp8Patch};

use super::{
    ParticipantKey,
    layers::Budget,
    limits::{BLIND_BITS, FIRST_ESTIMATE_BITS},
    peer::Peer,
    quality::{LargeLayer, Loss},
    rewrite::{Names, Rewriter, patch},
    slots::Slots,
    speakers::Voice,
    streams::{Stream, Streams},
    wanted::Interest,
};

/// Ticks a second of Opus' time stamps, whatever it carries (RFC 7587).
const SOUND_CLOCK_HZ: u32 = 48_000;

/// Ticks a second of the time stamps of pictures.
const PICTURE_CLOCK_HZ: u32 = 90_000;

/// See the module.
#[derive(Default)]
pub(super) struct Person {
    pub(super) connection: Option<Connection>,
    /// Whether their last connection was lost, and no other is up yet.
    pub(super) is_lost: bool,
    pub(super) is_podium: bool,
    pub(super) shares: Shares,
    /// Since when they show their screen.
    pub(super) screen_since: Option<Instant>,
    pub(super) looks: Vec<Look>,
    pub(super) voice: Voice,
    pub(super) streams: Streams,
    pub(super) large_layer: LargeLayer,
    /// How much of what is sent to them gets lost.
    pub(super) loss: Loss,
    pub(super) budget: Budget,
    /// The last estimate of what their line carries, in bits a second.
    pub(super) estimate: u64,
    pub(super) voices: Slots<AUDIO_SLOTS>,
    pub(super) pictures: Slots<CAMERA_SLOTS>,
    pub(super) stage: Option<ParticipantKey>,
    pub(super) lines: Lines,
    pub(super) told: Told,
    pub(super) interest: Interest,
}

/// Their connection.
pub(super) struct Connection {
    /// The client's number for it.
    pub(super) number: u32,
    pub(super) peer: Peer,
    /// For when it is among the timers.
    pub(super) timer: Option<Instant>,
    /// Whether its client has another connection to the relay since: another page numbers anew.
    pub(super) is_of_another_page: bool,
}

/// The lines that lead to somebody.
pub(super) struct Lines {
    pub(super) voices: [Rewriter; AUDIO_SLOTS],
    pub(super) pictures: [View; CAMERA_SLOTS],
    pub(super) stage: View,
    pub(super) stage_sound: Rewriter,
}

impl Default for Lines {
    fn default() -> Self {
        let (sound, view) = (Rewriter::new(SOUND_CLOCK_HZ), View::default());
        Self { voices: [sound; AUDIO_SLOTS], pictures: [view; CAMERA_SLOTS], stage: view, stage_sound: sound }
    }
}

/// A line that carries pictures.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    rewriter: Rewriter,
    /// What goes over it.
    pub(super) current: Option<Stream>,
    /// What should, from its next key frame on.
    pub(super) target: Option<Stream>,
    /// Since when that is another one.
    pub(super) waits_since: Option<Instant>,
    pub(super) flow: Flow,
}

impl Default for View {
    fn default() -> Self {
        let rewriter = Rewriter::new(PICTURE_CLOCK_HZ);
        Self { rewriter, current: None, target: None, waits_since: None, flow: Flow::Full }
    }
}

/// What a client was told last.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) members: Option<Vec<(Number, Shares)>>,
    pub(super) slots: Option<ToldSlots>,
    pub(super) speakers: Option<Vec<Number>>,
    pub(super) speakers_at: Option<Instant>,
}

impl Person {
    /// They have another connection.
    pub(super) fn connect(&mut self, now: Instant, number: u32, peer: Peer) {
        let bits = if peer.has_feedback() { FIRST_ESTIMATE_BITS } else { BLIND_BITS };
        self.estimate = bits;
        self.budget = Budget::new(bits);
        self.budget.estimate(now, bits);
        self.streams.begin_anew();
        (self.large_layer, self.loss) = (LargeLayer::default(), Loss::default());
        // Its lines begin anew: their numbers must be small at first.
        self.lines = Lines::default();
        self.connection = Some(Connection { number, peer, timer: None, is_of_another_page: false });
    }

    /// They have another connection to the relay: what they were told is forgotten.
    pub(super) fn arrive(&mut self) {
        (self.told, self.interest, self.is_lost) = (Told::default(), Interest::default(), false);
        if let Some(connection) = &mut self.connection {
            connection.is_of_another_page = true;
        }
    }

    /// They say what they share. Gives whether that is something else than before.
    pub(super) fn share(&mut self, now: Instant, shares: Shares) -> bool {
        let before = std::mem::replace(&mut self.shares, shares);
        self.screen_since = shares.screen.then(|| self.screen_since.unwrap_or(now));
        if !shares.microphone {
            self.voice = Voice::default();
        }
        before != shares
    }

    /// Whether they say that they share that stream: what was muted is not forwarded, whatever comes.
    pub(super) fn shares(&self, stream: Stream) -> bool {
        match stream {
            Stream::Microphone => self.shares.microphone,
            Stream::Low | Stream::High => self.shares.camera,
            Stream::Screen => self.shares.screen,
            Stream::ScreenSound => self.shares.screen_sound,
        }
    }

    /// Their connection, if it is up.
    pub(super) fn peer(&mut self) -> Option<&mut Peer> {
        self.connection.as_mut().map(|connection| &mut connection.peer).filter(|peer| peer.is_connected())
    }

    /// Whether they were in the call and cannot be reached: nothing of theirs comes, so others are told as if they had
    /// left.
    pub(super) fn is_missed(&self, now: Instant) -> bool {
        self.is_lost || self.connection.as_ref().is_some_and(|connection| connection.peer.is_missed(now))
    }

    /// Whether something of theirs can come.
    pub(super) fn is_reached(&self, now: Instant) -> bool {
        self.is_connected() && !self.is_missed(now)
    }

    /// Whether their connection is up.
    pub(super) fn is_connected(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.peer.is_connected())
    }
}

impl View {
    /// Another source has the line.
    pub(super) fn cut(&mut self) {
        (self.current, self.target, self.waits_since) = (None, None, None);
        self.rewriter.cut();
    }

    /// From now on that stream should go over it; none if nothing should.
    pub(super) fn aim(&mut self, now: Instant, target: Option<Stream>) {
        self.target = target;
        if target.is_none() {
            self.current = None;
        }
        self.waits_since = if target == self.current { None } else { Some(self.waits_since.unwrap_or(now)) };
    }

    /// What a packet is called on this line; none if it does not go over it.
    pub(super) fn take(&mut self, now: Instant, stream: Stream, packet: &RtpPacket, picture: Picture) -> Option<Named> {
        if self.current == Some(stream) && self.rewriter.is_of_another(*packet.header.ssrc) {
            // Its publisher began anew: what came until now is nothing that a picture could be made from.
            (self.current, self.waits_since) = (None, Some(now));
        }
        if self.target == Some(stream) && self.current != Some(stream) && picture.starts_keyframe {
            (self.current, self.waits_since) = (Some(stream), None);
            self.rewriter.cut();
        }
        if self.current != Some(stream) {
            return None;
        }
        let Some(descriptor) = picture.descriptor else {
            self.rewriter.skip(*packet.header.ssrc, *packet.seq_no);
            return None;
        };
        let names = Names {
            sequence: *packet.seq_no,
            time: packet.header.timestamp,
            picture: descriptor.picture_id(),
            base_picture: descriptor.tl0_pic_idx(),
        };
        let names = self.rewriter.rewrite(now, *packet.header.ssrc, names)?;
        Some(Named { sequence: names.sequence, time: names.time, patch: Some(patch(&descriptor, names)?) })
    }
}

/// What is known of a packet of pictures before it is handed to many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    /// None if it has no picture in it, but only padding.
    pub(super) descriptor: Option<Vp8Descriptor>,
    /// Whether a decoder can begin with it.
    pub(super) starts_keyframe: bool,
}

/// What a packet is called on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) sequence: u64,
    pub(super) time: u32,
    pub(super) patch: Option<Vp8Patch>,
}
