//! In the call of a room with the crate `webrtc`, as it is published: neither the relay's own WebRTC nor a browser's.
//! What one sends, the other gets byte by byte, and nothing else.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use e2e::visitor::{Arrival, Visitor};
use relay::{Relay, config::Config, limits::Limits, metrics::Metrics};
use rtc::{
    peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8},
    rtp::{Header, Packet},
    rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind},
};
use shared::protocol::{
    Label, Number, ToClient, ToRelay,
    link::{Description, PictureSize, Shares},
    room::{FromSfu, LINES, Line, Look, Membership, ToSfu},
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::{interval, timeout},
};
use webrtc::{
    media_stream::{
        MediaStreamTrack, Track,
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCPeerConnectionState,
        RTCSessionDescription, Registry, register_default_interceptors,
    },
    rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit, RtpTransceiver},
};

/// No event is waited for longer than this: a busy machine may take its time.
const PATIENCE: Duration = Duration::from_mins(1);

/// Between two sounds; a picture goes with every second one.
const SOUND_EVERY: Duration = Duration::from_millis(20);

/// Ticks of a sound's and of two sounds' time in a picture's clock.
const SOUND_TICKS: u32 = 960;
const PICTURE_TICKS: u32 = 3600;

/// Every so many pictures one is whole: nobody tells this sender when one is needed.
const WHOLE_EVERY: u32 = 10;

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// Starts a relay on a free port, with the project's own map; its WebSocket, and what it counts.
async fn start() -> (String, Arc<Metrics>) {
    let relay = Relay::bind(&Config::loopback(), e2e::campus(), Limits::default()).await.expect("a relay");
    let (url, metrics) = (format!("ws://{}/ws", relay.address()), relay.metrics());
    tokio::spawn(relay.run(std::future::pending()));
    (url, metrics)
}

/// A line of sound or of pictures to the relay.
struct Sending {
    track: Arc<TrackLocalStaticRTP>,
    transceiver: Arc<dyn RtpTransceiver>,
    ticks: u32,
    sent: u32,
    payloads: BTreeSet<Bytes>,
}

/// What came, by its kind.
#[derive(Default)]
struct Came {
    sounds: BTreeSet<Bytes>,
    pictures: BTreeSet<Bytes>,
}

impl Came {
    fn take(&mut self, kind: RtpCodecKind, payload: Bytes) {
        if kind == RtpCodecKind::Audio {
            self.sounds.insert(payload);
        } else {
            self.pictures.insert(without_number(&payload));
        }
    }
}

/// Somebody in a room, with a connection of `webrtc`.
struct Person {
    name: &'static str,
    visitor: Visitor,
    connection: Arc<dyn PeerConnection>,
    microphone: Sending,
    camera: Sending,
    states: watch::Receiver<RTCPeerConnectionState>,
    packets: mpsc::UnboundedReceiver<(RtpCodecKind, Bytes)>,
    came: Came,
    /// Who else is in the call, and what they share.
    others: Vec<(Number, Shares)>,
}

/// What the connection says, from threads of its own.
struct Ears {
    states: watch::Sender<RTCPeerConnectionState>,
    packets: mpsc::UnboundedSender<(RtpCodecKind, Bytes)>,
    runtime: Handle,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Ears {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.states.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let packets = self.packets.clone();
        self.runtime.spawn(async move {
            let kind = track.kind().await;
            while let Some(event) = track.poll().await {
                // What fills a line up to find out what it carries has nothing in it.
                if let TrackRemoteEvent::OnRtpPacket(packet) = event
                    && !packet.payload.is_empty()
                {
                    let _ = packets.send((kind, packet.payload));
                }
            }
        });
    }
}

impl Person {
    /// Comes into a room, connects, and says that microphone and camera are on.
    async fn enter(url: &str, name: &'static str) -> Self {
        let spawn = Arrival::Spawn(Label::new("meeting-1").expect("a label"));
        let mut visitor = Visitor::enter(url, name, spawn).await.expect("in");
        let is_member = |message: &FromSfu| (*message == FromSfu::Membership(Membership::Member)).then_some(());
        let mut others = Vec::new();
        hear(&mut visitor, &mut others, "a place in the call", is_member).await;

        let (states_sender, states) = watch::channel(RTCPeerConnectionState::New);
        let (packets_sender, packets) = mpsc::unbounded_channel();
        let ears = Ears { states: states_sender, packets: packets_sender, runtime: Handle::current() };
        let mut engine = MediaEngine::default();
        engine.register_default_codecs().expect("codecs");
        let registry = register_default_interceptors(Registry::new(), &mut engine).expect("interceptors");
        let builder = PeerConnectionBuilder::new().with_media_engine(engine).with_interceptor_registry(registry);
        // One socket, on this machine alone.
        let builder = builder.with_handler(Arc::new(ears)).with_udp_addrs(vec!["127.0.0.1:0"]);
        let connection: Arc<dyn PeerConnection> = Arc::new(Box::pin(builder.build()).await.expect("a connection"));
        let mut sending = Vec::new();
        for line in LINES {
            if line.is_up() {
                sending.push(Sending::open(&*connection, line).await);
            } else {
                let init = init(RTCRtpTransceiverDirection::Recvonly);
                connection.add_transceiver_from_kind(kind(line), Some(init)).await.expect("a line");
            }
        }
        let offer = connection.create_offer(None).await.expect("an offer");
        let description = Description::new(&offer.sdp).expect("short");
        connection.set_local_description(offer).await.expect("taken");
        visitor.say(&room(ToSfu::Offer { connection: 1, description })).await.expect("said");
        let answer = |message: &FromSfu| match message {
            FromSfu::Answer { connection: 1, description } => Some(description.as_str().to_owned()),
            FromSfu::Refused { why, .. } => panic!("{name} is refused: {why:?}"),
            _ => None,
        };
        let answer = hear(&mut visitor, &mut others, "an answer", answer).await;
        let answer = RTCSessionDescription::answer(answer).expect("an answer");
        connection.set_remote_description(answer).await.expect("taken");
        let shares = Shares { microphone: true, camera: true, ..Shares::default() };
        visitor.say(&room(ToSfu::Share(shares))).await.expect("said");
        let mut sending = sending.into_iter();
        let (microphone, camera) = (sending.next().expect("a line"), sending.next().expect("a line"));
        let came = Came::default();
        let mut person = Self { name, visitor, connection, microphone, camera, states, packets, came, others };
        person.look().await;
        person
    }

    /// Looks at whoever shows something.
    async fn look(&mut self) {
        let showing = self.others.iter().filter(|(_, shares)| shares.camera);
        let looks = showing.map(|(number, _)| Look::Camera(*number, PictureSize::Large)).collect();
        self.visitor.say(&room(ToSfu::Look(looks))).await.expect("said");
    }

    /// Talks and shows for a while, and takes what comes.
    async fn talk(&mut self, time: Duration) {
        let (end, mut turns) = (Instant::now() + time, interval(SOUND_EVERY));
        while Instant::now() < end {
            tokio::select! {
                _ = turns.tick() => self.send().await,
                Some((kind, payload)) = self.packets.recv() => self.came.take(kind, payload),
                message = self.visitor.hear() => {
                    let ToClient::Room(message) = message.expect("the relay is there") else { continue };
                    if let FromSfu::Members(others) = *message {
                        self.others = others;
                        self.look().await;
                    }
                }
            }
        }
    }

    async fn send(&mut self) {
        if *self.states.borrow() != RTCPeerConnectionState::Connected {
            return;
        }
        let sound = format!("{} says the {}th", self.name, self.microphone.sent);
        self.microphone.send(sound.into()).await;
        if self.microphone.sent.is_multiple_of(2) {
            let picture = picture(self.name, self.camera.sent);
            self.camera.send(picture).await;
        }
    }

    /// Whether enough came of somebody.
    fn perceives(&self, other: &Self) -> bool {
        let common = |came: &BTreeSet<Bytes>, sent: &BTreeSet<Bytes>| came.intersection(sent).count();
        common(&self.came.sounds, &other.microphone.payloads) >= 50
            && common(&self.came.pictures, &other.camera.payloads) >= 2 * WHOLE_EVERY as usize
    }

    /// Asserts that all that came is somebody's, byte by byte.
    fn has_only(&self, other: &Self) {
        let strange = self.came.sounds.difference(&other.microphone.payloads);
        assert_eq!(strange.count(), 0, "{} hears what nobody said", self.name);
        let strange = self.came.pictures.difference(&other.camera.payloads);
        assert_eq!(strange.count(), 0, "{} sees what nobody showed", self.name);
    }
}

impl Sending {
    async fn open(connection: &dyn PeerConnection, line: Line) -> Self {
        let (mime_type, clock_rate, channels, ticks) = match kind(line) {
            RtpCodecKind::Audio => (MIME_TYPE_OPUS, 48_000, 2, SOUND_TICKS),
            _ => (MIME_TYPE_VP8, 90_000, 0, PICTURE_TICKS),
        };
        let codec = RTCRtpCodec { mime_type: mime_type.to_owned(), clock_rate, channels, ..RTCRtpCodec::default() };
        let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(rand::random()), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters, codec, ..Default::default() };
        let name = format!("{line:?}");
        let track = MediaStreamTrack::new("stream".to_owned(), name.clone(), name, kind(line), vec![encoding]);
        let track = Arc::new(TrackLocalStaticRTP::new(track));
        let init = init(RTCRtpTransceiverDirection::Sendonly);
        let local = Arc::clone(&track) as Arc<dyn TrackLocal>;
        let transceiver = connection.add_transceiver_from_track(local, Some(init)).await.expect("a line");
        Self { track, transceiver, ticks, sent: 0, payloads: BTreeSet::new() }
    }

    async fn send(&mut self, payload: Bytes) {
        let sender = self.transceiver.sender().await.expect("a connection").expect("a sender");
        let parameters = sender.get_parameters().await.expect("parameters");
        let header = Header {
            version: 2,
            marker: true,
            payload_type: parameters.rtp_parameters.codecs[0].payload_type,
            sequence_number: self.sent as u16,
            timestamp: self.sent * self.ticks,
            ssrc: self.track.ssrcs().await[0],
            ..Header::default()
        };
        self.payloads.insert(if self.ticks == PICTURE_TICKS { without_number(&payload) } else { payload.clone() });
        self.track.write_rtp(Packet { header, payload }).await.expect("written");
        self.sent += 1;
    }
}

/// Bytes of a picture's descriptor below.
const DESCRIPTOR_BYTES: usize = 4;

/// The payload of a picture in one packet (RFC 7741): a descriptor with a picture number of 15 bits, a frame's header,
/// which says whether the picture is whole, and whose and which it is in the place of what it shows.
fn picture(name: &str, number: u32) -> Bytes {
    let [high, low] = (number as u16).to_be_bytes();
    let mut bytes = vec![0x90, 0x80, 0x80 | high, low];
    // A whole picture goes on with a start code, and 320 by 180.
    bytes.extend(if number.is_multiple_of(WHOLE_EVERY) {
        vec![0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00]
    } else {
        vec![0x11, 0, 0]
    });
    bytes.extend(format!("{name} shows the {number}th").bytes());
    bytes.into()
}

/// A picture without its descriptor: the relay numbers pictures anew when a line changes hands.
fn without_number(payload: &Bytes) -> Bytes {
    payload.slice(DESCRIPTOR_BYTES.min(payload.len())..)
}

fn kind(line: Line) -> RtpCodecKind {
    if line.is_sound() { RtpCodecKind::Audio } else { RtpCodecKind::Video }
}

fn init(direction: RTCRtpTransceiverDirection) -> RTCRtpTransceiverInit {
    RTCRtpTransceiverInit { direction, streams: Vec::new(), send_encodings: Vec::new() }
}

fn room(message: ToSfu) -> ToRelay {
    ToRelay::Room(Box::new(message))
}

/// Waits for something, and meanwhile keeps who else is in the call.
async fn hear<T>(
    visitor: &mut Visitor,
    others: &mut Vec<(Number, Shares)>,
    what: &str,
    take: impl Fn(&FromSfu) -> Option<T>,
) -> T {
    soon(what, async {
        loop {
            let ToClient::Room(message) = visitor.hear().await.expect("the relay is there") else { continue };
            if let Some(taken) = take(&message) {
                return taken;
            }
            if let FromSfu::Members(members) = *message {
                *others = members;
            }
        }
    })
    .await
}

#[tokio::test]
async fn two_with_the_webrtc_crate_get_what_the_other_sends_until_one_leaves() {
    let (url, metrics) = start().await;
    // Large.
    let [ada, bob] = ["Ada", "Bob"].map(|name| Box::pin(Person::enter(&url, name)));
    let (mut ada, mut bob) = (ada.await, bob.await);
    soon("both to hear and see one another", async {
        while !(ada.perceives(&bob) && bob.perceives(&ada)) {
            tokio::join!(ada.talk(SOUND_EVERY * 10), bob.talk(SOUND_EVERY * 10));
        }
    })
    .await;
    ada.has_only(&bob);
    bob.has_only(&ada);

    bob.connection.close().await.expect("closed");
    bob.visitor.leave().await.expect("said goodbye");
    soon("Ada to be alone", async {
        while !ada.others.is_empty() {
            ada.talk(SOUND_EVERY * 5).await;
        }
    })
    .await;
    ada.talk(SOUND_EVERY * 10).await;
    ada.came = Came::default();
    ada.talk(SOUND_EVERY * 25).await;
    assert_eq!((ada.came.sounds.len(), ada.came.pictures.len()), (0, 0), "nobody is there");
    ada.connection.close().await.expect("closed");
    assert_eq!(metrics.media().faults, 0, "no connection ended by a fault");
}
