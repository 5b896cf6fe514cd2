//! Everything a client knows and decides, without engine, browser, socket or clock.
//!
//! A shell tells the session what happens ([`Input`]) and does what it asks for ([`Output`]); time comes in with each
//! input. So it runs the same in a page, a window, a bot and a test, and goes on when a tab is hidden and nothing is
//! drawn. Read [`connection`] for how the relay is reached, [`walking`] for one's own avatar and [`doors`] that stop it, [`roster`] for everybody
//! else's, [`chat`] for conversations, [`oneself`] for what else one does, [`hearing`] for what the relay says, [`news`]
//! for what is told in passing, [`memory`] for what is kept between visits, and [`snapshot`] for what others may look
//! at from outside.

mod away;
mod calls;
pub mod chat;
mod connection;
mod doors;
mod hearing;
pub mod memory;
mod messages;
pub mod news;
mod oneself;
mod random;
pub mod roster;
pub mod snapshot;
mod spots;
mod telling;
#[cfg(test)]
pub(crate) mod tests;
pub mod walking;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use shared::{
    chat::{Channel, ChatText, Emote},
    identity::{Identity, UserId},
    map::{Map, MapHash},
    movement::{Edge, Pose},
    position::Position,
    profile::Profile,
    protocol::{Label, MapRef, Number, ToRelay},
    rate::Bucket,
};

use self::{
    away::Idling,
    chat::{Chats, Circumstances, Effect, Key, Unsaid},
    connection::Line,
    memory::{Entry, Memory},
    news::Feed,
    random::Random,
    roster::Roster,
    telling::Telling,
    walking::Walker,
};
pub use self::{
    connection::{Connection, Trouble},
    messages::{Input, Output, Setup},
    oneself::EMOTE_SHOWN,
};
use crate::media::Media;

/// Time since [`EPOCH`] before the program began; it never runs backwards.
pub type Time = Duration;

/// What a shell's clock begins with instead of zero, so that what happened up to 2^32 ms before the program began has
/// a time too.
pub const EPOCH: Time = Duration::from_millis(1 << 32);

/// A client's side of the classroom.
pub struct Session {
    identity: Identity,
    line: Line,
    profile: Option<Profile>,
    spawn: Option<Label>,
    place: Option<Edge>,
    map: Option<Arc<Map>>,
    /// The map the relay named, while it is not there yet.
    wanted_map: Option<MapRef>,
    own_number: Option<Number>,
    walker: Option<Walker>,
    roster: Roster,
    /// Whom one is shown the way to, and since when.
    finding: Option<(UserId, Time)>,
    own_emote: Option<(Emote, Time)>,
    /// So that the relay never has to refuse one.
    emotes: Bucket,
    waves: Bucket,
    /// What is said nearby, over links.
    remarks: Bucket,
    chats: Chats,
    feed: Feed,
    idling: Idling,
    telling: Telling,
    media: Media,
    /// When the wall clock was read last, and what it showed in milliseconds since 1970.
    clock: (Time, u64),
    forgets: bool,
    /// When something was handled last, and whether one was in a room or shared something then.
    handled_at: Time,
    is_present: bool,
    outputs: VecDeque<Output>,
    revision: u64,
}

impl Session {
    /// A session that waits in the lobby.
    pub fn new(setup: Setup) -> Self {
        let mut chats = Chats::new(setup.identity.user_id(), setup.seed);
        for (key, value) in &setup.memory.chats {
            chats.load(key, value);
        }
        chats.loaded();
        let Memory { profile, place, people, calls, loudness, .. } = setup.memory;
        let instance = Random::new(setup.seed.rotate_left(32)).next();
        let media = Media::new(setup.identity.user_id(), instance, setup.calls, calls, loudness);
        let mut session = Self {
            identity: setup.identity,
            line: Line::new(setup.relay_url, setup.seed),
            profile,
            spawn: None,
            place,
            map: None,
            wanted_map: None,
            own_number: None,
            walker: None,
            roster: Roster::remembering(people),
            finding: None,
            own_emote: None,
            emotes: Bucket::default(),
            waves: Bucket::default(),
            remarks: Bucket::default(),
            chats,
            feed: Feed::default(),
            idling: Idling::default(),
            telling: Telling::default(),
            media,
            clock: (EPOCH, setup.unix_ms),
            forgets: false,
            handled_at: EPOCH,
            is_present: false,
            outputs: VecDeque::new(),
            revision: 0,
        };
        session.bar(EPOCH);
        session
    }

    /// Takes in what happened at that time. Afterwards [`Self::poll`] until there is nothing more to do.
    pub fn handle(&mut self, now: Time, input: Input) {
        if !matches!(input, Input::Tick | Input::Stirred | Input::Clock(_) | Input::WriteTo(_)) {
            self.revision += 1;
        }
        if input.is_by_hand() {
            self.stir(now);
        }
        if matches!(input, Input::Steer(Some(_)) | Input::WalkTo(_)) {
            self.look_at_doors(now);
        }
        match input {
            Input::Enter { profile, spawn } => self.enter(now, profile, spawn),
            Input::Steer(direction) => self.walk(|walker, map| walker.steer(map, now, direction)),
            Input::WalkTo(place) => self.walk(|walker, map| walker.walk_to(map, now, place)),
            Input::StopRoute => self.walk(|walker, map| walker.stop_route(map, now)),
            Input::Find(whom) => self.finding = whom.map(|whom| (whom, now)),
            Input::Emote(emote) => self.show_emote(now, emote),
            Input::Wave(at) => self.wave(now, at),
            Input::Say { key, text } => self.chat(now, |chats, situation| chats.say(situation, key, text)),
            Input::WriteTo(to) => self.chat(now, |chats, situation| chats.write_to(situation, to)),
            Input::Read(key) => self.chats.read(key),
            Input::Block(who, is_blocked) => {
                self.roster.block(who, is_blocked);
                self.bar(now);
            }
            Input::ForgetConversation(with) => self.chats.forget(with),
            Input::Clock(unix_ms) => self.clock = (now, unix_ms),
            Input::StoredElsewhere(entry) => self.stored_elsewhere(now, &entry),
            Input::NotRemembered => self.forgets = true,
            Input::SetName(name) => self.change_profile(|profile| profile.name = name),
            Input::SetStatus(status) => {
                self.idling.chose();
                self.change_profile(|profile| profile.status = status);
            }
            Input::SetAppearance(look) => self.change_profile(|profile| profile.appearance = look),
            Input::ComeBack => self.line.come_back(now),
            Input::LookAround => self.line.look_around(now),
            Input::SocketReceived(bytes) => self.received(now, &bytes),
            Input::SocketClosed(code) => self.line.closed(now, code),
            Input::MapLoaded(map) => self.map_loaded(now, map),
            Input::MapFailed => self.line.map_failed(now),
            Input::Media(input) => self.media_input(now, input),
            // The relay speaks first.
            Input::SocketOpened | Input::Stirred | Input::Tick => {}
        }
        if self.walker.as_ref().is_some_and(Walker::is_under_way) {
            self.look_at_doors(now);
        }
        self.walk(|walker, map| walker.step(map, now));
        self.line.tick(now);
        self.nod_off(now);
        self.tell_profile(now);
        self.chat(now, Chats::tick);
        self.remember_people();
        self.call(now);
        self.outputs.extend(self.chats.drain_returned().map(Output::PutBack));
        self.drain_line(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Tick`] should come at the latest, even if nothing happens.
    pub fn next_timeout(&self) -> Option<Time> {
        let walking = self.walker.as_ref().and_then(Walker::next_timeout);
        let status = self.profile.as_ref().map(|profile| profile.status);
        let idling = status.and_then(|status| self.idling.next_timeout(status, self.is_present));
        // What waits for its time in a conversation is due relative to the last time anything happened.
        let chats = self.chats.next_timeout(self.circumstances(self.handled_at));
        let telling = self.profile.as_ref().and_then(|profile| self.telling.next_timeout(profile));
        let is_online = self.line.connection() == Connection::Online;
        let telling = telling.filter(|_| is_online);
        let media = self.media.next_timeout();
        [walking, self.line.next_timeout(), idling, chats, telling, media].into_iter().flatten().min()
    }

    /// A number that grows whenever something may have changed besides the poses of those who walk.
    pub fn revision(&self) -> u64 {
        self.revision + self.line.revision() + self.roster.revision() + self.chats.revision() + self.media.revision()
    }

    /// How things stand with the relay.
    pub fn connection(&self) -> Connection {
        self.line.connection()
    }

    /// What is in the way of being online, if something is.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.line.trouble()
    }

    /// The relay that is dialled.
    pub fn relay_url(&self) -> &str {
        self.line.url()
    }

    /// Who one is.
    pub fn user_id(&self) -> UserId {
        self.identity.user_id()
    }

    /// What proves who one is: not for others.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// One's own name, status and look; none before the first entry ever.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// Whether one has walked here before, as far as this browser remembers.
    pub fn is_returning(&self) -> bool {
        self.place.is_some()
    }

    /// Whether one is away because one did nothing for a while, until one does something again.
    pub fn is_away_by_itself(&self) -> bool {
        self.idling.is_away()
    }

    /// The map one walks on, once it is there.
    pub fn map(&self) -> Option<&Arc<Map>> {
        self.map.as_ref()
    }

    /// Where one is at that time, once one is in.
    pub fn own_pose(&self, now: Time) -> Option<Pose> {
        let (walker, map) = (self.walker.as_ref()?, self.map.as_ref()?);
        Some(walker.pose(&map.collision, now))
    }

    /// Whom one is shown the way to, and since when; until one moves.
    pub fn finding(&self) -> Option<(UserId, Time)> {
        self.finding
    }

    /// What somebody, perhaps oneself, shows over their head at that time.
    pub fn emote(&self, user_id: UserId, now: Time) -> Option<Emote> {
        let shown = if user_id == self.user_id() {
            self.own_emote
        } else {
            self.roster.person(user_id).filter(|person| !person.is_blocked)?.emote
        };
        shown.filter(|(_, since)| now < *since + EMOTE_SHOWN).map(|(emote, _)| emote)
    }

    /// All conversations.
    pub fn chats(&self) -> &Chats {
        &self.chats
    }

    /// What was told in passing.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Whether something that was to be remembered could not be: it is gone when the page is closed.
    pub fn forgets(&self) -> bool {
        self.forgets
    }

    /// Whether that can be said there now, and the text as it would be said.
    ///
    /// # Errors
    /// If it cannot: the reason, for the person to read.
    pub fn check(&self, now: Time, key: &Key, text: &str) -> Result<ChatText, Unsaid> {
        self.chats.check(self.circumstances(now), key, text)
    }

    /// The room one is in at that time, quiet ones included.
    pub fn room(&self, now: Time) -> Option<&str> {
        let position = self.own_pose(now)?.point.nearest_position();
        self.map.as_ref()?.zone_at(position).map(|zone| zone.name.as_str())
    }

    /// The wall clock at that time: milliseconds since 1970.
    pub fn unix_ms(&self, now: Time) -> u64 {
        let (read, showed) = self.clock;
        showed + now.saturating_sub(read).as_millis() as u64
    }

    fn circumstances(&self, now: Time) -> Circumstances<'_> {
        Circumstances {
            now,
            unix_ms: self.unix_ms(now),
            is_online: self.line.connection() == Connection::Online,
            roster: &self.roster,
            room: self.room(now),
        }
    }

    /// Where one is walking to by the shortest way, and the corners in between, one's own place not among them.
    pub fn route(&self) -> Vec<Position> {
        self.walker.as_ref().map(Walker::route).unwrap_or_default()
    }

    /// Everybody else who is known.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Whether anybody, oneself included, is walking at that time: else the picture stands still.
    pub fn is_anybody_moving(&self, now: Time) -> bool {
        let Some(map) = &self.map else { return false };
        let own = self.walker.as_ref().is_some_and(|walker| walker.pose(&map.collision, now).is_moving);
        own || self.roster.people().any(|person| person.online && person.pose(Some(&map.collision), now).is_moving)
    }

    fn walk(&mut self, change: impl FnOnce(&mut Walker, &Map)) {
        let (Some(walker), Some(map)) = (&mut self.walker, &self.map) else { return };
        change(walker, map);
        while let Some(edge) = walker.poll() {
            self.revision += 1;
            self.line.send_if_online(&ToRelay::Moved(edge));
            if edge.is_moving {
                self.finding = None;
            } else {
                // Where one stands; a tab that another one took over from does not walk.
                self.outputs.push_back(Output::Remember(Entry::place(edge)));
            }
        }
    }

    /// Has the conversations do something, and does what they ask for.
    fn chat<R>(&mut self, now: Time, change: impl FnOnce(&mut Chats, Circumstances) -> R) -> R {
        // They are taken out meanwhile, because the circumstances are all the rest.
        let mut chats = std::mem::replace(&mut self.chats, Chats::new(self.identity.user_id(), 0));
        let result = change(&mut chats, self.circumstances(now));
        self.chats = chats;
        let effects: Vec<_> = self.chats.drain().collect();
        for effect in effects {
            match effect {
                Effect::Send(ToRelay::Say { channel: Channel::Nearby, id, text }) => {
                    if let Some(message) = self.say_nearby(now, id, &text) {
                        self.line.send_if_online(&message);
                    }
                }
                Effect::Send(message) => self.line.send_if_online(&message),
                Effect::Keep(entry) => self.remember(entry),
            }
        }
        result
    }

    /// Keeps something, unless another tab took over: what that one keeps is newer.
    fn remember(&mut self, entry: Entry) {
        if self.line.connection() != Connection::Replaced {
            self.outputs.push_back(Output::Remember(entry));
        }
    }

    fn remember_people(&mut self) {
        let touched = self.roster.take_touched();
        for (user_id, acquaintance) in touched {
            self.remember(acquaintance.map_or_else(|| Entry::no_person(user_id), |person| Entry::person(&person)));
        }
    }

    fn stored_elsewhere(&mut self, now: Time, entry: &Entry) {
        let Entry { key, value } = entry;
        if let Some(user_id) = memory::person_of(key) {
            let acquaintance = value.as_ref().and_then(|value| memory::read_person(user_id, value));
            if let Some(acquaintance) = acquaintance {
                self.roster.recall(acquaintance);
                self.bar(now);
            }
        } else {
            self.chats.stored_elsewhere(key, value.as_deref());
        }
    }

    /// One's calls, and what one shares.
    pub fn media(&self) -> &Media {
        &self.media
    }

    /// The map that is drawn has this name, once it is there.
    pub fn map_hash(&self) -> Option<MapHash> {
        self.map.as_ref().map(|map| map.hash)
    }
}
