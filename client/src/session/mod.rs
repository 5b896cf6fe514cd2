//! Everything a client knows and decides, without engine, browser, socket or clock.
//!
//! A shell tells the session what happens ([`Input`]) and does what it asks for ([`Output`]); time comes in with each
//! input. So it runs the same in a page, a window, a bot and a test, and goes on when a tab is hidden and nothing is
//! drawn. Read [`connection`] for how the relay is reached, [`walking`] for one's own avatar, [`roster`] for everybody
//! else's, [`memory`] for what is kept between visits, and [`snapshot`] for what others may look at from outside.

mod connection;
pub mod memory;
pub mod roster;
pub mod snapshot;
#[cfg(test)]
pub(crate) mod tests;
pub mod walking;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use shared::{
    chat::Emote,
    identity::{Identity, UserId},
    limits::EMOTES,
    map::{Map, MapHash},
    movement::{Edge, Pose},
    position::{Direction, Position},
    profile::{Appearance, Name, Profile, Status},
    protocol::{Event, Label, MapRef, Number, ToClient, ToRelay, Welcome, codec},
    rate::Bucket,
};

pub use self::connection::{Connection, Trouble};
use self::{connection::Line, memory::Memory, roster::Roster, walking::Walker};

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
    Remember(memory::Entry),
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
    outputs: VecDeque<Output>,
    revision: u64,
}

impl Session {
    /// A session that waits in the lobby.
    pub fn new(setup: Setup) -> Self {
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
            roster: Roster::default(),
            finding: None,
            own_emote: None,
            emotes: Bucket::default(),
            outputs: VecDeque::new(),
            revision: 0,
        }
    }

    /// Takes in what happened at that time. Afterwards [`Self::poll`] until there is nothing more to do.
    pub fn handle(&mut self, now: Time, input: Input) {
        if !matches!(input, Input::Tick) {
            self.revision += 1;
        }
        match input {
            Input::Enter { profile, spawn } => self.enter(now, profile, spawn),
            Input::Steer(direction) => self.walk(|walker, map| walker.steer(map, now, direction)),
            Input::WalkTo(place) => self.walk(|walker, map| walker.walk_to(map, now, place)),
            Input::StopRoute => self.walk(|walker, map| walker.stop_route(map, now)),
            Input::Find(whom) => self.finding = whom.map(|whom| (whom, now)),
            Input::Emote(emote) => self.show_emote(now, emote),
            Input::SetName(name) => self.change_profile(ToRelay::SetName(name.clone()), |profile| profile.name = name),
            Input::SetStatus(status) => {
                self.change_profile(ToRelay::SetStatus(status), |profile| profile.status = status);
            }
            Input::SetAppearance(look) => {
                self.change_profile(ToRelay::SetAppearance(look), |profile| profile.appearance = look);
            }
            Input::ComeBack => self.line.come_back(now),
            Input::LookAround => self.line.look_around(now),
            Input::SocketReceived(bytes) => self.received(now, &bytes),
            Input::SocketClosed(code) => self.line.closed(now, code),
            Input::MapLoaded(map) => self.map_loaded(now, map),
            Input::MapFailed => self.line.map_failed(now),
            // The relay speaks first.
            Input::SocketOpened | Input::Tick => {}
        }
        self.walk(|walker, map| walker.step(map, now));
        self.line.tick(now);
        self.drain_line(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Tick`] should come at the latest, even if nothing happens.
    pub fn next_timeout(&self) -> Option<Time> {
        let walking = self.walker.as_ref().and_then(Walker::next_timeout);
        [walking, self.line.next_timeout()].into_iter().flatten().min()
    }

    /// A number that grows whenever something may have changed besides the poses of those who walk.
    pub fn revision(&self) -> u64 {
        self.revision + self.line.revision() + self.roster.revision()
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

    /// One's own name, status and look; none before the first entry ever.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
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
        let shown = if user_id == self.user_id() { self.own_emote } else { self.roster.person(user_id)?.emote };
        shown.filter(|(_, since)| now < *since + EMOTE_SHOWN).map(|(emote, _)| emote)
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
        self.outputs.push_back(Output::Remember(memory::Entry::profile(&profile)));
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
                self.outputs.push_back(Output::Remember(memory::Entry::place(edge)));
            }
        }
    }

    fn show_emote(&mut self, now: Time, emote: Emote) {
        if self.emotes.take(now, EMOTES, 1) {
            self.own_emote = Some((emote, now));
            self.line.send_if_online(&ToRelay::Emote(emote));
        }
    }

    fn change_profile(&mut self, message: ToRelay, change: impl FnOnce(&mut Profile)) {
        let Some(profile) = &mut self.profile else { return };
        change(profile);
        self.outputs.push_back(Output::Remember(memory::Entry::profile(profile)));
        self.line.send_if_online(&message);
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
            // Until there are conversations.
            _ => {}
        }
    }

    fn happened(&mut self, now: Time, event: Event) {
        if let Event::Joined(participant) = &event
            && (Some(participant.number) == self.own_number || participant.user_id == self.user_id())
        {
            return;
        }
        self.roster.happened(now, event);
    }

    fn welcomed(&mut self, now: Time, welcome: Welcome) {
        self.own_number = Some(welcome.number);
        self.roster.welcome(now, self.identity.user_id(), welcome.participants);
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
        }
        self.outputs.extend(self.line.drain());
    }
}
