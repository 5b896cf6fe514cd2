//! A forwarding unit and its clients, with a network between them that delays, loses and throttles as it is told.

mod client;
mod road;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use shared::protocol::{
    Number,
    link::{Description, PictureSize, Shares},
    room::{FromSfu, Look, Slots, ToSfu},
};
use str0m::net::Protocol;

pub(in crate::sfu) use self::client::Fresh;
pub(super) use self::{
    client::{Client, Heard, Kind, NO_SOUND_DB, Source},
    road::Network,
};
use crate::sfu::{Datagram, Input, Output, ParticipantKey, RoomKey, Sfu, streams::Stream};

/// From a client to the unit, and back.
pub(super) const LATENCY: Duration = Duration::from_millis(10);

const SFU: ([u8; 4], u16) = ([10, 0, 0, 1], 8081);

pub(super) struct Stage {
    pub(super) sfu: Sfu,
    pub(super) start: Instant,
    pub(super) now: Instant,
    pub(super) clients: Vec<Client>,
    ticks: u64,
    /// Connections of TCP that the unit let go.
    pub(super) hung_up: usize,
    /// Checks of the path from where no client is that it answered.
    pub(super) answered_elsewhere: usize,
}

impl Stage {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let sfu = Sfu::new(now, vec![(Protocol::Udp, SocketAddr::from(SFU))]);
        Self { sfu, start: now, now, clients: Vec::new(), ticks: 0, hung_up: 0, answered_elsewhere: 0 }
    }

    /// So many browsers, connected, in no room.
    pub(super) fn with(clients: u16) -> Self {
        let mut stage = Self::new();
        for _ in 0..clients {
            stage.join(Kind::Browser);
        }
        stage.run(1000);
        assert!(stage.clients.iter().all(|client| client.is_connected), "all are connected within a second");
        stage
    }

    /// Somebody connects. Gives their place among the clients.
    pub(super) fn join(&mut self, kind: Kind) -> usize {
        let number = self.clients.len() as u16;
        let key = ParticipantKey { number: Number(number), entry: u64::from(number) };
        let mut client = Client::new(self.now, key, kind);
        let (offer, pending) = client.offer(kind);
        client.offered.clone_from(&offer);
        self.clients.push(client);
        let place = self.clients.len() - 1;
        self.say(place, ToSfu::Offer { connection: 1, description: Description::new(&offer).expect("short") });
        let answer = self.clients[place].told.iter().find_map(|told| match told {
            FromSfu::Answer { description, .. } => Some(description.as_str().to_owned()),
            _ => None,
        });
        self.clients[place].accept(pending, &answer.expect("an answer"));
        place
    }

    pub(super) fn say(&mut self, place: usize, message: ToSfu) {
        let from = self.clients[place].key;
        self.handle(Input::Said { from, message: Box::new(message) });
    }

    pub(super) fn place(&mut self, place: usize, room: Option<u16>) {
        self.place_at(place, room, false);
    }

    pub(super) fn place_at(&mut self, place: usize, room: Option<u16>, is_podium: bool) {
        let who = self.clients[place].key;
        self.handle(Input::Placed { who, room: room.map(RoomKey), is_podium });
    }

    /// Somebody sends that, and says so.
    pub(super) fn share(&mut self, place: usize, source: Source) {
        self.clients[place].source = source;
        let (microphone, camera, screen) = (source.voice.is_some(), source.camera, source.screen);
        self.say(place, ToSfu::Share(Shares { microphone, camera, screen, screen_sound: false }));
    }

    /// Somebody looks at these people in that size.
    pub(super) fn look(&mut self, place: usize, size: PictureSize, at: &[usize]) {
        let looks = at.iter().map(|other| Look::Camera(self.clients[*other].key.number, size)).collect();
        self.say(place, ToSfu::Look(looks));
    }

    pub(super) fn handle(&mut self, input: Input) {
        self.sfu.handle(self.now, input);
        self.settle();
    }

    /// Somebody says how many bits a second they could receive on each of the lines on which pictures just came.
    pub(super) fn say_receivable(&mut self, place: usize, bits: u64) {
        let now = self.now;
        self.clients[place].say_receivable(now, bits);
    }

    /// Replaces the line that leads to somebody.
    pub(super) fn worsen_down(&mut self, place: usize, network: Network) {
        self.clients[place].down.change(network);
    }

    /// Replaces the line that leads from somebody.
    pub(super) fn worsen_up(&mut self, place: usize, network: Network) {
        self.clients[place].up.change(network);
    }

    /// Bits a second that the unit sent to somebody since then.
    pub(super) fn sent_bits(&self, place: usize, since: Instant) -> u64 {
        let sent = self.clients[place].sent_to.iter().filter(|(at, _)| *at >= since);
        let bytes: usize = sent.map(|(_, bytes)| bytes).sum();
        bytes as u64 * 8 * 1000 / (self.ms(self.now) - self.ms(since)).max(1)
    }

    /// Lets so many milliseconds go by.
    pub(super) fn run(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        while self.now < end {
            let next_tick = self.start + Duration::from_millis((self.ticks + 1) * 10);
            let timeouts =
                self.clients.iter().flat_map(|client| [client.timeout, client.up.timeout(), client.down.timeout()]);
            let next = timeouts.chain(self.sfu.next_timeout()).chain([next_tick, end]).min().unwrap_or(end);
            self.now = self.now.max(next);
            if self.now >= next_tick {
                self.ticks += 1;
                let ms = self.ticks * 10;
                for client in &mut self.clients {
                    client.publish(self.now, ms);
                }
            }
            self.turn();
        }
    }

    fn turn(&mut self) {
        let now = self.now;
        for place in 0..self.clients.len() {
            let client = &mut self.clients[place];
            client.rtc.handle_input(str0m::Input::Timeout(now)).expect("time");
            client.drain(now);
            for bytes in client.up.arrive(now) {
                if client.is_cut_off {
                    continue;
                }
                let datagram = Datagram {
                    protocol: Protocol::Udp,
                    from: client.address,
                    to: SocketAddr::from(SFU),
                    bytes: &bytes,
                };
                self.sfu.receive(now, datagram);
            }
        }
        self.sfu.tick(now);
        self.settle();
        for client in &mut self.clients {
            for bytes in client.down.arrive(now) {
                client.receive(now, &bytes);
            }
        }
    }

    fn settle(&mut self) {
        while let Some(output) = self.sfu.poll() {
            match output {
                Output::Send { to, bytes, .. } => {
                    if let Some(client) = self.clients.iter_mut().find(|client| client.address == to) {
                        client.sent_to.push((self.now, bytes.len()));
                        client.down.send(self.now, bytes);
                    } else {
                        self.answered_elsewhere += usize::from(bytes.first().is_some_and(|first| *first < 4));
                    }
                }
                Output::HangUp(_) => self.hung_up += 1,
                Output::Say { to, message } => {
                    if let Some(client) = self.clients.iter_mut().find(|client| client.key == to) {
                        client.told.push(*message);
                    }
                }
            }
        }
    }

    /// Milliseconds since the beginning.
    pub(super) fn ms(&self, at: Instant) -> u64 {
        at.duration_since(self.start).as_millis() as u64
    }

    /// What somebody got since then, of that stream of somebody else.
    pub(super) fn got(&self, place: usize, since: Instant, from: usize, stream: Stream) -> usize {
        let by = self.clients[from].key.number.0;
        let heard = self.clients[place].heard.iter().filter(|heard| heard.at >= since);
        heard.filter(|heard| heard.mark.by == by && heard.mark.stream == stream as u8).count()
    }

    /// The slots as somebody was told last.
    pub(super) fn slots(&self, place: usize) -> Slots {
        self.told(place, |told| match told {
            FromSfu::Slots(slots) => Some(slots.clone()),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// What somebody was told last that `take` makes something of.
    pub(super) fn told<T>(&self, place: usize, take: impl Fn(&FromSfu) -> Option<T>) -> Option<T> {
        self.clients[place].told.iter().rev().find_map(take)
    }
}
