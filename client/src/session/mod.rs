//! Everything a client knows and decides, without engine, browser, socket or clock.
//!
//! A shell tells the session what happens ([`Input`]) and does what it asks for ([`Output`]); time comes in with each
//! input. So it runs the same in a page, a window, a bot and a test, and goes on when a tab is hidden and nothing is
//! drawn. Read [`connection`] for how the relay is reached, [`walking`] for one's own avatar, [`roster`] for everybody
//! else's, [`chat`] for conversations, [`news`] for what is told in passing, [`memory`] for what is kept between visits, and [`snapshot`] for what others may look at from outside.

mod away;
pub mod chat;
mod connection;
pub mod memory;
pub mod news;
mod random;
pub mod roster;
pub mod snapshot;
mod telling;
#[cfg(test)]
pub(crate) mod tests;
pub mod walking;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use shared::{
    chat::{ChatText, Emote},
    identity::{Identity, UserId},
    limits::{EMOTES, WAVES},
    map::{Map, MapHash},
    movement::{Edge, Pose},
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{self, Event, Label, MapRef, Number, Remark, ToClient, ToRelay, Welcome, Where, codec},
    rate::Bucket,
};

pub use self::connection::{Connection, Trouble};
use self::{
    away::Idling,
    chat::{Chats, Circumstances, Effect, Key, Returned, Unsaid},
    connection::Line,
    memory::{Entry, Memory},
    news::{Chime, Feed, What},
    roster::Roster,
    telling::Telling,
    walking::Walker,
};

/// Time since [`EPOCH`] before the program began; it never runs backwards.
pub type Time = Duration;

/// What a shell's clock begins with instead of zero, so that what happened up to 2^32 ms before the program began has
/// a time too.
pub const EPOCH: Time = Duration::from_millis(1 << 32);

/// How long an emote is shown over a head.
pub const EMOTE_SHOWN: Duration = Duration::from_secs(4);

/// What happens.
#[derive(Clone, Debug)]
pub enum Input {
    /// The person leaves the lobby and goes in.
    Enter {
        /// Name and look; kept for the next visit.
        profile: Profile,
        /// The spawn point asked for, if one's last place is not to be taken.
        spawn: Option<Label>,
    },
    /// The direction that keys or thumb ask for from now on; `None` when they are let go or the focus is lost.
    Steer(Option<Direction>),
    /// Walk there by the shortest way.
    WalkTo(Position),
    /// Stop walking by the shortest way.
    StopRoute,
    /// Show where somebody is, until one moves; nobody any more if `None`.
    Find(Option<UserId>),
    /// Show this over one's head.
    Emote(Emote),
    /// Wave at somebody.
    Wave(UserId),
    /// Say something; [`Session::check`] says beforehand whether it can be.
    Say {
        /// To whom.
        key: Key,
        /// What.
        text: ChatText,
    },
    /// One is writing to that person.
    WriteTo(UserId),
    /// That conversation is looked at from now on, or none.
    Read(Option<Key>),
    /// Do not hear from somebody any more, or again.
    Block(UserId, bool),
    /// Forget the conversation with somebody.
    ForgetConversation(UserId),
    /// The person pressed a key, moved the mouse or touched the screen.
    Stirred,
    /// The wall clock was read: milliseconds since 1970.
    Clock(u64),
    /// Another tab of the same browser kept this, or forgot it.
    StoredElsewhere(Entry),
    /// Something that was to be remembered could not be.
    NotRemembered,
    /// Be called differently.
    SetName(Name),
    /// Have another status.
    SetStatus(Status),
    /// Look different.
    SetAppearance(Appearance),
    /// The person wants to be back in: after another tab took over, or without waiting for the next attempt.
    ComeBack,
    /// The machine woke, the network changed, or the page is looked at again: is the relay still there?
    LookAround,
    /// The socket that was dialled is open.
    SocketOpened,
    /// A whole binary message came.
    SocketReceived(Vec<u8>),
    /// The socket is closed, or could not be opened; the code if the relay gave one.
    SocketClosed(Option<u16>),
    /// The map that was asked for is there.
    MapLoaded(Arc<Map>),
    /// The map that was asked for could not be had.
    MapFailed,
    /// Time passed.
    Tick,
}

impl Input {
    /// Whether only a person does this, who then is not away.
    const fn is_by_hand(&self) -> bool {
        matches!(
            self,
            Self::Stirred
                | Self::Steer(Some(_))
                | Self::WalkTo(_)
                | Self::Emote(_)
                | Self::Wave(_)
                | Self::Say { .. }
                | Self::WriteTo(_)
        )
    }
}

/// What is to be done. Whoever does it forgets about it: everything that must be repeated is asked for again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a socket to this URL; an earlier one is of no use any more.
    Dial(String),
    /// Send this as one binary message.
    Send(Vec<u8>),
    /// Close the socket, properly.
    HangUp,
    /// Get this map and say [`Input::MapLoaded`].
    FetchMap(MapRef),
    /// Keep this for the next visit.
    Remember(Entry),
    /// Make a sound.
    Chime(Chime),
    /// A text could not be said after all: put it back where it was written, and say why.
    PutBack(Returned),
}

/// What a session is begun with.
pub struct Setup {
    /// Who one is.
    pub identity: Identity,
    /// The URL to dial: also what the hello is signed for.
    pub relay_url: String,
    /// What is known from the last visit.
    pub memory: Memory,
    /// Any number; two sessions should have different ones.
    pub seed: u64,
    /// What the wall clock showed at [`EPOCH`]: milliseconds since 1970.
    pub unix_ms: u64,
}

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
    chats: Chats,
    feed: Feed,
    idling: Idling,
    telling: Telling,
    /// When the wall clock was read last, and what it showed in milliseconds since 1970.
    clock: (Time, u64),
    forgets: bool,
    /// When something was handled last, and whether one was in a room then.
    handled_at: Time,
    is_in_room: bool,
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
        Self {
            identity: setup.identity,
            line: Line::new(setup.relay_url, setup.seed),
            profile: setup.memory.profile,
            spawn: None,
            place: setup.memory.place,
            map: None,
            wanted_map: None,
            own_number: None,
            walker: None,
            roster: Roster::remembering(setup.memory.people),
            finding: None,
            own_emote: None,
            emotes: Bucket::default(),
            waves: Bucket::default(),
            chats,
            feed: Feed::default(),
            idling: Idling::default(),
            telling: Telling::default(),
            clock: (EPOCH, setup.unix_ms),
            forgets: false,
            handled_at: EPOCH,
            is_in_room: false,
            outputs: VecDeque::new(),
            revision: 0,
        }
    }

    /// Takes in what happened at that time. Afterwards [`Self::poll`] until there is nothing more to do.
    pub fn handle(&mut self, now: Time, input: Input) {
        if !matches!(input, Input::Tick | Input::Stirred | Input::Clock(_) | Input::WriteTo(_)) {
            self.revision += 1;
        }
        if input.is_by_hand() {
            self.stir(now);
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
            Input::Block(who, is_blocked) => self.roster.block(who, is_blocked),
            Input::ForgetConversation(with) => self.chats.forget(with),
            Input::Clock(unix_ms) => self.clock = (now, unix_ms),
            Input::StoredElsewhere(entry) => self.stored_elsewhere(&entry),
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
            // The relay speaks first.
            Input::SocketOpened | Input::Stirred | Input::Tick => {}
        }
        self.walk(|walker, map| walker.step(map, now));
        self.line.tick(now);
        self.nod_off(now);
        self.tell_profile(now);
        self.chat(now, Chats::tick);
        self.remember_people();
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
        let idling = status.and_then(|status| self.idling.next_timeout(status, self.is_in_room));
        // What waits for its time in a conversation is due relative to the last time anything happened.
        let chats = self.chats.next_timeout(self.circumstances(self.handled_at));
        let telling = self.profile.as_ref().and_then(|profile| self.telling.next_timeout(profile));
        let is_online = self.line.connection() == Connection::Online;
        let telling = telling.filter(|_| is_online);
        [walking, self.line.next_timeout(), idling, chats, telling].into_iter().flatten().min()
    }

    /// A number that grows whenever something may have changed besides the poses of those who walk.
    pub fn revision(&self) -> u64 {
        self.revision + self.line.revision() + self.roster.revision() + self.chats.revision()
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

    fn enter(&mut self, now: Time, profile: Profile, spawn: Option<Label>) {
        self.remember(Entry::profile(&profile));
        self.idling.stirred(now);
        self.profile = Some(profile);
        if spawn.is_some() {
            self.place = None;
        }
        self.spawn = spawn;
        self.line.enter(now);
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

    fn stored_elsewhere(&mut self, entry: &Entry) {
        let Entry { key, value } = entry;
        if let Some(user_id) = memory::person_of(key) {
            let acquaintance = value.as_ref().and_then(|value| memory::read_person(user_id, value));
            if let Some(acquaintance) = acquaintance {
                self.roster.recall(acquaintance);
            }
        } else {
            self.chats.stored_elsewhere(key, value.as_deref());
        }
    }

    fn stir(&mut self, now: Time) {
        if let Some(status) = self.idling.stirred(now) {
            self.change_profile(|profile| profile.status = status);
        }
    }

    /// Who does nothing for a while is away, unless they are in a room: there they listen.
    fn nod_off(&mut self, now: Time) {
        self.handled_at = now;
        self.is_in_room = self.room(now).is_some();
        let Some(profile) = &self.profile else { return };
        if self.idling.nods_off(now, profile.status, self.is_in_room) {
            self.change_profile(|profile| profile.status = Status::Away);
        }
    }

    fn wave(&mut self, now: Time, at: UserId) {
        if self.roster.is_online(at) && !self.roster.is_blocked(at) && self.waves.take(now, WAVES, 1) {
            self.line.send_if_online(&ToRelay::Wave(at));
        }
    }

    /// Whether one may wave again: not too often.
    pub fn may_wave(&self, now: Time) -> bool {
        self.waves.next_at(WAVES) <= now
    }

    fn waved_at(&mut self, now: Time, from: UserId) {
        if self.roster.is_online(from) && !self.roster.is_blocked(from) {
            self.feed.add(now, What::Waved(from));
            self.chime(Chime::Wave);
        }
    }

    /// Makes a sound, unless one does not want to be disturbed.
    fn chime(&mut self, chime: Chime) {
        if self.profile.as_ref().is_some_and(|profile| profile.status != Status::DoNotDisturb) {
            self.outputs.push_back(Output::Chime(chime));
        }
    }

    fn show_emote(&mut self, now: Time, emote: Emote) {
        if self.emotes.take(now, EMOTES, 1) {
            self.own_emote = Some((emote, now));
            self.line.send_if_online(&ToRelay::Emote(emote));
        }
    }

    fn change_profile(&mut self, change: impl FnOnce(&mut Profile)) {
        let Some(profile) = &mut self.profile else { return };
        change(profile);
        let entry = Entry::profile(profile);
        self.remember(entry);
    }

    /// Tells the relay what it does not know of one's profile yet.
    fn tell_profile(&mut self, now: Time) {
        let is_online = self.line.connection() == Connection::Online;
        if let Some(profile) = self.profile.as_ref().filter(|_| is_online) {
            for message in self.telling.take(now, profile) {
                self.line.send_if_online(&message);
            }
        }
    }

    fn received(&mut self, now: Time, bytes: &[u8]) {
        self.line.heard(now);
        match codec::decode_to_client(bytes) {
            Ok(message) => self.understood(now, message),
            // A relay of another version may say things that this one does not know.
            Err(_) => self.line.not_understood(now, codec::version_of(bytes)),
        }
    }

    fn understood(&mut self, now: Time, message: ToClient) {
        match message {
            ToClient::Challenge { version, nonce } => {
                let place = self.walker.as_ref().zip(self.map.as_ref());
                let place = place.map(|(walker, map)| walker.pose(&map.collision, now).edge()).or(self.place);
                self.place = place;
                if let Some(profile) = self.profile.clone() {
                    self.telling.introduced(profile.clone());
                    self.line.challenged(now, &self.identity, version, &nonce, profile, place, self.spawn.clone());
                }
            }
            ToClient::Welcome(welcome) => self.welcomed(now, *welcome),
            ToClient::Happened(events) => {
                for event in events {
                    self.happened(now, event);
                }
            }
            ToClient::Moved(edges) => self.roster.moved(now, &edges),
            ToClient::Places(placed) => self.roster.placed(now, &placed),
            ToClient::Refused(refusal) => self.line.refused(now, refusal),
            ToClient::Notice(notice) => self.line.noticed(notice),
            ToClient::Restarting { after_ms } => self.line.restarting(now, after_ms),
            ToClient::Pong => {}
            ToClient::Said { place, remark } => self.said(now, place, *remark),
            ToClient::History { place, remarks } => {
                self.chat(now, |chats, situation| chats.history(situation, place, remarks));
            }
            ToClient::Answered { id, outcome } => self.chats.answered(id, outcome),
            ToClient::DirectReceived(direct) => self.direct_received(now, *direct),
            ToClient::Delivered { by, id } => {
                self.chat(now, |chats, situation| chats.delivered(situation, by, id));
            }
            ToClient::Typing(from) => self.chat(now, |chats, situation| chats.is_being_written_to(situation, from)),
            ToClient::Waved(from) => self.waved_at(now, from),
        }
    }

    fn said(&mut self, now: Time, place: Where, remark: Remark) {
        let from = remark.from;
        let key = self.chat(now, |chats, situation| chats.said(situation, place, remark));
        if let Some(key) = key.filter(|key| self.chats.unread(key) > 0) {
            self.feed.add(now, What::Wrote { from, key });
        }
    }

    fn direct_received(&mut self, now: Time, direct: protocol::Direct) {
        let from = direct.with;
        let is_new = self.chat(now, |chats, situation| chats.received(situation, direct));
        let key = Key::Direct(from);
        if is_new && self.chats.unread(&key) > 0 {
            self.feed.add(now, What::Wrote { from, key });
            self.chime(Chime::Message);
        }
    }

    fn happened(&mut self, now: Time, event: Event) {
        match &event {
            Event::Joined(participant) => {
                let user_id = participant.user_id;
                if Some(participant.number) == self.own_number || user_id == self.user_id() {
                    return;
                }
                self.roster.happened(now, self.unix_ms(now), event);
                self.feed.add(now, What::Came(user_id));
                self.chat(now, |chats, situation| chats.saw(situation, user_id));
            }
            Event::Left(number) => {
                if let Some(user_id) = self.roster.numbered(*number).map(|person| person.user_id) {
                    self.feed.add(now, What::Left(user_id));
                }
                self.roster.happened(now, self.unix_ms(now), event);
                self.forget_some_people();
            }
            _ => self.roster.happened(now, self.unix_ms(now), event),
        }
    }

    /// Those with whom one has a conversation are remembered as long as that.
    fn forget_some_people(&mut self) {
        let chats = &self.chats;
        self.roster.forget_some(|user_id| chats.direct(user_id).is_some());
    }

    fn welcomed(&mut self, now: Time, welcome: Welcome) {
        self.own_number = Some(welcome.number);
        self.roster.welcome(now, self.unix_ms(now), self.identity.user_id(), welcome.participants);
        self.forget_some_people();
        let is_where_one_was = self.place.is_some_and(|place| place.position == welcome.edge.position);
        match (&mut self.walker, &self.map) {
            // A walk that went on while the connection was away goes on.
            (Some(walker), Some(map)) if is_where_one_was => walker.tell_again(&map.collision, now, welcome.edge),
            (walker, _) => *walker = Some(Walker::new(now, welcome.edge)),
        }
        // One came in; coming back is to where one was, not to the spawn point.
        self.spawn = None;
        self.place = Some(welcome.edge);
        self.line.welcomed(now);
        if self.map.as_ref().is_none_or(|map| map.hash != welcome.map.hash) {
            self.wanted_map = Some(welcome.map.clone());
            self.outputs.push_back(Output::FetchMap(welcome.map));
        }
        self.chat(now, Chats::came_in);
    }

    fn map_loaded(&mut self, now: Time, map: Arc<Map>) {
        let is_wanted = |wanted: &MapRef| wanted.hash == map.hash;
        match &self.wanted_map {
            None => {}
            Some(wanted) if is_wanted(wanted) => self.wanted_map = None,
            // The relay's map changed in between: it says so in its next welcome.
            Some(_) => return self.line.map_failed(now),
        }
        self.map = Some(map);
    }

    /// The map that is drawn has this name, once it is there.
    pub fn map_hash(&self) -> Option<MapHash> {
        self.map.as_ref().map(|map| map.hash)
    }

    fn drain_line(&mut self, now: Time) {
        if self.line.is_lost() {
            self.roster.connection_lost(now, self.map.as_deref());
            self.chat(now, Chats::lost);
        }
        self.outputs.extend(self.line.drain());
    }
}
