//! A client in memory: str0m too, with a line each way, and publishing what it is told to.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    time::{Duration, Instant},
};

use shared::protocol::{
    Number,
    room::{FromSfu, LINES, Line},
};
use str0m::{
    Candidate, Event, Rtc,
    bwe::Bitrate,
    change::{SdpAnswer, SdpPendingOffer},
    media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite, Vp8Descriptor},
};

use super::{SFU, road::Road};
use crate::sfu::{ParticipantKey, streams::Stream};

/// Who sent a packet, when, and of which stream, is in its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) by: u16,
    pub(crate) at_ms: u64,
    pub(crate) stream: u8,
}

/// Bytes of a mark.
const MARK_BYTES: usize = 11;

/// A packet as a client got it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    pub(crate) at: Instant,
    pub(crate) line: Line,
    pub(crate) sequence: u64,
    pub(crate) time: u32,
    pub(crate) picture: Option<u16>,
    pub(crate) base_picture: Option<u8>,
    pub(crate) starts_keyframe: bool,
    pub(crate) mark: Mark,
    pub(crate) bytes: usize,
}

/// What a client sends by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Source {
    /// How loud the microphone is, in decibels below full scale; nothing is sent without.
    pub(crate) voice: Option<i8>,
    pub(crate) camera: bool,
    pub(crate) screen: bool,
}

/// A microphone that is open and hears nothing: little is sent then (DTX).
pub(crate) const NO_SOUND_DB: i8 = -127;

/// Pictures a second.
const PICTURES: u64 = 20;

/// Bytes of each picture's packets.
const LOW_PACKETS: &[usize] = &[800];
const HIGH_PACKETS: &[usize] = &[1000, 1000, 1000];
const SCREEN_PACKETS: &[usize] = &[1000];

#[derive(Default)]
struct Publishing {
    sequence: u64,
    picture: u16,
    wants_keyframe: bool,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Client {
    pub(crate) key: ParticipantKey,
    pub(super) rtc: Rtc,
    pub(crate) address: SocketAddr,
    mids: Vec<Mid>,
    pub(super) timeout: Instant,
    pub(super) up: Road,
    pub(super) down: Road,
    /// When the unit sent how many bytes on the latter.
    pub(crate) sent_to: Vec<(Instant, usize)>,
    pub(crate) source: Source,
    streams: [Publishing; 4],
    voice: u64,
    has_layers: bool,
    pub(crate) is_connected: bool,
    /// Whether it has too little processor for its camera's large layer.
    pub(crate) leaves_out_high: bool,
    /// Whether nothing of theirs arrives any more.
    pub(crate) is_cut_off: bool,
    pub(crate) keyframes_asked: usize,
    /// What it says once a second that it could receive, in bits a second.
    pub(crate) remb: Option<u64>,
    /// Packets that came and are none of the usual ones.
    pub(crate) odd: usize,
    /// The offer that its connection was made from.
    pub(crate) offered: String,
    /// The last check of the path that it sent.
    pub(crate) last_check: Vec<u8>,
    pub(crate) heard: Vec<Heard>,
    pub(crate) told: Vec<FromSfu>,
}

/// How a client joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Browser,
    /// No layers, and no word on which packets came when.
    Simple,
}

impl Client {
    pub(super) fn new(now: Instant, key: ParticipantKey, kind: Kind) -> Self {
        let mut rtc =
            Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, false).enable_vp8(true).build(now);
        let address = SocketAddr::from(([10, 0, 1, key.number.0 as u8 + 1], 5000));
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("a candidate"));
        Self {
            key,
            rtc,
            address,
            mids: Vec::new(),
            timeout: now,
            up: Road::new(now),
            down: Road::new(now),
            sent_to: Vec::new(),
            source: Source::default(),
            streams: Default::default(),
            voice: 0,
            has_layers: kind == Kind::Browser,
            is_connected: false,
            leaves_out_high: false,
            is_cut_off: false,
            keyframes_asked: 0,
            remb: None,
            odd: 0,
            offered: String::new(),
            last_check: Vec::new(),
            heard: Vec::new(),
            told: Vec::new(),
        }
    }

    pub(super) fn offer(&mut self, kind: Kind) -> (String, SdpPendingOffer) {
        let mut api = self.rtc.sdp_api();
        for line in LINES {
            let kind = if line.is_sound() { MediaKind::Audio } else { MediaKind::Video };
            let direction = if line.is_up() { Direction::SendOnly } else { Direction::RecvOnly };
            let simulcast = (line == Line::Camera && self.has_layers).then(|| {
                let mut simulcast = Simulcast::new();
                simulcast.add_send_layer(SimulcastLayer::new("q"));
                simulcast.add_send_layer(SimulcastLayer::new("h"));
                simulcast
            });
            self.mids.push(api.add_media(kind, direction, None, None, simulcast));
        }
        let (offer, pending) = api.apply().expect("an offer");
        let text = offer.to_sdp_string();
        let is_kept = |line: &&str| {
            kind == Kind::Browser || !(line.contains("transport-cc") || line.contains("transport-wide-cc"))
        };
        (text.lines().filter(is_kept).fold(String::new(), |text, line| text + line + "\r\n"), pending)
    }

    pub(super) fn accept(&mut self, pending: SdpPendingOffer, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).expect("an answer");
        self.rtc.sdp_api().accept_answer(pending, answer).expect("taken");
    }

    pub(super) fn receive(&mut self, now: Instant, bytes: &[u8]) {
        let Ok(receive) = Receive::new(Protocol::Udp, SocketAddr::from(SFU), self.address, bytes) else { return };
        self.rtc.handle_input(str0m::Input::Receive(now, receive)).expect("received");
        self.drain(now);
    }

    pub(super) fn drain(&mut self, now: Instant) {
        loop {
            match self.rtc.poll_output().expect("output") {
                str0m::Output::Timeout(at) => {
                    self.timeout = at;
                    return;
                }
                str0m::Output::Transmit(transmit) => {
                    if transmit.contents.first().is_some_and(|first| *first < 4) {
                        self.last_check = transmit.contents.to_vec();
                    }
                    self.up.send(now, transmit.contents.to_vec());
                }
                str0m::Output::Event(event) => self.happened(now, event),
            }
        }
    }

    fn happened(&mut self, now: Instant, event: Event) {
        match event {
            Event::Connected => self.is_connected = true,
            Event::KeyframeRequest(request) => {
                self.keyframes_asked += 1;
                let stream = match (self.line(request.mid), request.rid.as_deref()) {
                    (Some(Line::Screen), _) => Stream::Screen,
                    (_, Some("h")) => Stream::High,
                    _ => Stream::Low,
                };
                self.streams[stream as usize].wants_keyframe = true;
            }
            Event::RtpPacket(packet) => {
                let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
                let line = mid.and_then(|mid| self.line(mid)).expect("one of the lines");
                let Some(marked) = packet.payload.last_chunk::<MARK_BYTES>() else {
                    self.odd += 1;
                    return;
                };
                let descriptor = if line.is_sound() { None } else { Vp8Descriptor::parse(&packet.payload).ok() };
                self.heard.push(Heard {
                    at: now,
                    line,
                    sequence: *packet.seq_no,
                    time: packet.header.timestamp,
                    picture: descriptor.and_then(|descriptor| descriptor.picture_id()),
                    base_picture: descriptor.and_then(|descriptor| descriptor.tl0_pic_idx()),
                    starts_keyframe: descriptor.is_some_and(|descriptor| descriptor.starts_keyframe(&packet.payload)),
                    mark: Mark {
                        by: u16::from_be_bytes([marked[0], marked[1]]),
                        at_ms: u64::from_be_bytes(marked[2..10].try_into().expect("eight")),
                        stream: marked[10],
                    },
                    bytes: packet.payload.len(),
                });
            }
            _ => {}
        }
    }

    fn line(&self, mid: Mid) -> Option<Line> {
        self.mids.iter().position(|other| *other == mid).map(|index| LINES[index])
    }

    fn mark(&self, ms: u64, stream: Stream) -> Vec<u8> {
        let mut mark = self.key.number.0.to_be_bytes().to_vec();
        mark.extend(ms.to_be_bytes());
        mark.push(stream as u8);
        mark
    }

    /// Sends what is due at that millisecond.
    pub(super) fn publish(&mut self, now: Instant, ms: u64) {
        if !self.is_connected {
            return;
        }
        let (every, bytes) = if self.source.voice == Some(NO_SOUND_DB) { (400, MARK_BYTES) } else { (20, 80) };
        if let Some(level) = self.source.voice.filter(|_| ms.is_multiple_of(every)) {
            let mut payload = vec![1; bytes - MARK_BYTES];
            payload.extend(self.mark(ms, Stream::Microphone));
            self.speak(now, ms, level, payload);
        }
        if let Some(bits) = self.remb.filter(|_| ms.is_multiple_of(1000)) {
            self.say_remb(bits);
        }
        if ms.is_multiple_of(1000 / PICTURES) {
            if self.source.camera {
                self.show(now, ms, Stream::Low, LOW_PACKETS);
                if self.has_layers && !self.leaves_out_high {
                    self.show(now, ms, Stream::High, HIGH_PACKETS);
                }
            }
            if self.source.screen {
                self.show(now, ms, Stream::Screen, SCREEN_PACKETS);
            }
        }
        self.go_on(now);
    }

    /// Sends a sound with that in it.
    pub(crate) fn speak(&mut self, now: Instant, ms: u64, level: i8, payload: Vec<u8>) {
        self.voice += 1;
        let ext_vals =
            ExtensionValues { audio_level: Some(level), voice_activity: Some(true), ..ExtensionValues::default() };
        let (mid, sequence) = (self.mids[0], 60_000 + self.voice);
        let payload_type = self.payload_type(mid);
        let write = RtpWrite::new(payload_type, sequence.into(), (ms * 48) as u32, now, payload).ext_vals(ext_vals);
        let mut api = self.rtc.direct_api();
        api.stream_tx_by_mid(mid, None).expect("a stream").write_rtp(write);
    }

    /// Sends a packet of its camera's only or small layer with that in it.
    pub(crate) fn show_odd(&mut self, now: Instant, ms: u64, payload: Vec<u8>) {
        let (mid, rid) = (self.mids[1], self.has_layers.then(|| Rid::from("q")));
        let payload_type = self.payload_type(mid);
        let publishing = &mut self.streams[Stream::Low as usize];
        publishing.sequence += 1;
        let sequence = publishing.sequence + 10_000 * (Stream::Low as u64 + 1);
        let write = RtpWrite::new(payload_type, sequence.into(), (ms * 90) as u32, now, payload).nackable(true);
        let mut api = self.rtc.direct_api();
        api.stream_tx_by_mid(mid, rid).expect("a stream").write_rtp(write);
    }

    /// Sends what was written, and takes what follows.
    pub(crate) fn go_on(&mut self, now: Instant) {
        self.rtc.handle_input(str0m::Input::Timeout(now)).expect("time");
        self.drain(now);
    }

    /// Says how many bits a second it could receive on each of the lines on which pictures just came.
    pub(super) fn say_receivable(&mut self, now: Instant, bits: u64) {
        let is_recent = |heard: &&Heard| heard.at + Duration::from_secs(1) > now && !heard.line.is_sound();
        let lines =
            self.heard.iter().filter(is_recent).filter_map(|heard| LINES.iter().position(|line| *line == heard.line));
        for line in lines.collect::<BTreeSet<usize>>() {
            let mut api = self.rtc.direct_api();
            api.stream_rx_by_mid(self.mids[line], None).expect("a stream").request_remb(Bitrate::from(bits));
        }
        self.go_on(now);
    }

    /// Says what it could receive, as of the whole path.
    fn say_remb(&mut self, bits: u64) {
        let first = LINES.iter().position(|line| *line == Line::Picture(0)).expect("a line");
        let mid = self.mids[first];
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
            stream.request_remb(Bitrate::from(bits));
        }
    }

    fn show(&mut self, now: Instant, ms: u64, stream: Stream, packets: &[usize]) {
        let (mid, rid) = match stream {
            Stream::Screen => (self.mids[2], None),
            Stream::High => (self.mids[1], Some(Rid::from("h"))),
            _ => (self.mids[1], self.has_layers.then(|| Rid::from("q"))),
        };
        let payload_type = self.payload_type(mid);
        let mark = self.mark(ms, stream);
        let publishing = &mut self.streams[stream as usize];
        let is_first = publishing.sequence == 0;
        let is_key = std::mem::take(&mut publishing.wants_keyframe) || is_first;
        publishing.picture += 1;
        // Each stream has its own beginnings, as those of browsers have.
        let offset = 10_000 * (stream as u64 + 1);
        for (index, bytes) in packets.iter().enumerate() {
            publishing.sequence += 1;
            let start = if index == 0 { 0x10 } else { 0 };
            let picture = (publishing.picture + 100 * stream as u16) | 0x8000;
            let mut payload = vec![0x80 | start, 0xe0];
            payload.extend(picture.to_be_bytes());
            payload.extend([publishing.picture as u8, 0, u8::from(!is_key)]);
            payload.resize(bytes - MARK_BYTES, 7);
            payload.extend(&mark);
            let sequence = publishing.sequence + offset;
            let time = (ms * 90) as u32 + offset as u32 * 1000;
            let is_last = index + 1 == packets.len();
            let write = RtpWrite::new(payload_type, sequence.into(), time, now, payload).marker(is_last).nackable(true);
            let mut api = self.rtc.direct_api();
            api.stream_tx_by_mid(mid, rid).expect("a stream").write_rtp(write);
        }
    }

    fn payload_type(&self, mid: Mid) -> str0m::media::Pt {
        self.rtc.media(mid).expect("a line").remote_pts()[0]
    }
}

/// A browser that offers and is never heard of again.
pub(crate) struct Fresh(Client);

impl Fresh {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Client::new(now, ParticipantKey { number: Number(99), entry: 99 }, Kind::Browser))
    }

    pub(crate) fn offer(&mut self) -> String {
        self.0.offer(Kind::Browser).0
    }
}
