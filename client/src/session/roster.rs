//! Everybody else: who they are, and where, as a function of time.

use std::collections::HashMap;

use shared::{
    chat::Emote,
    identity::UserId,
    map::{Collision, Map},
    movement::{Edge, Pose, advance},
    profile::Profile,
    protocol::{Event, Number, NumberedEdge, Participant, Placed},
};

use super::Time;

/// Most people who are remembered after they left; beyond, who left first is forgotten first.
const GONE_PEOPLE: usize = 500;

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
    /// What they showed last over their head, and when.
    pub emote: Option<(Emote, Time)>,
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
    revision: u64,
}

impl Roster {
    /// Everybody, in no order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// The person of that identity.
    pub fn person(&self, user_id: UserId) -> Option<&Person> {
        self.people.get(&user_id)
    }

    /// Grows with every change.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes over who is there from a welcome; whoever is not among them has left.
    pub(super) fn welcome(&mut self, now: Time, own: UserId, participants: Vec<Participant>) {
        self.numbers.clear();
        self.people.values_mut().for_each(|person| person.online = false);
        for participant in participants.into_iter().filter(|participant| participant.user_id != own) {
            self.join(now, participant);
        }
        self.forget_some();
        self.revision += 1;
    }

    fn join(&mut self, now: Time, participant: Participant) {
        let Participant { number, user_id, profile, edge, age_ms } = participant;
        self.numbers.retain(|_, id| *id != user_id);
        self.numbers.insert(number, user_id);
        let person = Person { user_id, profile, online: true, edge, since: ago(now, age_ms), emote: None };
        self.people.insert(user_id, person);
    }

    /// Takes in what happened to somebody.
    pub(super) fn happened(&mut self, now: Time, event: Event) {
        self.revision += 1;
        match event {
            Event::Joined(participant) => self.join(now, *participant),
            Event::Left(number) => {
                if let Some(person) = self.numbers.remove(&number).and_then(|id| self.people.get_mut(&id)) {
                    person.online = false;
                    person.edge.is_moving = false;
                }
                self.forget_some();
            }
            Event::NameChanged(number, name) => self.change(number, |person| person.profile.name = name),
            Event::StatusChanged(number, status) => self.change(number, |person| person.profile.status = status),
            Event::AppearanceChanged(number, look) => self.change(number, |person| person.profile.appearance = look),
            Event::Emoted(number, emote) => self.change(number, |person| person.emote = Some((emote, now))),
        }
    }

    fn change(&mut self, number: Number, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.numbers.get(&number).and_then(|id| self.people.get_mut(id)) {
            change(person);
        }
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

    fn forget_some(&mut self) {
        let mut gone: Vec<_> =
            self.people.values().filter(|person| !person.online).map(|person| (person.since, person.user_id)).collect();
        if gone.len() > GONE_PEOPLE {
            gone.sort_unstable();
            for (_, user_id) in &gone[..gone.len() - GONE_PEOPLE] {
                self.people.remove(user_id);
            }
        }
    }
}

fn ago(now: Time, age_ms: u32) -> Time {
    now.saturating_sub(Time::from_millis(age_ms.into()))
}
