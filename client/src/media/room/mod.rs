//! The call of a room, through the relay's SFU: one connection for all who are in it.
//!
//! [`connection`] is set up before the door is reached and let go some time after it was left; who is heard and seen in
//! which of its lines the SFU says ([`slots`]); [`instruct`] tells the browser. [`seats`] has who of many has a tile,
//! [`looks`] what is asked for, and [`onlookers`] what there is to see.
//! Whether one takes part the relay decides by where one is. From what it sees by itself this side only ever takes
//! away: nothing is sent nor played by somebody who is not inside.

mod connection;
mod instruct;
mod looks;
mod onlookers;
mod seats;
mod slots;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use shared::{
    identity::UserId,
    limits::{SFU_MESSAGES, SFU_OFFERS},
    protocol::{
        ToRelay,
        link::Shares,
        room::{FromSfu, Look, Membership, SfuRefusal, ToSfu, Wanted},
    },
    rate::Bucket,
};

pub(super) use self::slots::Numbers;
use self::{
    connection::{Action, Connection},
    looks::{Sights, looks},
    seats::{Guest, Seats},
    slots::Present,
};
use super::{
    Effect, Loudness,
    backoff::Backoff,
    messages::{CallEvent, CallId, CallState, Ice, MediaOutput, RoomCommand, Upload, Volumes},
    peer::Surroundings,
    scene::Place,
    sight::Sight,
};

/// So long the connection is kept after one was near to a room: many walk past a door and come back.
const LINGER: Duration = Duration::from_secs(20);

/// How long those who were in the call stay in sight after the relay came back, until it says who is.
const STALE_AFTER: Duration = Duration::from_secs(10);

/// The wait before a connection that failed is made anew.
const AGAIN: Backoff = Backoff { at_first: Duration::from_millis(250), at_most: Duration::from_secs(8) };

/// As many failures a relay counts for that has too much to do, or does not see one near yet.
const BUSY_FAILURES: u32 = 3;

/// What the room's call goes by.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// What all calls go by.
    pub(super) base: Surroundings<'a>,
    /// Whether the relay is there.
    pub(super) is_online: bool,
    /// Whom one has blocked.
    pub(super) barred: &'a HashSet<UserId>,
    /// How loud one wants somebody.
    pub(super) loudness: &'a HashMap<UserId, Loudness>,
    /// Whether pictures are looked at ...
    pub(super) is_looking: bool,
    /// ... and whose tiles are in view.
    pub(super) sight: &'a Sight,
    /// Who is shown large.
    pub(super) enlarged: Option<UserId>,
}

/// See the module.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Default)]
pub(super) struct Room {
    place: Place,
    /// When one was too far from any room for the first time.
    left_at: Duration,
    connection: Option<Connection>,
    /// The number of the last connection.
    last_number: u32,
    failures: u32,
    again_at: Duration,
    was_connected: bool,
    /// An offer of this browser was taken once.
    was_accepted: bool,
    /// The relay has no call for rooms, or none that this browser could take part in.
    is_refused: bool,
    membership: Membership,
    numbers: Numbers,
    present: Present,
    /// Until when those who were there count as there without the relay saying so.
    stale_until: Option<Duration>,
    seats: Seats,
    wanted: Wanted,
    strain_percent: u8,
    offers: Bucket,
    messages: Bucket,
    is_look_waiting: bool,
    told: Told,
    effects: VecDeque<Effect>,
}

/// What relay and browser were told of the present connection.
#[derive(Debug, Default)]
struct Told {
    shares: Option<Shares>,
    looks: Option<Vec<Look>>,
    upload: Option<Upload>,
    volumes: Option<Volumes>,
    shown: Option<[Option<UserId>; seats::SEATS + 1]>,
}

impl Room {
    /// One is there now.
    pub(super) fn look(&mut self, now: Duration, place: Place) {
        let was_near = matches!(self.place, Place::Inside(_) | Place::Near);
        if was_near && place == Place::Away {
            self.left_at = now;
        }
        self.place = place;
    }

    /// Who has which number.
    pub(super) fn know(&mut self, numbers: &Numbers) {
        if self.numbers != *numbers {
            self.numbers.clone_from(numbers);
            self.present.resolve(&self.numbers);
        }
    }

    /// The SFU says something.
    pub(super) fn said(&mut self, now: Duration, message: FromSfu) {
        let is_current = |room: &Self, number| room.connection.as_ref().is_some_and(|own| own.number == number);
        match message {
            FromSfu::Answer { connection, description } if is_current(self, connection) => {
                self.was_accepted = true;
                let action = self.connection.as_mut().and_then(|connection| connection.answered(description));
                self.act(now, action);
            }
            FromSfu::Refused { connection, why } if is_current(self, connection) => self.refused(now, why),
            // Of a connection that is over.
            FromSfu::Answer { .. } | FromSfu::Refused { .. } => {}
            FromSfu::Membership(membership) => {
                if membership != Membership::Member {
                    self.present = Present::default();
                } else if self.membership != Membership::Member {
                    // What was looked at in another room is forgotten.
                    self.told.looks = None;
                }
                (self.membership, self.stale_until) = (membership, None);
            }
            FromSfu::Members(members) => self.present.members(&self.numbers, members),
            FromSfu::Slots(slots) => self.present.slots(&self.numbers, slots),
            FromSfu::Speakers(speakers) => self.present.speakers(&self.numbers, speakers),
            FromSfu::Wanted(wanted) => self.wanted = wanted,
        }
    }

    /// The browser says something of a connection.
    pub(super) fn event(&mut self, now: Duration, event: CallEvent) {
        if let CallEvent::Strained(percent) = event {
            self.strain_percent = percent;
        }
        let action = self.connection.as_mut().and_then(|connection| connection.handle(now, event));
        self.act(now, action);
    }

    /// The relay is there: it knows of no connection.
    pub(super) fn came_in(&mut self, now: Duration) {
        self.end(false);
        (self.failures, self.again_at, self.is_refused) = (0, now, false);
        self.wanted = Wanted::default();
        if self.membership == Membership::Full {
            self.membership = Membership::None;
        }
        self.stale_until = Some(now + STALE_AFTER);
    }

    /// The relay is away. What still arrives is heard.
    pub(super) fn lost(&mut self) {
        self.present.freeze();
        self.numbers.clear();
    }

    /// There is nothing to talk for any more.
    pub(super) fn close(&mut self) {
        self.end(true);
        *self = Self { last_number: self.last_number, effects: std::mem::take(&mut self.effects), ..Self::default() };
    }

    /// New servers, or fresh credentials.
    pub(super) fn set_ice(&mut self, ice: &Ice) {
        self.command(RoomCommand::SetIce(reachable(ice)));
    }

    /// Does what time brings, and whatever follows from anything that happened.
    pub(super) fn settle(&mut self, around: Around) {
        let now = around.base.now;
        if self.stale_until.is_some_and(|until| now >= until) {
            (self.stale_until, self.membership, self.present) = (None, Membership::None, Present::default());
        }
        self.keep_connection(around);
        let is_busy = self.is_busy(around.base);
        if let Some(connection) = &mut self.connection {
            connection.expect(now, is_busy);
        }
        let action = self.connection.as_mut().and_then(|connection| connection.tick(now));
        self.act(now, action);
        self.offer(around);
        self.seat(around);
        self.tell(around);
        self.instruct(around);
    }

    /// When [`Self::settle`] should come at the latest.
    pub(super) fn next_timeout(&self, is_online: bool) -> Option<Duration> {
        let connection = self.connection.as_ref();
        let again = (connection.is_none() && self.is_wanted() && is_online).then_some(self.again_at);
        let linger = connection.filter(|_| self.place == Place::Away).map(|_| self.left_at + LINGER);
        let has_offer = connection.is_some_and(Connection::has_offer) && is_online;
        let offer = has_offer.then(|| self.offers.next_at(SFU_OFFERS));
        let look = (self.is_look_waiting && is_online).then(|| self.messages.next_at(SFU_MESSAGES));
        let health = connection.and_then(Connection::next_timeout);
        [again, linger, offer, look, health, self.stale_until].into_iter().flatten().min()
    }

    /// What is to be done, in order.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Effect> {
        self.effects.drain(..)
    }

    pub(super) fn has_call(&self, call: CallId) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.id == call)
    }

    /// Whether one takes part in the call of the room one is in.
    pub(super) fn is_member(&self) -> bool {
        self.is_inside() && self.membership == Membership::Member
    }

    /// Whether one is in a room that has as many people as it takes.
    pub(super) fn is_full(&self) -> bool {
        self.is_inside() && self.membership == Membership::Full
    }

    /// Whether one is in a room, and there is no call to take part in.
    pub(super) fn is_refused(&self) -> bool {
        self.is_inside() && self.is_refused
    }

    /// The name of the room one is in, if its people share a call.
    pub(super) fn name(&self) -> Option<&str> {
        if let Place::Inside(name) = &self.place { Some(name) } else { None }
    }

    /// How many of the neighbours have a tile: the first ones.
    pub(super) fn tiles(&self) -> usize {
        self.seats.seated().len()
    }

    /// For how much of the last second the processor held one's pictures back, in percent.
    pub(super) fn strain_percent(&self) -> u8 {
        self.strain_percent
    }

    /// Whether sound or pictures come or are sent.
    fn is_busy(&self, around: Surroundings) -> bool {
        let comes = self.present.voices.iter().any(Option::is_some) || self.present.shows();
        self.is_member() && (comes || self.upload(around).flows())
    }

    const fn is_inside(&self) -> bool {
        matches!(self.place, Place::Inside(_))
    }

    /// Whether a connection is to be made if there is none.
    const fn is_wanted(&self) -> bool {
        matches!(self.place, Place::Inside(_) | Place::Near) && !self.is_refused
    }

    fn keep_connection(&mut self, around: Around) {
        let now = around.base.now;
        let lingers = self.place == Place::Away && now < self.left_at + LINGER;
        if !self.is_wanted() && !lingers {
            self.end(true);
            (self.was_connected, self.failures) = (false, 0);
        } else if self.connection.is_none() && self.is_wanted() && around.is_online && now >= self.again_at {
            let id = around.base.name_call();
            self.last_number += 1;
            self.connection = Some(Connection::new(now, id, self.last_number));
            self.effects.push_back(Effect::Do(MediaOutput::OpenRoom { call: id, ice: reachable(around.base.ice) }));
            self.command(RoomCommand::Offer { restart: false });
        }
        self.was_connected |= self.connection.as_ref().is_some_and(|own| own.state() == CallState::Connected);
    }

    /// Sends the offer that waits, no faster than the relay takes them.
    fn offer(&mut self, around: Around) {
        let Some(connection) = self.connection.as_mut().filter(|connection| connection.has_offer()) else { return };
        if around.is_online && self.offers.take(around.base.now, SFU_OFFERS, 1) {
            let number = connection.number;
            if let Some(description) = connection.take_offer() {
                self.say(ToSfu::Offer { connection: number, description });
            }
        }
    }

    fn seat(&mut self, around: Around) {
        if !self.is_member() {
            self.seats.clear();
            return;
        }
        let guest =
            |(user_id, shares): (UserId, Shares)| Guest { user_id, has_picture: shares.camera || shares.screen };
        let guests: Vec<_> = self.members(around.barred).map(guest).collect();
        let screen = self.present.stage.map(|shown| shown.of);
        let pinned: Vec<_> =
            [screen, self.present.teacher(around.base.own), around.enlarged].into_iter().flatten().collect();
        self.seats.seat(around.base.now, &guests, &self.present.speakers, &pinned);
    }

    /// Tells the SFU what one shares and looks at.
    fn tell(&mut self, around: Around) {
        self.is_look_waiting = false;
        if !around.is_online || !self.connection.as_ref().is_some_and(|connection| connection.is_announced) {
            return;
        }
        if self.told.shares != Some(around.base.shares) {
            self.told.shares = Some(around.base.shares);
            self.say(ToSfu::Share(around.base.shares));
        }
        let looks = self.looks(around);
        if self.told.looks.as_ref() != Some(&looks) {
            if self.messages.take(around.base.now, SFU_MESSAGES, 1) {
                self.told.looks = Some(looks.clone());
                self.say(ToSfu::Look(looks));
            } else {
                self.is_look_waiting = true;
            }
        }
    }

    fn looks(&self, around: Around) -> Vec<Look> {
        if !self.is_member() || !around.is_looking {
            return Vec::new();
        }
        let members: HashMap<_, _> = self.members(around.barred).collect();
        let large = around.enlarged.filter(|enlarged| self.present.screen(*enlarged).is_none());
        let has_camera = |user_id: &UserId| members.get(user_id).is_some_and(|shares| shares.camera);
        let is_seen = |user_id: &UserId| around.sight.sees(*user_id) || large == Some(*user_id);
        let seated = self.seats.seated().iter().copied().filter(|user_id| has_camera(user_id) && is_seen(user_id));
        let seated: Vec<_> = seated.collect();
        let sights = Sights {
            has_screen: members.values().any(|shares| shares.screen),
            teacher: self.present.teacher(around.base.own),
            large,
            has_stage: around.enlarged.is_some(),
            speakers: &self.present.speakers,
            seated: &seated,
            tiles: self.tiles(),
        };
        looks(sights, &self.numbers)
    }

    fn act(&mut self, now: Duration, action: Option<Action>) {
        match action {
            Some(Action::Command(command)) => self.command(command),
            Some(Action::GiveUp) => self.fail(now, true),
            None => {}
        }
    }

    fn refused(&mut self, now: Duration, why: SfuRefusal) {
        match why {
            // An earlier offer of this browser did: this one was spoilt by chance.
            SfuRefusal::BadOffer if self.was_accepted => self.fail(now, false),
            SfuRefusal::NoSfu | SfuRefusal::BadOffer => {
                self.end(false);
                self.is_refused = true;
            }
            SfuRefusal::Busy | SfuRefusal::NotNear => {
                self.failures = self.failures.max(BUSY_FAILURES);
                self.fail(now, false);
            }
            SfuRefusal::Lost => self.fail(now, false),
        }
    }

    /// The connection is of no use any more; another one is made a little later.
    fn fail(&mut self, now: Duration, tells: bool) {
        if self.connection.as_ref().is_some_and(|connection| connection.has_stood(now)) {
            self.failures = 0;
        }
        self.end(tells);
        self.again_at = now + AGAIN.wait(self.failures);
        self.failures += 1;
    }

    fn end(&mut self, tells: bool) {
        let Some(connection) = self.connection.take() else { return };
        self.effects.push_back(Effect::Do(MediaOutput::CloseRoom(connection.id)));
        if tells && connection.is_announced {
            self.say(ToSfu::Close { connection: connection.number });
        }
        // What is wanted of one holds for the next connection too: it is said on changes alone.
        (self.told, self.strain_percent) = (Told::default(), 0);
    }

    fn command(&mut self, command: RoomCommand) {
        if let Some(connection) = &self.connection {
            self.effects.push_back(Effect::Do(MediaOutput::CommandRoom(connection.id, command)));
        }
    }

    fn say(&mut self, message: ToSfu) {
        self.effects.push_back(Effect::Tell(ToRelay::Room(Box::new(message))));
    }
}

/// How the SFU is reached: it knows one's address anyway, so there is nothing to hide.
fn reachable(ice: &Ice) -> Ice {
    Ice { only_relayed: false, ..ice.clone() }
}
