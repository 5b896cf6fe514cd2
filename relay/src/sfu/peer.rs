//! One client's connection: a str0m session behind a guard.
//!
//! It knows lines and streams, not people. Whatever a client sends ends here at worst: a session that reports a fault,
//! or panics, is over, and nobody else's is touched. After every change it is drained ([`Peer::drain`]), as str0m asks.

use std::{
    collections::HashMap,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use shared::protocol::room::{HIGH_LAYER, LINES, LOW_LAYER, Line};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    bwe::{Bitrate, BweKind},
    change::SdpOffer,
    format::Codec,
    media::{KeyframeRequestKind, Mid, Pt, Rid},
    net::{Protocol, Receive, TcpType, Transmit},
    rtp::{ExtensionValues, RtpPacket, RtpWrite, Ssrc, Vp8Patch},
};

use super::{
    Datagram,
    admission::Admission,
    limits::{
        CONNECT_WITHIN, FIRST_ESTIMATE_BITS, LOST_AFTER, MISSED_AFTER, OUTPUTS_AT_ONCE, PACKETS_AT_ONCE, SENDING_UNTIL,
        STREAMS_EACH,
    },
    offer::{self, Offer},
    quality::{Sent, Signs},
    remb::Remb,
    standstill::{Aim, Standstill},
    streams::Stream,
};

/// How often a session sums up what was sent and lost, and what its line carries.
const SUM_UP_EVERY: Duration = Duration::from_millis(500);

/// From one packet of a session to the next, as it asks.
const STEP: Duration = Duration::from_micros(1);

/// A connection.
pub(super) struct Peer {
    rtc: Rtc,
    offer: Offer,
    lines: HashMap<Mid, Line>,
    streams: HashMap<Ssrc, Option<Stream>>,
    admission: Admission,
    sound: Option<Pt>,
    picture: Option<Pt>,
    began: Instant,
    heard_at: Instant,
    signs: Signs,
    /// When sound or pictures came last.
    sent_at: Option<Instant>,
    is_connected: bool,
    has_failed: bool,
    timeout: Instant,
    /// The session's own time: a little ahead, since it lets one packet go at a time. See [`Self::drain`].
    clock: Instant,
    sums: HashMap<(Mid, Option<Rid>, bool), u64>,
    lost: HashMap<Mid, u64>,
    sent: Sent,
    remb: Remb,
    standstill: Standstill,
}

/// What a connection has to say.
pub(super) enum Said {
    /// Send this.
    Send(Transmit),
    /// A packet of a publisher came.
    Packet(Stream, Box<RtpPacket>),
    /// Whoever looks at that line needs a key frame.
    NeedsKeyframe(Line),
    /// What the line to the client is believed to carry, in bits a second.
    Estimate(u64),
    /// It is up.
    Connected,
    /// So much of what was sent lately did not arrive; 1 is all of it.
    Loss(f32),
    /// What the line carries at this moment, and what was sent on it lately, in bits a second.
    Moment { bits: u64, sent_bits: u64 },
    /// Sums since the last time.
    Sums { nacks_in: u64, nacks_out: u64, lost: u64, sent_again: u64 },
}

/// A packet for a client, named as its line goes on.
pub(super) struct Packet<'a> {
    /// As the publisher sent it.
    pub(super) from: &'a RtpPacket,
    pub(super) sequence: u64,
    pub(super) time: u32,
    pub(super) patch: Option<Vp8Patch>,
}

impl Peer {
    /// A connection from a client's offer, and the answer to it; none if the offer is not of the right kind. `addresses`
    /// are where clients reach us.
    pub(super) fn answer(now: Instant, text: &str, addresses: &[(Protocol, SocketAddr)]) -> Option<(Self, String)> {
        let offer = offer::check(text)?;
        let build = || {
            let first = offer.has_feedback.then(|| Bitrate::from(FIRST_ESTIMATE_BITS));
            let mut rtc = Rtc::builder()
                .set_ice_lite(true)
                .set_rtp_mode(true)
                .clear_codecs()
                .enable_opus(true, false)
                .enable_vp8(true)
                .enable_bwe(first)
                .set_stats_interval(Some(SUM_UP_EVERY))
                .build(now);
            for (protocol, address) in addresses {
                rtc.add_local_candidate(candidate(*protocol, *address)?);
            }
            let answer = accept(&mut rtc, text)?;
            Some((rtc, answer))
        };
        let (rtc, answer) = catch_unwind(AssertUnwindSafe(build)).ok()??;
        let lines = offer.mids.into_iter().zip(LINES).collect();
        let admission = Admission::new(&offer.streams);
        let mut peer = Self {
            rtc,
            offer,
            lines,
            streams: HashMap::new(),
            admission,
            sound: None,
            picture: None,
            began: now,
            heard_at: now,
            signs: Signs::new(now),
            sent_at: None,
            is_connected: false,
            has_failed: false,
            timeout: now,
            clock: now,
            sums: HashMap::new(),
            lost: HashMap::new(),
            sent: Sent::default(),
            remb: Remb::default(),
            standstill: Standstill::new(now, FIRST_ESTIMATE_BITS),
        };
        peer.sound = peer.payload_type(Line::Voice(0), Codec::Opus);
        peer.picture = peer.payload_type(Line::Picture(0), Codec::Vp8);
        // Without the common codecs nothing could ever be heard or seen.
        (peer.sound.is_some() && peer.picture.is_some()).then_some((peer, answer))
    }

    /// Whether an offer is one of this very connection, and not of another one with the same number.
    pub(super) fn is_restarted_by(&self, text: &str) -> bool {
        offer::check(text).is_some_and(|offer| offer.fingerprint == self.offer.fingerprint)
    }

    /// The answer to another offer of the same connection: a restart of ICE. None if it is of another kind, or names more
    /// streams than a session is to remember, which forgets none that it was ever offered.
    pub(super) fn restart(&mut self, text: &str) -> Option<String> {
        let offer = offer::check(text)?;
        let is_alike = offer.mids == self.offer.mids && offer.has_layers == self.offer.has_layers;
        if !is_alike || !self.admission.take_offer(&offer.streams) {
            return None;
        }
        let before = self.name();
        let answer = self.guarded(|rtc| accept(rtc, text)).flatten();
        // Another name comes with a restart, and only then its session forgets where the client was.
        if self.name() != before {
            self.admission.forget_places();
        }
        answer
    }

    /// What connectivity checks for this connection carry.
    pub(super) fn name(&mut self) -> String {
        self.guarded(|rtc| rtc.direct_api().local_ice_credentials().ufrag).unwrap_or_default()
    }

    /// A datagram came for it.
    pub(super) fn receive(&mut self, now: Instant, datagram: Datagram<'_>) {
        let Datagram { protocol, from, to, bytes } = datagram;
        // Reads the datagram, before there is a session that could be over.
        let read = || Receive::new(protocol, from, to, bytes).ok();
        let Some(receive) = catch_unwind(AssertUnwindSafe(read)).ok().flatten() else { return };
        let input = Input::Receive(self.go_to(now), receive);
        let Self { rtc, has_failed, admission, .. } = self;
        if !admission.take(from, bytes, || guarded(rtc, has_failed, |rtc| rtc.accepts(&input)) == Some(true)) {
            return;
        }
        self.signs.came(now, now.saturating_duration_since(self.heard_at));
        self.heard_at = now;
        let took = self.guarded(|rtc| rtc.handle_input(input).is_ok());
        self.has_failed |= took != Some(true);
    }

    /// Time went by, or packets were written.
    pub(super) fn advance(&mut self, now: Instant) {
        let clock = self.go_to(now);
        let took = self.guarded(|rtc| rtc.handle_input(Input::Timeout(clock)).is_ok());
        self.has_failed |= took != Some(true);
    }

    /// Hands out all it has to say. The session wants some time to pass between two packets, but a microsecond will do:
    /// it is not waited for, so that what belongs together is sent together.
    pub(super) fn drain(&mut self, now: Instant, said: &mut Vec<Said>) {
        let mut steps = 0;
        for _ in 0..OUTPUTS_AT_ONCE {
            match self.guarded(|rtc| rtc.poll_output().ok()).flatten() {
                Some(Output::Timeout(at)) if at <= self.clock + STEP && steps < PACKETS_AT_ONCE => {
                    steps += 1;
                    self.advance(self.clock + STEP);
                }
                Some(Output::Timeout(at)) => {
                    self.timeout = at;
                    return;
                }
                Some(Output::Transmit(transmit)) => said.push(Said::Send(transmit)),
                Some(Output::Event(event)) => self.happened(now, event, said),
                None => break,
            }
        }
        self.has_failed = true;
    }

    /// Says goodbye; what is then drained is the last.
    pub(super) fn close(&mut self) {
        self.guarded(|rtc| rtc.close().is_ok());
    }

    /// When to come back with [`Self::advance`].
    pub(super) fn timeout(&self) -> Instant {
        let end = if self.is_connected { self.heard_at + LOST_AFTER } else { self.began + CONNECT_WITHIN };
        self.timeout.min(end)
    }

    /// Whether it is up.
    pub(super) fn is_connected(&self) -> bool {
        self.is_connected && !self.has_failed
    }

    /// Whether nothing comes any more though something did until then, and should: its path may be dead.
    pub(super) fn is_missed(&self, now: Instant) -> bool {
        let was_sending = self.sent_at.is_some_and(|sent_at| self.heard_at < sent_at + SENDING_UNTIL);
        let missed_after = if was_sending { MISSED_AFTER } else { self.signs.missed_after() };
        self.is_connected && now >= self.heard_at + missed_after
    }

    /// Whether it is of no use any more.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let is_silent = now >= self.heard_at + LOST_AFTER;
        let is_late = !self.is_connected && now >= self.began + CONNECT_WITHIN;
        self.has_failed || is_silent || is_late || !self.rtc.is_alive()
    }

    /// Whether it ended by a fault inside of it.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// How many things of its client it remembers that the client could make many of.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.admission.remembered() + self.streams.len() + self.sums.len() + self.lost.len() + self.remb.lines()
    }

    /// Whether its client says which packets came when.
    pub(super) fn has_feedback(&self) -> bool {
        self.offer.has_feedback
    }

    /// What the line to a client is believed to carry, in bits a second, that does not say which packets came when.
    pub(super) fn bits_without_feedback(&self, now: Instant) -> Option<u64> {
        (!self.offer.has_feedback).then(|| self.remb.bits(now))
    }

    /// Whether its camera comes in layers.
    pub(super) fn has_layers(&self) -> bool {
        self.offer.has_layers
    }

    /// Sends a packet on a line to the client. [`Self::advance`] and [`Self::drain`] must follow.
    pub(super) fn write(&mut self, now: Instant, line: Line, packet: &Packet<'_>) {
        let Some(mid) = self.mid(line) else { return };
        let (is_sound, header) = (line.is_sound(), &packet.from.header);
        let Some(payload_type) = (if is_sound { self.sound } else { self.picture }) else { return };
        // Only what means something to the receiver: the publisher's own mid, rid and transport-wide numbers would be
        // taken for ours.
        let ext_vals = ExtensionValues {
            audio_level: header.ext_vals.audio_level,
            voice_activity: header.ext_vals.voice_activity,
            video_orientation: header.ext_vals.video_orientation,
            ..ExtensionValues::default()
        };
        let payload = std::sync::Arc::clone(&packet.from.payload);
        let clock = self.go_to(now);
        let mut write = RtpWrite::new(payload_type, packet.sequence.into(), packet.time, clock, payload)
            .marker(header.marker)
            .ext_vals(ext_vals)
            .nackable(!is_sound);
        if let Some(patch) = packet.patch {
            write = write.vp8_patch(patch);
        }
        let is_sent = self.guarded(|rtc| {
            let mut api = rtc.direct_api();
            api.stream_tx_by_mid(mid, None).map(|stream| stream.write_rtp(write)).is_some()
        });
        if is_sent == Some(true) {
            self.sent.wrote(mid);
        }
    }

    /// Asks the client for a key frame. [`Self::advance`] and [`Self::drain`] must follow. Says whether there is such a
    /// stream.
    pub(super) fn ask_for_keyframe(&mut self, stream: Stream) -> bool {
        let (line, layer) = match stream {
            Stream::Low if self.offer.has_layers => (Line::Camera, Some(LOW_LAYER)),
            Stream::High => (Line::Camera, Some(HIGH_LAYER)),
            Stream::Low => (Line::Camera, None),
            Stream::Screen => (Line::Screen, None),
            Stream::Microphone | Stream::ScreenSound => return false,
        };
        let Some(mid) = self.mid(line) else { return false };
        let ask = |rtc: &mut Rtc| {
            let mut api = rtc.direct_api();
            let stream = api.stream_rx_by_mid(mid, layer.map(Rid::from));
            stream.map(|stream| stream.request_keyframe(KeyframeRequestKind::Pli)).is_some()
        };
        self.guarded(ask).unwrap_or_default()
    }

    /// What the line is to be found out to carry. Probes look for what is desired, padding stands in for the next step.
    pub(super) fn aim(&mut self, now: Instant, aim: Aim) {
        if !self.offer.has_feedback {
            return;
        }
        self.guarded(|rtc| rtc.bwe().set_bitrate(Bitrate::from(aim.next_bits), Bitrate::from(aim.desired_bits)));
        if let Some(bits) = self.standstill.begins_anew(now, aim) {
            self.guarded(|rtc| rtc.bwe().reset(Bitrate::from(bits)));
        }
    }

    fn happened(&mut self, now: Instant, event: Event, said: &mut Vec<Said>) {
        match event {
            Event::Connected => {
                self.is_connected = true;
                said.push(Said::Connected);
            }
            Event::RtpPacket(packet) => {
                if let Some(stream) = self.stream(packet.header.ssrc) {
                    self.sent_at = Some(self.heard_at);
                    said.push(Said::Packet(stream, Box::new(packet)));
                }
            }
            Event::KeyframeRequest(request) => {
                said.extend(self.lines.get(&request.mid).copied().map(Said::NeedsKeyframe));
            }
            Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                said.push(Said::Estimate(estimate.as_u64()));
            }
            Event::EgressBitrateEstimate(BweKind::Remb { estimate, mid }) => {
                self.remb.said(now, mid, estimate.as_u64());
            }
            Event::MediaEgressStats(stats) => {
                let nacks_in = self.since(stats.mid, stats.rid, true, stats.nacks);
                let total = stats.remote.map_or(0, |remote| remote.packets_lost);
                // Counted by the client: it may say what it likes.
                let lost = total.saturating_sub(self.lost.insert(stats.mid, total).unwrap_or_default());
                let lost = lost.min(u64::from(u16::MAX));
                let sent_again = self.sent.counted(stats.mid, stats.packets, lost);
                said.push(Said::Sums { nacks_in, nacks_out: 0, lost, sent_again });
            }
            Event::MediaIngressStats(stats) => {
                let nacks_out = self.since(stats.mid, stats.rid, false, stats.nacks);
                said.push(Said::Sums { nacks_in: 0, nacks_out, lost: 0, sent_again: 0 });
            }
            Event::PeerStats(stats) => {
                let without_feedback = self.sent.take_loss().filter(|_| !self.offer.has_feedback);
                said.extend(stats.egress_loss_fraction.or(without_feedback).map(Said::Loss));
                let sent_bits = self.sent.took(stats.timestamp, stats.peer_bytes_tx);
                if let Some((bits, sent_bits)) = stats.bwe_tx.map(|bits| bits.as_u64()).zip(sent_bits) {
                    self.standstill.look(now, bits, stats.egress_loss_fraction.is_some());
                    said.push(Said::Moment { bits, sent_bits });
                }
            }
            _ => {}
        }
    }

    /// The session's time does not go back.
    fn go_to(&mut self, now: Instant) -> Instant {
        self.clock = self.clock.max(now);
        self.clock
    }

    /// How much more it is than the last time.
    fn since(&mut self, mid: Mid, rid: Option<Rid>, is_out: bool, total: u64) -> u64 {
        total.saturating_sub(self.sums.insert((mid, rid, is_out), total).unwrap_or_default())
    }

    /// Which stream of the client has that number.
    fn stream(&mut self, ssrc: Ssrc) -> Option<Stream> {
        if let Some(stream) = self.streams.get(&ssrc) {
            return *stream;
        }
        let (mid, rid) = self
            .guarded(|rtc| rtc.direct_api().stream_rx(&ssrc).map(|stream| (stream.mid(), stream.rid())))
            .flatten()?;
        let line = self.lines.get(&mid).copied()?;
        let stream = Stream::of(line, rid.as_deref());
        if self.streams.len() < STREAMS_EACH {
            self.streams.insert(ssrc, stream);
        }
        stream
    }

    fn mid(&self, line: Line) -> Option<Mid> {
        LINES.iter().position(|other| *other == line).map(|index| self.offer.mids[index])
    }

    /// What a codec is called on a line.
    fn payload_type(&mut self, line: Line, codec: Codec) -> Option<Pt> {
        let mid = self.mid(line)?;
        self.guarded(|rtc| {
            let taken = rtc.media(mid)?.remote_pts();
            let mut params = rtc.codec_config().iter().filter(|param| param.spec().codec == codec);
            params.find(|param| taken.contains(&param.pt())).map(str0m::format::PayloadParams::pt)
        })
        .flatten()
    }

    fn guarded<T>(&mut self, work: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
        guarded(&mut self.rtc, &mut self.has_failed, work)
    }
}

/// Does something with a session. If that panics, the session is over: nothing is done with it any more.
fn guarded<T>(rtc: &mut Rtc, has_failed: &mut bool, work: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
    if *has_failed {
        return None;
    }
    let done = catch_unwind(AssertUnwindSafe(|| work(rtc))).ok();
    *has_failed |= done.is_none();
    done
}

/// A session's answer to an offer.
fn accept(rtc: &mut Rtc, text: &str) -> Option<String> {
    let offer = SdpOffer::from_sdp_string(&offer::without_candidates(text)).ok()?;
    Some(rtc.sdp_api().accept_offer(offer).ok()?.to_sdp_string())
}

/// How a client reaches us.
fn candidate(protocol: Protocol, address: SocketAddr) -> Option<Candidate> {
    match protocol {
        Protocol::Tcp => Candidate::builder().tcp().host(address).tcptype(TcpType::Passive).build().ok(),
        _ => Candidate::host(address, protocol).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sfu::tests::stage::Fresh;

    #[test]
    fn a_session_that_panics_is_over_and_does_no_more() {
        let now = Instant::now();
        let (mut peer, _) = Peer::answer(now, &Fresh::new(now).offer(), &[]).expect("an answer");
        assert!(!peer.is_over(now));
        // Said by the test itself; nothing is wrong.
        assert_eq!(peer.guarded(|_| -> u8 { panic!("a fault inside of a session") }), None);
        assert!(peer.is_over(now) && peer.has_failed());
        assert_eq!(peer.guarded(|_| 7), None);
        let mut said = Vec::new();
        peer.drain(now, &mut said);
        assert!(said.is_empty());
    }
}
