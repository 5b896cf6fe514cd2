//! Everybody else: who they are, and where, as a function of time.

use std::collections::{BTreeSet, HashMap};

use shared::{
    chat::Emote,
    identity::UserId,
    map::{Collision, Map},
    movement::{Edge, Pose, advance},
    position::{Direction, Position},
    profile::{Profile, Status},
    protocol::{Event, Number, NumberedEdge, Participant, Placed},
};

use super::{Time, memory::Acquaintance};

/// Most people who are remembered after they left; beyond, who was seen first is forgotten first.
const GONE_PEOPLE: usize = 1000;

/// Somebody who is here is noted as seen again after so many milliseconds: once an hour.
const SEEN_EVERY_MS: u64 = 60 * 60 * 1000;

/// Where people are thought of who were never seen on this visit.
const NOWHERE: Edge = Edge { position: Position::new(0, 0), direction: Direction::Down, is_moving: false };

/// Somebody else.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who they are.
    pub user_id: UserId,
    /// What they are called and how they look, as last seen.
    pub profile: Profile,
    /// Whether they are in the world.
    pub online: bool,
    /// Where they last set out, turned or stopped ...
    pub edge: Edge,
    /// ... and when.
    pub since: Time,
    /// Since when they are missing: one came back to the relay, and they were not there yet.
    pub missed_since: Option<Time>,
    /// What they showed last over their head, and when.
    pub emote: Option<(Emote, Time)>,
    /// When they were seen last: milliseconds since 1970. Of those who are here it may be an hour old.
    pub seen_ms: u64,
    /// Whether one does not want to hear from them.
    pub is_blocked: bool,
}

impl Person {
    /// Where they are at that time; where they last set out as long as there is no map.
    pub fn pose(&self, map: Option<&Collision>, now: Time) -> Pose {
        match map {
            Some(map) => advance(map, self.edge.into(), now.saturating_sub(self.since)),
            None => self.edge.into(),
        }
    }
}

/// All others whom the client knows.
#[derive(Debug, Default)]
pub struct Roster {
    people: HashMap<UserId, Person>,
    numbers: HashMap<Number, UserId>,
    /// Of whom something changed that is kept between visits, or who is forgotten.
    touched: BTreeSet<UserId>,
    revision: u64,
}

impl Roster {
    /// Everybody who is remembered from earlier visits; nobody is here.
    pub(super) fn remembering(acquaintances: Vec<Acquaintance>) -> Self {
        let mut roster = Self::default();
        for acquaintance in acquaintances {
            roster.recall(acquaintance);
        }
        roster.forget_some(|_| false);
        roster
    }

    /// Everybody, in no order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// The person of that identity.
    pub fn person(&self, user_id: UserId) -> Option<&Person> {
        self.people.get(&user_id)
    }

    /// Whether that person is here.
    pub fn is_online(&self, user_id: UserId) -> bool {
        self.person(user_id).is_some_and(|person| person.online)
    }

    /// Whether one does not want to hear from that person.
    pub fn is_blocked(&self, user_id: UserId) -> bool {
        self.person(user_id).is_some_and(|person| person.is_blocked)
    }

    /// The person of that number.
    pub(super) fn numbered(&self, number: Number) -> Option<&Person> {
        self.people.get(self.numbers.get(&number)?)
    }

    /// Who has which number.
    pub(super) fn numbers(&self) -> &HashMap<Number, UserId> {
        &self.numbers
    }

    /// Grows with every change.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Those of whom something changed that is kept between visits: as they are now, or nothing if they are forgotten.
    pub(super) fn take_touched(&mut self) -> Vec<(UserId, Option<Acquaintance>)> {
        let touched = std::mem::take(&mut self.touched);
        let acquaintance = |person: &Person| Acquaintance {
            user_id: person.user_id,
            name: person.profile.name.clone(),
            appearance: person.profile.appearance,
            seen_ms: person.seen_ms,
            is_blocked: person.is_blocked,
        };
        touched.into_iter().map(|user_id| (user_id, self.people.get(&user_id).map(acquaintance))).collect()
    }

    /// Takes in what was kept of somebody, here or by another tab.
    pub(super) fn recall(&mut self, acquaintance: Acquaintance) {
        let Acquaintance { user_id, name, appearance, seen_ms, is_blocked } = acquaintance;
        self.revision += 1;
        let known = self.people.entry(user_id).or_insert_with(|| Person {
            user_id,
            profile: Profile { name: name.clone(), status: Status::default(), appearance },
            online: false,
            edge: NOWHERE,
            since: Time::ZERO,
            missed_since: None,
            emote: None,
            seen_ms,
            is_blocked,
        });
        known.is_blocked = is_blocked;
        if !known.online {
            (known.profile.name, known.profile.appearance) = (name, appearance);
            known.seen_ms = known.seen_ms.max(seen_ms);
        }
    }

    /// Blocks somebody, or not any more.
    pub(super) fn block(&mut self, user_id: UserId, is_blocked: bool) {
        if let Some(person) = self.people.get_mut(&user_id) {
            person.is_blocked = is_blocked;
            self.touched.insert(user_id);
            self.revision += 1;
        }
    }

    /// Takes over who is there from a welcome; whoever is not among them has left.
    pub(super) fn welcome(&mut self, now: Time, unix_ms: u64, own: UserId, participants: Vec<Participant>) {
        self.numbers.clear();
        for person in self.people.values_mut() {
            person.missed_since = person.online.then_some(now).or(person.missed_since);
            person.online = false;
        }
        for participant in participants.into_iter().filter(|participant| participant.user_id != own) {
            self.join(now, unix_ms, participant);
        }
        self.revision += 1;
    }

    fn join(&mut self, now: Time, unix_ms: u64, participant: Participant) {
        let Participant { number, user_id, profile, edge, age_ms } = participant;
        self.numbers.retain(|_, id| *id != user_id);
        self.numbers.insert(number, user_id);
        let before = self.people.remove(&user_id);
        let is_same = before.as_ref().is_some_and(|before| {
            let is_recent = before.seen_ms + SEEN_EVERY_MS > unix_ms;
            is_recent && before.profile.name == profile.name && before.profile.appearance == profile.appearance
        });
        let person = Person {
            user_id,
            profile,
            online: true,
            edge,
            since: ago(now, age_ms),
            missed_since: None,
            emote: None,
            seen_ms: if is_same { before.as_ref().map_or(unix_ms, |before| before.seen_ms) } else { unix_ms },
            is_blocked: before.is_some_and(|before| before.is_blocked),
        };
        if !is_same {
            self.touched.insert(user_id);
        }
        self.people.insert(user_id, person);
    }

    /// Takes in what happened to somebody.
    pub(super) fn happened(&mut self, now: Time, unix_ms: u64, event: Event) {
        self.revision += 1;
        match event {
            Event::Joined(participant) => self.join(now, unix_ms, *participant),
            Event::Left(number) => {
                if let Some(person) = self.numbers.remove(&number).and_then(|id| self.people.get_mut(&id)) {
                    person.online = false;
                    person.missed_since = None;
                    person.edge.is_moving = false;
                    person.seen_ms = unix_ms;
                    self.touched.insert(person.user_id);
                }
            }
            Event::NameChanged(number, name) => self.change_kept(number, |person| person.profile.name = name),
            Event::StatusChanged(number, status) => self.change(number, |person| person.profile.status = status),
            Event::AppearanceChanged(number, look) => {
                self.change_kept(number, |person| person.profile.appearance = look);
            }
            Event::Emoted(number, emote) => self.change(number, |person| person.emote = Some((emote, now))),
        }
    }

    fn change(&mut self, number: Number, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.numbers.get(&number).and_then(|id| self.people.get_mut(id)) {
            change(person);
        }
    }

    fn change_kept(&mut self, number: Number, change: impl FnOnce(&mut Person)) {
        self.touched.extend(self.numbers.get(&number));
        self.change(number, change);
    }

    /// Takes in who set out, turned or stopped just now.
    pub(super) fn moved(&mut self, now: Time, edges: &[NumberedEdge]) {
        for &NumberedEdge { number, edge } in edges {
            self.change(number, |person| (person.edge, person.since) = (edge, now));
        }
    }

    /// Takes in where everybody is.
    pub(super) fn placed(&mut self, now: Time, placed: &[Placed]) {
        for &Placed { numbered: NumberedEdge { number, edge }, age_ms } in placed {
            self.change(number, |person| (person.edge, person.since) = (edge, ago(now, age_ms)));
        }
    }

    /// Nobody can be seen walking while nothing is heard of them: all stand where they were seen last.
    pub(super) fn connection_lost(&mut self, now: Time, map: Option<&Map>) {
        for person in self.people.values_mut().filter(|person| person.edge.is_moving) {
            let pose = person.pose(map.map(|map| &map.collision), now);
            person.edge = Edge { is_moving: false, ..pose.edge() };
            person.since = now;
            self.revision += 1;
        }
    }

    /// Forgets those who were seen longest ago, if there are too many, but for those who are `kept` and those who are
    /// blocked.
    pub(super) fn forget_some(&mut self, is_kept: impl Fn(UserId) -> bool) {
        let gone = self.people.values().filter(|person| !person.online && !person.is_blocked);
        let mut gone: Vec<_> = gone.map(|person| (person.seen_ms, person.user_id)).collect();
        if gone.len() <= GONE_PEOPLE {
            return;
        }
        gone.sort_unstable();
        let too_many = gone.len() - GONE_PEOPLE;
        for (_, user_id) in gone.into_iter().filter(|(_, user_id)| !is_kept(*user_id)).take(too_many) {
            self.people.remove(&user_id);
            self.touched.insert(user_id);
        }
    }
}

fn ago(now: Time, age_ms: u32) -> Time {
    now.saturating_sub(Time::from_millis(age_ms.into()))
}
