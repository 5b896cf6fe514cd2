//! People on the campus in virtual time, and a model of relay, links and connections between them.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use matchbox_protocol::{PeerEvent, PeerRequest};
use shared::{
    identity::UserId,
    position::{Point, Position},
    profile::Status,
    protocol::{PeerId, Ticket, ToRelay, link::Description},
    proximity::{Bystander, INTRODUCE_WITHIN_TILES, Listener},
};
use uuid::Uuid;

use super::ms;
use crate::{
    media::{
        CallCommand, CallEvent, CallId, CallState, Calls, ConnectionState, Device, Effect, LinkEvent, LinkId, Media,
        MediaInput, MediaOutput, Preferences, Scene, Signal,
    },
    session::tests::{campus, person},
};

/// Something on its way to somebody's page.
#[derive(Clone, Debug)]
pub(super) enum Parcel {
    Input(MediaInput),
    Ticket,
    Introduced(PeerId, usize),
}

/// A link's end in the model: whose it is, and the other end once both know.
#[derive(Clone, Debug)]
pub(super) struct End {
    owner: usize,
    pub(super) other: Option<(usize, u32)>,
    is_open: bool,
}

/// Two or more people on the campus.
pub(super) struct Stage {
    pub(super) now: Duration,
    pub(super) people: Vec<Media>,
    pub(super) places: Vec<Point>,
    pub(super) statuses: Vec<Status>,
    pub(super) under_way: Vec<(Duration, usize, Parcel)>,
    /// By person and the link's own name.
    pub(super) links: HashMap<(usize, u32), End>,
    pub(super) calls: HashMap<(usize, u32), End>,
    /// Who is called how by whom: the caller, and who is meant.
    pub(super) names: HashMap<u128, (usize, usize)>,
    pub(super) introduced: HashSet<(usize, usize)>,
    pub(super) has_signalling: Vec<bool>,
    pub(super) is_cut: bool,
    /// Those whose lid is closed: time passes for others alone, and nothing reaches them.
    pub(super) asleep: HashSet<usize>,
    /// Whether calls find no way from one to the other, though links do.
    pub(super) has_no_way: bool,
    pub(super) arrivals: Vec<(usize, UserId)>,
    pub(super) said: Vec<(usize, UserId, String)>,
    pub(super) unsaid: Vec<(usize, UserId, String)>,
    pub(super) captured: Vec<HashSet<Device>>,
    pub(super) commands: Vec<(usize, CallCommand)>,
    pub(super) dials: Vec<String>,
    pub(super) opened_calls: usize,
}

/// How long anything takes to arrive.
const DELAY: Duration = ms_const(20);

const fn ms_const(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A place in the courtyard, so many tiles east of where people arrive.
pub(super) fn east(tiles: f32) -> Point {
    let Position { x, y } = campus().default_spawn();
    Point::from(Position::new(x + (tiles * 16.0) as u16, y))
}

impl Stage {
    pub(super) fn new(tiles_east: &[f32]) -> Self {
        let count = tiles_east.len();
        let media = |index: usize| {
            let own = person(index as u8 + 1);
            Media::new(own, 1_000_000 * (index as u64 + 1), Calls::ByRelay, Preferences::default(), Vec::new())
        };
        let mut stage = Self {
            now: Duration::from_secs(1000),
            people: (0..count).map(media).collect(),
            places: tiles_east.iter().map(|tiles| east(*tiles)).collect(),
            statuses: vec![Status::Available; count],
            under_way: Vec::new(),
            links: HashMap::new(),
            calls: HashMap::new(),
            names: HashMap::new(),
            introduced: HashSet::new(),
            has_signalling: vec![false; count],
            is_cut: false,
            asleep: HashSet::new(),
            has_no_way: false,
            arrivals: Vec::new(),
            said: Vec::new(),
            unsaid: Vec::new(),
            captured: vec![HashSet::new(); count],
            commands: Vec::new(),
            dials: Vec::new(),
            opened_calls: 0,
        };
        for index in 0..count {
            stage.people[index].came_in(stage.now);
        }
        stage
    }

    pub(super) fn user_id(&self, index: usize) -> UserId {
        self.people[index].own
    }

    fn index_of(&self, user_id: UserId) -> usize {
        self.people.iter().position(|media| media.own == user_id).expect("somebody on stage")
    }

    pub(super) fn tell(&mut self, index: usize, input: MediaInput) {
        self.people[index].handle(self.now, input);
    }

    fn send(&mut self, to: usize, parcel: Parcel) {
        self.under_way.push((self.now + DELAY, to, parcel));
    }

    /// Lets so much time pass.
    pub(super) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += ms(10);
            let now = self.now;
            self.introduce();
            let (due, later) = std::mem::take(&mut self.under_way).into_iter().partition(|(at, ..)| *at <= now);
            self.under_way = later;
            let due: Vec<(Duration, usize, Parcel)> = due;
            for (_, to, parcel) in due {
                if self.asleep.contains(&to) {
                    continue;
                }
                let url = "ws://relay.example/ws";
                match parcel {
                    Parcel::Input(input) => self.people[to].handle(now, input),
                    Parcel::Ticket => self.people[to].ticket(now, url, Ticket([7; 16])),
                    Parcel::Introduced(peer, whom) => {
                        let whom = self.user_id(whom);
                        self.people[to].introduced(now, peer, whom);
                    }
                }
                self.perform(to);
            }
            for index in (0..self.people.len()).filter(|index| !self.asleep.contains(index)).collect::<Vec<_>>() {
                if self.people[index].is_look_due(now) {
                    let bystander = |index: usize| Bystander {
                        user_id: self.user_id(index),
                        listener: Listener { point: self.places[index], status: self.statuses[index] },
                    };
                    // The relay soon says that those who sleep are not here.
                    let is_there = |other: &usize| *other != index && !self.asleep.contains(other);
                    let others = (0..self.people.len()).filter(is_there).map(bystander).collect();
                    let own = bystander(index);
                    self.people[index].look(now, &Scene { map: &campus(), own, others, numbers: HashMap::new() });
                }
                if self.people[index].next_timeout().is_some_and(|at| at <= now) {
                    self.people[index].tick(now);
                }
                self.perform(index);
            }
        }
    }

    /// The relay introduces whoever came near.
    fn introduce(&mut self) {
        for a in 0..self.people.len() {
            for b in a + 1..self.people.len() {
                let is_near = self.places[a].distance_tiles(self.places[b]) <= INTRODUCE_WITHIN_TILES;
                let can = is_near && self.has_signalling[a] && self.has_signalling[b];
                if can && self.introduced.insert((a, b)) {
                    self.introduce_pair(a, b);
                } else if !is_near {
                    self.introduced.remove(&(a, b));
                }
            }
        }
    }

    fn introduce_pair(&mut self, a: usize, b: usize) {
        let (a, b) = if self.user_id(a) < self.user_id(b) { (a, b) } else { (b, a) };
        let id = self.names.len() as u128 + 1;
        // Under the first a calls b, under the second b calls a.
        self.names.insert(id, (a, b));
        self.names.insert(id + 1, (b, a));
        self.send(a, Parcel::Introduced(PeerId(id), b));
        self.send(b, Parcel::Introduced(PeerId(id + 1), a));
        self.signal(a, &PeerEvent::NewPeer(uuid(id)));
    }

    fn signal(&mut self, to: usize, event: &PeerEvent<Signal>) {
        let text = serde_json::to_string(event).expect("plain data");
        self.send(to, Parcel::Input(MediaInput::SignallingReceived(text)));
    }

    fn perform(&mut self, index: usize) {
        let effects: Vec<_> = self.people[index].drain().collect();
        for effect in effects {
            match effect {
                Effect::Tell(ToRelay::GetTicket) => self.send(index, Parcel::Ticket),
                Effect::Tell(ToRelay::Introduce(whom)) => {
                    let other = self.index_of(whom);
                    if self.has_signalling[index] && self.has_signalling[other] {
                        self.introduce_pair(index, other);
                    }
                }
                Effect::Tell(_) => {}
                Effect::Arrived(who) => self.arrivals.push((index, who)),
                Effect::Said(from, _, text) => self.said.push((index, from, text.as_str().to_owned())),
                Effect::Unsaid(to, _, text) => self.unsaid.push((index, to, text.as_str().to_owned())),
                Effect::Do(output) => self.act(index, output),
            }
        }
    }

    fn act(&mut self, index: usize, output: MediaOutput) {
        match output {
            MediaOutput::Dial(url) => {
                self.dials.push(url);
                self.has_signalling[index] = true;
                self.send(index, Parcel::Input(MediaInput::SignallingOpened));
            }
            MediaOutput::HangUp => self.has_signalling[index] = false,
            MediaOutput::Send(text) => {
                let Ok(PeerRequest::Signal { receiver, data }) = serde_json::from_str(&text) else { return };
                let id = receiver.0.as_u128();
                let Some((_, to)) = self.names.get(&id).copied() else { return };
                let back = if id % 2 == 1 { id + 1 } else { id - 1 };
                self.signal(to, &PeerEvent::Signal { sender: uuid(back), data });
            }
            MediaOutput::OpenLink { link: LinkId(link), offers, .. } => {
                self.links.insert((index, link), End { owner: index, other: None, is_open: true });
                if offers {
                    let signal = Signal::Offer(format!("{index} {link}"));
                    self.send(index, Parcel::Input(MediaInput::Link(LinkId(link), LinkEvent::Signal(signal))));
                }
            }
            MediaOutput::TellLink(LinkId(link), signal) => self.tell_link(index, link, signal),
            MediaOutput::SendOnLink(LinkId(link), bytes) => {
                let other = self.links.get(&(index, link)).and_then(|end| end.other);
                if let Some((to, other)) = other.filter(|_| !self.is_cut)
                    && self.links.get(&(to, other)).is_some_and(|end| end.is_open)
                {
                    let event = LinkEvent::Received(bytes);
                    self.send(to, Parcel::Input(MediaInput::Link(LinkId(other), event)));
                }
            }
            MediaOutput::CloseLink(LinkId(link)) => {
                let other = self.links.remove(&(index, link)).and_then(|end| end.other);
                if let Some((to, other)) = other {
                    self.send(to, Parcel::Input(MediaInput::Link(LinkId(other), LinkEvent::Down)));
                }
            }
            MediaOutput::OpenCall { call: CallId(call), .. } => {
                self.opened_calls += 1;
                self.calls.insert((index, call), End { owner: index, other: None, is_open: true });
            }
            MediaOutput::CloseCall(CallId(call)) => {
                self.calls.remove(&(index, call));
            }
            MediaOutput::Command(CallId(call), command) => self.command(index, call, command),
            MediaOutput::Capture(device, true) => {
                self.captured[index].insert(device);
                self.send(index, Parcel::Input(MediaInput::Captured(device)));
            }
            MediaOutput::Capture(device, false) => {
                self.captured[index].remove(&device);
            }
            MediaOutput::OpenMicrophone(_)
            | MediaOutput::Choose(_)
            | MediaOutput::OpenRoom { .. }
            | MediaOutput::CommandRoom(..)
            | MediaOutput::CloseRoom(_) => {}
        }
    }

    fn tell_link(&mut self, index: usize, link: u32, signal: Signal) {
        let (Signal::Offer(text) | Signal::Answer(text)) = &signal else { return };
        let Some((owner, other)) = text.split_once(' ') else { return };
        let other = (owner.parse().expect("an index"), other.parse().expect("a link"));
        let Some(end) = self.links.get_mut(&(index, link)) else { return };
        end.other = Some(other);
        if matches!(signal, Signal::Offer(_)) {
            let answer = Signal::Answer(format!("{index} {link}"));
            self.send(index, Parcel::Input(MediaInput::Link(LinkId(link), LinkEvent::Signal(answer))));
        } else {
            self.send(index, Parcel::Input(MediaInput::Link(LinkId(link), LinkEvent::Up)));
            self.send(other.0, Parcel::Input(MediaInput::Link(LinkId(other.1), LinkEvent::Up)));
        }
    }

    fn command(&mut self, index: usize, call: u32, command: CallCommand) {
        self.commands.push((index, command.clone()));
        let event = |event| Parcel::Input(MediaInput::Call(CallId(call), event));
        match command {
            CallCommand::Offer { .. } => self.send(index, event(CallEvent::Described(described(index, call)))),
            CallCommand::AcceptOffer(offer) => {
                self.pair(index, call, &offer);
                self.send(index, event(CallEvent::Accepted));
                self.send(index, event(CallEvent::Described(described(index, call))));
            }
            CallCommand::AcceptAnswer(answer) => {
                self.pair(index, call, &answer);
                self.send(index, event(CallEvent::Accepted));
                if !self.is_cut
                    && !self.has_no_way
                    && let Some((to, other)) = self.calls.get(&(index, call)).and_then(|end| end.other)
                {
                    let up = CallEvent::State(ConnectionState::Connected);
                    self.send(index, event(up.clone()));
                    self.send(to, Parcel::Input(MediaInput::Call(CallId(other), up)));
                }
            }
            CallCommand::AddCandidate(_)
            | CallCommand::SetIce(_)
            | CallCommand::Share(_)
            | CallCommand::Play { .. } => {}
        }
    }

    fn pair(&mut self, index: usize, call: u32, description: &Description) {
        let (owner, other) =
            description.as_str().rsplit_once("a=mid:").expect("a mark").1.trim().split_once('-').expect("two");
        if let Some(end) = self.calls.get_mut(&(index, call)) {
            end.other = Some((owner.parse().expect("an index"), other.parse().expect("a call")));
        }
    }

    pub(super) fn states(&self, index: usize) -> Vec<(UserId, CallState)> {
        self.people[index].neighbours().iter().map(|neighbour| (neighbour.user_id, neighbour.state)).collect()
    }

    pub(super) fn is_connected(&self, a: usize, b: usize) -> bool {
        let of = |a: usize, b: usize| self.states(a) == [(self.user_id(b), CallState::Connected)];
        of(a, b) && of(b, a)
    }

    /// Open ends of links and calls.
    pub(super) fn open(&self) -> (usize, usize) {
        let owned = |ends: &HashMap<(usize, u32), End>| ends.values().filter(|end| end.owner < 9).count();
        (owned(&self.links), owned(&self.calls))
    }
}

fn uuid(id: u128) -> matchbox_protocol::PeerId {
    matchbox_protocol::PeerId(Uuid::from_u128(id))
}

/// A session description as far as anybody looks at it here.
fn described(index: usize, call: u32) -> Description {
    let lines = ["audio", "video", "video", "audio"].map(|kind| format!("m={kind} 9 UDP/TLS/RTP/SAVPF 111\r\n"));
    Description::new(&format!("v=0\r\n{}a=mid:{index}-{call}\r\n", lines.concat())).expect("a description")
}
