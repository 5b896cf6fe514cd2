//! A packet's way from its publisher to all who get it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use shared::protocol::room::Line;
use str0m::rtp::{RtpPacket, Vp8Descriptor};

use super::{
    ParticipantKey, Sfu,
    limits::{PACKET_BYTES, PAYLOAD_BYTES},
    peer::Packet,
    person::{Named, Person, Picture},
    rewrite::Names,
    streams::Stream,
};

impl Sfu {
    /// Hands a packet to all who hear or see that stream. Whoever is in no room is heard by nobody.
    pub(super) fn forward(&mut self, from: ParticipantKey, stream: Stream, packet: &RtpPacket) {
        let now = self.now;
        self.counts.packets_in += 1;
        self.counts.bytes_in += packet.payload.len() as u64;
        let Some(publisher) = self.people.get_mut(&from) else { return };
        if !publisher.shares(stream) {
            return;
        }
        let bytes = packet.payload.len() + PACKET_BYTES;
        // What one sends costs all who get it: neither too much of it, nor what their sessions have no room for.
        if packet.payload.len() > PAYLOAD_BYTES || !publisher.streams.admit(now, stream, bytes) {
            self.counts.left_out += 1;
            return;
        }
        publisher.streams.came(now, stream, bytes);
        let begins_to_speak = stream == Stream::Microphone
            && publisher.voice.heard(now, packet.header.ext_vals.audio_level, packet.payload.len());
        if begins_to_speak {
            // Before the packet is forwarded: the first word is not lost.
            for listener in self.table.others(from).collect::<Vec<_>>() {
                self.assign_voices(listener);
            }
        }
        let picture = if stream.is_sound() { None } else { Some(look_at(packet)) };
        for listener in self.table.others(from) {
            let Some(person) = self.people.get_mut(&listener) else { continue };
            let Some((line, named)) = person.take(now, from, stream, packet, picture) else { continue };
            let Some(peer) = person.peer() else { continue };
            let Named { sequence, time, patch } = named;
            peer.write(now, line, &Packet { from: packet, sequence, time, patch });
            self.dirty.insert(listener);
            self.counts.packets_out += 1;
            self.counts.bytes_out += packet.payload.len() as u64;
        }
    }

    /// Whoever looks at a line cannot go on without a key frame: whoever is in it is asked.
    pub(super) fn needs_keyframe(&mut self, who: ParticipantKey, line: Line) {
        let Some(person) = self.people.get(&who) else { return };
        let (source, stream) = match line {
            Line::Picture(slot) => {
                let slot = usize::from(slot);
                let holder = person.pictures.holders().get(slot).copied().flatten();
                (holder, person.lines.pictures.get(slot).and_then(|view| view.current))
            }
            Line::StageScreen => (person.stage, person.lines.stage.current),
            _ => return,
        };
        if let (Some(source), Some(stream)) = (source, stream) {
            self.ask_for_keyframe(source, stream);
        }
    }

    /// Asks a publisher for a key frame, unless that was done a moment ago.
    pub(super) fn ask_for_keyframe(&mut self, source: ParticipantKey, stream: Stream) {
        let now = self.now;
        let Some(peer) = self.people.get_mut(&source).and_then(Person::peer) else { return };
        if self.keyframes.may_ask(now, source, stream) && peer.ask_for_keyframe(stream) {
            self.counts.keyframe_requests += 1;
            self.dirty.insert(source);
        }
    }
}

impl Person {
    /// On which line a packet goes to this person, and what it is called there.
    fn take(
        &mut self,
        now: Instant,
        from: ParticipantKey,
        stream: Stream,
        packet: &RtpPacket,
        picture: Option<Picture>,
    ) -> Option<(Line, Named)> {
        match (stream, picture) {
            (Stream::Microphone, _) => {
                let slot = self.voices.slot_of(from)?;
                let names = self.lines.voices[slot].rewrite(now, *packet.header.ssrc, sound_names(packet))?;
                Some((Line::Voice(slot as u8), named(names)))
            }
            (Stream::ScreenSound, _) if self.stage == Some(from) => {
                let names = self.lines.stage_sound.rewrite(now, *packet.header.ssrc, sound_names(packet))?;
                Some((Line::StageSound, named(names)))
            }
            (Stream::Low | Stream::High, Some(picture)) => {
                let slot = self.pictures.slot_of(from)?;
                let named = self.lines.pictures[slot].take(now, stream, packet, picture)?;
                Some((Line::Picture(slot as u8), named))
            }
            (Stream::Screen, Some(picture)) if self.stage == Some(from) => {
                Some((Line::StageScreen, self.lines.stage.take(now, stream, packet, picture)?))
            }
            _ => None,
        }
    }
}

/// What is not understood is no picture, even if reading it panics.
fn look_at(packet: &RtpPacket) -> Picture {
    let look = || {
        let descriptor = Vp8Descriptor::parse(&packet.payload).ok()?;
        Some((descriptor, descriptor.starts_keyframe(&packet.payload)))
    };
    let found = catch_unwind(AssertUnwindSafe(look)).ok().flatten();
    Picture {
        descriptor: found.map(|(descriptor, _)| descriptor),
        starts_keyframe: found.is_some_and(|(_, starts_keyframe)| starts_keyframe),
    }
}

fn sound_names(packet: &RtpPacket) -> Names {
    Names { sequence: *packet.seq_no, time: packet.header.timestamp, picture: None, base_picture: None }
}

fn named(names: Names) -> Named {
    Named { sequence: names.sequence, time: names.time, patch: None }
}
