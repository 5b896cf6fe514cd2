//! One bot: a str0m client with a socket of its own, since the relay tells clients by their addresses.

use std::{
    io::{self, IoSliceMut},
    net::{SocketAddr, UdpSocket},
    os::fd::{AsFd, AsRawFd, BorrowedFd},
    time::Instant,
};

use anyhow::{Context, Result};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt::ReceiveTimestampns};
use shared::protocol::{
    Number,
    link::{Description, Shares},
    room::{Flow, HIGH_LAYER, LINES, LOW_LAYER, Line, Slots, Wanted},
};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};

use crate::{
    media::{SOURCES, Source, Track, mark, read_mark},
    report::Tally,
};

/// Room in the socket for what comes while other bots have their turn.
const RECEIVE_BUFFER_BYTES: usize = 1024 * 1024;

/// Larger than any datagram that comes.
const DATAGRAM_BYTES: usize = 2048;

/// Datagrams read at once before other bots have their turn.
const DATAGRAMS_AT_ONCE: usize = 16;

/// See the module.
pub(crate) struct Bot {
    pub(crate) number: Option<Number>,
    /// What it sends if somebody wants it.
    pub(crate) shares: Shares,
    /// How loud it is, in decibels below full scale.
    pub(crate) level_db: i8,
    /// How many pictures it looks at.
    pub(crate) looks: usize,
    pub(crate) is_connected: bool,
    wanted: Wanted,
    slots: Slots,
    rtc: Box<Rtc>,
    pending: Option<SdpPendingOffer>,
    mids: Vec<Mid>,
    socket: UdpSocket,
    own: SocketAddr,
    relay: Option<SocketAddr>,
    pub(crate) timeout: Instant,
    tracks: [Track; SOURCES],
    /// When each source is due.
    pub(crate) due: [Instant; SOURCES],
}

impl Bot {
    /// # Errors
    /// If the system has no socket left.
    pub(crate) fn new(now: Instant) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        socket2::SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        setsockopt(&socket, ReceiveTimestampns, &true)?;
        let own = socket.local_addr()?;
        let builder = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, false).enable_vp8(true);
        let mut rtc = builder.set_stats_interval(None).build(now);
        rtc.add_local_candidate(Candidate::host(own, "udp")?);
        Ok(Self {
            number: None,
            shares: Shares::default(),
            level_db: -80,
            looks: 0,
            is_connected: false,
            wanted: Wanted { low: true, high: true, screen: true },
            slots: Slots::default(),
            rtc: Box::new(rtc),
            pending: None,
            mids: Vec::new(),
            socket,
            own,
            relay: None,
            timeout: now,
            tracks: Default::default(),
            due: [now; SOURCES],
        })
    }

    /// The offer of its connection, with all lines.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn offer(&mut self) -> Result<Description> {
        let mut api = self.rtc.sdp_api();
        for line in LINES {
            let kind = if line.is_sound() { MediaKind::Audio } else { MediaKind::Video };
            let direction = if line.is_up() { Direction::SendOnly } else { Direction::RecvOnly };
            let layers = (line == Line::Camera).then(|| {
                let mut layers = Simulcast::new();
                layers.add_send_layer(SimulcastLayer::new(LOW_LAYER));
                layers.add_send_layer(SimulcastLayer::new(HIGH_LAYER));
                layers
            });
            self.mids.push(api.add_media(kind, direction, None, None, layers));
        }
        let (offer, pending) = api.apply().context("no offer")?;
        self.pending = Some(pending);
        Ok(Description::new(&offer.to_sdp_string())?)
    }

    /// Takes the answer.
    ///
    /// # Errors
    /// If it does not fit the offer.
    pub(crate) fn accept(&mut self, answer: &str) -> Result<()> {
        let pending = self.pending.take().context("an answer to no offer")?;
        self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(answer)?)?;
        self.advance(Instant::now())
    }

    /// Whoever sends is told what of it anybody looks at.
    pub(crate) fn want(&mut self, wanted: Wanted) {
        self.wanted = wanted;
    }

    /// Who is in which slot.
    pub(crate) fn fill(&mut self, slots: Slots) {
        self.slots = slots;
    }

    /// Whether everything it looks at comes in the size it is looked at, and nothing is sent that nobody looks at.
    pub(crate) fn is_settled(&self, high: bool) -> bool {
        let pictures = self.slots.pictures.iter().chain([&self.slots.stage]).flatten();
        let full = pictures.filter(|picture| picture.flow == Flow::Full).count();
        self.is_connected && full >= self.looks && (!self.shares.camera || self.wanted.high == high)
    }

    /// Whether a source is to be sent.
    pub(crate) fn sends(&self, source: Source) -> bool {
        self.is_connected
            && match source {
                Source::Voice => self.shares.microphone,
                Source::Small => self.shares.camera && self.wanted.low,
                Source::Large => self.shares.camera && self.wanted.high,
                Source::Screen => self.shares.screen && self.wanted.screen,
            }
    }

    /// Sends the next frame of a source. Gives the number of packets.
    ///
    /// # Errors
    /// If the session has a fault.
    pub(crate) fn publish(&mut self, source: Source) -> Result<usize> {
        let mid = self.mids[source.line()];
        let payload_type = *self.rtc.media(mid).context("no such line")?.remote_pts().first().context("no codec")?;
        let mut packets = 0;
        for packet in self.tracks[source as usize].frame(source) {
            packets += 1;
            let mut payload = packet.payload;
            mark(source, &mut payload);
            let now = Instant::now();
            let mut write = RtpWrite::new(payload_type, packet.sequence.into(), packet.time, now, payload)
                .marker(packet.is_last)
                .nackable(source != Source::Voice);
            if source == Source::Voice {
                let (audio_level, voice_activity) = (Some(self.level_db), Some(self.level_db > -50));
                write = write.ext_vals(ExtensionValues { audio_level, voice_activity, ..Default::default() });
            }
            let mut api = self.rtc.direct_api();
            api.stream_tx_by_mid(mid, source.layer().map(Rid::from)).context("no stream")?.write_rtp(write);
            self.advance(now)?;
        }
        Ok(packets)
    }

    /// Time went by, or something was written.
    ///
    /// # Errors
    /// If the session has a fault.
    pub(crate) fn advance(&mut self, now: Instant) -> Result<()> {
        self.rtc.handle_input(Input::Timeout(now))?;
        self.drain(|_| {})
    }

    /// Takes some of what came. Says whether there may be more.
    ///
    /// # Errors
    /// If the session has a fault.
    pub(crate) fn receive(&mut self, tally: &mut Tally) -> Result<bool> {
        let mut buffer = [0; DATAGRAM_BYTES];
        for _ in 0..DATAGRAMS_AT_ONCE {
            let Some((length, arrived_nanos)) = self.read(&mut buffer)? else { return Ok(false) };
            let Some(relay) = self.relay else { continue };
            let receive = Receive::new(Protocol::Udp, relay, self.own, &buffer[..length])?;
            self.rtc.handle_input(Input::Receive(Instant::now(), receive))?;
            self.drain(|payload| {
                if let Some((source, sent_nanos)) = read_mark(payload) {
                    tally.received(source, sent_nanos, arrived_nanos);
                }
            })?;
        }
        Ok(true)
    }

    /// The next datagram's length, and when the kernel put it into the socket.
    fn read(&self, buffer: &mut [u8]) -> Result<Option<(usize, u64)>> {
        let mut space = nix::cmsg_space!(nix::sys::time::TimeSpec);
        let mut buffers = [IoSliceMut::new(buffer)];
        match recvmsg::<()>(self.socket.as_raw_fd(), &mut buffers, Some(&mut space[..]), MsgFlags::empty()) {
            Ok(message) => {
                let stamp = message.cmsgs()?.find_map(|control| match control {
                    ControlMessageOwned::ScmTimestampns(at) => {
                        Some(at.tv_sec() as u64 * 1_000_000_000 + at.tv_nsec() as u64)
                    }
                    _ => None,
                });
                Ok(Some((message.bytes, stamp.context("the kernel does not stamp what arrives")?)))
            }
            // The relay's port is closed: it is said elsewhere that the relay ended.
            Err(nix::Error::EAGAIN | nix::Error::ECONNREFUSED) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends what is to be sent, and hands out each payload that came.
    fn drain(&mut self, mut came: impl FnMut(&[u8])) -> Result<()> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.timeout = at;
                    return Ok(());
                }
                Output::Transmit(transmit) => {
                    if self.relay.is_none() {
                        self.socket.connect(transmit.destination)?;
                        self.relay = Some(transmit.destination);
                    }
                    match self.socket.send(&transmit.contents) {
                        Err(error) if !is_passing(&error) => return Err(error.into()),
                        _ => {}
                    }
                }
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::RtpPacket(packet)) => came(&packet.payload),
                Output::Event(Event::KeyframeRequest(request)) => self.ask(request.mid, request.rid.as_deref()),
                Output::Event(_) => {}
            }
        }
    }

    fn ask(&mut self, mid: Mid, layer: Option<&str>) {
        for source in Source::ALL {
            if self.mids[source.line()] == mid && source.layer() == layer {
                self.tracks[source as usize].needs_keyframe = true;
            }
        }
    }
}

impl AsFd for Bot {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionRefused)
}
