//! Calls with those who are near: whom one calls, how the two machines find each other, what is shared, how loud it
//! is. Pure: [`Media::handle`] takes what happens, [`Media::drain`] gives what is to be done, and `browser::media` does
//! it with the browser's own connections.
//!
//! Read [`messages`] first: what goes in and out. [`shared::proximity::Neighbours`] says with whom one talks. For each
//! of them there is a [`peer`]: a *link* (matchbox's data channels; [`signalling`] hears of introductions by the relay),
//! on it [`courier`] carries messages that survive the link, and [`negotiation`] sets up the *call*, a connection of
//! our own for sound and pictures; [`health`] says when it needs help. Inside of rooms there is one connection for all,
//! to the relay: [`room`]. [`sharing`] is one's own devices, [`sight`] whose pictures are in view; [`known`] is what panels
//! read of all this.

mod backoff;
mod companions;
mod courier;
mod description;
pub mod encoding;
mod health;
mod hub;
mod known;
mod limits;
pub mod messages;
mod negotiation;
mod neighbour;
mod peer;
mod room;
pub mod scene;
mod sharing;
mod sight;
mod signalling;
#[cfg(test)]
mod tests;
pub mod turns;
pub mod voice;

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    time::Duration,
};

use shared::{
    chat::{ChatText, MessageId},
    identity::UserId,
    profile::Status,
    protocol::{IceServers, PeerId, Ticket, ToRelay, link::LinkMessage, room::FromSfu},
    proximity::Neighbours,
    rate::Bucket,
};

use self::{
    companions::Companions,
    peer::Peer,
    room::{Numbers, Room},
    sharing::{Sharing, Strain},
    sight::Sight,
    signalling::Signalling,
};
pub use self::{
    description::tuned,
    messages::{
        CallCommand, CallEvent, CallId, CallState, ConnectionState, Device, DeviceTrouble, Failure, Ice, LinkEvent,
        LinkId, Loudness, MediaInput, MediaOutput, Preferences, RoomCommand, Sending, Signal, Switch, Upload, Volumes,
    },
    neighbour::{Claim, Neighbour, Transport},
    scene::Scene,
};

/// How often it is looked who is near: a walker comes 0.4 tiles nearer meanwhile. A little less than the tenth of a second
/// after which time is told, or every other look would come a tenth of a second late.
pub const LOOK_EVERY: Duration = Duration::from_millis(90);

/// Whether a client has calls, and who introduces its machine to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calls {
    /// It has none: a bot, or a desktop window.
    Off,
    /// The relay does, and only to those who are near.
    ByRelay,
    /// A stock matchbox server does, in the room of that URL: for development.
    ByServer(String),
}

/// What a session must do for its calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Have the platform do this.
    Do(MediaOutput),
    /// Tell the relay.
    Tell(ToRelay),
    /// Somebody comes into hearing.
    Arrived(UserId),
    /// Somebody near said this.
    Said(UserId, MessageId, ChatText),
    /// This did not reach somebody near: the relay should carry it.
    Unsaid(UserId, MessageId, ChatText),
}

/// What panels show of a room besides people.
#[derive(Clone, Debug, Default, PartialEq)]
struct ShownRoom {
    name: Option<String>,
    is_full: bool,
    is_refused: bool,
    tiles: usize,
    on_stage: Option<UserId>,
}

/// Whether somebody's machine can be reached.
#[derive(Clone, Copy, Debug)]
struct Answer {
    /// When it was tried first.
    since: Duration,
    /// Whether a link stood.
    has_come: bool,
}

/// One's calls, and what one shares.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub struct Media {
    own: UserId,
    instance: u64,
    is_on: bool,
    is_online: bool,
    /// Another tab has taken over, or one was refused.
    is_over: bool,
    /// What one lets others know of oneself.
    status: Status,
    sharing: Sharing,
    strain: Strain,
    preferences: Preferences,
    loudness: HashMap<UserId, Loudness>,
    servers: IceServers,
    /// When to ask for servers and credentials again.
    ask_ice_at: Option<Duration>,
    signalling: Signalling,
    introductions: Bucket,
    near: Neighbours,
    companions: Companions,
    /// Whom one has blocked: their machines are never answered.
    barred: HashSet<UserId>,
    /// Those whose link was closed because nobody used it: the relay takes them for introduced still.
    rested: HashSet<UserId>,
    /// Those whose machines were introduced, and whether they answered.
    answers: HashMap<UserId, Answer>,
    peers: BTreeMap<UserId, Peer>,
    room: Room,
    /// Those whom panels show, in the order in which they came.
    neighbours: Vec<Neighbour>,
    /// What else panels show of a room, to notice when it changes.
    shown_room: ShownRoom,
    enlarged: Option<UserId>,
    is_in_sight: bool,
    sight: Sight,
    is_talking: bool,
    is_speaking: bool,
    is_sound_blocked: bool,
    looked_at: Duration,
    next_link: u32,
    next_call: Cell<u32>,
    effects: VecDeque<Effect>,
    revision: u64,
    company: u64,
}

impl Media {
    /// No calls yet. The instance is any number that other pages of the person do not have.
    pub fn new(
        own: UserId,
        instance: u64,
        calls: Calls,
        preferences: Preferences,
        loudness: Vec<(UserId, Loudness)>,
    ) -> Self {
        let signalling = match &calls {
            Calls::ByServer(url) => Signalling::by_server(own, url.clone()),
            Calls::Off | Calls::ByRelay => Signalling::default(),
        };
        Self {
            own,
            instance,
            is_on: calls != Calls::Off,
            is_online: false,
            is_over: false,
            status: Status::default(),
            sharing: Sharing::default(),
            strain: Strain::default(),
            preferences,
            loudness: loudness.into_iter().collect(),
            servers: IceServers::default(),
            ask_ice_at: None,
            signalling,
            introductions: Bucket::default(),
            near: Neighbours::default(),
            companions: Companions::default(),
            barred: HashSet::new(),
            rested: HashSet::new(),
            answers: HashMap::new(),
            peers: BTreeMap::new(),
            room: Room::default(),
            neighbours: Vec::new(),
            shown_room: ShownRoom::default(),
            enlarged: None,
            is_in_sight: true,
            sight: Sight::default(),
            is_talking: false,
            is_speaking: false,
            is_sound_blocked: false,
            looked_at: Duration::ZERO,
            next_link: 0,
            next_call: Cell::new(0),
            effects: VecDeque::new(),
            revision: 0,
            company: 0,
        }
    }

    /// Takes what happened at that time.
    pub fn handle(&mut self, now: Duration, input: MediaInput) {
        // What is about others shows in the list of neighbours.
        if !matches!(input, MediaInput::SignallingReceived(_) | MediaInput::Link(..) | MediaInput::Call(..)) {
            self.revision += 1;
        }
        match input {
            // Nothing is captured for nobody.
            MediaInput::Switch(device, is_on) => self.turn(device, is_on && !self.is_over),
            MediaInput::Talk(is_talking) => {
                self.is_talking = is_talking;
                self.open_microphone();
            }
            MediaInput::Hear(user_id, loudness) => self.hear(user_id, loudness),
            MediaInput::Prefer(preferences) => self.prefer(now, preferences),
            MediaInput::Enlarge(user_id) => self.enlarged = user_id,
            MediaInput::InSight(is_in_sight) => self.is_in_sight = is_in_sight,
            MediaInput::InView(user_id, is_in_view) => self.sight.tell(now, user_id, is_in_view),
            MediaInput::Captured(device) => {
                if self.sharing.captured(device) {
                    self.open_microphone();
                } else {
                    self.act(MediaOutput::Capture(device, false));
                }
            }
            MediaInput::CaptureFailed(device, failure) => self.sharing.failed(now, device, failure),
            MediaInput::CaptureTroubled(device, trouble) => self.sharing.troubled(device, trouble),
            MediaInput::CaptureEnded(device) => self.sharing.ended(now, device),
            MediaInput::Appeared(device) => {
                if self.sharing.appeared(now, device) {
                    self.act(MediaOutput::Capture(device, true));
                }
            }
            MediaInput::OwnVoice(is_speaking) => self.is_speaking = is_speaking,
            MediaInput::SoundBlocked(is_blocked) => self.is_sound_blocked = is_blocked,
            MediaInput::SignallingOpened => self.signalling.opened(now),
            MediaInput::SignallingReceived(text) => self.signalling.received(&text),
            MediaInput::SignallingClosed => self.signalling.closed(now),
            MediaInput::Link(link, event) => self.link_event(now, link, event),
            MediaInput::Call(call, event) => self.call_event(now, call, event),
        }
        self.settle(now);
    }

    /// One is in: introductions are wanted, and servers that help.
    pub fn came_in(&mut self, now: Duration) {
        if self.is_on {
            (self.is_online, self.is_over) = (true, false);
            self.signalling.came_in(now);
            self.room.came_in(now);
            self.ask_ice(now);
            self.settle(now);
        }
    }

    /// The relay is away: calls go on without it.
    pub fn lost(&mut self, now: Duration) {
        if self.is_on {
            self.is_online = false;
            self.signalling.lost();
            self.room.lost();
            self.settle(now);
        }
    }

    /// Another tab took over, or one is refused: there is nothing to talk for any more.
    pub fn end(&mut self, now: Duration) {
        self.lost(now);
        self.is_over = true;
        self.share_nothing();
        self.near.clear();
        self.companions.clear();
        self.peers.values_mut().for_each(|peer| peer.close(now));
        self.room.close();
        self.settle(now);
    }

    /// The ticket one asked for.
    pub fn ticket(&mut self, now: Duration, relay_url: &str, ticket: Ticket) {
        self.signalling.ticket(now, relay_url, ticket);
        self.settle(now);
    }

    /// The servers one asked for.
    pub fn ice_servers(&mut self, now: Duration, servers: IceServers) {
        // Renewed well before they expire, also for calls that are up.
        let again = Duration::from_secs(u64::from(servers.valid_s)) * 4 / 5;
        self.ask_ice_at = (servers.valid_s > 0).then(|| now + again.max(limits::ICE_AGAIN_AFTER));
        if self.servers != servers {
            self.servers = servers;
            let ice = self.ice();
            self.peers.values_mut().for_each(|peer| peer.set_ice(&ice));
            self.room.set_ice(&ice);
        }
        self.settle(now);
    }

    /// Somebody is near, and signalling calls them so.
    pub fn introduced(&mut self, now: Duration, peer: PeerId, user_id: UserId) {
        self.signalling.introduced(peer, user_id);
        self.settle(now);
    }

    /// Whom one has blocked from now on: what there is with them ends, and their machines learn nothing more.
    pub fn bar(&mut self, now: Duration, barred: HashSet<UserId>) {
        for (_, peer) in self.peers.iter_mut().filter(|(user_id, _)| barred.contains(user_id)) {
            peer.close(now);
        }
        self.barred = barred;
        self.settle(now);
    }

    /// The SFU says something; people have these numbers.
    pub fn room_said(&mut self, now: Duration, message: FromSfu, numbers: &Numbers) {
        if self.is_on {
            self.room.know(numbers);
            self.room.said(now, message);
            // Whether one is inside decides what is heard: not in a tenth of a second, but now.
            self.looked_at = Duration::ZERO;
            self.settle(now);
        }
    }

    /// When [`Self::look`] is due.
    pub fn is_look_due(&self, now: Duration) -> bool {
        self.is_on && now >= self.looked_at + LOOK_EVERY
    }

    /// Looks who is near.
    pub fn look(&mut self, now: Duration, scene: &Scene) {
        self.looked_at = now;
        self.heed(scene.own.listener.status);
        let known = self.acquaintance(now, scene);
        self.near.update(scene.map, now, scene.own, &scene.others, &known);
        self.companions.update(now, scene, &self.near, &self.barred);
        self.meet(now);
        for (user_id, peer) in &mut self.peers {
            peer.gain = scene.gain(*user_id);
        }
        self.room.know(&scene.numbers);
        self.room.look(now, scene.place());
        self.settle(now);
    }

    /// Does what time brings.
    pub fn tick(&mut self, now: Duration) {
        self.signalling.tick(now);
        if self.ask_ice_at.is_some_and(|at| now >= at) && self.is_online {
            self.ask_ice(now);
        }
        self.settle(now);
    }

    /// When [`Self::tick`] should come at the latest.
    pub fn next_timeout(&self) -> Option<Duration> {
        let peers = self.peers.values().filter_map(|peer| peer.next_timeout(self.own)).min();
        let ice = self.ask_ice_at.filter(|_| self.is_online);
        let room = self.room.next_timeout(self.is_online);
        let others = [self.signalling.next_timeout(), self.near.next_timeout(), self.sight.next_timeout()];
        [peers, ice, room].into_iter().chain(others).flatten().min()
    }

    /// What is to be done, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect> {
        self.effects.drain(..)
    }

    /// Says something to somebody near, if a link leads to them.
    pub fn say(&mut self, now: Duration, to: UserId, id: MessageId, text: &ChatText) -> bool {
        let facts = self.facts();
        let peer = self.peers.get_mut(&to).filter(|peer| peer.is_linked());
        let Some(peer) = peer else { return false };
        peer.say(facts.at(now), LinkMessage::Said { id, text: text.clone() });
        self.settle(now);
        true
    }
}
