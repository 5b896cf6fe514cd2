//! Whatever anybody sends to whatever ids: no signal reaches somebody its sender is not introduced to at that time.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::LazyLock,
    time::Duration,
};

use proptest::prelude::*;
use shared::{identity::Identity, position::Position, profile::Status};

use super::*;
use crate::{
    campus::Campus,
    limits::{INTRODUCE_EVERY, INTRODUCED_UP_TO_TILES},
};

/// A meadow of 24 tiles with a wall across it.
static MEADOW: LazyLock<Campus> = LazyLock::new(|| {
    Campus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny/campus.tmx")).expect("a sound map")
});

const DATA: &str = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

const PEOPLE: usize = 5;

#[derive(Clone, Debug)]
enum Deed {
    Stand(usize, u16),
    Disturb(usize, bool),
    Open(usize),
    Close(usize),
    Ask(usize, usize),
    /// Somebody says something to the id of that number, of all that anybody was ever told.
    Say(usize, usize, u8),
    Garbage(usize, String),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = || 0..PEOPLE;
    prop_oneof![
        4 => (who(), 1..23_u16).prop_map(|(who, x)| Deed::Stand(who, x)),
        1 => (who(), any::<bool>()).prop_map(|(who, is_on)| Deed::Disturb(who, is_on)),
        2 => who().prop_map(Deed::Open),
        1 => who().prop_map(Deed::Close),
        1 => (who(), who()).prop_map(|(who, other)| Deed::Ask(who, other)),
        10 => (who(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(who, id, what)| {
            Deed::Say(who, id.index(1 << 16), what)
        }),
        1 => (who(), "\\PC{0,40}").prop_map(|(who, text)| Deed::Garbage(who, text)),
        4 => (0..1500_u64).prop_map(Deed::Wait),
    ]
}

/// Introductions, and what each person knows from what they were sent.
struct Model {
    core: Introductions,
    now: Duration,
    ids: Vec<UserId>,
    listeners: HashMap<UserId, Listener>,
    lines: HashMap<UserId, ConnectionId>,
    next_line: u64,
    /// Who somebody calls so, as long as that lasts.
    known: HashMap<(UserId, PeerId), UserId>,
    /// All ids anybody was ever told, own ones included.
    told: Vec<PeerId>,
    near_at: HashMap<Ends, Duration>,
}

impl Model {
    fn new() -> Self {
        let ids: Vec<_> = (0..PEOPLE as u8).map(|who| Identity::from_secret(&[who; 32]).user_id()).collect();
        let listener =
            |index: usize| Listener { point: Position::new(32 + 40 * index as u16, 32).into(), status: Status::Away };
        let listeners = ids.iter().enumerate().map(|(index, id)| (*id, listener(index))).collect();
        Self {
            core: Introductions::default(),
            now: Duration::ZERO,
            ids,
            listeners,
            lines: HashMap::new(),
            next_line: 0,
            known: HashMap::new(),
            told: vec![PeerId(0)],
            near_at: HashMap::new(),
        }
    }

    fn do_it(&mut self, deed: Deed) {
        match deed {
            Deed::Stand(who, x) => {
                self.listeners.get_mut(&self.ids[who]).expect("somebody").point = Position::new(x * 16, 32).into();
            }
            Deed::Disturb(who, is_on) => {
                let status = if is_on { Status::DoNotDisturb } else { Status::Available };
                self.listeners.get_mut(&self.ids[who]).expect("somebody").status = status;
            }
            Deed::Open(who) => {
                self.next_line += 1;
                let line = ConnectionId(self.next_line);
                self.forget(who);
                self.lines.insert(self.ids[who], line);
                self.core.open(line, self.ids[who], Ticket([self.next_line as u8; 16]));
            }
            Deed::Close(who) => {
                if let Some(line) = self.lines.get(&self.ids[who]).copied() {
                    self.forget(who);
                    self.core.closed(line);
                }
            }
            Deed::Ask(who, other) => {
                let people = self.people();
                self.core.introduce(&MEADOW.map, self.ids[who], self.ids[other], &people);
            }
            Deed::Say(who, id, what) => self.say(who, self.told[id % self.told.len()], what),
            Deed::Garbage(who, text) => {
                if let Some(line) = self.lines.get(&self.ids[who]) {
                    self.core.received(self.now, *line, &text);
                }
            }
            Deed::Wait(ms) => {
                let end = self.now + Duration::from_millis(ms);
                while self.now < end {
                    self.now = end.min(self.now + INTRODUCE_EVERY);
                    let people = self.people();
                    self.core.update(&MEADOW.map, self.now, &people);
                    self.hear(None);
                }
            }
        }
        self.hear(None);
    }

    /// What somebody was told is of no use once their connection is closed.
    fn forget(&mut self, who: usize) {
        let gone = self.ids[who];
        self.known.retain(|(own, _), _| *own != gone);
        self.lines.remove(&gone);
    }

    fn say(&mut self, who: usize, to: PeerId, what: u8) {
        let own = self.ids[who];
        let Some(line) = self.lines.get(&own).copied() else { return };
        let data = match what % 4 {
            0 => Signal::Offer(DATA.to_owned()),
            1 => Signal::Answer(DATA.to_owned()),
            2 => Signal::IceCandidate("null".to_owned()),
            _ => Signal::Offer("v=0".to_owned()),
        };
        let request = PeerRequest::Signal { receiver: to.into_matchbox(), data };
        self.core.received(self.now, line, &serde_json::to_string(&request).expect("JSON"));
        self.hear(Some((own, to)));
    }

    fn people(&mut self) -> People {
        let people: HashMap<_, _> =
            self.listeners.iter().filter(|(id, _)| self.lines.contains_key(id)).map(|(id, at)| (*id, *at)).collect();
        for (a, one) in &people {
            for (b, other) in &people {
                let is_open = |listener: &Listener| listener.status != Status::DoNotDisturb;
                let are_close = one.point.distance_tiles(other.point) <= INTRODUCED_UP_TO_TILES;
                if a < b && is_open(one) && is_open(other) && are_close {
                    self.near_at.insert((*a, *b), self.now);
                }
            }
        }
        People { listeners: people, ..People::default() }
    }

    /// Takes what was sent, in answer to something somebody said to an id or by itself.
    fn hear(&mut self, said: Option<(UserId, PeerId)>) {
        let mut handed_on = 0;
        while let Some(step) = self.core.poll() {
            match step {
                Step::Introduced { to, peer, user_id } => {
                    assert!(self.lines.contains_key(&to) && self.lines.contains_key(&user_id));
                    assert!(!self.told.contains(&peer), "an id was used twice");
                    self.told.push(peer);
                    self.known.insert((to, peer), user_id);
                }
                Step::Send(line, text) => {
                    let Some(owner) = self.lines.iter().find(|(_, open)| **open == line).map(|(owner, _)| *owner)
                    else {
                        continue;
                    };
                    match serde_json::from_str(&text).expect("an event") {
                        PeerEvent::IdAssigned(id) => self.told.push(PeerId(id.0.as_u128())),
                        PeerEvent::NewPeer(peer) => {
                            assert!(self.known.contains_key(&(owner, PeerId(peer.0.as_u128()))), "of whom?");
                        }
                        PeerEvent::PeerLeft(peer) => {
                            let peer = PeerId(peer.0.as_u128());
                            assert!(self.known.remove(&(owner, peer)).is_some(), "told of nobody");
                        }
                        PeerEvent::Signal::<Signal> { sender, .. } => {
                            handed_on += 1;
                            let (from, by_name) = said.expect("somebody said something");
                            assert_eq!(self.known.get(&(owner, PeerId(sender.0.as_u128()))), Some(&from));
                            assert_eq!(self.known.get(&(from, by_name)), Some(&owner));
                            let near_at = self.near_at[&(from.min(owner), from.max(owner))];
                            assert!(self.now <= near_at + PART_AFTER + 2 * INTRODUCE_EVERY, "too far apart");
                        }
                    }
                }
                Step::Close(line) => {
                    if let Some(who) = self.ids.iter().position(|id| self.lines.get(id) == Some(&line)) {
                        self.forget(who);
                    }
                }
            }
        }
        assert!(handed_on <= 1, "a signal reaches one person");
    }
}

proptest! {
    #[test]
    fn no_signal_reaches_somebody_its_sender_is_not_introduced_to(
        deeds in prop::collection::vec(deed(), 1..120),
    ) {
        let mut model = Model::new();
        for who in 0..PEOPLE {
            model.do_it(Deed::Open(who));
        }
        for deed in deeds {
            model.do_it(deed);
        }
        // What the core keeps is what people know, and nothing else.
        prop_assert_eq!(model.core.names.len(), 2 * model.core.pairs.len());
        let known: HashSet<_> = model.known.keys().copied().collect();
        let kept: HashSet<_> = model.core.names.keys().copied().collect();
        prop_assert_eq!(known, kept);
    }
}
