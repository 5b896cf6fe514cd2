//! The calls of rooms: who takes part in which, who may keep a connection to the forwarding unit, and what clients and
//! it say to one another. What is forwarded to whom is in [`crate::sfu`].
//!
//! Somebody walks through a door without saying anything, so that everybody who walks is looked at again and again, and
//! at the very moment at which they cross: where they are is a function of time.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use shared::{
    identity::UserId,
    map::{Map, Rectangle, Zone},
    movement,
    position::{Point, UNITS_PER_PIXEL},
    profile::Status,
    protocol::{
        Number, ToClient,
        room::{FromSfu, Membership, SfuRefusal, ToSfu},
    },
    proximity::{self, Listener},
};

use super::{ConnectionId, Output, Participant, World};
use crate::{
    limits::{KEEP_WITHIN_TILES, LOOK_INTO_ROOMS_EVERY, PREPARE_WITHIN_TILES},
    sfu::{self, ParticipantKey, RoomKey},
};

/// See the module.
#[derive(Default)]
pub(super) struct Rooms {
    /// Whether this relay forwards media at all.
    is_on: bool,
    people: HashMap<UserId, Person>,
    /// Who is in which room, in the order in which they came: the first have a place in its call.
    queues: HashMap<RoomKey, Vec<UserId>>,
    /// Who walks, or changed since they were looked at.
    restless: BTreeSet<UserId>,
    /// When they are looked at, and when that was done last.
    look_at: Option<Duration>,
    looked_at: Duration,
    /// When somebody gets into or out of a room or its podium before that. Who went another way since is looked at in
    /// vain.
    crossings: BTreeMap<Duration, Vec<UserId>>,
    /// Counts who came into the world.
    entries: u64,
}

/// Somebody in the world.
#[derive(Clone, Copy, Debug)]
struct Person {
    key: ParticipantKey,
    room: Option<RoomKey>,
    is_podium: bool,
    membership: Membership,
    /// Where the forwarding unit thinks they are.
    placed: (Option<RoomKey>, bool),
    /// Whether they may have a connection.
    has_offered: bool,
}

/// Where somebody is, as far as rooms go.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Whereabouts {
    room: Option<RoomKey>,
    is_podium: bool,
    /// Tiles to the nearest room with a call; none if they want to hear nobody, or there is no such room.
    tiles: Option<f32>,
}

impl Rooms {
    /// When [`World::look_into_rooms`] is to come.
    pub(super) fn look_at(&self) -> Option<Duration> {
        self.look_at.into_iter().chain(self.crossings.keys().next().copied()).min()
    }

    /// Whom to look at now.
    fn take_due(&mut self, now: Duration) -> BTreeSet<UserId> {
        let later = self.crossings.split_off(&(now + Duration::from_nanos(1)));
        let mut due: BTreeSet<_> = std::mem::replace(&mut self.crossings, later).into_values().flatten().collect();
        if self.look_at.is_some_and(|at| at <= now) {
            (self.looked_at, self.look_at) = (now, None);
            due.append(&mut self.restless);
        }
        due
    }

    fn person(&mut self, user_id: UserId, number: Number) -> &mut Person {
        let entries = &mut self.entries;
        self.people.entry(user_id).or_insert_with(|| {
            *entries += 1;
            let key = ParticipantKey { number, entry: *entries };
            let membership = Membership::None;
            Person { key, room: None, is_podium: false, membership, placed: (None, false), has_offered: false }
        })
    }

    /// Moves somebody from one room's queue to another's.
    fn enqueue(&mut self, user_id: UserId, before: Option<RoomKey>, after: Option<RoomKey>) {
        if let Some(queue) = before.and_then(|room| self.queues.get_mut(&room)) {
            queue.retain(|other| *other != user_id);
        }
        if let Some(room) = after {
            self.queues.entry(room).or_default().push(user_id);
        }
    }
}

impl World {
    /// The same world, with a unit that forwards the media of rooms.
    #[must_use]
    pub fn with_media(mut self) -> Self {
        self.rooms.is_on = true;
        self
    }

    /// Somebody moved or changed: it is to be looked where they are, soon.
    pub(super) fn stir_rooms(&mut self, now: Duration, user_id: UserId) {
        if self.rooms.is_on {
            self.rooms.restless.insert(user_id);
            self.rooms.look_at.get_or_insert(now.max(self.rooms.looked_at + LOOK_INTO_ROOMS_EVERY));
            self.expect_crossing(now, user_id);
        }
    }

    /// Finds out when somebody gets into or out of a room, if they do before everybody who walks is looked at.
    fn expect_crossing(&mut self, now: Duration, user_id: UserId) {
        let map = Arc::clone(&self.map);
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        let known = self.rooms.people.get(&user_id).map_or((None, false), |person| (person.room, person.is_podium));
        if let Some(after) = crosses_after(&map, participant, now, known) {
            self.rooms.crossings.entry(now + after).or_default().push(user_id);
        }
    }

    /// Looks who is in which room, and again a little later as long as somebody walks.
    pub(super) fn look_into_rooms(&mut self, now: Duration) {
        let map = Arc::clone(&self.map);
        let mut changed = BTreeSet::new();
        for user_id in self.rooms.take_due(now) {
            let Some(participant) = self.participants.get_mut(&user_id) else { continue };
            let (number, listener) = (participant.number, participant.listener(now, &map));
            let walks = participant.edge.is_moving && participant.pose(now, &map.collision).is_moving;
            let place = whereabouts(&map, listener);
            let person = self.rooms.person(user_id, number);
            let before = (person.room, person.is_podium);
            let (key, is_far) = (person.key, place.tiles.is_none_or(|tiles| tiles > KEEP_WITHIN_TILES));
            (person.room, person.is_podium) = (place.room, place.is_podium);
            let ends = is_far && std::mem::take(&mut person.has_offered);
            if before.0 != place.room {
                self.rooms.enqueue(user_id, before.0, place.room);
                changed.extend(before.0);
                changed.extend(place.room);
                self.admit_to_call(user_id);
            } else if before.1 != place.is_podium {
                self.tell_sfu_place(user_id);
            }
            if ends {
                self.outputs.push_back(Output::Sfu(sfu::Input::Far(key)));
            }
            if walks {
                self.rooms.restless.insert(user_id);
                self.expect_crossing(now, user_id);
            }
        }
        self.fill_calls(&changed);
        if !self.rooms.restless.is_empty() {
            self.rooms.look_at.get_or_insert(now + LOOK_INTO_ROOMS_EVERY);
        }
    }

    /// Somebody says something to the forwarding unit.
    pub(super) fn say_to_sfu(&mut self, now: Duration, id: ConnectionId, user_id: UserId, message: Box<ToSfu>) {
        let map = Arc::clone(&self.map);
        let Some(participant) = self.participants.get_mut(&user_id) else { return };
        let number = participant.number;
        if let ToSfu::Offer { connection, .. } = *message {
            let tiles = whereabouts(&map, participant.listener(now, &map)).tiles;
            let why = if !self.rooms.is_on {
                Some(SfuRefusal::NoSfu)
            } else if tiles.is_none_or(|tiles| tiles > PREPARE_WITHIN_TILES) {
                Some(SfuRefusal::NotNear)
            } else {
                None
            };
            if let Some(why) = why {
                return self.send(id, &ToClient::Room(Box::new(FromSfu::Refused { connection, why })));
            }
            self.rooms.person(user_id, number).has_offered = true;
        }
        if self.rooms.is_on {
            let from = self.rooms.person(user_id, number).key;
            self.outputs.push_back(Output::Sfu(sfu::Input::Said { from, message }));
        }
    }

    /// The forwarding unit says something to somebody. They may have left, or be lost.
    pub(super) fn said_by_sfu(&mut self, to: ParticipantKey, message: Box<FromSfu>) {
        let person = self.rooms.people.iter().find(|(_, person)| person.key == to);
        let Some(participant) = person.and_then(|(user_id, _)| self.participants.get(user_id)) else { return };
        let is_in = |id: &ConnectionId| self.connections.get(id).is_some_and(super::Connection::is_in);
        if let Some(connection) = participant.connection().filter(is_in) {
            self.send(connection, &ToClient::Room(message));
        }
    }

    /// Somebody was welcomed on a connection: the page behind it knows nothing.
    pub(super) fn tell_room(&mut self, now: Duration, id: ConnectionId) {
        let Some(super::State::In(user_id)) = self.connections.get(&id).map(|connection| &connection.state) else {
            return;
        };
        let user_id = *user_id;
        if let Some(person) = self.rooms.people.get(&user_id).copied() {
            self.outputs.push_back(Output::Sfu(sfu::Input::Arrived(person.key)));
            if person.membership != Membership::None {
                self.send(id, &ToClient::Room(Box::new(FromSfu::Membership(person.membership))));
            }
        }
        self.stir_rooms(now, user_id);
    }

    /// Somebody left the world.
    pub(super) fn leave_rooms(&mut self, user_id: UserId) {
        self.rooms.restless.remove(&user_id);
        let Some(person) = self.rooms.people.remove(&user_id) else { return };
        self.rooms.enqueue(user_id, person.room, None);
        self.outputs.push_back(Output::Sfu(sfu::Input::Left(person.key)));
        self.fill_calls(&person.room.into_iter().collect());
    }

    /// Gives free places in these rooms' calls to those who came first.
    fn fill_calls(&mut self, rooms: &BTreeSet<RoomKey>) {
        for room in rooms {
            for user_id in self.rooms.queues.get(room).cloned().unwrap_or_default() {
                self.admit_to_call(user_id);
            }
            if self.rooms.queues.get(room).is_some_and(Vec::is_empty) {
                self.rooms.queues.remove(room);
            }
        }
    }

    /// Decides whether somebody takes part in the call of the room they are in, and says so if that is new.
    fn admit_to_call(&mut self, user_id: UserId) {
        let Some(person) = self.rooms.people.get(&user_id).copied() else { return };
        let place = |room: RoomKey| {
            let capacity = self.map.zones.get(usize::from(room.0))?.capacity as usize;
            let place = self.rooms.queues.get(&room)?.iter().position(|other| *other == user_id)?;
            Some(if place < capacity { Membership::Member } else { Membership::Full })
        };
        let membership = person.room.and_then(place).unwrap_or_default();
        let is_new = membership != person.membership;
        if let Some(person) = self.rooms.people.get_mut(&user_id) {
            person.membership = membership;
        }
        self.tell_sfu_place(user_id);
        let connection = self.participants.get(&user_id).and_then(Participant::connection);
        let is_in = |id: &ConnectionId| self.connections.get(id).is_some_and(super::Connection::is_in);
        if let Some(connection) = connection.filter(is_in).filter(|_| is_new) {
            self.send(connection, &ToClient::Room(Box::new(FromSfu::Membership(membership))));
        }
    }

    fn tell_sfu_place(&mut self, user_id: UserId) {
        let Some(person) = self.rooms.people.get_mut(&user_id) else { return };
        let room = person.room.filter(|_| person.membership == Membership::Member);
        let is_podium = room.is_some() && person.is_podium;
        if std::mem::replace(&mut person.placed, (room, is_podium)) != (room, is_podium) {
            self.outputs.push_back(Output::Sfu(sfu::Input::Placed { who: person.key, room, is_podium }));
        }
    }
}

/// After how long somebody who walks is elsewhere than `known`, a room and whether at its podium, to the next millisecond;
/// none if they are not before all who walk are looked at.
fn crosses_after(
    map: &Map,
    participant: &mut Participant,
    now: Duration,
    known: (Option<RoomKey>, bool),
) -> Option<Duration> {
    let pose = participant.pose(now, &map.collision);
    let status = participant.profile.status;
    let is_elsewhere = |after: Duration| {
        let point = movement::advance(&map.collision, pose, after).point;
        let place = whereabouts(map, Listener { point, status });
        (place.room, place.is_podium) != known
    };
    let (mut before, mut after) = (Duration::ZERO, LOOK_INTO_ROOMS_EVERY);
    if !pose.is_moving || !is_elsewhere(after) {
        return None;
    }
    if is_elsewhere(before) {
        return Some(before);
    }
    while after > before + Duration::from_millis(1) {
        let middle = Duration::from_millis(((before + after) / 2).as_millis() as u64);
        if is_elsewhere(middle) {
            after = middle;
        } else {
            before = middle;
        }
    }
    Some(after)
}

fn whereabouts(map: &Map, listener: Listener) -> Whereabouts {
    if listener.status == Status::DoNotDisturb {
        return Whereabouts { room: None, is_podium: false, tiles: None };
    }
    let position = listener.point.nearest_position();
    let mut with_call = map.zones.iter().enumerate().filter(|(_, zone)| proximity::is_shared(zone));
    let is_at_podium = |zone: &Zone| zone.podium.is_some_and(|podium| podium.area.contains(position));
    let tiles = with_call.clone().map(|(_, zone)| tiles_to(zone.area, listener.point)).min_by(f32::total_cmp);
    match with_call.find(|(_, zone)| zone.area.contains(position)) {
        Some((index, zone)) => {
            Whereabouts { room: Some(RoomKey(index as u16)), is_podium: is_at_podium(zone), tiles: Some(0.0) }
        }
        None => Whereabouts { room: None, is_podium: false, tiles },
    }
}

/// How far it is to an area, in tiles; 0 inside of it.
fn tiles_to(area: Rectangle, point: Point) -> f32 {
    let nearest = |at: i32, low: i32, high: i32| at.clamp(low * UNITS_PER_PIXEL, high * UNITS_PER_PIXEL);
    let x = nearest(point.x, area.x, area.right());
    let y = nearest(point.y, area.y, area.bottom());
    point.distance_tiles(Point { x, y })
}
